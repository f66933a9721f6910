//! Calm: at most 20 requests a minute, whatever goes wrong and for however long.

use sync::client::{Answer, Event, Failure, StreamEvent};
use sync::ids::Timestamp;
use sync::json::Json;
use sync::row::Change;

use super::notebook::{PERSON, Phone, all, desk};

/// Requests that a broken network may answer within a tenth of a second.
const AT_ONCE: usize = 9;

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
            for _ in 0..AT_ONCE {
                phone.answer(&mut desk);
            }
            match opened_at {
                None if phone.streaming => {
                    opened_at = Some(phone.now);
                    phone.stream(StreamEvent::Opened);
                }
                Some(at) if phone.now >= Timestamp(at.0 + life_ms.cast_signed()) => {
                    opened_at = None;
                    phone.stream(StreamEvent::Closed);
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
        for _ in 0..AT_ONCE {
            phone.answer(&mut desk);
        }
        if phone.streaming {
            phone.stream(StreamEvent::Closed);
        }
    });
    assert!(requests <= 20, "{requests} requests in a minute");
}

/// Two thousand rows in one snapshot, of which one is wrong each time.
#[test]
fn a_snapshot_that_does_not_add_up_is_asked_for_at_a_calm_pace() {
    let mut desk = desk();
    for page in 0..8 {
        let row = |at: u32| Change::put(all(), "line", format!("{page}-{at}"), &at);
        desk.system((0..250).map(row).collect());
    }
    let mut phone = Phone::new(5);
    let requests = busiest_minute(&mut phone, |phone| {
        for _ in 0..AT_ONCE {
            let Some((call, request)) = phone.sent.pop_front() else { break };
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
    let busy = Failure::Busy { retry_ms: 0 };
    for failure in [Failure::Unreachable, busy, Failure::Foreign, Failure::Missing, Failure::TooLarge] {
        for seed in 0..20 {
            let mut desk = desk();
            let mut phone = Phone::new(seed);
            phone.settle(&mut desk);
            phone.write("note", "a");
            let requests = busiest_minute(&mut phone, |phone| {
                for _ in 0..AT_ONCE {
                    phone.fail(&mut desk, false, failure);
                }
                if phone.streaming {
                    phone.stream(StreamEvent::Closed);
                }
            });
            assert!(requests <= 20, "{requests} requests in a minute of {failure:?}, seed {seed}");
        }
    }
}

/// A cache on the way, or a server gone mad: answers that are well formed and bring nothing.
#[test]
fn pushes_that_are_answered_with_nothing_are_sent_at_a_calm_pace() {
    use sync::wire::{PushOutcome, PushResponse};
    // A new client id also pulls and opens its own stream.
    for (outcome, most) in [(PushOutcome::Done, 20), (PushOutcome::Gap, 20), (PushOutcome::Forked, 60)] {
        let mut desk = desk();
        let mut phone = Phone::new(7);
        phone.settle(&mut desk);
        phone.write("note", "a");
        let requests = busiest_minute(&mut phone, |phone| {
            for _ in 0..AT_ONCE {
                let Some((call, request)) = phone.sent.pop_front() else { break };
                let mut answer = desk.serve(PERSON, &request, phone.now);
                if let Ok(Answer::Push(response)) = &mut answer {
                    *response = PushResponse { outcome, receipts: Vec::new(), last_seq: 0, ..response.clone() };
                }
                phone.tell(Event::Answered { call, answer });
            }
        });
        assert!(requests <= most, "{requests} requests in a minute of {outcome:?}");
        assert_eq!(phone.client.entries().count(), 1);
    }
}

/// A chunk that leads nowhere, again and again.
#[test]
fn parts_that_bring_nothing_are_asked_for_at_a_calm_pace() {
    use sync::wire::Update;
    let mut desk = desk();
    for page in 0..3 {
        desk.system((0..250).map(|at: u32| Change::put(all(), "line", format!("{page}-{at}"), &at)).collect());
    }
    let mut phone = Phone::new(8);
    let requests = busiest_minute(&mut phone, |phone| {
        for _ in 0..AT_ONCE {
            let Some((call, request)) = phone.sent.pop_front() else { break };
            let mut answer = desk.serve(PERSON, &request, phone.now);
            if let Ok(Answer::Pull(response)) = &mut answer {
                response
                    .scopes
                    .iter_mut()
                    .filter(|one| one.scope == all())
                    .for_each(|one| one.update = Update::Chunk { index: 0 });
            }
            phone.tell(Event::Answered { call, answer });
        }
    });
    assert!(requests <= 20, "{requests} requests in a minute");
}

/// A desk that scans on while the network is away.
#[test]
fn a_phone_that_writes_on_without_a_network_stays_calm() {
    for seed in 0..3 {
        let mut desk = desk();
        let mut phone = Phone::new(seed);
        phone.settle(&mut desk);
        let mut turn = 0;
        let requests = busiest_minute(&mut phone, |phone| {
            turn += 1;
            if turn % 30 == 0 {
                phone.write("note", &turn.to_string());
            }
            for _ in 0..AT_ONCE {
                phone.fail(&mut desk, false, Failure::Unreachable);
            }
        });
        assert!(requests <= 20, "{requests} requests in a minute, seed {seed}");
    }
}
