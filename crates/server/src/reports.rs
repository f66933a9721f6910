//! What devices say of their own condition: collected in memory and written for all of them together, as signs of life
//! are. A report must never make a text wait for the database.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sync::ids::PersonId;

use crate::store::{Device, Report, Reported, Result, Store};

type Key = (String, PersonId, String);

#[derive(Debug, Default)]
pub struct ReportBook {
    /// The last one of each device that is not written yet.
    waiting: Mutex<BTreeMap<Key, Report>>,
}

impl ReportBook {
    pub fn note(&self, congress: &str, device: &Device, report: Report) {
        let key = (congress.to_owned(), device.person.clone(), device.device_id.clone());
        self.waiting().insert(key, report);
    }

    /// Writes what was noted. What cannot be written stays noted: a device does not say the same twice.
    pub async fn flush(&self, store: &dyn Store) -> Result<()> {
        let taken = std::mem::take(&mut *self.waiting());
        if taken.is_empty() {
            return Ok(());
        }
        let reported = |((congress, person, device_id), report)| Reported { congress, person, device_id, report };
        let reported: Vec<Reported> = taken.into_iter().map(reported).collect();
        let kept = store.keep_reports(&reported).await;
        if kept.is_err() {
            let mut waiting = self.waiting();
            for Reported { congress, person, device_id, report } in reported {
                waiting.entry((congress, person, device_id)).or_insert(report);
            }
        }
        kept
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Key, Report>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
