//! The log as devices see it: whatever a device holds, the parts that it is given lead to the rows of the whole log.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sync::client::Base;
use sync::ids::{ClientId, Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::row::{Change, Row, RowMap};
use sync::server::{Log, LogEntry};
use sync::wire::{PROTOCOL, PullRequest, Update};

use super::strategies::{entries, log_entry};

const EPOCH: Epoch = Epoch(uuid::Uuid::from_u128(7));
const WIDE: &str = "wide";

/// A log with one wide scope: entries of very different sizes, so that they straddle the chunks of 256 rows.
fn wide_log() -> impl Strategy<Value = Vec<LogEntry>> {
    let size = prop_oneof![6 => 1..4_usize, 2 => 20..90_usize, 1 => 250..600_usize];
    let entry = (size, 0..700_usize, prop::bool::weighted(0.2));
    prop::collection::vec(entry, 5..40).prop_map(|all| {
        let entry = |((size, start, removes), gsn): ((usize, usize, bool), Gsn)| {
            let change = |place: usize| {
                let id = format!("r{:03}", (start + place) % 700);
                match removes {
                    true => Change::remove(Scope::new(WIDE), "row", id),
                    false => Change::put(Scope::new(WIDE), "row", id, &gsn),
                }
            };
            log_entry(gsn, (0..size).map(change).collect())
        };
        let mut entries: Vec<LogEntry> = all.into_iter().zip(1..).map(entry).collect();
        entries.iter_mut().for_each(|entry| entry.receipt.at = hour(entry.gsn));
        entries
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_log_replayed_from_any_place_gives_the_same_rows(entries in entries(0..20_usize), again in 0..20_usize) {
        let whole = log_of(&entries);
        let mut log = log_of(&entries[..again.min(entries.len())]);
        // A follower reads what it has applied already, and what is new.
        entries.iter().for_each(|entry| log.apply(entry));
        prop_assert_eq!(log.rows(), whole.rows());
        prop_assert_eq!(log.gsn(), whole.gsn());
    }

    #[test]
    fn a_device_at_any_place_converges_with_one_pull_of_a_short_log(
        entries in entries(0..25_usize), at in 0..25_usize, stays in any::<bool>(),
    ) {
        let behind = log_of(&entries[..at.min(entries.len())]);
        let head = log_of(&entries);
        let scopes: BTreeSet<Scope> = head.rows().scopes().cloned().collect();
        let mut base = Base::default();
        catch_up(&behind, &scopes, &mut base);
        if !stays {
            base = Base::default();
        }
        prop_assert!(catch_up(&head, &scopes, &mut base) <= 2);
        for scope in &scopes {
            prop_assert_eq!(living(&base.rows, scope), living(head.rows(), scope));
            prop_assert_eq!(base.cursor(scope), head.gsn());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn chunks_snapshot_and_tail_converge_to_the_whole_log(entries in wide_log(), cuts in prop::collection::vec(0..40_usize, 1..4)) {
        let head = log_of(&entries);
        let scopes = BTreeSet::from([Scope::new(WIDE)]);
        let mut base = Base::default();
        let mut cuts = cuts;
        cuts.sort_unstable();
        for cut in cuts {
            catch_up(&log_of(&entries[..cut.min(entries.len())]), &scopes, &mut base);
        }
        catch_up(&head, &scopes, &mut base);
        let scope = Scope::new(WIDE);
        prop_assert_eq!(living(&base.rows, &scope), living(head.rows(), &scope));
        prop_assert_eq!(base.rows.checksum(&scope), head.rows().checksum(&scope));
        prop_assert_eq!(base.cursor(&scope), head.gsn());
    }

    #[test]
    fn a_chunk_once_served_never_changes(entries in wide_log()) {
        let scope = Scope::new(WIDE);
        let mut served = BTreeMap::new();
        let mut log = Log::new(EPOCH);
        for entry in &entries {
            log.apply(entry);
            for index in 0..12 {
                let Some(chunk) = log.chunk(&scope, index) else { continue };
                // The end of the last chunk may still be in the middle of an entry: it is offered only when it is known.
                let first = served.entry(index).or_insert_with(|| chunk.clone());
                prop_assert_eq!(&*first, &chunk);
            }
        }
    }

    /// A snapshot is made when somebody asks, and shows its moment all the same.
    #[test]
    fn a_snapshot_shows_the_rows_of_its_moment_whenever_it_is_asked_for(entries in wide_log(), before in 0..40_u64) {
        let scope = Scope::new(WIDE);
        let mut log = Log::new(EPOCH);
        let mut offered: BTreeMap<Gsn, Log> = BTreeMap::new();
        for entry in &entries {
            log.apply(entry);
            if let Update::Snapshot { gsn, .. } = update(&log, &scope, 0) {
                offered.entry(gsn).or_insert_with(|| log_of(&entries[..usize::try_from(gsn).unwrap()]));
            }
            if entry.gsn == before {
                log.compact(hour(before / 2));
            }
            for (gsn, then) in &offered {
                prop_assert_eq!(log.has_snapshot(&scope, *gsn), log.snapshot(&scope, *gsn).is_some());
                let Some(snapshot) = log.snapshot(&scope, *gsn) else { continue };
                let rows = snapshot.rows.into_iter().map(|row| (row.kind, row.id, Row { rev: row.rev, data: row.data }));
                prop_assert_eq!(rows.collect::<Vec<_>>(), living(then.rows(), &scope));
                prop_assert_eq!(snapshot.checksum, then.rows().checksum(&scope));
            }
        }
        prop_assert!(offered.keys().filter(|gsn| log.has_snapshot(&scope, **gsn)).count() <= 2);
    }

    /// A device that was away for longer than tombstones are kept gets a snapshot; all others go on as if nothing were.
    #[test]
    fn a_compacted_log_leads_every_device_to_the_same_rows(
        entries in wide_log(), at in 0..40_usize, before in 0..40_u64, grows in 0..3_usize,
    ) {
        let head = log_of(&entries);
        let scope = Scope::new(WIDE);
        let scopes = BTreeSet::from([scope.clone()]);
        let mut base = Base::default();
        catch_up(&log_of(&entries[..at.min(entries.len())]), &scopes, &mut base);
        let kept = entries.len().saturating_sub(grows);
        let mut compacted = log_of(&entries[..kept]);
        compacted.compact(hour(before));
        entries[kept..].iter().for_each(|entry| compacted.apply(entry));
        for index in 0..12 {
            if let Some(chunk) = compacted.chunk(&scope, index) {
                prop_assert_eq!(Some(chunk), head.chunk(&scope, index), "what is still served is what was served");
            }
        }
        for mut base in [base, Base::default()] {
            catch_up(&compacted, &scopes, &mut base);
            prop_assert_eq!(living(&base.rows, &scope), living(head.rows(), &scope));
            prop_assert_eq!(base.rows.checksum(&scope), head.rows().checksum(&scope));
        }
        prop_assert_eq!(compacted.rows().checksum(&scope), head.rows().checksum(&scope));
    }

    #[test]
    fn what_a_pull_offers_can_be_fetched_and_is_bounded(entries in wide_log(), cursor in 0..40_u64) {
        let log = log_of(&entries);
        let scope = Scope::new(WIDE);
        match update(&log, &scope, cursor) {
            Update::Tail { from, rows, .. } => {
                prop_assert!(from <= cursor);
                prop_assert!(rows.len() <= sync::limits::CHUNK_ROWS_MAX);
            }
            Update::Chunk { index } => {
                let chunk = log.chunk(&scope, index).unwrap();
                prop_assert!(chunk.from <= cursor && chunk.to > cursor);
            }
            Update::Snapshot { gsn, rows } => {
                let snapshot = log.snapshot(&scope, gsn).unwrap();
                prop_assert_eq!(snapshot.rows.len() as u64, rows);
                prop_assert!(gsn > cursor);
            }
        }
    }
}

/// One entry an hour.
fn hour(gsn: Gsn) -> Timestamp {
    Timestamp(3_600_000 * gsn.cast_signed())
}

fn log_of(entries: &[LogEntry]) -> Log {
    let mut log = Log::new(EPOCH);
    entries.iter().for_each(|entry| log.apply(entry));
    log
}

fn living(rows: &RowMap, scope: &Scope) -> Vec<(String, String, Row)> {
    let all = rows.rows_of(scope).filter(|(_, _, row)| row.data.is_some());
    all.map(|(kind, id, row)| (kind.to_owned(), id.to_owned(), row.clone())).collect()
}

fn pull(log: &Log, scopes: &BTreeSet<Scope>, cursors: BTreeMap<Scope, Gsn>) -> sync::wire::PullResponse {
    let client_id = ClientId::from_u128(1);
    let epoch = Some(EPOCH);
    let request =
        PullRequest { protocol: PROTOCOL, client_id, person: None, epoch, cursors, wait_ms: 0, parked: Vec::new() };
    log.pull(&PersonId::new("an"), scopes, &request, Timestamp(0))
}

fn update(log: &Log, scope: &Scope, cursor: Gsn) -> Update {
    let cursors = BTreeMap::from([(scope.clone(), cursor)]);
    pull(log, &BTreeSet::from([scope.clone()]), cursors).scopes.remove(0).update
}

/// What a device does until it is at the head. Returns how many pulls it took; never ends in a circle.
fn catch_up(log: &Log, scopes: &BTreeSet<Scope>, base: &mut Base) -> u32 {
    for pulls in 1..50 {
        let mut done = true;
        for one in pull(log, scopes, base.state.cursors.clone()).scopes {
            match one.update {
                Update::Tail { from, to, rows, checksum } => {
                    assert!(base.apply(&one.scope, from, to, rows).is_some());
                    assert!(base.agrees(&one.scope, to, checksum));
                }
                Update::Chunk { index } => {
                    let chunk = log.chunk(&one.scope, index).unwrap();
                    assert!(base.apply(&one.scope, chunk.from, chunk.to, chunk.rows).is_some());
                    done = false;
                }
                Update::Snapshot { gsn, .. } => {
                    let snapshot = log.snapshot(&one.scope, gsn).unwrap();
                    base.restore(&one.scope, gsn, snapshot.rows.clone());
                    assert!(base.agrees(&one.scope, gsn, snapshot.checksum));
                    done = false;
                }
            }
        }
        if done {
            return pulls;
        }
    }
    panic!("a device never reaches the head");
}
