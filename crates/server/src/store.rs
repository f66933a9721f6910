//! What the server needs from a database, and nothing about how one is spoken to. `conformance` is the story that
//! every store must tell in the same way; `portable/` holds the statements that all engines share.

pub mod archive;
pub mod hints;
pub mod location;

#[cfg(test)]
mod conformance;
pub mod postgres;
pub mod sqlite;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sync::ids::{Epoch, Gsn, PersonId, Timestamp};
use sync::server::LogEntry;
use thiserror::Error;

use hints::Hints;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("preparing the database: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database holds {what} that this build cannot read: {why}")]
    Unreadable { what: String, why: String },
    #[error("there is no congress {0}")]
    NoCongress(String),
    #[error("{0}")]
    Random(#[from] crate::clock::NoRandom),
    #[error("{0}")]
    Unfit(String),
    #[error(
        "what was here was moved to another database; to go on here all the same: congress-server restored --congress ID"
    )]
    Moved,
    #[error("the log of {0} is not the one that was read: restart the server")]
    OtherLog(String),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// One congress of the server.
#[derive(Clone, PartialEq, Eq)]
pub struct CongressRecord {
    pub id: String,
    pub epoch: Epoch,
    /// Gsn of the last entry.
    pub head: Gsn,
    /// Ed25519 secret key of the badges. Never leaves the server.
    pub badge_secret: [u8; 32],
    pub created_at: Timestamp,
}

/// What tells a running server that something moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pulse {
    pub epoch: Epoch,
    pub head: Gsn,
    /// Grows with each revocation.
    pub access_rev: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredBlob {
    pub sha256: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// The log of each congress. Numbers are given under the lock of [`LogStore::lock`] only.
#[async_trait]
pub trait LogStore: Send + Sync {
    async fn congresses(&self) -> Result<Vec<CongressRecord>>;
    /// Adds a congress with an empty log, or returns the one that is there.
    async fn create_congress(&self, record: &CongressRecord) -> Result<CongressRecord>;
    /// Gives the log another identity, after a restore from a backup. Running servers must be started anew.
    async fn renew_epoch(&self, congress: &str, epoch: Epoch) -> Result<()>;
    async fn pulse(&self, congress: &str) -> Result<Pulse>;
    /// Entries after a gsn in their order, at most `max`.
    async fn entries_after(&self, congress: &str, after: Gsn, max: u32) -> Result<Vec<LogEntry>>;
    /// Waits for the right to write the log of a congress and holds it until commit or drop. Dropped, nothing happened.
    async fn lock<'s>(&'s self, congress: &str) -> Result<Box<dyn LockedLog + 's>>;
    async fn blob(&self, congress: &str, sha256: &str) -> Result<Option<StoredBlob>>;
    /// Hears that other processes moved something in a congress, where they can say so.
    fn hints(&self, congress: &str) -> Hints {
        let _ = congress;
        Hints::silent()
    }
}

/// One congress's log, locked for one writer.
#[async_trait]
pub trait LockedLog: Send {
    fn epoch(&self) -> Epoch;
    fn head(&self) -> Gsn;
    async fn entries_after(&mut self, after: Gsn, max: u32) -> Result<Vec<LogEntry>>;
    /// Entries with the gsns after the head, without gaps.
    async fn append(&mut self, entries: &[LogEntry]) -> Result<()>;
    /// Replaces entries that are held, each under its gsn. Only for what a redaction leaves of them.
    async fn rewrite(&mut self, entries: &[LogEntry]) -> Result<()>;
    /// Keeps blobs; those that are held already stay as they are.
    async fn put_blobs(&mut self, blobs: &[StoredBlob]) -> Result<()>;
    /// All or nothing, and on disk when it returns.
    async fn commit(self: Box<Self>) -> Result<()>;
}

/// An invitation: a code that opens the door for a small number of devices. Only its hash is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enrolment {
    pub congress: String,
    pub person: PersonId,
    pub devices_max: u32,
    /// Devices that came in with this code and are not revoked.
    pub devices_used: u32,
    /// The device that asked is one of them.
    pub holds_place: bool,
    /// The device that asked was one of them, until somebody revoked it.
    pub sent_away: bool,
    pub revoked: bool,
}

