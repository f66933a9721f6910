//! The client machine in single situations: each was wrong once, or would be lost on a reader of the code.

use sync::client::{Answer, Base, Event, Failure, Standing, StreamEvent, writing};
use sync::ids::{ClientId, CommandId, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Row};
use sync::rules::Rules;
use sync::wire::Live;

use super::notebook::{Desk, Notebook, PERSON, Phone, all, own, staff};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.system(vec![Change::put(all(), "line", "first", &1), Change::put(staff(), "plan", "p", &1)]);
    desk
}

/// A phone that holds all there is, with its stream open.
fn settled(desk: &mut Desk) -> Phone {
    let mut phone = Phone::new(1);
    phone.settle(desk);
    phone.wait(5_000);
    phone.settle(desk);
    phone.tell(Event::Stream(StreamEvent::Opened));
    assert!(phone.streaming && phone.client.status().current);
    phone
}

fn set_staff(desk: &mut Desk, yes: bool) {
    let place = Scope::new("registry");
    desk.system(vec![match yes {
        true => Change::put(place, "staff", PERSON, &true),
        false => Change::remove(place, "staff", PERSON),
    }]);
}

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
        phone.wait(100_000);
        phone.settle(&mut desk);
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
    twin.ledger = phone.ledger.clone();
    twin.restart();
    phone.write("note", "b");
    phone.sent.clear();
    let b = phone.ledger.entries[1].clone();
    twin.ledger.entries.push(b.clone());
    twin.restart();
    twin.write("note", "x");
    twin.settle(&mut desk);
    phone.write("note", "c");
    phone.wait(40_000);
    while let Some((call, request)) = phone.sent.pop_front() {
        let push = matches!(request, sync::client::Request::Push(_));
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

#[test]
fn an_answer_older_than_what_is_held_neither_brings_a_lost_scope_back_nor_takes_one_away() {
    // Lost while the answer was on its way.
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let before = desk.log.gsn();
    set_staff(&mut desk, true);
    phone.tell(Event::Nudge);
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    set_staff(&mut desk, false);
    let live = desk.live(PERSON, phone.ledger.client_id, before);
    phone.tell(Event::Stream(StreamEvent::Opened));
    phone.hear(live.clone());
    phone.tell(Event::Answered { call, answer });
    phone.hear(live);
    let held = |phone: &Phone| phone.client.base().rows.scopes().any(|scope| *scope == staff());
    assert!(!held(&phone), "not back");
    phone.wait(5_000);
    phone.settle(&mut desk);
    assert!(!held(&phone));
}

/// News that came while a pull was on its way are not forgotten when its older answer comes.
#[test]
fn an_answer_that_was_overtaken_by_news_is_followed_by_another_pull() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.tell(Event::Nudge);
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    desk.system(vec![Change::put(all(), "line", "news", &1)]);
    let (epoch, gsn) = (desk.log.epoch(), desk.log.gsn());
    phone.hear(Live::Moved { epoch, gsn });
    phone.tell(Event::Stream(StreamEvent::Opened));
    phone.hear(Live::Moved { epoch, gsn });
    phone.tell(Event::Answered { call, answer });
    phone.settle(&mut desk);
    assert_eq!(phone.client.base().cursor(&all()), gsn);
}

#[test]
fn a_revoked_device_takes_nothing_that_was_still_on_its_way() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.tell(Event::Nudge);
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    phone.write("note", "a");
    phone.fail(&mut desk, false, Failure::Revoked);
    assert_eq!(phone.client.status().standing, Standing::Revoked);
    phone.tell(Event::Answered { call, answer });
    assert_eq!(phone.client.status().standing, Standing::Revoked);
    assert!(phone.client.base().rows.is_empty() && phone.cache.rows.is_empty());
    assert_eq!(phone.client.entries().count(), 1, "what was written stays");
}

#[test]
fn a_revoked_device_says_so_to_whoever_waits_for_an_answer() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let call_now = |phone: &mut Phone, ticket| {
        let written = writing(CommandId::from_u128(u128::from(ticket)), "note", 1, phone.now, Json::of(&ticket));
        phone.tell(Event::CallNow { ticket, writing: written });
    };
    call_now(&mut phone, 1);
    call_now(&mut phone, 2);
    phone.fail(&mut desk, false, Failure::Revoked);
    assert_eq!(phone.done, [Err(Failure::Revoked), Err(Failure::Revoked)]);
    call_now(&mut phone, 3);
    assert_eq!(phone.done.len(), 3);
    assert!(phone.sent.is_empty());
}

/// Two tabs over one ledger: the other one took a new client id and this one has not heard of it.
#[test]
fn a_command_that_got_another_tabs_client_id_is_sent() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.ledger.renumber(ClientId::from_u128(99));
    phone.write("note", "a");
    phone.settle(&mut desk);
    assert_eq!(phone.client.status().waiting, 0);
    assert_eq!(desk.entries.len(), 2);
}

