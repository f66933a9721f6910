//! What the simulated server stores on: a real SQLite file, or a disk in memory that knows the difference between
//! written and synced. Either fails between any two statements when it is told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use server::store::sqlite::SqliteStore;
use server::store::{
    AccessStore, CongressRecord, Device, Enrolled, Enrolment, LockedLog, LogStore, NewDevice, NewEnrolment, Pulse,
    Report, Reported, Result, Revoked, Seen, Store, StoreError, StoredBlob,
};
use sync::ids::{Epoch, Gsn, PersonId, Timestamp};
use sync::server::LogEntry;

/// Which store a hall runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Memory,
    Sqlite,
}

/// Where the next transaction breaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Break {
    AtLock,
    AtAppend,
    BeforeCommit,
    AfterCommit,
}

/// A disk in memory.
#[derive(Clone, Debug)]
pub struct Disk {
    pub epoch: Epoch,
    pub entries: Vec<LogEntry>,
    /// How many of them would survive a power loss.
    pub synced: usize,
    /// A wrong design: a commit returns before it is on disk.
    pub lazy: bool,
}

impl Disk {
    pub fn new(epoch: Epoch, entries: Vec<LogEntry>, lazy: bool) -> Self {
        Self { epoch, synced: entries.len(), entries, lazy }
    }

    fn after(&self, gsn: Gsn, max: u32) -> Vec<LogEntry> {
        let start = self.entries.partition_point(|entry| entry.gsn <= gsn);
        self.entries[start..].iter().take(max as usize).cloned().collect()
    }

    fn head(&self) -> Gsn {
        self.entries.last().map_or(0, |entry| entry.gsn)
    }

    fn commit(&mut self, waiting: Waiting) {
        for entry in waiting.rewritten {
            if let Some(held) = self.entries.iter_mut().find(|held| held.gsn == entry.gsn) {
                *held = entry;
            }
        }
        self.entries.extend(waiting.appended);
        if !self.lazy || self.entries.len() - self.synced > 6 {
            self.synced = self.entries.len();
        }
    }
}

enum Below {
    Memory(Arc<Mutex<Disk>>),
    Sqlite(SqliteStore),
}

/// One process's view of the store.
pub struct HallStore {
    below: Below,
    broken: Arc<Mutex<Option<Break>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the break if it is due here.
fn breaks(broken: &Mutex<Option<Break>>, here: Break) -> Result<()> {
    let mut broken = lock(broken);
    if *broken != Some(here) {
        return Ok(());
    }
    *broken = None;
    Err(nothing())
}

fn nothing() -> StoreError {
    StoreError::NoCongress("simulated".into())
}

impl HallStore {
    pub fn memory(disk: Arc<Mutex<Disk>>, broken: Arc<Mutex<Option<Break>>>) -> Self {
        Self { below: Below::Memory(disk), broken }
    }

    pub fn sqlite(store: SqliteStore, broken: Arc<Mutex<Option<Break>>>) -> Self {
        Self { below: Below::Sqlite(store), broken }
    }
}

#[async_trait::async_trait]
impl LogStore for HallStore {
    async fn congresses(&self) -> Result<Vec<CongressRecord>> {
        Ok(Vec::new())
    }

    async fn create_congress(&self, record: &CongressRecord) -> Result<CongressRecord> {
        match &self.below {
            Below::Memory(_) => Ok(record.clone()),
            Below::Sqlite(store) => store.create_congress(record).await,
        }
    }

    async fn renew_epoch(&self, _: &str, _: Epoch) -> Result<()> {
        Err(nothing())
    }

    async fn pulse(&self, congress: &str) -> Result<Pulse> {
        match &self.below {
            Below::Memory(disk) => {
                let disk = lock(disk);
                Ok(Pulse { epoch: disk.epoch, head: disk.head(), access_rev: 0 })
            }
            Below::Sqlite(store) => store.pulse(congress).await,
        }
    }

    async fn entries_after(&self, congress: &str, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        match &self.below {
            Below::Memory(disk) => Ok(lock(disk).after(after, max)),
            Below::Sqlite(store) => store.entries_after(congress, after, max).await,
        }
    }

    async fn lock<'s>(&'s self, congress: &str) -> Result<Box<dyn LockedLog + 's>> {
        breaks(&self.broken, Break::AtLock)?;
        let below = match &self.below {
            Below::Memory(disk) => LockedBelow::Memory { disk: Arc::clone(disk), waiting: Waiting::default() },
            Below::Sqlite(store) => LockedBelow::Sqlite(store.lock(congress).await?),
        };
        Ok(Box::new(Locked { below, broken: Arc::clone(&self.broken) }))
    }

    async fn blob(&self, _: &str, _: &str) -> Result<Option<StoredBlob>> {
        Ok(None)
    }
}

