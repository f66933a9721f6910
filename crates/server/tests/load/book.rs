//! What all phones write down while they run: how long things took, and what the server acknowledged. It is the list
//! outside of the server against which the server is checked in the end.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sync::client::Failure;
use sync::ids::Gsn;
use sync::wire::Receipt;
use tokio::time::Instant;

/// Something whose duration is measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lap {
    /// The invitation is exchanged for a cookie.
    Enrolled,
    /// From the invitation to all rows.
    Ready,
    /// From the invitation to all texts of documents.
    Documents,
    /// A push is answered, in a phase without a storm.
    Push,
    PushInStorm,
    /// From "Gửi" on a delegate's phone to the row on the presidium's.
    Presidium,
    PresidiumInStorm,
    /// A returning phone has nothing left to send.
    Drained,
    /// And holds all that the server had.
    CaughtUp,
    /// One change on every live phone, beyond the coalescing window.
    Spread,
}

#[derive(Default)]
pub struct Book {
    pages: Mutex<Pages>,
}

#[derive(Default)]
pub struct Pages {
    pub stormy: bool,
    pub laps: BTreeMap<Lap, Vec<Duration>>,
    pub acknowledged: Vec<Receipt>,
    /// Requests that were not answered as hoped, by the word that the machine got.
    pub failures: BTreeMap<String, usize>,
    /// When a comment was written, by its id, until the presidium has it.
    pub written: BTreeMap<String, Instant>,
    /// An agenda item of this revision is on a phone since then; and when it was last told something before.
    pub seen: Vec<(Gsn, usize, Instant, Option<Instant>)>,
}

impl Book {
    pub fn open(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn lap(&self, lap: Lap, since: Instant) {
        let took = since.elapsed();
        self.open().laps.entry(lap).or_default().push(took);
    }

    pub fn count(&self, lap: Lap) -> usize {
        self.open().laps.get(&lap).map_or(0, Vec::len)
    }

    pub fn push_answered(&self, since: Instant) {
        let lap = if self.open().stormy { Lap::PushInStorm } else { Lap::Push };
        self.lap(lap, since);
    }

    pub fn failed(&self, what: &str, failure: Failure) {
        let word = match failure {
            Failure::Busy { .. } => "busy".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        *self.open().failures.entry(format!("{what}: {word}")).or_default() += 1;
    }

    pub fn comment_seen(&self, comment: &str) {
        let mut pages = self.open();
        let lap = if pages.stormy { Lap::PresidiumInStorm } else { Lap::Presidium };
        if let Some(since) = pages.written.remove(comment) {
            pages.laps.entry(lap).or_default().push(since.elapsed());
        }
    }
}
