//! Foretelling: the device shows what the server will make of a command, and the server always makes the same of it.

use congress::commands::{Action, RecordPresence, SubmitComment, WithdrawComment};
use congress::entities::{OwnComment, Presence, PresenceHow};
use congress::scopes;
use congress::{CongressRules, DelegateRules};
use proptest::prelude::*;
use sync::ids::{PersonId, Scope};
use sync::row::{Change, Layered, RowMap};
use sync::rules::{Rules, Verdict};
use sync::wire::Status;

use super::court::{Attempt, Court, SESSIONS, actor, attempts, comment};

fn is_hidden(change: &Change) -> bool {
    let own = change.data.as_ref().and_then(|data| data.read::<OwnComment>().ok());
    own.is_some_and(|own| own.redaction.is_some())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_command_is_decided_the_same_way_every_time(attempts in attempts()) {
        let mut court = Court::new();
        for attempt in &attempts {
            let command = court.command(attempt.kind, &attempt.payload);
            let verdict = court.decide(attempt.person, &command);
            prop_assert_eq!(&court.decide(attempt.person, &command), &verdict);
            court.push(attempt.person, command);
        }
        let command = court.command(attempts[0].kind, &attempts[0].payload);
        let verdict = court.decide(attempts[0].person, &command);
        prop_assert_eq!(replayed(&court).decide(attempts[0].person, &command), verdict, "on the same log, read again");
    }

    /// Whoever leads the floor foretells on the same rows as the server; an author foretells only their own row, and
    /// knows neither its number nor when it will be received.
    #[test]
    fn the_device_foretells_what_the_server_decides(attempts in attempts()) {
        let mut court = Court::new();
        for Attempt { person, kind, payload } in &attempts {
            let mut command = court.command(kind, payload);
            command.created_at = court.now;
            let device = court.device(person);
            let decided = match court.decide(person, &command) {
                // Hidden before it came, which no device can know either.
                Verdict::Accepted(changes) | Verdict::Late(changes)
                    if *kind == SubmitComment::KIND && changes.iter().any(is_hidden) =>
                {
                    continue;
                }
                Verdict::Accepted(changes) | Verdict::Late(changes) | Verdict::Redacted(changes) => changes,
                // Another author's comment has this id, which no device can know.
                Verdict::Rejected(refusal) if refusal.code == "already-there" => continue,
                Verdict::Rejected(_) | Verdict::Parked => Vec::new(),
            };
            let foretold = CongressRules.predict(&device, &actor(person), &command);
            for change in &foretold {
                let same = decided.iter().find(|other| other.key == change.key);
                let same = same.map(plain);
                prop_assert_eq!(Some(plain(change)), same, "{} by {}", kind, person);
            }
            if *kind != "comment.withdraw" {
                let own = scopes::user(&PersonId::new(*person));
                let seen = |change: &&Change| change.key.scope == own;
                prop_assert_eq!(foretold.iter().filter(seen).count(), decided.iter().filter(seen).count(), "{} by {}", kind, person);
            }
            court.push(person, command);
        }
    }

    #[test]
    fn a_phone_foretells_own_comments_and_marks_like_the_full_rules(attempts in attempts()) {
        let mut court = Court::new();
        for Attempt { person, kind, payload } in &attempts {
            let command = court.command(kind, payload);
            let is_of_comments = [SubmitComment::KIND, WithdrawComment::KIND].contains(kind);
            if is_of_comments || kind.starts_with("mark.") {
                let device = court.device(person);
                let full = CongressRules.predict(&device, &actor(person), &command);
                prop_assert_eq!(&full, &DelegateRules.predict(&device, &actor(person), &command));
            }
            court.push(person, command);
        }
    }

    /// A lost answer leaves a command in the outbox whose effect the rows have already.
    #[test]
    fn what_is_foretold_on_rows_that_have_it_already_doubles_nothing(attempts in attempts()) {
        let mut court = Court::new();
        for Attempt { person, kind, payload } in &attempts {
            let command = court.command(kind, payload);
            if court.push(person, command.clone()).status == Status::Rejected {
                continue;
            }
            let device = court.device(person);
            let mut overlay = RowMap::default();
            for change in CongressRules.predict(&device, &actor(person), &command) {
                overlay.overlay(&change);
            }
            let view = Layered { below: &device, above: &overlay };
            let ids = |rows: &dyn sync::row::Rows| {
                let own = scopes::user(&PersonId::new(*person));
                let comments = congress::entities::read_all::<OwnComment>(rows, &own).len();
                let facts = congress::entities::read_all::<Presence>(rows, &scopes::checkin());
                (comments, facts.iter().map(|one| one.facts.len()).sum::<usize>())
            };
            prop_assert_eq!(ids(&view), ids(&device), "{} by {}", kind, person);
        }
    }
}

/// A row without what only the server knows.
fn plain(change: &Change) -> (Scope, String, Option<serde_json::Value>) {
    let mut data: Option<serde_json::Value> = change.data.as_ref().map(|data| data.read().unwrap());
    if let Some(serde_json::Value::Object(row)) = &mut data {
        for field in ["number", "received_at", "late"] {
            row.remove(field);
        }
        for fact in row.get_mut("facts").and_then(|facts| facts.as_array_mut()).into_iter().flatten() {
            fact.as_object_mut().unwrap().remove("received_at");
        }
    }
    (change.key.scope.clone(), change.key.id.clone(), data)
}

fn replayed(court: &Court) -> Court {
    let mut again = Court::new();
    again.log = sync::server::Log::new(court.log.epoch());
    for entry in &court.entries {
        let text = serde_json::to_string(entry).unwrap();
        again.log.apply(&serde_json::from_str(&text).unwrap());
    }
    again.now = court.now;
    again
}

#[test]
fn a_fact_whose_answer_was_lost_is_shown_once() {
    let mut court = Court::new();
    let (session, person) = (SESSIONS[0].to_owned(), PersonId::new("an"));
    let fact = RecordPresence { session, person, how: PresenceHow::Scan };
    let command = court.command(RecordPresence::KIND, &fact.payload());
    court.push("giang", command.clone());
    let device = court.device("giang");
    let foretold = CongressRules.predict(&device, &actor("giang"), &command);
    assert!(foretold.is_empty(), "{foretold:?}");
}

#[test]
fn a_comment_is_shown_before_the_server_has_it() {
    let mut court = Court::new();
    let command = court.command("comment.submit", &comment("an", "a", Some(5)).payload());
    let foretold = CongressRules.predict(&court.device("an"), &actor("an"), &command);
    let own: OwnComment = foretold[0].data.as_ref().unwrap().read().unwrap();
    assert_eq!((own.number, own.received_at, own.floor.minutes), (None, None, 5));
    assert_eq!(foretold.len(), 1);
    assert!(CongressRules.predict(&court.device("khach"), &actor("khach"), &command).is_empty());
}
