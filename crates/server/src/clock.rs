//! The one place where the server reads the time and draws random numbers. Tests and the simulation bring their own
//! clock.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use sync::ids::Timestamp;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(now)
}

pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The operating system gave no random numbers: nothing that needs a secret may go on.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random numbers")]
pub struct NoRandom;

/// `N` bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

pub fn random_u128() -> Result<u128, NoRandom> {
    random_bytes().map(u128::from_le_bytes)
}

/// A number in the range, for jitter only: without random numbers it is the lower bound.
pub fn jitter(range: &std::ops::RangeInclusive<u64>) -> u64 {
    let draw = random_bytes::<8>().map_or(0, u64::from_le_bytes);
    let width = range.end().saturating_sub(*range.start()).saturating_add(1);
    range.start() + draw % width
}
