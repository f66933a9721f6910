//! Taking a document back: its row is gone from everybody, why it is gone stays, and so does what people wrote about it.

use congress::CongressRules;
use congress::commands::{KeepMark, RecallDocument, SubmitComment};
use congress::entities::{
    Anchor, ChangesFile, CommentAtDesk, Document, OwnComment, ReaderMark, RecallCause, RecalledDocument, Role,
};
use congress::limits::REASON_CHARS_MAX;
use congress::scopes;
use proptest::prelude::*;
use sync::ids::{PersonId, Timestamp};
use sync::rules::Rules;
use sync::wire::Status;

use super::court::{Attempt, Court, PEOPLE, attempts, comment, document, note};

const QUOTED: &str = "Phấn đấu thu ngân sách đạt 12 tỷ đồng.";

fn recall(document: &str, version: u32) -> RecallDocument {
    RecallDocument { document: document.to_owned(), version, reason: " Bản in nhầm số liệu. ".to_owned() }
}

fn about_it(comment: SubmitComment) -> SubmitComment {
    let (document, place) = ("released".to_owned(), "Phần I".to_owned());
    let anchor = Anchor::Document { document, version: 1, block: Some("b".into()), place, quote: QUOTED.into() };
    SubmitComment { anchor, ..comment }
}

#[test]
fn a_document_that_was_taken_back_is_held_by_nobody_and_everybody_reads_why() {
    let mut court = Court::new();
    assert_eq!(Court::word(&court.act("em", &recall("released", 1))), "accepted");
    for (person, ..) in PEOPLE {
        let device = court.device(person);
        let has =
            |kind| device.rows_of(&scopes::delegates()).any(|(found, _, row)| found == kind && row.data.is_some());
        assert!(!has("document"), "{person}");
        let reads = CongressRules.scopes(court.rows(), &PersonId::new(person)).contains(&scopes::delegates());
        assert_eq!(has("recalled-document"), reads, "{person}");
    }
    let left: RecalledDocument = court.read(&scopes::delegates(), "released").unwrap();
    assert_eq!((left.title.as_str(), left.version), ("văn kiện", 1));
    let reason = "Bản in nhầm số liệu.".to_owned();
    assert_eq!(left.cause, RecallCause::Recalled { office: Role::Secretariat, reason });
    let word = Court::word(&court.act("dung", &recall("released", 1)));
    assert_eq!(
        (word.as_str(), court.read(&scopes::delegates(), "released")),
        ("accepted", Some(left)),
        "once is enough"
    );
}

#[test]
fn what_people_wrote_about_it_stays_with_the_words_that_they_quoted() {
    let mut court = Court::new();
    court.act("an", &about_it(comment("an", "a", None)));
    court.act("an", &KeepMark { id: "n".into(), ..note("an", "n", "của tôi", None) });
    court.act("dung", &recall("released", 1));
    // Written without a network, in a text that was there a moment ago.
    assert_eq!(Court::word(&court.act("binh", &about_it(comment("binh", "b", None)))), "accepted");
    let own = scopes::user(&PersonId::new("an"));
    assert_eq!(court.read::<OwnComment>(&own, "a").unwrap().anchor, about_it(comment("an", "a", None)).anchor);
    assert_eq!(court.all::<ReaderMark>(&own).len(), 1);
    for id in ["a", "b"] {
        let held: CommentAtDesk = court.read(&scopes::presidium(), id).unwrap();
        assert!(matches!(held.anchor, Anchor::Document { quote, .. } if quote == QUOTED), "{id}");
    }
}

#[test]
fn a_recall_is_refused_for_these_reasons() {
    let long = |letters: usize| "ừ".repeat(letters);
    let because = |reason: String| RecallDocument { reason, ..recall("released", 1) };
    let table = [
        ("unknown-document", recall("none", 1)),
        ("unknown-document", recall("hidden", 1)),
        ("newer-version", recall("released", 0)),
        ("reason-needed", because(" \n ".to_owned())),
        ("too-long", because(long(REASON_CHARS_MAX + 1))),
        ("accepted", because(long(REASON_CHARS_MAX))),
    ];
    for (expected, action) in table {
        let mut court = Court::new();
        assert_eq!(Court::word(&court.act("em", &action)), expected, "{}", action.document);
    }
}

#[test]
fn a_time_is_over_from_its_first_moment_on() {
    let at = Timestamp(1_000);
    let expiring = Document { expires_at: Some(at), ..document("a", "b") };
    assert_eq!(RecalledDocument::expired(&expiring, at.minus_ms(1)), None);
    let left = RecalledDocument::expired(&expiring, at.plus_ms(5)).unwrap();
    assert_eq!((left.at, left.cause), (at, RecallCause::Expired));
    assert!(!document("a", "b").is_expired(Timestamp(i64::MAX)));
}

#[test]
fn what_was_taken_back_comes_again_in_a_higher_version_only() {
    let now = Timestamp(1_000);
    let version = |version| Document { version, ..document("a", "b") };
    let longer = Document { expires_at: Some(now.plus_ms(1)), ..version(2) };
    let over = Document { expires_at: Some(now), ..version(2) };
    let cause = RecallCause::Recalled { office: Role::Presidium, reason: "x".into() };
    let recalled = RecalledDocument::of(&version(2), now, cause);
    let expired = RecalledDocument::of(&version(2), now, RecallCause::Expired);
    for (expected, left, document) in [
        (true, &recalled, version(1)),
        (true, &recalled, version(2)),
        (true, &recalled, longer.clone()),
        (false, &recalled, version(3)),
        (true, &expired, over),
        (false, &expired, longer),
        (false, &expired, version(2)),
    ] {
        assert_eq!(left.keeps_away(&document, now), expected, "{document:?} after {left:?}");
    }
}

#[test]
fn all_that_a_document_consists_of_has_a_hash() {
    let changes = ChangesFile { from_version: 1, sha256: "c".into(), bytes: 1 };
    let whole = Document { text_sha256: "t".into(), changes: Some(changes), ..document("a", "b") };
    assert_eq!(whole.hashes().collect::<Vec<_>>(), ["t", "c"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever else happens: a document is there or it was taken back, never both and never neither.
    #[test]
    fn a_document_is_there_or_says_why_it_is_not(attempts in attempts()) {
        let mut court = Court::new();
        for Attempt { person, kind, payload } in &attempts {
            let command = court.command(kind, payload);
            let before = court.rows().clone();
            let receipt = court.push(person, command);
            let there = court.read::<Document>(&scopes::delegates(), "released").is_some();
            let left = court.read::<RecalledDocument>(&scopes::delegates(), "released").is_some();
            prop_assert!(there != left);
            if *kind == "document.recall" && receipt.status == Status::Rejected {
                prop_assert_eq!(&before, court.rows());
            }
        }
        prop_assert!(court.read::<Document>(&scopes::secretariat(), "hidden").is_some());
    }
}