impl Enrolment {
    pub fn devices_left(&self) -> u32 {
        self.devices_max.saturating_sub(self.devices_used)
    }

    /// A device that is in already may come again: its first answer was lost.
    pub fn has_place(&self) -> bool {
        self.holds_place || self.devices_left() > 0
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEnrolment {
    pub congress: String,
    pub code_hash: String,
    pub person: PersonId,
    pub devices_max: u32,
    pub created_at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDevice {
    pub device_id: String,
    pub token_hash: String,
    pub label: String,
    pub at: Timestamp,
}

/// What became of a code that was handed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Enrolled {
    Done { congress: String, person: PersonId },
    Unknown,
    Revoked,
    UsedUp,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    pub device_id: String,
    pub person: PersonId,
    pub label: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
}

/// A device that was heard of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub congress: String,
    pub person: PersonId,
    pub device_id: String,
    pub at: Timestamp,
}

/// Whether what a device holds is safe from its browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageKeeping {
    Kept,
    /// The browser may clear it when the device is full.
    MayBeCleared,
    NearlyFull,
    /// The browser does not say, or a newer build said something that this one does not know.
    Unknown,
}

impl StorageKeeping {
    const ALL: [Self; 4] = [Self::Kept, Self::MayBeCleared, Self::NearlyFull, Self::Unknown];

    /// As it is kept in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::MayBeCleared => "may-be-cleared",
            Self::NearlyFull => "nearly-full",
            Self::Unknown => "unknown",
        }
    }

    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|keeping| keeping.word() == word).unwrap_or(Self::Unknown)
    }
}

/// What a device says of its own condition, as organisers read it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// When the server heard it.
    pub at: Timestamp,
    /// Texts and facts that have not reached the server.
    pub waiting: u32,
    /// When the oldest of them was written, by the device's clock.
    pub oldest_at: Option<Timestamp>,
    pub build: String,
    pub storage: StorageKeeping,
    /// What of the pack it holds: marks of [`congress::limits::HELD_MARK_CHARS`] letters, one behind the other. Nothing
    /// from an older app. Compared here with the pack as it is now, so it goes no further.
    #[serde(skip)]
    pub held: Option<String>,
}

/// The report of a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reported {
    pub congress: String,
    pub person: PersonId,
    pub device_id: String,
    pub report: Report,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Revoked {
    pub codes: u64,
    pub devices: u64,
}

/// Who may come in: invitations and devices.
#[async_trait]
pub trait AccessStore: Send + Sync {
    async fn add_enrolment(&self, enrolment: &NewEnrolment) -> Result<()>;
    /// The invitation behind a code, as a device with this id would find it.
    async fn enrolment(&self, code_hash: &str, device_id: &str) -> Result<Option<Enrolment>>;
    /// How many codes each person has that are not revoked.
    async fn codes_of_people(&self, congress: &str) -> Result<BTreeMap<PersonId, u32>>;
    /// Lets a device in. The same device again with the same code gets a new token and uses nothing up.
    async fn enrol_device(&self, code_hash: &str, device: &NewDevice) -> Result<Enrolled>;
    /// The device of a token, unless it is revoked.
    async fn device_by_token(&self, congress: &str, token_hash: &str) -> Result<Option<Device>>;
    /// Devices that are not revoked: of one person, or of all.
    async fn devices(&self, congress: &str, person: Option<&PersonId>) -> Result<Vec<Device>>;
    /// Returns whether there was such a device.
    async fn revoke_device(&self, congress: &str, person: &PersonId, device_id: &str, at: Timestamp) -> Result<bool>;
    /// Revokes every code and device of a person.
    async fn revoke_person(&self, congress: &str, person: &PersonId, at: Timestamp) -> Result<Revoked>;
    async fn touch_devices(&self, seen: &[Seen]) -> Result<()>;
    /// Keeps the last report of each device; an older one changes nothing.
    async fn keep_reports(&self, reported: &[Reported]) -> Result<()>;
    /// Devices that are not revoked, each with its last report.
    async fn devices_with_reports(&self, congress: &str) -> Result<Vec<(Device, Option<Report>)>>;
}

/// Everything the server keeps.
#[async_trait]
pub trait Store: LogStore + AccessStore {
    /// Finishes what is under way and lets go of the database.
    async fn close(&self);
}
