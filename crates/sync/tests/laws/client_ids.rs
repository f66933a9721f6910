//! A ledger that is a copy of another one, or that two tabs share, goes on under another client id. Nothing that was
//! written under an earlier one is lost, hidden or sent twice.

use sync::client::{Event, Failure, Request};
use sync::ids::ClientId;

use super::notebook::{PERSON, Phone, desk, settled};

/// A ledger that is put back to an older copy goes on under another client id. The answer to a pull that asked for the
/// old one says nothing about what the new one has seen.
#[test]
fn an_answer_about_an_earlier_client_id_hides_nothing() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    for text in ["a", "b", "c"] {
        phone.write("note", text);
        phone.settle(&mut desk);
    }
    phone.ledger.entries.clear();
    phone.restart();
    phone.settle(&mut desk);
    phone.write("note", "d");
    phone.tell(Event::Nudge);
    assert_eq!(phone.sent.len(), 2, "a push and a pull");
    phone.answer(&mut desk);
    assert_eq!(phone.shown(), ["\"a\"", "\"b\"", "\"c\"", "\"d\""], "forked, numbered anew");
    while phone.answer(&mut desk) {
        assert_eq!(phone.shown(), ["\"a\"", "\"b\"", "\"c\"", "\"d\""]);
    }
    phone.settle(&mut desk);
    assert!(phone.client.view().above.is_empty());
}

/// A cache on the way gives an old answer again, to a question that was asked under the new client id.
#[test]
fn an_old_answer_given_again_hides_nothing_of_a_new_client_id() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    for text in ["a", "b", "c"] {
        phone.write("note", text);
        phone.settle(&mut desk);
    }
    phone.tell(Event::Nudge);
    let (call, request) = phone.sent.pop_front().expect("a pull");
    let old = desk.serve(PERSON, &request, phone.now);
    phone.tell(Event::Answered { call, answer: old.clone() });
    let mut ledger = phone.ledger.clone();
    ledger.renumber(ClientId::from_u128(99));
    phone.ledger = ledger.clone();
    phone.tell(Event::Reloaded(ledger));
    phone.settle(&mut desk);
    phone.write("note", "d");
    phone.answer(&mut desk);
    assert_eq!(phone.ledger.entries.iter().filter(|entry| entry.is_waiting()).count(), 0, "accepted");
    phone.sent.clear();
    phone.restart();
    let (call, _) = phone.sent.pop_front().expect("a pull");
    phone.tell(Event::Answered { call, answer: old });
    assert!(phone.shown().contains(&"\"d\"".to_owned()), "its row is not here yet");
}

/// Accepted under the old client id in the same push that then forked.
#[test]
fn what_was_accepted_under_an_earlier_client_id_is_shown_until_the_rows_have_it() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let client_id = phone.ledger.client_id;
    phone.write("note", "a");
    phone.settle(&mut desk);
    // The same ledger on another phone took the number 3 meanwhile, after the same second command.
    let mut twin = Phone::new(1);
    phone.write("note", "b");
    phone.sent.clear();
    twin.ledger = phone.ledger.clone();
    twin.restart();
    twin.write("note", "x");
    twin.settle(&mut desk);
    phone.write("note", "c");
    phone.wait(40_000);
    while let Some((call, request)) = phone.sent.pop_front() {
        let push = matches!(request, Request::Push(_));
        let answer = if push { desk.serve(PERSON, &request, phone.now) } else { Err(Failure::Unreachable) };
        phone.tell(Event::Answered { call, answer });
        assert!(phone.shown().contains(&"\"b\"".to_owned()) && phone.shown().contains(&"\"c\"".to_owned()));
    }
    assert_ne!(phone.ledger.client_id, client_id);
}

#[test]
fn a_stream_that_speaks_of_an_earlier_client_id_is_closed() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let mut ledger = phone.ledger.clone();
    ledger.renumber(ClientId::from_u128(99));
    phone.tell(Event::Reloaded(ledger));
    assert!(!phone.streaming);
}

/// Two tabs over one ledger: the other one took a new client id and this one has not heard of it.
#[test]
fn a_command_that_got_another_tabs_client_id_is_sent() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.ledger.renumber(ClientId::from_u128(99));
    let command = phone.write("note", "a");
    phone.settle(&mut desk);
    assert_eq!(phone.client.status().waiting, 0);
    assert_eq!(desk.holds(command), 1);
}

/// Reopened by a tab that did not know that another one had taken a new client id.
#[test]
fn what_waits_under_an_earlier_client_id_is_numbered_anew() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let command = phone.write("note", "a");
    phone.settle(&mut desk);
    phone.ledger.renumber(ClientId::from_u128(99));
    desk.restore(1);
    phone.ledger.entries[0].reopen();
    phone.restart();
    assert_eq!(phone.client.status().waiting, 1);
    phone.settle(&mut desk);
    assert_eq!((phone.client.status().waiting, desk.holds(command)), (0, 1));
}

#[test]
fn a_restored_server_gets_back_what_was_written_under_earlier_client_ids() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let mut written = Vec::new();
    for text in ["a", "b", "c"] {
        written.push(phone.write("note", text));
        phone.settle(&mut desk);
        phone.ledger.renumber(ClientId::from_u128(99 + written.len() as u128));
        phone.restart();
        phone.settle(&mut desk);
    }
    desk.restore(2);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    for command in written {
        assert_eq!(desk.holds(command), 1);
    }
    assert_eq!(phone.client.status().waiting, 0);
}

/// Two phones with copies of one ledger: the server counts the commands of both under one client id.
#[test]
fn a_restored_server_gets_back_what_a_copy_of_the_ledger_has_overtaken() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("note", "a");
    phone.settle(&mut desk);
    let mut twin = Phone::new(1);
    twin.ledger = phone.ledger.clone();
    twin.restart();
    twin.settle(&mut desk);
    let command = phone.write("note", "b");
    phone.settle(&mut desk);
    desk.restore(desk.log.gsn() - 1);
    // The twin's second command takes the number of the one that was lost.
    twin.write("note", "c");
    twin.settle(&mut desk);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(desk.holds(command), 1);
}
