//! When something that could not be fetched is tried again. One broken thing holds up no other; a server that cannot be
//! reached is asked less and less often.

use std::collections::BTreeMap;

use sync::ids::Timestamp;

use crate::limits::{FETCH_BROKEN_PAUSE_MS_MAX, FETCH_PAUSE_MS_MAX};

/// Why something was not fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setback {
    /// What came is not what its hash says, broke off, or is not there.
    Broken,
    /// Nobody answered.
    Unreachable,
    /// The device could not keep it.
    NoRoom,
}

/// Different things that nobody answered for, one after the other, before the server counts as out of reach.
const UNREACHABLE_IN_ROW: u32 = 3;
/// The first pause; each further one may be twice as long.
const PAUSE_MS: u64 = 1_000;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pace {
    /// By hash: how often it failed, and when it may be tried again.
    tries: BTreeMap<String, (u32, Timestamp)>,
    unreachable_in_row: u32,
    /// Nothing at all is tried before.
    paused_until: Option<Timestamp>,
}

impl Pace {
    pub fn may_try(&self, sha256: &str, now: Timestamp) -> bool {
        self.due(sha256) <= now
    }

    /// When something may be tried next; the beginning of time where nothing stands against it.
    pub fn due(&self, sha256: &str) -> Timestamp {
        let own = self.tries.get(sha256).map(|(_, at)| *at);
        own.max(self.paused_until).unwrap_or_default()
    }

    /// Whether the server counts as out of reach.
    pub fn is_out_of_reach(&self) -> bool {
        self.paused_until.is_some()
    }

    pub fn fetched(&mut self, sha256: &str) {
        self.tries.remove(sha256);
        self.answered();
    }

    /// `random` spreads the tries of a hall that lost its network at the same moment.
    pub fn failed(&mut self, sha256: &str, setback: Setback, now: Timestamp, random: u64) {
        let tries = self.tries.get(sha256).map_or(0, |(tries, _)| *tries);
        let pause_max = if setback == Setback::Unreachable { FETCH_PAUSE_MS_MAX } else { FETCH_BROKEN_PAUSE_MS_MAX };
        self.tries.insert(sha256.to_owned(), (tries + 1, now.plus_ms(pause_ms(tries, pause_max, random))));
        if setback != Setback::Unreachable {
            return self.answered();
        }
        self.unreachable_in_row += 1;
        if let Some(pauses) = self.unreachable_in_row.checked_sub(UNREACHABLE_IN_ROW) {
            self.paused_until = Some(now.plus_ms(pause_ms(pauses, FETCH_PAUSE_MS_MAX, random)));
        }
    }

    /// The server was reached, or a person asks: everything may be tried at once.
    pub fn start_over(&mut self) {
        *self = Self::default();
    }

    fn answered(&mut self) {
        self.unreachable_in_row = 0;
        self.paused_until = None;
    }
}

/// Between the half of a bound and the bound, which doubles.
fn pause_ms(tries: u32, pause_max: u64, random: u64) -> u64 {
    let bound = PAUSE_MS.saturating_mul(1 << tries.min(20)).min(pause_max);
    bound / 2 + random % (bound / 2 + 1)
}
