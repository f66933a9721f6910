//! Every reason for which a command is not taken, and that a refused command changes nothing.

use congress::commands::Action;
use congress::commands::{
    CallSpeaker, FinishItem, FinishSpeaking, MoveInQueue, QueueComment, RecordPresence, RemoveFromQueue,
    RetractPresence, StartItem, StartSpeaking, SubmitComment, WithdrawComment,
};
use congress::entities::{Anchor, PresenceHow, Stance};
use congress::limits::{
    COMMENT_CHARS_MAX, COMMENTS_OF_PERSON_MAX, FLOOR_MINUTES_MAX, PRESENCE_FACTS_MAX, PROPOSAL_CHARS_MAX,
    QUEUE_ENTRIES_MAX, QUOTE_CHARS_MAX,
};
use proptest::prelude::*;
use sync::ids::PersonId;
use sync::json::Json;
use sync::wire::Status;

use super::court::{Court, SESSIONS, attempts, comment, play};

/// Comments as the refusals need them: `a` waits, `b` is called, `c` speaks, `d` has spoken, `e` asks for nothing,
/// `f` asks, `w` was withdrawn. All are `an`'s.
fn court() -> Court {
    let mut court = Court::new();
    let named = |id: &str| id.to_owned();
    for id in ["a", "b", "c", "d", "f", "w"] {
        court.act("an", &comment("an", id, Some(5)));
    }
    court.act("an", &comment("an", "e", None));
    for id in ["d", "a"] {
        court.act("em", &QueueComment { comment: named(id) });
    }
    court.act("em", &CallSpeaker { comment: named("d") });
    court.act("em", &FinishSpeaking { comment: named("d") });
    court.act("an", &WithdrawComment { comment: named("w") });
    court
}

fn word<A: Action>(court: &mut Court, person: &str, action: &A) -> String {
    Court::word(&court.act(person, action))
}

#[test]
fn comments_are_refused_for_these_reasons() {
    let good = || comment("an", "new", Some(5));
    let long = |count: usize| "ừ".repeat(count);
    let quoting = |quote: String| Anchor::Document {
        document: "released".to_owned(),
        version: 1,
        block: None,
        place: String::new(),
        quote,
    };
    let table: Vec<(&str, SubmitComment)> = vec![
        ("accepted", good()),
        ("already-there", SubmitComment { id: "a".to_owned(), ..good() }),
        ("accepted", SubmitComment { text: long(COMMENT_CHARS_MAX), ..good() }),
        ("too-long", SubmitComment { text: long(COMMENT_CHARS_MAX + 1), ..good() }),
        ("accepted", SubmitComment { proposal: long(PROPOSAL_CHARS_MAX), ..good() }),
        ("too-long", SubmitComment { proposal: long(PROPOSAL_CHARS_MAX + 1), ..good() }),
        ("accepted", SubmitComment { anchor: quoting(long(QUOTE_CHARS_MAX)), ..good() }),
        ("malformed", SubmitComment { anchor: quoting(long(QUOTE_CHARS_MAX + 1)), ..good() }),
        ("malformed", SubmitComment { id: String::new(), ..good() }),
        ("malformed", SubmitComment { id: "i".repeat(65), ..good() }),
        ("minutes", SubmitComment { floor_minutes: Some(0), ..good() }),
        ("accepted", SubmitComment { floor_minutes: Some(FLOOR_MINUTES_MAX), ..good() }),
        ("minutes", SubmitComment { floor_minutes: Some(FLOOR_MINUTES_MAX + 1), ..good() }),
    ];
    for (expected, action) in table {
        assert_eq!(word(&mut court(), "an", &action), expected, "{}", action.payload().as_str().len());
    }
}

#[test]
fn a_stance_other_than_agreement_needs_words_and_silent_agreement_needs_the_floor() {
    let silent = |stance, floor_minutes| SubmitComment {
        stance,
        text: " \n".to_owned(),
        proposal: String::new(),
        ..comment("an", "new", floor_minutes)
    };
    let table = [
        (Stance::Agree, Some(5), "accepted"),
        (Stance::Agree, None, "text-needed"),
        (Stance::Partial, Some(5), "text-needed"),
        (Stance::Disagree, Some(5), "text-needed"),
    ];
    for (stance, minutes, expected) in table {
        assert_eq!(word(&mut court(), "an", &silent(stance, minutes)), expected, "{stance:?} {minutes:?}");
        let proposal = SubmitComment { proposal: "sửa".to_owned(), ..silent(stance, minutes) };
        assert_eq!(word(&mut court(), "an", &proposal), "accepted", "a proposal alone is enough");
    }
}