/// What a transaction has written.
#[derive(Default)]
struct Waiting {
    appended: Vec<LogEntry>,
    rewritten: Vec<LogEntry>,
}

enum LockedBelow<'s> {
    Memory { disk: Arc<Mutex<Disk>>, waiting: Waiting },
    Sqlite(Box<dyn LockedLog + 's>),
}

struct Locked<'s> {
    below: LockedBelow<'s>,
    broken: Arc<Mutex<Option<Break>>>,
}

#[async_trait::async_trait]
impl LockedLog for Locked<'_> {
    fn epoch(&self) -> Epoch {
        match &self.below {
            LockedBelow::Memory { disk, .. } => lock(disk).epoch,
            LockedBelow::Sqlite(locked) => locked.epoch(),
        }
    }

    fn head(&self) -> Gsn {
        match &self.below {
            LockedBelow::Memory { disk, waiting } => {
                waiting.appended.last().map_or_else(|| lock(disk).head(), |entry| entry.gsn)
            }
            LockedBelow::Sqlite(locked) => locked.head(),
        }
    }

    async fn entries_after(&mut self, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        match &mut self.below {
            LockedBelow::Memory { disk, waiting } => {
                let mut entries = lock(disk).after(after, max);
                entries.extend(waiting.appended.iter().filter(|entry| entry.gsn > after).cloned());
                entries.truncate(max as usize);
                Ok(entries)
            }
            LockedBelow::Sqlite(locked) => locked.entries_after(after, max).await,
        }
    }

    async fn append(&mut self, entries: &[LogEntry]) -> Result<()> {
        breaks(&self.broken, Break::AtAppend)?;
        match &mut self.below {
            LockedBelow::Memory { waiting, .. } => {
                waiting.appended.extend_from_slice(entries);
                Ok(())
            }
            LockedBelow::Sqlite(locked) => locked.append(entries).await,
        }
    }

    async fn rewrite(&mut self, entries: &[LogEntry]) -> Result<()> {
        match &mut self.below {
            LockedBelow::Memory { waiting, .. } => {
                let rewritten = |gsn: Gsn| entries.iter().find(|entry| entry.gsn == gsn);
                for held in &mut waiting.appended {
                    if let Some(entry) = rewritten(held.gsn) {
                        *held = entry.clone();
                    }
                }
                waiting.rewritten.extend_from_slice(entries);
                Ok(())
            }
            LockedBelow::Sqlite(locked) => locked.rewrite(entries).await,
        }
    }

    async fn put_blobs(&mut self, _: &[StoredBlob]) -> Result<()> {
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        let Self { below, broken } = *self;
        breaks(&broken, Break::BeforeCommit)?;
        match below {
            LockedBelow::Memory { disk, waiting } => lock(&disk).commit(waiting),
            LockedBelow::Sqlite(locked) => locked.commit().await?,
        }
        breaks(&broken, Break::AfterCommit)
    }
}

/// Nobody enrols in the simulation: who a phone belongs to is decided by the hall itself.
#[async_trait::async_trait]
impl AccessStore for HallStore {
    async fn add_enrolment(&self, _: &NewEnrolment) -> Result<()> {
        Err(nothing())
    }

    async fn enrolment(&self, _: &str, _: &str) -> Result<Option<Enrolment>> {
        Err(nothing())
    }

    async fn codes_of_people(&self, _: &str) -> Result<std::collections::BTreeMap<PersonId, u32>> {
        Err(nothing())
    }

    async fn enrol_device(&self, _: &str, _: &NewDevice) -> Result<Enrolled> {
        Err(nothing())
    }

    async fn device_by_token(&self, _: &str, _: &str) -> Result<Option<Device>> {
        Err(nothing())
    }

    async fn devices(&self, _: &str, _: Option<&PersonId>) -> Result<Vec<Device>> {
        Err(nothing())
    }

    async fn revoke_device(&self, _: &str, _: &PersonId, _: &str, _: Timestamp) -> Result<bool> {
        Err(nothing())
    }

    async fn revoke_person(&self, _: &str, _: &PersonId, _: Timestamp) -> Result<Revoked> {
        Err(nothing())
    }

    async fn touch_devices(&self, _: &[Seen]) -> Result<()> {
        Err(nothing())
    }

    async fn keep_reports(&self, _: &[Reported]) -> Result<()> {
        Err(nothing())
    }

    async fn devices_with_reports(&self, _: &str) -> Result<Vec<(Device, Option<Report>)>> {
        Err(nothing())
    }
}

#[async_trait::async_trait]
impl Store for HallStore {
    async fn close(&self) {}
}