/// Reopened by a tab that did not know that another one had taken a new client id.
#[test]
fn what_waits_under_an_earlier_client_id_is_numbered_anew() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("note", "a");
    phone.settle(&mut desk);
    phone.ledger.renumber(ClientId::from_u128(99));
    desk.restore(1);
    phone.ledger.entries[0].reopen();
    phone.restart();
    assert_eq!(phone.client.status().waiting, 1);
    phone.settle(&mut desk);
    assert_eq!((phone.client.status().waiting, desk.entries.len()), (0, 2));
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

/// Most requests in one minute of the next ten.
fn busiest_minute(phone: &mut Phone, mut network: impl FnMut(&mut Phone)) -> usize {
    let mut requests = Vec::new();
    for _ in 0..6_000 {
        let before = phone.requests;
        phone.wait(100);
        network(phone);
        requests.push(phone.requests - before);
    }
    requests.windows(600).map(|minute| minute.iter().sum()).max().unwrap()
}

#[test]
fn streams_that_die_young_are_opened_at_a_calm_pace() {
    for life_ms in [500_u64, 1_500, 3_000, 10_000] {
        let mut desk = desk();
        let mut phone = Phone::new(life_ms);
        let mut opened_at = None;
        let requests = busiest_minute(&mut phone, |phone| {
            while phone.answer(&mut desk) {}
            match opened_at {
                None if phone.streaming => {
                    opened_at = Some(phone.now);
                    phone.tell(Event::Stream(StreamEvent::Opened));
                }
                Some(at) if phone.now >= Timestamp(at.0 + life_ms.cast_signed()) => {
                    opened_at = None;
                    phone.tell(Event::Stream(StreamEvent::Closed));
                }
                _ => {}
            }
        });
        assert!(requests <= 20, "{requests} requests in a minute with streams of {life_ms} ms");
    }
}

#[test]
fn long_polls_that_are_answered_at_once_are_sent_at_a_calm_pace() {
    let mut desk = desk();
    let mut phone = Phone::new(3);
    let requests = busiest_minute(&mut phone, |phone| {
        while phone.answer(&mut desk) {}
        if phone.streaming {
            phone.tell(Event::Stream(StreamEvent::Closed));
        }
    });
    assert!(requests <= 20, "{requests} requests in a minute");
}

/// Two thousand rows in one snapshot, of which one letter is wrong each time.
#[test]
fn a_snapshot_that_does_not_add_up_is_asked_for_at_a_calm_pace() {
    let mut desk = desk();
    for page in 0..8 {
        let row = |at: u32| Change::put(all(), "line", format!("{page}-{at}"), &at);
        desk.system((0..250).map(row).collect());
    }
    let mut phone = Phone::new(5);
    let requests = busiest_minute(&mut phone, |phone| {
        while let Some((call, request)) = phone.sent.pop_front() {
            let mut answer = desk.serve(PERSON, &request, phone.now);
            if let Ok(Answer::Snapshot(snapshot)) = &mut answer {
                snapshot.rows[3].data = Some(Json::of("flipped"));
            }
            phone.tell(Event::Answered { call, answer });
        }
    });
    assert!(requests <= 20, "{requests} requests in a minute");
    assert!(phone.client.status().mismatches > 0);
    assert_eq!(phone.client.base().rows.count(&all()), 0, "nothing wrong is shown");
}

#[test]
fn a_phone_that_reaches_nobody_stays_calm() {
    for failure in [Failure::Unreachable, Failure::Busy { retry_ms: 0 }, Failure::Foreign, Failure::Missing, Failure::TooLarge] {
        for seed in 0..20 {
            let mut desk = desk();
            let mut phone = Phone::new(seed);
            phone.settle(&mut desk);
            phone.write("note", "a");
            let requests = busiest_minute(&mut phone, |phone| {
                while !phone.sent.is_empty() {
                    phone.fail(&mut desk, false, failure);
                }
                if phone.streaming {
                    phone.tell(Event::Stream(StreamEvent::Closed));
                }
            });
            assert!(requests <= 20, "{requests} requests in a minute of {failure:?}, seed {seed}");
        }
    }
}

/// The receipt comes from before the restore, when the device knows already that its command is lost.
#[test]
fn a_receipt_from_before_a_restore_is_no_receipt() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let command = phone.write("note", "a");
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    desk.restore(1);
    phone.tell(Event::Nudge);
    phone.settle(&mut desk);
    phone.tell(Event::Answered { call, answer });
    phone.restart();
    phone.settle(&mut desk);
    assert_eq!(desk.holds(command), 1);
}

#[test]
fn scopes_and_own_rows_of_the_notebook_are_what_the_tests_take_them_for() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    set_staff(&mut desk, true);
    phone.write("note", "a");
    phone.settle(&mut desk);
    let scopes = Notebook.scopes(desk.log.rows(), &PersonId::new(PERSON));
    assert!(scopes.contains(&staff()) && scopes.contains(&own(PERSON)));
    assert_eq!(phone.client.base().rows.count(&own(PERSON)), 1);
}
