//! A clock that a person, the phone or the network sets to another day stops nothing and changes no order.

use sync::client::{Event, Failure};
use sync::row::Change;

use super::notebook::{all, desk, settled};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

#[test]
fn what_waits_is_foretold_in_the_order_in_which_it_is_sent_whatever_the_clock_says() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("note", "a");
    phone.now.0 -= DAY_MS;
    phone.write("clear", "");
    assert_eq!(phone.shown(), [""; 0]);
    phone.settle(&mut desk);
    assert_eq!(phone.shown(), [""; 0]);
}

#[test]
fn a_clock_set_back_by_a_day_stops_nothing() {
    for lost in [true, false] {
        let mut desk = desk();
        let mut phone = settled(&mut desk);
        phone.write("note", "a");
        if lost {
            phone.sent.clear();
        } else {
            phone.fail(&mut desk, false, Failure::Unreachable);
        }
        phone.now.0 -= DAY_MS;
        phone.tell(Event::Wake);
        for _ in 0..10 {
            phone.wait(10_000);
            phone.settle(&mut desk);
        }
        assert_eq!(phone.client.status().waiting, 0, "lost: {lost}");
    }
}

#[test]
fn a_silent_stream_is_noticed_though_the_clock_was_set_back() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.now.0 -= DAY_MS;
    phone.tell(Event::Wake);
    desk.system(vec![Change::put(all(), "line", "news", &1)]);
    phone.wait(100_000);
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), desk.log.gsn());
}
