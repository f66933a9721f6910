//! The table of states and events in docs/PROTOCOL.md, each cell played on the real machine, so that it cannot rot.

use sync::client::{
    Answer, CallId, Client, Effect, Entry, Event, Failure, Request, Standing, StreamEvent, Writing, writing,
};
use sync::ids::{ClientId, CommandId, Epoch};
use sync::json::Json;
use sync::row::Change;
use sync::wire::{Live, PushOutcome};

use super::notebook::{Desk, Notebook, PERSON, Phone, all, desk, settled};

const DOCUMENT: &str = include_str!("../../../../docs/PROTOCOL.md");

const STATES: [&str; 8] =
    ["at rest", "pushing", "pulling", "commands wait", "out of reach", "hidden", "revoked", "update needed"];

/// A phone in a state.
fn phone_in(state: &str, desk: &mut Desk) -> Phone {
    let mut phone = settled(desk);
    match state {
        "pushing" => _ = phone.write("note", "a"),
        "pulling" => phone.hear(Live::Moved { epoch: desk.log.epoch(), gsn: desk.log.gsn() + 1 }),
        "commands wait" => {
            phone.write("note", "a");
            phone.fail(desk, false, Failure::Busy { retry_ms: 60_000 });
        }
        "out of reach" => {
            phone.tell(Event::Nudge);
            phone.fail(desk, false, Failure::Unreachable);
        }
        "hidden" => phone.tell(Event::Hide),
        "revoked" | "update needed" => {
            phone.tell(Event::Nudge);
            let revoked = state == "revoked";
            phone.fail(desk, false, if revoked { Failure::Revoked } else { Failure::UpdateNeeded });
        }
        _ => {}
    }
    phone
}

fn note(phone: &Phone) -> Writing {
    writing(CommandId::from_u128(77), "note", 1, phone.now, Json::of("z"))
}

/// The call that is on its way, or one that nobody made.
fn in_flight(phone: &Phone) -> (CallId, Option<Request>) {
    phone.sent.front().map_or((999, None), |(call, request)| (*call, Some(request.clone())))
}

fn pushed(phone: &Phone, desk: &mut Desk, outcome: PushOutcome) -> Event {
    let (call, request) = in_flight(phone);
    let answer = match request {
        Some(request @ Request::Push(_)) => desk.serve(PERSON, &request, phone.now).map(|answer| match answer {
            Answer::Push(mut response) if outcome != PushOutcome::Done => {
                (response.outcome, response.last_seq) = (outcome, 0);
                response.receipts.clear();
                Answer::Push(response)
            }
            answer => answer,
        }),
        _ => return Event::Answered { call: 999, answer: Err(Failure::Missing) },
    };
    Event::Answered { call, answer }
}

fn pulled(phone: &Phone, desk: &mut Desk) -> Event {
    match in_flight(phone) {
        (call, Some(request @ Request::Pull(_))) => {
            Event::Answered { call, answer: desk.serve(PERSON, &request, phone.now) }
        }
        _ => Event::Answered { call: 999, answer: Err(Failure::Missing) },
    }
}

fn failed(phone: &Phone, failure: Failure) -> Event {
    Event::Answered { call: in_flight(phone).0, answer: Err(failure) }
}

fn streamed(phone: &Phone, live: Live) -> Event {
    if phone.streaming { Event::Stream(StreamEvent::Message(live)) } else { Event::Stream(StreamEvent::Closed) }
}

type Make = fn(&mut Phone, &mut Desk) -> Event;

