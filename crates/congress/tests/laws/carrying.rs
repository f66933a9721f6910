//! The laws of carrying the pack: what comes first, what stays when room is short, and that a failure holds up nothing
//! else.

use std::collections::{BTreeMap, BTreeSet};

use congress::calendar::{Date, TimeOfDay};
use congress::carrying::{FileUse, Pace, Piece, PieceKind, Setback, Wish, kept_files, pieces};
use congress::entities::{AgendaItem, Attachment, ChangesFile, Document, DocumentKind, ItemKind, ItemStatus};
use congress::limits::{FETCH_BROKEN_PAUSE_MS_MAX, FILE_LIGHT_BYTES_MAX};
use proptest::prelude::*;
use sync::ids::Timestamp;

fn day(day: u8) -> Date {
    Date::new(2026, 11, day).unwrap()
}

fn document(id: &str, position: u32, files: &[(&str, u64)]) -> Document {
    let files = files.iter().map(|(name, bytes)| Attachment {
        name: (*name).to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: format!("file {name}"),
        bytes: *bytes,
    });
    Document {
        id: id.to_owned(),
        kind: DocumentKind::Paper,
        title: id.to_owned(),
        version: 2,
        released_at: Timestamp(0),
        position,
        words: 1,
        pages: 1,
        text_sha256: format!("text {id}"),
        text_bytes: 10,
        files: files.collect(),
        changes: Some(ChangesFile { from_version: 1, sha256: format!("changes {id}"), bytes: 5 }),
        expires_at: None,
    }
}

fn item(date: Date, start: u32, status: ItemStatus, documents: &[&str]) -> AgendaItem {
    AgendaItem {
        id: format!("{date} {start}"),
        session: "s".to_owned(),
        title: String::new(),
        kind: ItemKind::Report,
        date,
        start: TimeOfDay(start),
        minutes: 30,
        chair: None,
        presenters: Vec::new(),
        documents: documents.iter().map(|id| (*id).to_owned()).collect(),
        note: String::new(),
        status,
        started_at: None,
        ended_at: None,
    }
}

fn hashes(pieces: &[Piece]) -> Vec<&str> {
    pieces.iter().map(|piece| piece.sha256.as_str()).collect()
}

fn set() -> Vec<Document> {
    vec![
        document("rest", 1, &[]),
        document("tomorrow", 2, &[]),
        document("later", 3, &[]),
        document("second", 4, &[("plan", 100)]),
        document("now", 5, &[("map", FILE_LIGHT_BYTES_MAX + 1)]),
    ]
}

fn programme() -> Vec<AgendaItem> {
    vec![
        item(day(24), 480, ItemStatus::Done, &["rest"]),
        item(day(25), 480, ItemStatus::Planned, &["second", "nowhere"]),
        item(day(25), 600, ItemStatus::Now, &["now"]),
        item(day(26), 480, ItemStatus::Planned, &["tomorrow", "second"]),
        item(day(26), 420, ItemStatus::Dropped, &["later"]),
        item(day(27), 480, ItemStatus::Planned, &["later"]),
    ]
}

#[test]
fn today_comes_first_then_the_days_to_come_then_the_rest() {
    let found = pieces(&set(), &programme(), day(25), None);
    let expected = [
        // Today: what goes on, what comes; texts, what they changed, light files.
        "text now",
        "text second",
        "changes now",
        "changes second",
        "file plan",
        "text tomorrow",
        "changes tomorrow",
        "text later",
        "changes later",
        "text rest",
        "changes rest",
        // A heavy file of today waits for every text.
        "file map",
    ];
    assert_eq!(hashes(&found), expected);
}

