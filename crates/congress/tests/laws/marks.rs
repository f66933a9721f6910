//! A reader's own marks: nobody else has them, and no text goes that its reader had not seen.

use congress::commands::{KeepMark, RemoveMark};
use congress::entities::{Anchor, MarkKind, ReaderMark};
use congress::limits::{MARKS_OF_PERSON_MAX, NOTE_CHARS_MAX};
use congress::scopes;
use proptest::prelude::*;
use sync::ids::{CommandId, PersonId};

use super::court::{Court, note};

fn marks(court: &Court) -> Vec<ReaderMark> {
    court.all(&scopes::user(&PersonId::new("an")))
}

fn word(court: &mut Court, person: &str, action: &KeepMark) -> String {
    Court::word(&court.act(person, action))
}

#[test]
fn a_mark_is_kept_changed_and_taken_away() {
    let mut court = Court::new();
    assert_eq!(word(&mut court, "an", &note("an", "n", "một", None)), "accepted");
    let first = marks(&court)[0].changed_by;
    assert_eq!(word(&mut court, "an", &note("an", "n", "hai", Some(first))), "accepted");
    let held = marks(&court);
    assert_eq!((held.len(), held[0].text.as_str()), (1, "hai «an»"));
    court.act("an", &RemoveMark { follows: held[0].changed_by });
    assert!(marks(&court).is_empty());
}

#[test]
fn two_devices_that_change_one_note_keep_both_texts() {
    let mut court = Court::new();
    court.act("an", &note("an", "n", "đầu", None));
    let seen = marks(&court)[0].changed_by;
    court.act("an", &note("an", "n", "trên điện thoại", Some(seen)));
    court.act("an", &note("an", "n", "trên máy tính bảng", Some(seen)));
    let mut texts: Vec<String> = marks(&court).into_iter().map(|mark| mark.text).collect();
    texts.sort();
    assert_eq!(texts, ["trên máy tính bảng «an»", "trên điện thoại «an»"]);
    court.act("an", &RemoveMark { follows: seen });
    assert_eq!(marks(&court).len(), 2, "what was changed since is not taken away");
}

/// What a device writes on top of its own text goes on from there, though that became another note meanwhile.
#[test]
fn a_device_goes_on_with_its_own_text() {
    let mut court = Court::new();
    court.act("an", &note("an", "n", "đầu", None));
    let seen = marks(&court)[0].changed_by;
    court.act("an", &note("an", "n", "trên điện thoại", Some(seen)));
    court.act("an", &note("an", "n", "trên máy tính bảng", Some(seen)));
    let own = |court: &Court| marks(court).into_iter().find(|mark| mark.text.starts_with("trên máy"));
    let first = own(&court).unwrap().changed_by;
    court.act("an", &note("an", "n", "trên máy tính bảng, lần hai", Some(first)));
    let mut texts: Vec<String> = marks(&court).into_iter().map(|mark| mark.text).collect();
    texts.sort();
    assert_eq!(texts, ["trên máy tính bảng, lần hai «an»", "trên điện thoại «an»"]);
    let second = own(&court).unwrap().changed_by;
    court.act("an", &RemoveMark { follows: second });
    assert_eq!(marks(&court).len(), 1, "its own text went, the other one stayed");
}

#[test]
fn marks_are_refused_for_these_reasons() {
    let good = || note("an", "new", "chữ", None);
    let whole = Anchor::Document {
        document: "released".to_owned(),
        version: 1,
        block: None,
        place: String::new(),
        quote: String::new(),
    };
    let table = [
        ("accepted", good()),
        ("accepted", KeepMark { kind: MarkKind::Bookmark, text: String::new(), ..good() }),
        ("text-needed", KeepMark { text: " \n".to_owned(), ..good() }),
        ("malformed", KeepMark { kind: MarkKind::Highlight, ..good() }),
        ("malformed", KeepMark { anchor: whole, ..good() }),
        ("malformed", KeepMark { anchor: Anchor::Congress, ..good() }),
        ("malformed", KeepMark { id: String::new(), ..good() }),
        ("accepted", KeepMark { text: "ừ".repeat(NOTE_CHARS_MAX), ..good() }),
        ("too-long", KeepMark { text: "ừ".repeat(NOTE_CHARS_MAX + 1), ..good() }),
    ];
    for (expected, action) in table {
        assert_eq!(word(&mut Court::new(), "an", &action), expected, "{action:?}");
    }
    assert_eq!(word(&mut Court::new(), "khach", &note("khach", "n", "chữ", None)), "not-reader");
    assert_eq!(word(&mut Court::new(), "lan", &note("lan", "n", "chữ", None)), "accepted", "alternates read too");
    let mut court = Court::new();
    for at in 0..MARKS_OF_PERSON_MAX {
        court.act("an", &note("an", &format!("n{at}"), "chữ", None));
    }
    assert_eq!(word(&mut court, "an", &good()), "too-many-marks");
    assert_eq!(word(&mut court, "an", &note("an", "n0", "khác", None)), "accepted", "one that is there may change");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Whatever two devices do with what they have seen at some time, a text that goes was followed by what took it.
    #[test]
    fn no_text_goes_that_was_not_seen(deeds in prop::collection::vec((0..3_usize, any::<prop::sample::Index>(), 0..4_u8), 1..40)) {
        let mut court = Court::new();
        let mut seen: Vec<CommandId> = Vec::new();
        for (at, (id, which, what)) in deeds.into_iter().enumerate() {
            let follows = (!seen.is_empty()).then(|| *which.get(&seen));
            let id = format!("n{id}");
            let before = marks(&court);
            match (what, follows) {
                (0, Some(follows)) => _ = court.act("an", &RemoveMark { follows }),
                (1, _) => _ = court.act("an", &note("an", &id, &format!("chữ {at}"), None)),
                _ => _ = court.act("an", &note("an", &id, &format!("chữ {at}"), follows)),
            }
            let after = marks(&court);
            for gone in before.iter().filter(|mark| after.iter().all(|other| other.text != mark.text)) {
                prop_assert_eq!(Some(gone.changed_by), follows, "{:?} went unseen", gone.text);
            }
            seen.extend(after.iter().map(|mark| mark.changed_by));
        }
    }
}
