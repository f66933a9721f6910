//! Hiding the words of a comment: nothing stays of them but on the paper of their author, and nothing brings them back.

use std::collections::{BTreeMap, BTreeSet};

use congress::commands::{Action, CallSpeaker, QueueComment, RedactComment, SubmitComment, WithdrawComment};
use congress::entities::{Anchor, CommentAtDesk, FloorState, OwnComment, Role};
use congress::limits::REASON_CHARS_MAX;
use congress::{CongressRules, scopes};
use proptest::prelude::*;
use sync::ids::{ClientId, Epoch, PersonId, Timestamp};
use sync::rules::Rules;
use sync::server::{Log, LogEntry};
use sync::wire::{PROTOCOL, PullRequest};

use super::court::{Attempt, Court, PEOPLE, attempts, comment, mark};

const HIDDEN: &str = "bệnh của chị hàng xóm";

fn telling(id: &str) -> SubmitComment {
    let quote = HIDDEN.to_owned();
    let (document, place) = ("released".to_owned(), "Phần I".to_owned());
    let anchor = Anchor::Document { document, version: 1, block: None, place, quote };
    SubmitComment { anchor, text: HIDDEN.into(), proposal: HIDDEN.into(), ..comment("an", id, Some(5)) }
}

fn hide(comment: &str) -> RedactComment {
    RedactComment { comment: comment.to_owned(), reason: " Nêu thông tin sức khỏe. ".to_owned() }
}

fn stored(entries: &[LogEntry]) -> String {
    entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect()
}

/// Everything that any device could be told, from the beginning.
fn told(log: &Log) -> String {
    let mut told = String::new();
    for (person, ..) in PEOPLE {
        let person = PersonId::new(person);
        let scopes = CongressRules.scopes(log.rows(), &person);
        let (client_id, cursors) = (ClientId::from_u128(1), BTreeMap::new());
        let epoch = Some(log.epoch());
        let request =
            PullRequest { protocol: PROTOCOL, client_id, person: None, epoch, cursors, wait_ms: 0, parked: Vec::new() };
        told += &serde_json::to_string(&log.pull(&person, &scopes, &request, Timestamp(0))).unwrap();
        for scope in scopes {
            let parts = (0..=log.gsn()).filter_map(|at| log.snapshot(&scope, at));
            told.extend(parts.map(|part| serde_json::to_string(&part).unwrap()));
            let parts = (0..=log.gsn() / 256).filter_map(|index| log.chunk(&scope, index));
            told.extend(parts.map(|part| serde_json::to_string(&part).unwrap()));
        }
    }
    told
}

fn replayed(entries: &[LogEntry]) -> Log {
    let mut log = Log::new(Epoch::from_u128(1));
    entries.iter().for_each(|entry| log.apply(entry));
    log
}

#[test]
fn nothing_stays_of_hidden_words_and_everything_else_does() {
    let mut court = Court::new();
    let first = court.command(SubmitComment::KIND, &telling("a").payload());
    court.push("an", first.clone());
    court.act("an", &comment("an", "b", None));
    court.act("em", &QueueComment { comment: "a".into() });
    // The same words again under another command, which is refused and kept.
    assert_eq!(Court::word(&court.act("an", &telling("a"))), "already-there");
    assert!(stored(&court.entries).contains(HIDDEN) && told(&court.log).contains(HIDDEN));

    assert_eq!(Court::word(&court.act("em", &hide("a"))), "accepted");
    assert!(!stored(&court.entries).contains(HIDDEN), "in the stored log");
    assert!(!told(&court.log).contains(HIDDEN), "in what a device may be told");
    assert_eq!(replayed(&court.entries).rows(), court.rows(), "the rewritten log tells the same");
    assert!(!told(&replayed(&court.entries)).contains(HIDDEN));

    let desk = court.read::<CommentAtDesk>(&scopes::presidium(), "a").unwrap();
    let own = court.read::<OwnComment>(&scopes::user(&PersonId::new("an")), "a").unwrap();
    assert_eq!((desk.number, desk.floor, desk.minutes), (1, FloorState::Queued, 5));
    assert!(desk.redacted_by.contains(&mark("em")));
    let redaction = own.redaction.unwrap();
    assert_eq!((redaction.office, redaction.reason.as_str()), (Role::Secretariat, "Nêu thông tin sức khỏe."));
    assert_eq!(desk.redaction, Some(redaction));
    assert!(told(&court.log).contains("lời của"), "other comments stay");

    // It goes its way without its words.
    for verdict in [
        court.act("dung", &CallSpeaker { comment: "a".into() }),
        court.act("an", &WithdrawComment { comment: "a".into() }),
        court.act("dung", &hide("a")),
    ] {
        assert_eq!(Court::word(&verdict), "accepted");
    }
    // The author's phone brings it once more, under another number and under another id.
    assert_eq!(Court::word(&court.push("an", first)), "accepted", "the verdict that is stored");
    assert_eq!(Court::word(&court.act("an", &telling("a"))), "already-there");
    assert!(!stored(&court.entries).contains(HIDDEN) && !told(&court.log).contains(HIDDEN));
}

