//! Commands that no build understands yet: stored and acknowledged, never in the way, decided by a newer server.

use sync::client::Event;
use sync::wire::Status;

use super::notebook::{PERSON, desk, settled};

#[test]
fn a_parked_command_blocks_nothing() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("new", "a");
    phone.write("note", "b");
    phone.settle(&mut desk);
    assert_eq!(phone.client.status().waiting, 0);
    assert_eq!(phone.ledger.entries[0].state, "parked");
    assert_eq!(phone.shown(), ["\"b\""]);
}

#[test]
fn a_newer_server_decides_what_was_parked_once_and_its_author_hears_of_it() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let command = phone.write("new", "a");
    phone.write("note", "b");
    phone.settle(&mut desk);
    let (head, last_seq) = (desk.log.gsn(), desk.log.client(phone.ledger.client_id).unwrap().last_seq);
    desk.replay(false);
    assert_eq!(desk.log.gsn(), head, "the same build decides nothing");
    desk.replay(true);
    desk.replay(true);
    assert_eq!(desk.log.gsn(), head + 1, "once");
    assert_eq!(desk.log.client(phone.ledger.client_id).unwrap().last_seq, last_seq);
    // The stream tells of the rows, the next pull of the verdict.
    phone.hear(desk.live(PERSON, phone.ledger.client_id, head));
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(phone.ledger.entries[0].state, "accepted");
    assert_eq!(phone.shown(), ["\"a\"", "\"b\""]);
    assert_eq!(desk.holds(command), 1);
    // Asked again under another number, it is the new verdict that is told.
    phone.ledger.entries[0].reopen();
    phone.restart();
    phone.settle(&mut desk);
    assert_eq!(phone.ledger.entries[0].verdict.as_ref().unwrap().status, Status::Accepted);
}

#[test]
fn a_log_read_again_knows_what_is_parked_and_what_was_decided_since() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("new", "a");
    phone.settle(&mut desk);
    desk.restore(desk.log.gsn());
    desk.replay(true);
    let head = desk.log.gsn();
    desk.restore(head);
    desk.replay(true);
    assert_eq!(desk.log.gsn(), head);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(phone.ledger.entries[0].state, "accepted");
}
