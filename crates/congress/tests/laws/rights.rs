//! The table of rights: each kind of command by each kind of person.

use congress::commands::{
    Action, CallSpeaker, FinishItem, FinishSpeaking, KeepMark, MoveInQueue, QueueComment, RecallDocument,
    RecordPresence, RedactComment, RemoveFromQueue, RetractPresence, StartItem, StartSpeaking, SubmitComment,
    WithdrawComment,
};
use congress::entities::PresenceHow;
use sync::ids::PersonId;
use sync::json::Json;

use super::court::{Court, PEOPLE, SESSIONS, comment, note};

/// Comments by the one who acts: `mine` waits, `called` is called, `asked` asks.
fn prepared(actor: &str) -> Court {
    let mut court = Court::new();
    for id in ["called", "mine", "asked"] {
        court.act("an", &comment("an", id, Some(5)));
    }
    court.act(actor, &comment(actor, "own", None));
    for id in ["called", "mine"] {
        court.act("em", &QueueComment { comment: id.to_owned() });
    }
    court.act("em", &CallSpeaker { comment: "called".to_owned() });
    court
}

/// A valid command of each kind, and the refusal that those without the right get.
fn commands() -> Vec<(&'static str, Json, &'static str, &'static [&'static str])> {
    let id = |id: &str| id.to_owned();
    let (session, person) = (id(SESSIONS[0]), PersonId::new("an"));
    let seen = RecordPresence { session: session.clone(), person: person.clone(), how: PresenceHow::Code };
    let taken_back = RetractPresence { session, person, facts: Vec::new() };
    let redaction = RedactComment { comment: id("mine"), reason: id("riêng tư") };
    let recall = RecallDocument { document: id("released"), version: 1, reason: id("bản nhầm") };
    let delegates: &[&str] = &["an", "binh", "chi", "dung"];
    let leaders: &[&str] = &["dung", "em"];
    let programme: &[&str] = &["em", "hai"];
    let desks: &[&str] = &["giang"];
    let readers: &[&str] = &["an", "binh", "chi", "dung", "em", "hai", "lan", "minh"];
    // Staff and officers who are no desk (any more) bring facts that are flagged.
    let bringers: &[&str] = &["dung", "em", "giang", "hai", "minh", "nam"];
    vec![
        (SubmitComment::KIND, comment("x", "new", Some(5)).payload(), "not-delegate", delegates),
        (WithdrawComment::KIND, WithdrawComment { comment: id("own") }.payload(), "unknown-comment", delegates),
        (QueueComment::KIND, QueueComment { comment: id("asked") }.payload(), "not-presidium", leaders),
        (MoveInQueue::KIND, MoveInQueue { comment: id("mine"), after: None }.payload(), "not-presidium", leaders),
        (RemoveFromQueue::KIND, RemoveFromQueue { comment: id("mine") }.payload(), "not-presidium", leaders),
        (RedactComment::KIND, redaction.payload(), "not-presidium", leaders),
        (RecallDocument::KIND, recall.payload(), "not-presidium", leaders),
        (CallSpeaker::KIND, CallSpeaker { comment: id("called") }.payload(), "not-presidium", leaders),
        (StartSpeaking::KIND, StartSpeaking { comment: id("called") }.payload(), "not-presidium", leaders),
        (FinishSpeaking::KIND, FinishSpeaking { comment: id("called") }.payload(), "not-presidium", leaders),
        (StartItem::KIND, StartItem { item: id("planned") }.payload(), "not-secretariat", programme),
        (FinishItem::KIND, FinishItem { item: id("now") }.payload(), "not-secretariat", programme),
        (RecordPresence::KIND, seen.payload(), "not-desk", bringers),
        (RetractPresence::KIND, taken_back.payload(), "not-desk", desks),
        (KeepMark::KIND, note("x", "n", "chữ", None).payload(), "not-reader", readers),
    ]
}

#[test]
fn every_command_is_for_those_whom_its_documentation_names() {
    for (kind, payload, refusal, allowed) in commands() {
        for (person, ..) in PEOPLE {
            let mut court = prepared(person);
            let command = court.command(kind, &payload);
            let word = Court::word(&court.push(person, command));
            let expected = if allowed.contains(&person) { "accepted" } else { refusal };
            assert_eq!(word, expected, "{kind} by {person}");
        }
    }
}

#[test]
fn what_is_worth_something_only_now_is_never_queued() {
    let now = [CallSpeaker::ONLINE_ONLY, StartSpeaking::ONLINE_ONLY, FinishSpeaking::ONLINE_ONLY];
    assert_eq!([now.as_slice(), &[StartItem::ONLINE_ONLY, FinishItem::ONLINE_ONLY]].concat(), [true; 5]);
    let later = [SubmitComment::ONLINE_ONLY, WithdrawComment::ONLINE_ONLY, QueueComment::ONLINE_ONLY];
    assert_eq!([later.as_slice(), &[MoveInQueue::ONLINE_ONLY, RecordPresence::ONLINE_ONLY]].concat(), [false; 5]);
}
