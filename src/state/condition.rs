//! What this device tells the server of its own condition, for those who look after the congress: how much waits, since
//! when, which build, how its storage stands. Never a word of what was written, and never in the way of what is sent.

use std::rc::Rc;

use leptos::prelude::WithUntracked;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::IgnoredAny;
use sync::client::Standing;
use sync::ids::Timestamp;

use super::State;
use crate::platform::http::{self, Denied};
use crate::platform::{device, dom, world};

/// A device tells, or tries to, at most this often.
const TELL_EVERY_MS: u64 = 60_000;

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Condition {
    waiting: usize,
    oldest_at: Option<Timestamp>,
    build: String,
    storage: &'static str,
    /// The beginnings of the hashes of what of the pack is here; nothing before that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Vec<String>>,
}

/// What the server was told last.
#[derive(Debug, Default)]
pub(super) struct Told {
    condition: Option<Condition>,
    /// When it was last tried to tell.
    tried_at: Timestamp,
    looked_at: Timestamp,
    /// The contact after which this device last looked at itself.
    contact_at: Option<Timestamp>,
}

impl State {
    /// Tells the server how this device stands, if there was a contact and something changed. Nobody waits for it; what
    /// does not arrive is told again a minute later.
    pub(super) fn tell_condition(self) {
        let Some(engine) = self.engine() else { return };
        let (status, now) = (engine.status(), world::now());
        if !self.is_worth_telling(&status, now) {
            return;
        }
        spawn_local(async move {
            let condition = Condition {
                waiting: status.waiting,
                oldest_at: status.waiting_since,
                build: dom::build(),
                storage: device::storage_state().await.keeping(),
                held: self.held.with_untracked(|held| held.counted.then(|| held.marks())),
            };
            let core = self.core();
            if core.told.borrow().condition.as_ref() == Some(&condition) {
                return;
            }
            core.told.borrow_mut().tried_at = now;
            let path = format!("{}/devices/current/report", engine.account().api());
            let told: Result<IgnoredAny, Denied> = http::call("PUT", &path, Some(&condition)).await;
            // Meanwhile the device may have become another person's.
            if told.is_ok() && self.engine().is_some_and(|now| Rc::ptr_eq(&now, &engine)) {
                core.told.borrow_mut().condition = Some(condition);
            }
        });
    }

    /// Another account has told nothing yet.
    pub(super) fn forget_what_was_told(self) {
        *self.core().told.borrow_mut() = Told::default();
    }

    fn is_worth_telling(self, status: &sync::client::Status, now: Timestamp) -> bool {
        let core = self.core();
        let mut told = core.told.borrow_mut();
        let has_contact = status.contact_at.is_some() && (status.reachable || status.contact_at != told.contact_at);
        if !has_contact || status.standing == Standing::Revoked || now.since_ms(told.tried_at) < TELL_EVERY_MS {
            return false;
        }
        // The storage is not looked at every few seconds: that costs a phone more than it tells.
        let said = told.condition.as_ref().map(|condition| (condition.waiting, condition.oldest_at));
        if said == Some((status.waiting, status.waiting_since)) && now.since_ms(told.looked_at) < TELL_EVERY_MS {
            return false;
        }
        (told.looked_at, told.contact_at) = (now, status.contact_at);
        true
    }
}
