//! What the stores of a device may hold after two tabs have written to them.

use sync::client::{Base, Event};
use sync::row::{Change, Row};

use super::notebook::{PERSON, all, desk, settled, staff};

/// Two tabs write one cache: rows of a scope may be left behind by the one that did not know that it was lost.
#[test]
fn rows_of_a_scope_without_a_cursor_leave_at_the_start() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let left = Change::put(staff(), "plan", "p", &1);
    phone.cache.rows.put(&left.key, Row { rev: 1, data: left.data });
    phone.restart();
    let held = |base: &Base| base.rows.scopes().any(|scope| *scope == staff());
    assert!(!held(phone.client.base()));
    phone.settle(&mut desk);
    assert!(!held(&phone.cache), "and leave the cache with the next write");
}

#[test]
fn an_entry_that_was_read_already_is_not_held_twice() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("note", "a");
    let entry = phone.ledger.entries[0].clone();
    phone.tell(Event::Appended(entry));
    assert_eq!(phone.client.entries().count(), 1);
}

/// One page hears of a restore, the other writes the rows of the old log once more: they must not mix under one cursor.
#[test]
fn rows_of_two_pages_never_mix_in_the_cache() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let before = desk.log.gsn();
    // The other page has written something else since.
    phone.cache.state.epoch = Some(sync::ids::Epoch::from_u128(99));
    let other = phone.cache.clone();
    desk.system(vec![Change::put(all(), "line", "news", &1)]);
    phone.hear(desk.live(PERSON, phone.ledger.client_id, before));
    assert_eq!(phone.cache, other, "left as it is");
    let before = desk.log.gsn();
    desk.system(vec![Change::put(all(), "line", "more", &1)]);
    phone.hear(desk.live(PERSON, phone.ledger.client_id, before));
    assert_eq!(&phone.cache, phone.client.base(), "and then replaced as a whole");
}

#[test]
fn a_page_that_lags_behind_another_one_writes_nothing_into_the_cache() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let before = desk.log.gsn();
    desk.system(vec![Change::put(all(), "line", "news", &1)]);
    // The other page was faster.
    let news = desk.live(PERSON, phone.ledger.client_id, before);
    phone.cache.state.cursors.values_mut().for_each(|cursor| *cursor += 5);
    let other = phone.cache.clone();
    phone.hear(news);
    assert_eq!(phone.cache, other);
}
