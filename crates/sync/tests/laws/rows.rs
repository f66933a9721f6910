//! Rows: whatever the order in which they come and however often, the result is the same.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sync::client::Base;
use sync::ids::Scope;
use sync::row::{Change, Checksum, Key, Layered, Row, RowMap, Rows};
use sync::server::Log;
use sync::wire::WireRow;

use super::strategies::{change, consistent_puts, entries, scope};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_order_of_puts_gives_the_same_rows_and_checksums(
        (puts, shuffled) in consistent_puts().prop_flat_map(|puts| (Just(puts.clone()), Just(puts).prop_shuffle()))
    ) {
        let (one, other) = (held(&puts), held(&shuffled));
        prop_assert_eq!(&one, &other);
        for scope in one.scopes() {
            prop_assert_eq!(one.checksum(scope), other.checksum(scope));
        }
    }

    #[test]
    fn putting_everything_twice_changes_nothing(puts in consistent_puts()) {
        let mut rows = held(&puts);
        let before = rows.clone();
        for (key, row) in &puts {
            prop_assert!(!rows.put(key, row.clone()));
        }
        prop_assert_eq!(rows, before);
    }

    #[test]
    fn the_incremental_checksum_and_count_equal_those_recomputed(puts in consistent_puts(), asked_at in 0_usize..40) {
        // From the first question on a checksum is kept up to date.
        let (before, after) = puts.split_at(asked_at.min(puts.len()));
        let mut rows = held(before);
        let asked: Vec<Checksum> = rows.scopes().map(|scope| rows.checksum(scope)).collect();
        prop_assert_eq!(asked.len(), rows.scopes().count());
        for (key, row) in after {
            rows.put(key, row.clone());
        }
        for scope in rows.scopes() {
            let (checksum, count) = recomputed(&rows, scope);
            prop_assert_eq!(rows.checksum(scope), checksum);
            prop_assert_eq!(rows.count(scope), count);
        }
    }

    #[test]
    fn rows_kept_in_groups_are_the_same_rows(puts in consistent_puts()) {
        let rows = held(&puts);
        let kinds = rows.scopes().flat_map(|scope| rows.kinds_of(scope).map(move |kind| (scope, kind)));
        let of_kind = |(scope, kind): (&Scope, &String)| {
            let own = rows.rows_of(scope).filter(|(of, ..)| of == kind);
            (scope.clone(), kind.clone(), own.map(|(_, id, row)| (id.to_owned(), row.clone())).collect())
        };
        let kept = RowMap::of_groups(kinds.map(of_kind));
        prop_assert_eq!(&kept, &rows);
        for scope in rows.scopes() {
            prop_assert_eq!((kept.count(scope), kept.checksum(scope)), (rows.count(scope), rows.checksum(scope)));
        }
    }

    #[test]
    fn a_checksum_tells_one_changed_letter(puts in consistent_puts()) {
        let rows = held(&puts);
        let living = |(_, row): &&(Key, Row)| row.data.is_some();
        if let Some((key, row)) = puts.iter().find(living) {
            let mut other = rows.clone();
            let rev = 100;
            other.put(key, Row { rev, ..row.clone() });
            prop_assert_ne!(rows.checksum(&key.scope), other.checksum(&key.scope));
        }
    }

    #[test]
    fn a_layered_view_reads_like_one_map(puts in consistent_puts(), changes in prop::collection::vec(change(), 0..10)) {
        let below = held(&puts);
        let (mut above, mut flat) = (RowMap::default(), below.clone());
        for change in &changes {
            above.overlay(change);
            flat.overlay(change);
        }
        let view = Layered { below: &below, above: &above };
        for Key { scope, kind, id } in puts.iter().map(|(key, _)| key).chain(changes.iter().map(|change| &change.key)) {
            prop_assert_eq!(view.get(scope, kind, id), flat.get(scope, kind, id));
            prop_assert_eq!(listed(&view, scope, kind), listed(&flat, scope, kind));
        }
    }

    #[test]
    fn applying_a_pull_twice_changes_nothing(entries in entries(0..30_usize), scope in scope(), cut in 0..30_u64) {
        let log = log_of(&entries);
        let tail = tail_of(&log, &scope, 0);
        let mut base = Base::default();
        base.apply(&scope, 0, log.gsn(), tail.clone()).unwrap();
        let once = base.clone();
        // Again as it was, again from the middle, and again an older part of it.
        prop_assert_eq!(base.apply(&scope, 0, log.gsn(), tail.clone()), Some(Vec::new()));
        let later = tail.iter().filter(|row| row.rev > cut).cloned().collect();
        prop_assert_eq!(base.apply(&scope, cut.min(log.gsn()), log.gsn(), later), Some(Vec::new()));
        let older = tail.into_iter().filter(|row| row.rev <= cut).collect();
        prop_assert_eq!(base.apply(&scope, 0, cut.min(log.gsn()), older), Some(Vec::new()));
        prop_assert_eq!(base, once);
    }

    #[test]
    fn a_pull_with_something_missing_before_it_is_not_applied(entries in entries(2..20_usize), scope in scope()) {
        let log = log_of(&entries);
        let mut base = Base::default();
        let before = base.clone();
        prop_assert_eq!(base.apply(&scope, 1, log.gsn(), tail_of(&log, &scope, 1)), None);
        prop_assert_eq!(base, before);
    }
}

#[test]
fn equal_contents_in_other_places_do_not_cancel_out() {
    let put = |id: &str, kind: &str, text: &str| {
        let mut rows = RowMap::default();
        let change = Change::put(Scope::new("s"), kind, id, &text);
        rows.put(&change.key, Row { rev: 1, data: change.data });
        rows.checksum(&Scope::new("s"))
    };
    let sums = [put("a", "k", "x"), put("b", "k", "x"), put("a", "l", "x"), put("a", "k", "y"), Checksum::default()];
    assert_eq!(BTreeSet::from(sums.map(|sum| sum.0)).len(), sums.len());
}

fn held(puts: &[(Key, Row)]) -> RowMap {
    let mut rows = RowMap::default();
    for (key, row) in puts {
        rows.put(key, row.clone());
    }
    rows
}

fn recomputed(rows: &RowMap, scope: &Scope) -> (Checksum, usize) {
    let mut fresh = RowMap::default();
    for (kind, id, row) in rows.rows_of(scope).filter(|(_, _, row)| row.data.is_some()) {
        let key = Key { scope: scope.clone(), kind: kind.to_owned(), id: id.to_owned() };
        fresh.put(&key, row.clone());
    }
    (fresh.checksum(scope), fresh.rows_of(scope).count())
}

fn listed<'r>(rows: &'r dyn Rows, scope: &Scope, kind: &str) -> Vec<(&'r str, &'r Row)> {
    let mut all = Vec::new();
    rows.each(scope, kind, &mut |id, row| all.push((id, row)));
    all.sort_by_key(|(id, _)| *id);
    all
}

fn log_of(entries: &[sync::server::LogEntry]) -> Log {
    let mut log = Log::new(sync::ids::Epoch::from_u128(1));
    entries.iter().for_each(|entry| log.apply(entry));
    log
}

fn tail_of(log: &Log, scope: &Scope, after: u64) -> Vec<WireRow> {
    let rows = log.rows().rows_of(scope).filter(|(_, _, row)| row.rev > after);
    rows.map(|(kind, id, row)| WireRow {
        kind: kind.to_owned(),
        id: id.to_owned(),
        rev: row.rev,
        data: row.data.clone(),
    })
    .collect()
}