#[test]
fn the_floor_is_refused_for_these_reasons() {
    let named = |id: &str| id.to_owned();
    let queue = |id: &str| QueueComment { comment: named(id) };
    assert_eq!(word(&mut court(), "em", &queue("nobody")), "unknown-comment");
    assert_eq!(word(&mut court(), "em", &queue("e")), "no-request");
    assert_eq!(word(&mut court(), "em", &queue("w")), "withdrawn");
    assert_eq!(word(&mut court(), "em", &queue("a")), "accepted", "it waits already: nothing happens");
    let moved = |id: &str, after: &str| MoveInQueue { comment: named(id), after: Some(named(after)) };
    assert_eq!(word(&mut court(), "em", &moved("f", "a")), "not-queued");
    assert_eq!(word(&mut court(), "em", &moved("a", "f")), "queue-changed");
    let mut taken = court();
    taken.act("em", &CallSpeaker { comment: named("a") });
    taken.act("em", &queue("b"));
    assert_eq!(word(&mut taken, "em", &CallSpeaker { comment: named("b") }), "floor-taken");
    assert_eq!(word(&mut taken, "em", &CallSpeaker { comment: named("a") }), "accepted", "called already");
    assert_eq!(word(&mut taken, "em", &StartSpeaking { comment: named("b") }), "not-called");
    taken.act("em", &StartSpeaking { comment: named("a") });
    assert_eq!(word(&mut taken, "em", &RemoveFromQueue { comment: named("a") }), "already-speaking");
    assert_eq!(word(&mut taken, "an", &WithdrawComment { comment: named("a") }), "already-spoken");
    assert_eq!(word(&mut court(), "em", &CallSpeaker { comment: named("f") }), "not-queued");
    assert_eq!(word(&mut court(), "em", &FinishSpeaking { comment: named("f") }), "not-called");
    assert_eq!(word(&mut court(), "em", &FinishSpeaking { comment: named("d") }), "accepted", "finished already");
    assert_eq!(word(&mut court(), "an", &WithdrawComment { comment: named("d") }), "already-spoken");
    assert_eq!(word(&mut court(), "binh", &WithdrawComment { comment: named("a") }), "unknown-comment", "not theirs");
    assert_eq!(word(&mut court(), "an", &WithdrawComment { comment: named("w") }), "accepted", "withdrawn already");
}

#[test]
fn presence_and_programme_are_refused_for_these_reasons() {
    let seen = |session: &str, person: &str| RecordPresence {
        session: session.to_owned(),
        person: PersonId::new(person),
        how: PresenceHow::Search,
    };
    assert_eq!(word(&mut court(), "giang", &seen("evening", "an")), "unknown-session");
    assert_eq!(word(&mut court(), "giang", &seen(SESSIONS[0], "ai-đó")), "unknown-person");
    assert_eq!(word(&mut court(), "an", &seen(SESSIONS[0], "an")), "not-desk");
    let taken_back =
        |session: &str| RetractPresence { session: session.to_owned(), person: PersonId::new("an"), facts: Vec::new() };
    assert_eq!(word(&mut court(), "nam", &taken_back(SESSIONS[0])), "not-desk");
    assert_eq!(word(&mut court(), "giang", &taken_back("evening")), "unknown-session");
    let item = |id: &str| id.to_owned();
    assert_eq!(word(&mut court(), "em", &StartItem { item: item("none") }), "unknown-item");
    assert_eq!(word(&mut court(), "em", &FinishItem { item: item("planned") }), "not-started");
    assert_eq!(word(&mut court(), "em", &FinishItem { item: item("dropped") }), "not-started");
    assert_eq!(word(&mut court(), "em", &FinishItem { item: item("done") }), "accepted", "done already");
    assert_eq!(word(&mut court(), "em", &StartItem { item: item("now") }), "accepted", "goes on already");
}

#[test]
fn everything_that_can_grow_has_a_limit() {
    let mut court = Court::new();
    for at in 0..COMMENTS_OF_PERSON_MAX {
        court.act("an", &comment("an", &format!("c{at}"), Some(1)));
        if at < QUEUE_ENTRIES_MAX {
            assert_eq!(word(&mut court, "em", &QueueComment { comment: format!("c{at}") }), "accepted");
        }
    }
    assert_eq!(word(&mut court, "an", &comment("an", "more", None)), "too-many-comments");
    assert_eq!(word(&mut court, "em", &QueueComment { comment: format!("c{QUEUE_ENTRIES_MAX}") }), "queue-full");
    let (session, person) = (SESSIONS[0].to_owned(), PersonId::new("an"));
    let seen = RecordPresence { session, person, how: PresenceHow::Search };
    for _ in 0..PRESENCE_FACTS_MAX {
        assert_eq!(word(&mut court, "giang", &seen), "accepted");
    }
    assert_eq!(word(&mut court, "giang", &seen), "too-many-facts");
}

#[test]
fn what_this_build_does_not_understand_is_parked_never_refused() {
    let mut court = court();
    let good = comment("an", "new", None).payload();
    let mut newer = court.command(SubmitComment::KIND, &good);
    newer.v = 2;
    let unknown = court.command("comment.sing", &good);
    let broken = court.command(SubmitComment::KIND, &Json::of(&["no", "comment"]));
    for command in [newer, unknown, broken] {
        assert_eq!(court.push("an", command).status, Status::Parked);
    }
    let command = court.command("comment.submit", &good);
    assert_eq!(Court::word(&court.push("ai-đó", command)), "not-in-list");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_is_refused_has_no_effect(attempts in attempts()) {
        let mut court = Court::new();
        for attempt in &attempts {
            let before = court.rows().clone();
            play(&mut court, std::slice::from_ref(attempt));
            let entry = court.entries.last().unwrap();
            if matches!(entry.receipt.status, Status::Rejected | Status::Parked) {
                prop_assert!(entry.changes.is_empty());
                prop_assert_eq!(court.rows(), &before);
                prop_assert!(entry.receipt.refusal.is_some() || entry.receipt.status == Status::Parked);
            }
        }
    }
}