const EVENTS: [(&str, Make); 26] = [
    ("`Write`", |phone, _| Event::Write(note(phone))),
    ("`Appended`", |phone, _| {
        let ledger = phone.client.ledger();
        Event::Appended(Entry::new("a", ledger.client_id, ledger.next_seq(), note(phone)))
    }),
    ("`Reloaded`: the same", |phone, _| Event::Reloaded(phone.client.ledger().clone())),
    ("`Reloaded`: another client id", |phone, _| {
        let mut ledger = phone.client.ledger().clone();
        ledger.renumber(ClientId::from_u128(99));
        Event::Reloaded(ledger)
    }),
    ("`CallNow`", |phone, _| Event::CallNow { ticket: 1, writing: note(phone) }),
    ("push answered: done", |phone, desk| pushed(phone, desk, PushOutcome::Done)),
    ("push answered: gap", |phone, desk| pushed(phone, desk, PushOutcome::Gap)),
    ("push answered: forked", |phone, desk| pushed(phone, desk, PushOutcome::Forked)),
    ("pull answered", |phone, desk| {
        desk.system(vec![Change::put(all(), "line", "news", &1)]);
        pulled(phone, desk)
    }),
    ("pull answered: a snapshot to fetch", |phone, desk| {
        desk.system((0..600).map(|at: u32| Change::put(all(), "line", at.to_string(), &at)).collect());
        pulled(phone, desk)
    }),
    ("pull answered: another epoch", |phone, desk| {
        desk.restore(1);
        pulled(phone, desk)
    }),
    ("answered: unreachable", |phone, _| failed(phone, Failure::Unreachable)),
    ("answered: busy", |phone, _| failed(phone, Failure::Busy { retry_ms: 1_000 })),
    ("answered: missing", |phone, _| failed(phone, Failure::Missing)),
    ("answered: too large", |phone, _| failed(phone, Failure::TooLarge)),
    ("answered: foreign", |phone, _| failed(phone, Failure::Foreign)),
    ("answered: revoked", |phone, _| failed(phone, Failure::Revoked)),
    ("answered: update needed", |phone, _| failed(phone, Failure::UpdateNeeded)),
    ("stream: a change", |phone, desk| {
        let from = desk.log.gsn();
        desk.system(vec![Change::put(all(), "line", "news", &1)]);
        streamed(phone, desk.live(PERSON, phone.ledger.client_id, from))
    }),
    ("stream: the log moved", |phone, desk| {
        streamed(phone, Live::Moved { epoch: desk.log.epoch(), gsn: desk.log.gsn() + 9 })
    }),
    ("stream: another epoch", |phone, _| streamed(phone, Live::Moved { epoch: Epoch::from_u128(50), gsn: 1 })),
    ("stream closed", |_, _| Event::Stream(StreamEvent::Closed)),
    ("`Nudge`", |_, _| Event::Nudge),
    ("`Hide`", |_, _| Event::Hide),
    ("`Wake` after 31 s", |phone, _| {
        phone.now = phone.now.plus_ms(31_000);
        Event::Wake
    }),
    ("`Wake` after 46 s", |phone, _| {
        phone.now = phone.now.plus_ms(46_000);
        Event::Wake
    }),
];

fn word(effect: &Effect) -> Option<&'static str> {
    Some(match effect {
        Effect::Append(_) => "append",
        Effect::Settle { .. } => "settle",
        Effect::Reopen { .. } => "reopen",
        Effect::Renumber(_) => "renumber",
        Effect::Reload => "reload",
        Effect::SaveCache(write) if write.replace => "replace cache",
        Effect::SaveCache(_) => "save cache",
        Effect::Send { request: Request::Push(_), .. } => "push",
        Effect::Send { request: Request::Pull(_), .. } => "pull",
        Effect::Send { .. } => "fetch",
        Effect::OpenStream => "open stream",
        Effect::CloseStream => "close stream",
        Effect::CallDone { .. } => "call done",
        Effect::Changed(_) => return None,
    })
}

fn standing(client: &Client<Notebook>) -> Standing {
    client.status().standing
}

fn cell(state: &str, make: Make) -> String {
    let mut desk = desk();
    let mut phone = phone_in(state, &mut desk);
    let before = standing(&phone.client);
    let texts = phone.client.entries().count();
    let event = make(&mut phone, &mut desk);
    let writes = matches!(event, Event::Appended(_));
    let effects = phone.client.step(event, phone.now, 12_345);
    assert_eq!(phone.client.entries().count(), texts + usize::from(writes), "nothing that was written is forgotten");
    assert!(
        standing(&phone.client) == Standing::Revoked
            || phone.client.status().waiting == 0
            || phone.client.wake_at().is_some(),
        "nothing waits without a time to look again, but on a revoked device"
    );
    let mut words: Vec<String> = effects.iter().filter_map(word).map(str::to_owned).collect();
    if standing(&phone.client) != before {
        words.push(format!("**{:?}**", standing(&phone.client)));
    }
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}

#[test]
fn the_table_of_states_and_events_says_what_the_machine_does() {
    let mut table =
        vec![format!("| event | {} |", STATES.join(" | ")), format!("|{}", "---|".repeat(STATES.len() + 1))];
    for (name, make) in EVENTS {
        let cells: Vec<String> = STATES.iter().map(|state| cell(state, make)).collect();
        table.push(format!("| {name} | {} |", cells.join(" | ")));
    }
    let table = table.join("\n");
    assert!(DOCUMENT.contains(&table), "docs/PROTOCOL.md is to say:\n{table}");
}
