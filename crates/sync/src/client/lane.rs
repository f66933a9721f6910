//! One kind of traffic: at most one request in flight, pauses that grow with failures, no limit of tries.

use crate::client::CallId;
use crate::ids::Timestamp;
use crate::limits::{ANSWER_WAIT_MS, PAUSE_MAX_MS, RETRY_BASE_MS, RETRY_CAP_MS, RETRY_HASTE_MS};

#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    flight: Option<(CallId, Timestamp)>,
    failures: u32,
    not_before: Timestamp,
}

impl Lane {
    pub fn is_free(&self, now: Timestamp) -> bool {
        self.flight.is_none() && now >= self.not_before
    }

    pub fn in_flight(&self) -> bool {
        self.flight.is_some()
    }

    pub fn carries(&self, call: CallId) -> bool {
        self.flight.is_some_and(|(id, _)| id == call)
    }

    pub fn depart(&mut self, call: CallId, now: Timestamp) {
        self.flight = Some((call, now.plus_ms(ANSWER_WAIT_MS)));
    }

    /// The answer is here and was good: pauses begin small again.
    pub fn arrive(&mut self) {
        *self = Self::default();
    }

    /// The answer is here; whether it was good shows later.
    pub fn land(&mut self) {
        self.flight = None;
    }

    /// Nothing departs for a while, though nothing failed.
    pub fn rest(&mut self, now: Timestamp, ms: u64) {
        self.not_before = now.plus_ms(ms);
    }

    /// A failed try: the next one waits a random time between the half of a bound that doubles and the bound, at least as
    /// long as advised.
    pub fn fail(&mut self, now: Timestamp, random: u64, advised_ms: u64) {
        let bound = RETRY_BASE_MS.saturating_mul(1 << self.failures.min(16)).min(RETRY_CAP_MS);
        let pause = bound / 2 + random % (bound / 2);
        self.failures = self.failures.saturating_add(1);
        self.flight = None;
        self.not_before = now.plus_ms(pause.max(advised_ms).min(PAUSE_MAX_MS));
    }

    /// The clock was set back: every time keeps its distance from now.
    pub fn set_back(&mut self, ms: u64) {
        self.not_before = self.not_before.minus_ms(ms);
        if let Some((_, deadline)) = &mut self.flight {
            *deadline = deadline.minus_ms(ms);
        }
    }

    /// There is something new to carry: at once if nothing failed lately, else soon. Whoever works on without a network
    /// does not make it busier.
    pub fn hasten(&mut self, now: Timestamp) {
        let soon = if self.failures == 0 { now } else { now.plus_ms(RETRY_HASTE_MS) };
        self.not_before = self.not_before.min(soon);
    }

    /// Forgets the pauses, not the request in flight.
    pub fn nudge(&mut self) {
        self.failures = 0;
        self.not_before = Timestamp::default();
    }

    /// The answer has not come in time.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.flight.is_some_and(|(_, deadline)| now >= deadline)
    }

    /// When to look again, if the lane has something to carry.
    pub fn wake_at(&self, wanted: bool) -> Option<Timestamp> {
        self.flight.map(|(_, deadline)| deadline).or(wanted.then_some(self.not_before))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Pushes and pulls together leave room for four tries of what a person asks for at once.
        #[test]
        fn whatever_is_drawn_a_lane_that_fails_departs_eight_times_a_minute_at_most(
            draws in prop::collection::vec(prop_oneof![Just(0), any::<u64>()], 20),
        ) {
            let mut lane = Lane::default();
            let mut departures: Vec<Timestamp> = Vec::new();
            for random in draws {
                let now = lane.not_before;
                departures.push(now);
                lane.fail(now, random, 0);
                lane.hasten(now);
            }
            for (at, first) in departures.iter().enumerate() {
                let minute = departures[at..].iter().take_while(|departure| departure.since_ms(*first) < 60_000);
                prop_assert!(minute.count() <= 8);
            }
        }
    }
}