#[test]
fn before_the_congress_its_first_day_comes_first_and_after_it_the_order_of_the_set_counts() {
    let texts = |today| {
        let found = pieces(&set(), &programme(), today, None);
        let texts = found.into_iter().filter(|piece| piece.kind == PieceKind::Text);
        texts.map(|piece| piece.document).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(texts(day(1)), "rest now second tomorrow later");
    assert_eq!(texts(day(26)), "tomorrow second later rest now", "at the same hour by the place in the set");
    assert_eq!(texts(day(30)), "rest tomorrow later second now");
}

#[test]
fn what_a_person_opens_jumps_the_queue() {
    let found = pieces(&set(), &programme(), day(25), Some("rest"));
    assert_eq!(hashes(&found)[..3], ["text rest", "changes rest", "text now"]);
}

#[test]
fn a_file_that_two_documents_name_is_fetched_once() {
    let both = [document("a", 1, &[("plan", 1)]), document("b", 2, &[("plan", 1)])];
    assert_eq!(hashes(&pieces(&both, &[], day(1), None)).iter().filter(|hash| **hash == "file plan").count(), 1);
}

/// Files `0` to `n` in the order in which they are needed.
fn files(bytes: &[u64]) -> Vec<Piece> {
    let piece = |(at, bytes): (usize, &u64)| Piece {
        kind: PieceKind::File,
        document: "a".to_owned(),
        sha256: at.to_string(),
        bytes: *bytes,
    };
    bytes.iter().enumerate().map(piece).collect()
}

fn used(at: i64) -> FileUse {
    FileUse { used_at: Some(Timestamp(at)), wish: None }
}

fn kept(pieces: &[Piece], uses: &[(&str, FileUse)], room: u64) -> String {
    let uses = uses.iter().map(|(hash, used)| ((*hash).to_owned(), *used)).collect();
    kept_files(pieces, &uses, room).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn when_room_is_short_the_files_that_were_not_used_for_the_longest_time_leave() {
    let four = files(&[10, 10, 10, 10]);
    let (keep, free) = (Some(Wish::Keep), Some(Wish::Free));
    assert_eq!(kept(&four, &[], 100), "0 1 2 3");
    assert_eq!(kept(&four, &[], 25), "0 1", "what is needed first");
    assert_eq!(kept(&four, &[("3", used(7)), ("2", used(8))], 20), "2 3", "what was opened");
    assert_eq!(kept(&four, &[("3", used(7)), ("2", used(8))], 10), "2", "what was opened last");
    assert_eq!(
        kept(&four, &[("3", FileUse { wish: keep, used_at: None }), ("2", used(8))], 10),
        "3",
        "what is asked for"
    );
    assert_eq!(kept(&four, &[("0", FileUse { wish: free, ..used(9) })], 25), "1 2", "what was let go");
    assert_eq!(kept(&files(&[30, 10]), &[], 20), "1", "one that is too large keeps no smaller one out");
}

#[test]
fn texts_are_never_asked_to_leave() {
    let all = pieces(&set(), &programme(), day(25), None);
    assert!(kept_files(&all, &BTreeMap::new(), 0).is_empty());
    assert!(kept_files(&all, &BTreeMap::new(), u64::MAX).iter().all(|hash| hash.starts_with("file")));
}

#[test]
fn a_broken_thing_is_tried_again_later_and_holds_up_nothing_else() {
    let (mut pace, mut now) = (Pace::default(), Timestamp(0));
    for tries in 0..12_u32 {
        assert!(pace.may_try("a", now) && pace.may_try("b", now));
        pace.failed("a", Setback::Broken, now, 0);
        assert!(!pace.may_try("a", now) && pace.may_try("b", now) && !pace.is_out_of_reach());
        let pause = (500 << tries).min(FETCH_BROKEN_PAUSE_MS_MAX / 2);
        assert!(!pace.may_try("a", now.plus_ms(pause - 1)), "{tries}");
        now = now.plus_ms(pause);
    }
    pace.fetched("a");
    assert_eq!(pace, Pace::default());
}

#[test]
fn a_server_that_nobody_reaches_is_asked_less_and_less_until_it_answers() {
    let mut pace = Pace::default();
    for name in ["a", "b"] {
        pace.failed(name, Setback::Unreachable, Timestamp(0), 0);
        assert!(pace.may_try("c", Timestamp(0)), "one that fails may be the only one");
    }
    pace.failed("c", Setback::Unreachable, Timestamp(0), 0);
    assert!(pace.is_out_of_reach() && !pace.may_try("d", Timestamp(0)));
    pace.failed("d", Setback::Broken, Timestamp(600), 0);
    assert!(pace.may_try("e", Timestamp(600)), "an answer, if only a bad one");
    pace.start_over();
    assert!(pace.may_try("a", Timestamp(0)));
}

#[test]
fn an_older_version_is_read_until_its_own_successor_has_come_and_no_other() {
    let version = |version: u32, from: Option<u32>| Document {
        version,
        changes: from.map(|from_version| ChangesFile { from_version, sha256: "c".to_owned(), bytes: 1 }),
        ..document("a", 0, &[])
    };
    let first = version(1, None);
    assert!(version(2, Some(1)).follows(&first));
    assert!(!version(2, None).follows(&first), "the first one was taken back before the second came");
    assert!(!version(3, Some(2)).follows(&first), "or nobody here knows whether it was");
}

proptest! {
    #[test]
    fn what_failed_is_due_again_after_a_pause_and_nothing_else_waits_while_the_server_answers(
        tries in prop::collection::vec((0..3_usize, any::<bool>(), any::<u64>(), 0..100_000_u64), 1..30),
    ) {
        let (mut pace, mut now) = (Pace::default(), Timestamp(0));
        for (thing, broken, random, passes) in tries {
            let setback = if broken { Setback::Broken } else { Setback::Unreachable };
            pace.failed(&thing.to_string(), setback, now, random);
            let due = pace.due(&thing.to_string());
            prop_assert!(due > now && due <= now.plus_ms(FETCH_BROKEN_PAUSE_MS_MAX));
            prop_assert_eq!(pace.due("never tried") > now, pace.is_out_of_reach());
            now = now.plus_ms(passes);
        }
    }

    /// Sync.md 8, calm: at most 20 requests a minute while failing, whatever chance says.
    #[test]
    fn failing_is_calm(things in 1..40_usize, chance in prop::collection::vec(any::<u64>(), 400)) {
        let (mut pace, mut asked, mut chance) = (Pace::default(), Vec::new(), chance.into_iter().cycle());
        for second in 0..600_i64 {
            let now = Timestamp(second * 1_000);
            for name in (0..things).map(|at| at.to_string()) {
                if pace.may_try(&name, now) {
                    asked.push(second);
                    pace.failed(&name, Setback::Unreachable, now, chance.next().unwrap());
                }
            }
        }
        for second in 0..540 {
            let in_minute = asked.iter().filter(|at| (second..second + 60).contains(*at)).count();
            prop_assert!(in_minute <= 20, "{in_minute} from {second} s on");
        }
        prop_assert!(asked.iter().any(|second| *second > 500), "and never given up");
    }

    #[test]
    fn files_that_are_kept_fit_and_none_that_fits_beside_them_is_left(
        bytes in prop::collection::vec(0..50_u64, 0..12), room in 0..200_u64, opened in prop::collection::vec(0..12_usize, 0..6),
    ) {
        let pieces = files(&bytes);
        let uses: BTreeMap<String, FileUse> = opened.iter().enumerate().map(|(at, file)| (file.to_string(), used(at as i64))).collect();
        let kept: BTreeSet<&str> = kept_files(&pieces, &uses, room);
        let size = |hash: &str| bytes[hash.parse::<usize>().unwrap()];
        let taken: u64 = kept.iter().map(|hash| size(hash)).sum();
        prop_assert!(taken <= room);
        for piece in pieces.iter().filter(|piece| !kept.contains(piece.sha256.as_str())) {
            prop_assert!(piece.bytes > room - taken);
        }
    }

    #[test]
    fn every_piece_is_fetched_once_and_none_is_forgotten(today in 1..30_u8, opened in prop::option::of(0..5_usize)) {
        let set = set();
        let found = pieces(&set, &programme(), day(today), opened.map(|at| set[at].id.as_str()));
        let once: BTreeSet<&str> = hashes(&found).into_iter().collect();
        prop_assert_eq!(once.len(), found.len());
        prop_assert_eq!(once, set.iter().flat_map(Document::hashes).collect());
    }
}
