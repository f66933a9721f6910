//! When each device was last heard of: collected in memory and written for all of them together, so that a hall full
//! of phones costs one commit in a while and not one each.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sync::ids::{PersonId, Timestamp};

use crate::limits::SEEN_EVERY_MS;
use crate::store::{Device, Result, Seen, Store};

#[derive(Debug, Default)]
pub struct SeenBook {
    waiting: Mutex<BTreeMap<(String, PersonId, String), Timestamp>>,
}

impl SeenBook {
    /// Notes a sign of life, unless the stored one is fresh enough.
    pub fn note(&self, congress: &str, device: &Device, now: Timestamp) {
        if now.since_ms(device.last_seen_at) < SEEN_EVERY_MS {
            return;
        }
        let key = (congress.to_owned(), device.person.clone(), device.device_id.clone());
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(key, now);
    }

    /// Writes what was noted. What cannot be written is forgotten: the next sign of life comes soon.
    pub async fn flush(&self, store: &dyn Store) -> Result<()> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() {
            return Ok(());
        }
        let seen = |((congress, person, device_id), at)| Seen { congress, person, device_id, at };
        let seen: Vec<Seen> = waiting.into_iter().map(seen).collect();
        store.touch_devices(&seen).await
    }
}
