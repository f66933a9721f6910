//! Enrolment and leaving: a code becomes an account on this device, and an account leaves it.

use serde::{Deserialize, Serialize};
use sync::ids::PersonId;

use super::{Phase, State};
use crate::account::Account;
use crate::platform::http::{self, Denied};
use crate::platform::ledger;
use crate::platform::{device, files};
use crate::ports::StoreError;

/// What a code stands for, before it is used.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Invitation {
    pub congress: InvitedTo,
    pub person: Invited,
    /// Devices that the code may still enrol.
    pub devices_left: u32,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct InvitedTo {
    pub id: String,
    pub name: String,
    pub short_name: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Invited {
    pub id: PersonId,
    pub name: String,
    #[serde(default)]
    pub delegation: String,
    #[serde(default)]
    pub organisation: String,
    pub kind: congress::entities::PersonKind,
}

/// One of the person's devices.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Enrolled {
    pub id: String,
    pub label: String,
    pub created_at: sync::ids::Timestamp,
    #[serde(default)]
    pub last_seen_at: Option<sync::ids::Timestamp>,
    #[serde(default)]
    pub current: bool,
}

#[derive(Serialize)]
struct CodeBody<'a> {
    code: &'a str,
    device_id: &'a str,
}

#[derive(Serialize)]
struct EnrolBody<'a> {
    code: &'a str,
    device_id: &'a str,
    label: String,
}

#[derive(Deserialize)]
struct Nothing {}

/// Why an enrolment did not succeed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EnrolError {
    /// A code of the server, or none when it could not be reached.
    Denied(Option<String>),
    Storage(StoreError),
}

/// Why an account may not leave now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeaveError {
    /// So many writings have not reached the server.
    Waiting(usize),
    Storage(StoreError),
}

impl State {
    /// Asks whose code it is. Uses nothing up; a device that is in already may ask with a used-up code.
    pub async fn preview(&self, code: &str) -> Result<Invitation, EnrolError> {
        let known = ledger::load_device(&self.core().ledger).await.map_err(EnrolError::Storage)?;
        let body = CodeBody { code, device_id: &known.device_id };
        let found = http::call("POST", "/api/v1/enrolments/preview", Some(&body)).await;
        found.map_err(|Denied { code }| EnrolError::Denied(code))
    }

    /// Enrols this device and opens the account. A repeat after a lost answer uses nothing up.
    pub async fn enrol(&self, code: &str, invitation: &Invitation) -> Result<(), EnrolError> {
        let database = self.core().ledger.clone();
        let mut known = ledger::load_device(&database).await.map_err(EnrolError::Storage)?;
        let body = EnrolBody { code, device_id: &known.device_id, label: device::label() };
        let done: Result<serde::de::IgnoredAny, Denied> = http::call("POST", "/api/v1/enrolments", Some(&body)).await;
        done.map_err(|Denied { code }| EnrolError::Denied(code))?;
        let account = Account { congress: invitation.congress.id.clone(), person: invitation.person.id.clone() };
        known.account = Some(account.clone());
        known.code = Some(code.to_owned());
        ledger::save_device(&database, &known).await.map_err(EnrolError::Storage)?;
        *self.core().device.borrow_mut() = Some(known);
        self.open_account(account).await;
        match leptos::prelude::GetUntracked::get_untracked(&self.phase) {
            Phase::Broken(error) => Err(EnrolError::Storage(error)),
            _ => Ok(()),
        }
    }

    /// The person's devices, from the server.
    pub async fn devices(&self) -> Option<Vec<Enrolled>> {
        let account = self.account()?;
        http::call::<(), Vec<Enrolled>>("GET", &format!("{}/devices", account.api()), None).await.ok()
    }

    /// Takes a device's right away. It keeps what its owner wrote and loses what it cached.
    pub async fn revoke_device(&self, id: &str) -> bool {
        let Some(account) = self.account() else { return false };
        let path = format!("{}/devices/{id}", account.api());
        http::call::<(), Nothing>("DELETE", &path, None).await.is_ok()
    }

    /// Takes this account off the device. Refused while something waits; the ledger keeps what was written.
    pub async fn leave(&self) -> Result<(), LeaveError> {
        let Some(engine) = self.engine() else { return Ok(()) };
        let waiting = engine.status().waiting;
        if waiting > 0 {
            return Err(LeaveError::Waiting(waiting));
        }
        let database = self.core().ledger.clone();
        let mut known = ledger::load_device(&database).await.map_err(LeaveError::Storage)?;
        let own = known.device_id.clone();
        // Without a connection the token stays valid on the server, but this device forgets the account all the same.
        self.revoke_device(&own).await;
        known.account = None;
        known.code = None;
        ledger::save_device(&database, &known).await.map_err(LeaveError::Storage)?;
        engine.cache().wipe().await.map_err(LeaveError::Storage)?;
        files::forget(engine.account()).await;
        *self.core().engine.borrow_mut() = None;
        leptos::prelude::Set::set(&self.phase, Phase::NotEnrolled);
        Ok(())
    }
}