/// The server was restored to a time before both; the phones bring them in either order.
#[test]
fn a_comment_that_comes_after_its_redaction_is_hidden_from_the_beginning() {
    for redaction_first in [true, false] {
        let mut court = Court::new();
        let (submit, redact) = (telling("a"), hide("a"));
        let words = if redaction_first {
            [court.act("dung", &redact), court.act("an", &submit)]
        } else {
            [court.act("an", &submit), court.act("dung", &redact)]
        };
        assert_eq!(words.map(|receipt| Court::word(&receipt)), ["accepted", "accepted"]);
        assert!(!stored(&court.entries).contains(HIDDEN) && !told(&court.log).contains(HIDDEN));
        let own = court.read::<OwnComment>(&scopes::user(&PersonId::new("an")), "a").unwrap();
        assert_eq!(own.redaction.unwrap().office, Role::Presidium);
        assert_eq!(own.number, Some(1));
    }
}

/// A build that does not understand a command keeps it for a newer one; its words go all the same.
#[test]
fn parked_words_are_hidden_too() {
    let mut court = Court::new();
    let mut unknown = court.command(SubmitComment::KIND, &telling("a").payload());
    unknown.v = 9;
    assert_eq!(Court::word(&court.push("an", unknown)), "parked");
    court.act("em", &hide("a"));
    assert!(!stored(&court.entries).contains(HIDDEN));
}

#[test]
fn a_redaction_needs_a_reason_that_can_be_read() {
    let mut court = Court::new();
    court.act("an", &telling("a"));
    let long = |letters: usize| "ừ".repeat(letters);
    for (reason, word) in [
        (" \n ".to_owned(), "reason-needed"),
        (long(REASON_CHARS_MAX + 1), "too-long"),
        (long(REASON_CHARS_MAX), "accepted"),
    ] {
        assert_eq!(Court::word(&court.act("em", &RedactComment { comment: "a".into(), reason })), word);
    }
    assert_eq!(Court::word(&court.act("em", &hide(""))), "malformed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever else happens, and in whichever order.
    #[test]
    fn hidden_words_never_come_back(attempts in attempts()) {
        let mut court = Court::new();
        for Attempt { person, kind, payload } in &attempts {
            let command = court.command(kind, payload);
            court.push(person, command);
        }
        let hidden: BTreeSet<String> = court.all::<CommentAtDesk>(&scopes::presidium()).into_iter()
            .filter(|comment| comment.redaction.is_some()).map(|comment| comment.id).collect();
        for comment in court.all::<CommentAtDesk>(&scopes::presidium()) {
            prop_assert_eq!(hidden.contains(&comment.id), comment.text.is_empty());
        }
        for entry in court.entries.iter().filter(|entry| entry.command.kind == SubmitComment::KIND) {
            let action = entry.command.payload.read::<SubmitComment>().unwrap();
            prop_assert!(!hidden.contains(&action.id) || action.text.is_empty());
        }
        let replayed = replayed(&court.entries);
        prop_assert_eq!(replayed.rows(), court.rows());
    }
}
