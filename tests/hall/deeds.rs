//! What people do in the hall, and what happens to their phones and to the server.

use congress::commands::{
    Action, CallSpeaker, FinishItem, FinishSpeaking, MoveInQueue, QueueComment, RecordPresence, RemoveFromQueue,
    RetractPresence, StartItem, SubmitComment, WithdrawComment,
};
use congress::entities::{
    Anchor, CommentAtDesk, FloorQueue, OwnComment, Person, PersonKind, Presence, PresenceHow, Role, Stance, read,
    read_all,
};
use congress::scopes;
use sync::client::{Event, Writing};
use sync::ids::{CommandId, Epoch, PersonId, Timestamp};

use crate::people::{ITEMS, PEOPLE, SESSION, person, standing};
use crate::world::World;

const MINUTE_MS: u64 = 60_000;

/// One step: somebody does something, something happens to a phone, something happens to the server.
pub fn one(world: &mut World) {
    let phone = world.chance.below(world.phones.len());
    if let Some(tab) = world.tabs_of(phone).first().copied() {
        if world.chance.bits().is_multiple_of(3) {
            act(world, phone, tab);
        }
    } else {
        reopen(world, phone);
    }
    trouble_phone(world, phone);
    trouble_server(world);
}

fn writing<A: Action>(world: &mut World, phone: usize, action: &A) -> Writing {
    let now = world.phones[phone].now(world.now);
    Writing {
        command_id: CommandId::from_time(now, world.chance.wide()),
        kind: A::KIND.to_owned(),
        v: A::VERSION,
        created_at: now,
        payload: action.payload(),
        draft: None,
    }
}

fn save<A: Action>(world: &mut World, phone: usize, tab: u64, action: &A) {
    let writing = writing(world, phone, action);
    world.write(phone, tab, writing);
}

fn call<A: Action>(world: &mut World, phone: usize, tab: u64, action: &A) {
    let writing = writing(world, phone, action);
    let ticket = world.next();
    world.step(phone, tab, Event::CallNow { ticket, writing });
}

fn act(world: &mut World, phone: usize, tab: u64) {
    let (name, ..) = PEOPLE[phone];
    match name {
        "dung" | "em" => lead(world, phone, tab),
        "giang" | "hai" => check_in(world, phone, tab),
        "lan" => drive_program(world, phone, tab),
        _ => discuss(world, phone, tab),
    }
}

fn discuss(world: &mut World, phone: usize, tab: u64) {
    let own = scopes::user(&world.phones[phone].person.clone());
    let mine: Vec<OwnComment> =
        world.phones[phone].tabs.first().map_or(Vec::new(), |t| read_all(&t.client.view(), &own));
    if world.chance.bits().is_multiple_of(5)
        && let Some(comment) = world.chance.pick(&mine).map(|comment| comment.id.clone())
    {
        return save(world, phone, tab, &WithdrawComment { comment });
    }
    if world.chance.bits().is_multiple_of(60) {
        // From a build that this server does not know.
        let mut unknown = writing(world, phone, &WithdrawComment { comment: String::new() });
        unknown.kind = "comment.applaud".into();
        return world.write(phone, tab, unknown);
    }
    let item = world.chance.pick(&ITEMS).map_or(String::new(), |item| (*item).to_owned());
    let anchor = if world.chance.bits().is_multiple_of(2) { Anchor::Item { item } } else { Anchor::Congress };
    let floor_minutes = world.chance.bits().is_multiple_of(2).then_some(5);
    let text =
        if world.chance.bits().is_multiple_of(20) { String::new() } else { format!("Ý kiến {}", world.next()) };
    let id = CommandId::from_u128(world.chance.wide()).to_string();
    let action = SubmitComment { id, anchor, stance: Stance::Partial, text, proposal: String::new(), floor_minutes };
    save(world, phone, tab, &action);
}

fn lead(world: &mut World, phone: usize, tab: u64) {
    let (comments, queue) = {
        let Some(open) = world.phones[phone].tabs.first() else { return };
        let view = open.client.view();
        let comments: Vec<CommentAtDesk> = read_all(&view, &scopes::presidium());
        (comments, read::<FloorQueue>(&view, &scopes::presidium(), "main").unwrap_or_default())
    };
    let waiting: Vec<String> = queue.entries.iter().map(|entry| entry.comment.clone()).collect();
    let some = world.chance.pick(&waiting).cloned();
    match (world.chance.below(6), some, &queue.speaking) {
        (0, Some(comment), None) => call(world, phone, tab, &CallSpeaker { comment }),
        (1, _, Some(speaking)) => {
            let comment = speaking.entry.comment.clone();
            call(world, phone, tab, &FinishSpeaking { comment });
        }
        (2, Some(comment), _) => {
            let after = world.chance.pick(&waiting).filter(|other| **other != comment).cloned();
            save(world, phone, tab, &MoveInQueue { comment, after });
        }
        (3, Some(comment), _) => save(world, phone, tab, &RemoveFromQueue { comment }),
        _ => {
            if let Some(comment) = world.chance.pick(&comments).map(|comment| comment.id.clone()) {
                save(world, phone, tab, &QueueComment { comment });
            }
        }
    }
}

