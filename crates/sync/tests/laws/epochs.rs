//! A verdict is worth something in the log that gave it, and in no other: each entry of the ledger names its log.

use sync::client::{Event, Request};
use sync::ids::Epoch;
use sync::row::Change;

use super::notebook::{Phone, all, desk, settled};

/// Two tabs over one ledger: the slower one writes an acknowledgement of the old log down after the other has learned
/// of the restore; then both are killed.
#[test]
fn an_acknowledgement_of_the_old_log_under_the_new_epoch_is_no_acknowledgement() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let old = desk.log.epoch();
    let command = phone.write("note", "a");
    phone.settle(&mut desk);
    let receipt = phone.ledger.entries[0].verdict.clone().unwrap();
    desk.restore(1);
    phone.tell(Event::Nudge);
    phone.sent.clear();
    // What the two tabs leave behind: the new epoch at the ledger, the old one at the entry.
    phone.ledger.epoch = Some(desk.log.epoch());
    phone.ledger.entries[0].settle(old, &receipt);
    phone.restart();
    phone.settle(&mut desk);
    assert_eq!(desk.holds(command), 1);
    assert_eq!(phone.ledger.entries[0].epoch, Some(desk.log.epoch()));
}

/// Ledgers of the first release name the log once for all their entries.
#[test]
fn a_ledger_of_the_first_release_is_read_as_it_was_meant() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let command = phone.write("note", "a");
    phone.settle(&mut desk);
    phone.ledger.entries[0].epoch = None;
    let requests = phone.requests;
    phone.restart();
    assert_eq!(phone.client.status().waiting, 0, "acknowledged, as the ledger says");
    phone.settle(&mut desk);
    assert!(phone.requests - requests <= 2, "nothing is pushed again");
    desk.restore(1);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(desk.holds(command), 1, "and after a restore it is");
}

/// The address of an immutable part names its log, so that no cache on the way answers with a part of another one.
#[test]
fn parts_are_asked_for_by_the_epoch_of_their_log() {
    let mut desk = desk();
    desk.system((0..300).map(|at: u32| Change::put(all(), "line", at.to_string(), &at)).collect());
    let mut phone = Phone::new(1);
    phone.answer(&mut desk);
    let (_, request) = phone.sent.front().unwrap();
    assert!(matches!(request, Request::Snapshot { epoch, .. } if *epoch == desk.log.epoch()), "{request:?}");
    desk.restore(desk.log.gsn());
    phone.settle(&mut desk);
    phone.wait(5_000);
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().state.epoch, Some(desk.log.epoch()));
    assert_ne!(desk.log.epoch(), Epoch::from_u128(1));
}

/// A cursor beyond the end of the log (a broken answer, a log put back without a new epoch): nobody will ever know of it.
#[test]
fn a_base_that_lies_beyond_the_log_is_begun_anew() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    for cursor in phone.cache.state.cursors.values_mut() {
        *cursor += 1_000;
    }
    phone.restart();
    for _ in 0..60 {
        phone.settle(&mut desk);
        phone.wait(20_000);
    }
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
}
