//! What people do in the hall, and what happens to their phones and to the server.

use congress::commands::{
    Action, CallSpeaker, FinishItem, FinishSpeaking, MoveInQueue, QueueComment, RecordPresence, RedactComment,
    RemoveFromQueue, RetractPresence, StartItem, SubmitComment, WithdrawComment,
};
use congress::entities::{
    Anchor, CommentAtDesk, FloorQueue, OwnComment, Person, PersonKind, Presence, PresenceHow, Role, Stance, read,
    read_all,
};
use congress::scopes;
use sync::client::{Event, StreamEvent, Writing};
use sync::ids::{ClientId, CommandId, Epoch, PersonId, Timestamp};

use crate::faults::Fault;
use crate::people::{ITEMS, PEOPLE, SESSION, SHARING, person, standing};
use crate::phone::Stored;
use crate::server::APPLAUD;
use crate::world::World;

const MINUTE_MS: u64 = 60_000;

/// One step: somebody does something, something happens to a phone, something happens to the server.
pub fn one(world: &mut World) {
    let phone = world.chance.below(world.phones.len());
    if let Some(tab) = world.tabs_of(phone).first().copied() {
        let frozen = world.tab(phone, tab).is_some_and(|index| world.phones[phone].tabs[index].frozen_until.0 > 0);
        if world.chance.bits().is_multiple_of(3) && !frozen {
            act(world, phone, tab);
        }
    } else if world.cookies[world.phones[phone].device] == phone {
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
    if world.chance.bits().is_multiple_of(30) {
        // From a build that this server does not know.
        let mut unknown = writing(world, phone, &WithdrawComment { comment: String::new() });
        unknown.kind = APPLAUD.into();
        return world.write(phone, tab, unknown);
    }
    let item = world.chance.pick(&ITEMS).map_or(String::new(), |item| (*item).to_owned());
    let anchor = if world.chance.bits().is_multiple_of(2) { Anchor::Item { item } } else { Anchor::Congress };
    let floor_minutes = world.chance.bits().is_multiple_of(2).then_some(5);
    let text = if world.chance.bits().is_multiple_of(20) { String::new() } else { some_text(world.next()) };
    let id = CommandId::from_u128(world.chance.wide()).to_string();
    world.words.insert(id.clone(), text.clone());
    let action = SubmitComment { id, anchor, stance: Stance::Partial, text, proposal: String::new(), floor_minutes };
    save(world, phone, tab, &action);
}

/// Every fifth comment tells something about somebody else.
fn is_private(world: &World, comment: &CommentAtDesk) -> bool {
    world.faults.has(Fault::Redaction) && comment.number.is_multiple_of(5) && comment.redaction.is_none()
}

/// Words that stand nowhere else; every third text is a long one.
fn some_text(number: u64) -> String {
    let pages = if number.is_multiple_of(3) { 40 } else { 1 };
    format!("Ý kiến {number}. ").repeat(pages)
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
            let Some(comment) = world.chance.pick(&comments).cloned() else { return };
            if is_private(world, &comment) {
                world.count(Fault::Redaction.text());
                world.private.insert(comment.id.clone());
                let reason = "Nêu thông tin riêng".to_owned();
                return save(world, phone, tab, &RedactComment { comment: comment.id, reason });
            }
            save(world, phone, tab, &QueueComment { comment: comment.id });
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
    let newer = world.chance.bits().is_multiple_of(2);
    world.phones[phone].open_tab(incarnation, newer);
    world.nudge(phone, incarnation);
}

fn trouble_phone(world: &mut World, phone: usize) {
    trouble_connection(world, phone);
    trouble_app(world, phone);
    trouble_storage(world, phone);
    if world.strikes(Fault::ClockJump) {
        let day = i64::try_from(24 * 60 * MINUTE_MS).unwrap_or(0);
        let jump = i64::try_from(world.chance.bits() % (48 * 60 * MINUTE_MS)).unwrap_or(0) - day;
        world.phones[phone].skew_ms = jump;
        for tab in world.tabs_of(phone) {
            world.step(phone, tab, Event::Wake);
        }
    }
    if world.strikes(Fault::DeviceRevoked) {
        world.phones[phone].revoked = true;
    } else if world.phones[phone].revoked && world.chance.bits().is_multiple_of(20) {
        enrol_again(world, phone);
    }
    if world.strikes(Fault::UserSwitched) {
        switch_user(world);
    }
}

fn trouble_connection(world: &mut World, phone: usize) {
    if world.strikes(Fault::Partition) {
        let ms = world.chance.bits() % (5 * MINUTE_MS);
        world.phones[phone].cut_off_until = world.now.plus_ms(ms);
    }
    if world.strikes(Fault::StreamCut) {
        for tab in world.tabs_of(phone) {
            world.step(phone, tab, Event::Stream(StreamEvent::Closed));
        }
    }
    if world.strikes(Fault::OldApp) {
        world.phones[phone].old_app = true;
    }
}

fn trouble_app(world: &mut World, phone: usize) {
    if world.strikes(Fault::AppKilled) {
        world.kill_app(phone);
    }
    if world.strikes(Fault::PowerLoss) {
        world.phones[phone].stored.lose_cache_after(0);
        world.phones[phone].tabs.clear();
    }
    let mine = world.cookies[world.phones[phone].device] == phone;
    if world.strikes(Fault::SecondTab) && world.phones[phone].tabs.len() == 1 && mine {
        reopen(world, phone);
    }
    if world.strikes(Fault::FrozenTab) {
        let until = world.now.plus_ms(1 + world.chance.bits() % (3 * MINUTE_MS));
        if let Some(tab) = world.phones[phone].tabs.last_mut() {
            tab.frozen_until = until;
        }
    }
}

fn trouble_storage(world: &mut World, phone: usize) {
    if world.strikes(Fault::StorageDead) {
        world.phones[phone].storage_dead_until = world.now.plus_ms(world.chance.bits() % 20_000);
    }
    if world.strikes(Fault::Quota) {
        world.phones[phone].full_until = world.now.plus_ms(world.chance.bits() % 60_000);
    }
    if world.strikes(Fault::CacheEvicted) {
        world.phones[phone].stored.evict_cache();
        world.phones[phone].tabs.clear();
    }
    if world.chance.bits().is_multiple_of(40) {
        world.phones[phone].copy = Some(world.phones[phone].stored.clone());
    }
    if world.strikes(Fault::OlderCopy)
        && let Some(copy) = world.phones[phone].copy.take()
    {
        replace_storage(world, phone, copy);
    }
    if world.strikes(Fault::StorageEvicted) {
        let fresh = Stored::new(ClientId::from_random(world.chance.wide()));
        replace_storage(world, phone, fresh);
    }
}

/// What the other storage does not hold is lost by the phone, and not by the design.
fn replace_storage(world: &mut World, phone: usize, mut other: Stored) {
    let kept: Vec<CommandId> = other.ledger.entries.iter().map(|entry| entry.command_id).collect();
    let lost: Vec<CommandId> =
        world.phones[phone].saved.iter().filter(|command| !kept.contains(command)).copied().collect();
    world.exempt.extend(lost);
    other.one_epoch = world.phones[phone].stored.one_epoch;
    world.phones[phone].stored = other;
    world.phones[phone].tabs.clear();
    world.phones[phone].touched = true;
}

fn enrol_again(world: &mut World, phone: usize) {
    world.phones[phone].revoked = false;
    for tab in world.tabs_of(phone) {
        world.nudge(phone, tab);
    }
}

/// The other one of two people enrols on the device that they share. A page of the first may stay open.
fn switch_user(world: &mut World) {
    let device = SHARING[0];
    let before = world.cookies[device];
    let now = if before == SHARING[0] { SHARING[1] } else { SHARING[0] };
    world.cookies[device] = now;
    if !world.chance.bits().is_multiple_of(4) {
        world.kill_app(before);
    }
    for tab in world.tabs_of(before) {
        world.step(before, tab, Event::Stream(StreamEvent::Closed));
    }
    if world.phones[now].tabs.is_empty() {
        reopen(world, now);
    }
}

fn trouble_server(world: &mut World) {
    if world.strikes(Fault::ServerKilled) {
        world.server.kill(world.now);
        drop_streams(world);
    }
    if world.strikes(Fault::ServerPowerLoss) {
        world.server.lose_power(world.now);
        world.server_troubled = true;
        drop_streams(world);
    }
    if world.strikes(Fault::ServerUpdated) {
        let newer = world.chance.bits().is_multiple_of(2);
        world.server.set_build(newer, world.now);
        drop_streams(world);
    }
    if world.strikes(Fault::ServerRestored) {
        let gsn = 1 + world.chance.bits() % world.server.gsn();
        let epoch = Epoch::from_random(world.chance.wide());
        world.server.restore(gsn, epoch);
        world.server_troubled = true;
        // An earlier backup knows nothing of later redactions, until a ledger brings them again.
        world.hidden.clear();
        exempt_forgotten(world);
        drop_streams(world);
    }
    if world.strikes(Fault::Compacted) {
        world.server.compact(world.now);
    }
    if world.strikes(Fault::RoleChanged) {
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

/// A restored server has forgotten what no ledger holds any more: phones are the last backup, and these were lost.
fn exempt_forgotten(world: &mut World) {
    let held: std::collections::BTreeSet<CommandId> =
        world.server.entries.iter().map(|entry| entry.command.command_id).collect();
    for phone in &world.phones {
        let ledger = &phone.stored.ledger.entries;
        let gone = |command: &&CommandId| {
            !held.contains(*command) && !ledger.iter().any(|entry| entry.command_id == **command)
        };
        world.exempt.extend(phone.saved.iter().filter(gone).copied());
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
            world.step(phone, tab, Event::Stream(StreamEvent::Closed));
        }
    }
}

/// The last fault is over: networks and storages are back, phones are open and up to date, each with its own cookie,
/// rights are as at the beginning.
pub fn heal(world: &mut World) {
    world.calm = true;
    world.server.set_build(true, world.now);
    for (name, kind, roles) in PEOPLE {
        set_role(world, &person(name, kind, roles));
    }
    for phone in 0..world.phones.len() {
        let healed = &mut world.phones[phone];
        healed.device = phone;
        healed.cut_off_until = Timestamp(0);
        healed.narrow_until = Timestamp(0);
        healed.storage_dead_until = Timestamp(0);
        healed.full_until = Timestamp(0);
        healed.skew_ms = 0;
        // Whoever was frozen is looked at again.
        for tab in healed.tabs.iter_mut().filter(|tab| tab.frozen_until.0 > 0) {
            tab.frozen_until = world.now;
        }
        if world.faults.has(Fault::OldApp) {
            // Everyone has the newest app: what an older page asked is not heard any more.
            healed.old_app = false;
            healed.tabs.clear();
        }
        world.cookies[phone] = phone;
        enrol_again(world, phone);
        if world.phones[phone].tabs.is_empty() {
            reopen(world, phone);
        }
    }
}
