//! What the stores of a device may hold after two tabs have written to them.

use sync::client::{Base, Event};
use sync::row::{Change, Row};

use super::notebook::{desk, settled, staff};

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