fn check_in(world: &mut World, phone: usize, tab: u64) {
    let (name, ..) = PEOPLE[world.chance.below(PEOPLE.len())];
    let person = PersonId::new(name);
    let id = Presence::row_id(SESSION, &person);
    let open = world.phones[phone].tabs.first();
    let held = open.and_then(|open| read::<Presence>(&open.client.view(), &scopes::checkin(), &id));
    match held.filter(Presence::is_present) {
        Some(held) if world.chance.bits().is_multiple_of(3) => {
            let facts = held.facts.iter().map(|fact| fact.id).collect();
            save(world, phone, tab, &RetractPresence { session: SESSION.into(), person, facts });
        }
        _ => save(world, phone, tab, &RecordPresence { session: SESSION.into(), person, how: PresenceHow::Search }),
    }
}

fn drive_program(world: &mut World, phone: usize, tab: u64) {
    let item = ITEMS[world.chance.below(ITEMS.len())].to_owned();
    if world.chance.bits().is_multiple_of(2) {
        call(world, phone, tab, &StartItem { item });
    } else {
        call(world, phone, tab, &FinishItem { item });
    }
}

fn reopen(world: &mut World, phone: usize) {
    let incarnation = world.next();
    world.phones[phone].open_tab(incarnation);
    world.step(phone, incarnation, Event::Nudge);
}

fn trouble_phone(world: &mut World, phone: usize) {
    if world.strikes("partition") {
        let ms = world.chance.bits() % (5 * MINUTE_MS);
        world.phones[phone].cut_off_until = world.now.plus_ms(ms);
    }
    if world.strikes("app killed") {
        world.phones[phone].tabs.clear();
    }
    if world.strikes("second tab") && world.phones[phone].tabs.len() == 1 {
        reopen(world, phone);
    }
    if world.strikes("cache evicted") {
        world.phones[phone].stored.evict_cache();
        world.phones[phone].tabs.clear();
    }
    if world.chance.bits().is_multiple_of(40) {
        world.phones[phone].copy = Some(world.phones[phone].stored.clone());
    }
    if world.strikes("ledger from an older copy")
        && let Some(copy) = world.phones[phone].copy.take()
    {
        let kept: Vec<CommandId> = copy.ledger.entries.iter().map(|entry| entry.command_id).collect();
        let lost = world.phones[phone].saved.iter().filter(|command| !kept.contains(command));
        world.exempt.extend(lost.copied());
        world.phones[phone].stored = copy;
        world.phones[phone].tabs.clear();
    }
    if world.strikes("clock jump") {
        let day = i64::try_from(24 * 60 * MINUTE_MS).unwrap_or(0);
        let jump = i64::try_from(world.chance.bits() % (48 * 60 * MINUTE_MS)).unwrap_or(0) - day;
        world.phones[phone].skew_ms = jump;
    }
    if world.strikes("device revoked") {
        world.phones[phone].revoked = true;
    } else if world.phones[phone].revoked && world.chance.bits().is_multiple_of(20) {
        enrol_again(world, phone);
    }
}

fn enrol_again(world: &mut World, phone: usize) {
    world.phones[phone].revoked = false;
    for tab in world.tabs_of(phone) {
        world.step(phone, tab, Event::Nudge);
    }
}

fn trouble_server(world: &mut World) {
    if world.strikes("server killed") {
        world.server.kill();
        drop_streams(world);
    }
    if world.strikes("server restored") {
        let head = world.server.gsn();
        let gsn = 1 + world.chance.bits() % head;
        let epoch = Epoch::from_random(world.chance.wide());
        world.server.restore(gsn, epoch);
        exempt_forgotten(world);
        drop_streams(world);
    }
    if world.strikes("role changed") {
        let (name, kind, roles) = PEOPLE[world.chance.below(PEOPLE.len())];
        let changed = if world.chance.bits().is_multiple_of(2) {
            let stripped: &[Role] = &[];
            person(name, PersonKind::Alternate, stripped)
        } else {
            person(name, kind, roles)
        };
        set_role(world, &changed);
    }
}

/// A restored server has forgotten what only ledgers hold that came back older, or that never kept it: commands that
/// were sent under an earlier client id of a phone stay in its ledger as acknowledged and are not sent again.
fn exempt_forgotten(world: &mut World) {
    let held: Vec<CommandId> = world.server.entries.iter().map(|entry| entry.command.command_id).collect();
    for phone in &world.phones {
        let ledger: Vec<CommandId> = phone.stored.ledger.entries.iter().map(|entry| entry.command_id).collect();
        let gone = phone.saved.iter().filter(|command| !held.contains(command) && !ledger.contains(command));
        world.exempt.extend(gone.copied());
    }
}

fn set_role(world: &mut World, changed: &Person) {
    let head = world.server.gsn();
    world.server.system(standing(changed).to_vec(), world.now);
    world.tell_streams(head);
}

fn drop_streams(world: &mut World) {
    for phone in 0..world.phones.len() {
        for tab in world.tabs_of(phone) {
            world.step(phone, tab, Event::Stream(sync::client::StreamEvent::Closed));
        }
    }
}

/// The last fault is over: networks are back, phones are open, rights are as at the beginning.
pub fn heal(world: &mut World) {
    world.calm = true;
    for (name, kind, roles) in PEOPLE {
        set_role(world, &person(name, kind, roles));
    }
    for phone in 0..world.phones.len() {
        world.phones[phone].cut_off_until = Timestamp(0);
        world.phones[phone].skew_ms = 0;
        enrol_again(world, phone);
        if world.phones[phone].tabs.is_empty() {
            reopen(world, phone);
        }
    }
}
