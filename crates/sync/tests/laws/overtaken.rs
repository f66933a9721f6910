//! Answers that were overtaken on their way: by news, by a later answer, by a restore of the server.

use sync::client::{Answer, Event};
use sync::ids::Scope;
use sync::row::Change;
use sync::wire::{Live, PullResponse};

use super::notebook::{Desk, PERSON, Phone, all, desk, set_staff, settled, staff};

#[test]
fn an_answer_older_than_what_is_held_does_not_bring_a_lost_scope_back() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let before = desk.log.gsn();
    set_staff(&mut desk, true);
    phone.hear(moved(&desk));
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    set_staff(&mut desk, false);
    // The stream tells of both before the answer comes.
    phone.hear(desk.live(PERSON, phone.ledger.client_id, before));
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
    phone.tell(Event::Answered { call, answer });
    let held = |phone: &Phone| phone.client.base().rows.scopes().any(|scope| *scope == staff());
    assert!(!held(&phone), "not back");
    phone.wait(5_000);
    phone.settle(&mut desk);
    assert!(!held(&phone));
}

/// Each scope has its checksum, and the frame around them has one of its own.
#[test]
fn an_answer_whose_frame_was_damaged_changes_nothing() {
    let mut desk = desk();
    let mut phone = Phone::new(1);
    let (call, request) = phone.sent.pop_front().expect("a pull");
    let Ok(Answer::Pull(honest)) = desk.serve(PERSON, &request, phone.now) else { panic!("a pull") };
    let rename = |answer: &mut PullResponse| answer.scopes[0].scope = Scope::new("alm");
    let count = |answer: &mut PullResponse| answer.last_seq += 1;
    let forget = |answer: &mut PullResponse| drop(answer.scopes.pop());
    let damages: [fn(&mut PullResponse); 3] = [rename, count, forget];
    for damage in damages {
        let mut answer = honest.clone();
        damage(&mut answer);
        assert!(!answer.is_whole());
        let held = phone.client.base().clone();
        phone.tell(Event::Answered { call, answer: Ok(Answer::Pull(answer)) });
        assert_eq!(*phone.client.base(), held);
        phone = Phone::new(1);
    }
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
}

fn moved(desk: &Desk) -> Live {
    Live::Moved { epoch: desk.log.epoch(), gsn: desk.log.gsn() }
}

/// News that came while a pull was on its way are not forgotten when its older answer comes.
#[test]
fn an_answer_that_was_overtaken_by_news_is_followed_by_another_pull() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let from = desk.log.gsn();
    // Two changes of which only the second is told, so that a pull departs.
    desk.system(vec![Change::put(all(), "line", "one", &1)]);
    phone.hear(moved(&desk));
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    desk.system(vec![Change::put(all(), "line", "two", &1)]);
    phone.hear(moved(&desk));
    phone.tell(Event::Answered { call, answer });
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), from + 2);
}

/// The receipt comes from before the restore, when the device knows already that its command is lost.
#[test]
fn a_receipt_from_before_a_restore_is_no_receipt() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    let command = phone.write("note", "a");
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    desk.restore(1);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(phone.client.ledger().epoch, Some(desk.log.epoch()), "the pull has told of the restore");
    phone.tell(Event::Answered { call, answer });
    assert!(phone.ledger.entries[0].is_waiting() || desk.holds(command) == 1);
    phone.settle(&mut desk);
    assert_eq!(desk.holds(command), 1);
    assert_eq!(phone.ledger.epoch, Some(desk.log.epoch()));
}

/// The base is still that of the old log, in which this gsn was long passed.
#[test]
fn what_a_restored_server_takes_is_shown_until_the_rows_of_its_log_come() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    for text in ["a", "b", "c"] {
        phone.write("note", text);
        phone.settle(&mut desk);
    }
    desk.restore(1);
    phone.write("note", "d");
    while phone.answer(&mut desk) {
        assert!(phone.shown().contains(&"\"d\"".to_owned()));
    }
    assert_eq!(phone.shown().len(), 4);
}

/// A cache on the way answers with what it told the phone when the phone held nothing.
#[test]
fn an_answer_to_an_older_question_does_not_take_a_scope_back_to_an_older_snapshot() {
    let mut desk = desk();
    desk.system((0..300).map(|at: u32| Change::put(all(), "line", at.to_string(), &at)).collect());
    let mut phone = Phone::new(1);
    let (call, request) = phone.sent.pop_front().unwrap();
    let first = desk.serve(PERSON, &request, phone.now);
    phone.tell(Event::Answered { call, answer: first.clone() });
    phone.settle(&mut desk);
    let Ok(Answer::Pull(mut late)) = first else { panic!("not a pull") };
    desk.system(vec![Change::put(all(), "line", "news", &1)]);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
    phone.tell(Event::Nudge);
    late.gsn = desk.log.gsn();
    let (call, _) = phone.sent.pop_front().unwrap();
    phone.tell(Event::Answered { call, answer: Ok(Answer::Pull(late)) });
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
}
