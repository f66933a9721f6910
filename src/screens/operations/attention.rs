//! What of a device needs attention, and which device needs it first. Decides nothing about how it looks.

use congress::carrying::Carries;
use sync::ids::Timestamp;
use sync::order::sort_by;

use crate::state::{DeviceSeen, Operations, Report};

/// A device that was not heard of for longer than this is worth a look while the congress goes on.
const SILENT_MS: u64 = 15 * 60_000;

/// A device with what is worth a look, each apart: a phone may have several.
pub struct Attention<'a> {
    pub device: &'a DeviceSeen,
    /// How many are unsent, and for how long the oldest of them is.
    pub unsent: Option<(usize, u64)>,
    pub silent_ms: Option<u64>,
    /// Nothing where it holds the whole pack, or needs none.
    pub lacks: Option<&'a Carries>,
    pub nearly_full: bool,
    pub may_be_cleared: bool,
    pub older: bool,
}

impl<'a> Attention<'a> {
    fn of(device: &'a DeviceSeen, known: &Operations, goes_on: bool) -> Self {
        let report = device.report.as_ref();
        let unsent = |report: &Report| {
            let oldest_at = report.oldest_at.unwrap_or(known.at);
            (report.waiting > 0).then(|| (report.waiting, known.at.since_ms(oldest_at)))
        };
        let storage = report.map(|report| report.storage.as_str());
        let silent_ms = known.at.since_ms(device.last_seen_at);
        Self {
            device,
            unsent: report.and_then(unsent),
            silent_ms: (goes_on && silent_ms > SILENT_MS).then_some(silent_ms),
            lacks: device.carries.as_ref().filter(|carries| **carries != Carries::Everything),
            nearly_full: storage == Some("nearly-full"),
            may_be_cleared: storage == Some("may-be-cleared"),
            older: report.is_some_and(|report| known.build.as_ref().is_some_and(|build| *build != report.build)),
        }
    }

    /// The smaller, the sooner: unsent texts with the oldest first, then the longest silence, then those that lack
    /// something of the pack, then the rest.
    fn rank(&self) -> (i64, i64) {
        let longest_first = |ms: u64| Timestamp(0).minus_ms(ms).0;
        match self {
            Self { unsent: Some((_, age_ms)), .. } => (0, longest_first(*age_ms)),
            Self { silent_ms: Some(ms), .. } => (1, longest_first(*ms)),
            Self { lacks: Some(_), .. } => (2, 0),
            Self { nearly_full: true, .. } => (3, 0),
            Self { may_be_cleared: true, .. } => (4, 0),
            Self { older: true, .. } => (5, 0),
            _ => (6, 0),
        }
    }
}

/// Every device, what needs attention first. Silence counts only while the congress goes on.
pub fn sorted(known: &Operations, goes_on: bool) -> Vec<Attention<'_>> {
    let mut all: Vec<_> = known.devices.iter().map(|device| Attention::of(device, known, goes_on)).collect();
    sort_by(&mut all, Attention::rank);
    all
}
