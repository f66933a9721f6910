//! The only code that moves a log: take the lock, apply what others wrote, decide, commit, apply. When the commit
//! fails, nothing was applied. Has no task and no clock of its own, so that the simulation can drive it step by step.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

use sync::ids::{CommandId, Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::limits::TOMBSTONES_KEEP_MS;
use sync::row::{Change, Layered, RowMap, Rows};
use sync::rules::{Actor, Rules, Verdict};
use sync::server::{Batch, Log, LogEntry, PushError, redacted_entry};
use sync::wire::{Command, PushRequest, PushResponse};

use crate::clock::random_u128;
use crate::limits::LOG_PAGE_ENTRIES;
use crate::store::{LockedLog, Pulse, Result, Store, StoreError, StoredBlob};

pub type SharedRules = Arc<dyn Rules + Send + Sync>;

/// One push of a person whose device is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Push {
    pub person: PersonId,
    pub request: PushRequest,
}

/// What the system itself wants to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SystemChange {
    pub kind: &'static str,
    pub payload: Json,
    pub changes: Vec<Change>,
    pub blobs: Vec<StoredBlob>,
}

pub struct Writer {
    store: Arc<dyn Store>,
    congress: String,
    rules: SharedRules,
    log: Arc<RwLock<Log>>,
}

impl Writer {
    /// Reads the whole log of a congress.
    pub async fn open(store: Arc<dyn Store>, congress: &str, rules: SharedRules) -> Result<Self> {
        let epoch = store.pulse(congress).await?.epoch;
        let log = Arc::new(RwLock::new(Log::new(epoch)));
        let mut writer = Self { store, congress: congress.to_owned(), rules: Arc::new(Guarded(rules)), log };
        writer.follow().await?;
        Ok(writer)
    }

    /// The log that this writer moves; others only read it.
    pub fn log(&self) -> Arc<RwLock<Log>> {
        Arc::clone(&self.log)
    }

    pub fn gsn(&self) -> Gsn {
        self.read(Log::gsn)
    }

    pub fn read<T>(&self, look: impl FnOnce(&Log) -> T) -> T {
        look(&self.log.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Applies what other processes wrote, without taking the lock.
    pub async fn follow(&mut self) -> Result<Pulse> {
        let pulse = self.store.pulse(&self.congress).await?;
        self.check(pulse.epoch, pulse.head)?;
        while self.gsn() < pulse.head {
            let entries = self.store.entries_after(&self.congress, self.gsn(), LOG_PAGE_ENTRIES).await?;
            self.take(&entries)?;
        }
        Ok(pulse)
    }

    /// Decides pushes in their order and commits them together; the answers are in the same order.
    pub async fn push(&mut self, pushes: &[Push], now: Timestamp) -> Result<Vec<Result<PushResponse, PushError>>> {
        let store = Arc::clone(&self.store);
        let locked = self.lock(&*store).await?;
        let (entries, responses) = self.read(|log| {
            let mut batch = Batch::new(log);
            let push = |push: &Push| batch.push(&*self.rules, &push.person, &push.request, now);
            let responses: Vec<_> = pushes.iter().map(push).collect();
            (batch.into_entries(), responses)
        });
        if !entries.is_empty() {
            self.store(locked, &entries).await?;
        }
        Ok(responses)
    }

    /// Decides again what an earlier build parked: done at each start, since each start may be that of a newer build.
    pub async fn replay_parked(&mut self, now: Timestamp) -> Result<()> {
        let store = Arc::clone(&self.store);
        let locked = self.lock(&*store).await?;
        let entries = self.read(|log| {
            let mut batch = Batch::new(log);
            batch.replay_parked(&*self.rules, now);
            batch.into_entries()
        });
        if !entries.is_empty() {
            self.store(locked, &entries).await?;
            tracing::info!(commands = entries.len(), "parked commands decided");
        }
        Ok(())
    }

    /// Forgets, in memory only, what no device of the last month needs.
    pub fn compact(&mut self, now: Timestamp) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        log.compact(now.minus_ms(TOMBSTONES_KEEP_MS));
    }

    /// Lets the system act on the rows as they are under the lock. `plan` returns `None` when nothing is to be done.
    pub async fn system(
        &mut self,
        now: Timestamp,
        plan: impl FnOnce(&dyn Rows) -> Option<SystemChange> + Send,
    ) -> Result<Option<Gsn>> {
        let store = Arc::clone(&self.store);
        let mut locked = self.lock(&*store).await?;
        let random = random_u128()?;
        let planned = self.read(|log| {
            let change = plan(log.rows())?;
            let mut batch = Batch::new(log);
            let command = Command {
                seq: 0,
                command_id: CommandId::from_time(now, random),
                kind: change.kind.to_owned(),
                v: 1,
                created_at: now,
                payload: change.payload,
            };
            batch.system(&command, change.changes, now);
            Some((batch.into_entries(), change.blobs))
        });
        let Some((entries, blobs)) = planned else { return Ok(None) };
        locked.put_blobs(&blobs).await?;
        locked.append(&entries).await?;
        locked.commit().await?;
        self.apply(&entries);
        Ok(Some(self.gsn()))
    }

    async fn lock<'s>(&self, store: &'s dyn Store) -> Result<Box<dyn LockedLog + 's>> {
        let mut locked = store.lock(&self.congress).await?;
        let head = locked.head();
        self.check(locked.epoch(), head)?;
        while self.gsn() < head {
            let entries = locked.entries_after(self.gsn(), LOG_PAGE_ENTRIES).await?;
            self.take(&entries)?;
        }
        Ok(locked)
    }

    async fn store(&self, mut locked: Box<dyn LockedLog + '_>, entries: &[LogEntry]) -> Result<()> {
        locked.append(entries).await?;
        if entries.iter().any(|entry| entry.redacts) {
            self.redact(&mut *locked, entries).await?;
        }
        locked.commit().await?;
        self.apply(entries);
        Ok(())
    }

    /// Rewrites, in the same transaction, whatever of the log the redactions among new entries do not leave as it is.
    async fn redact(&self, locked: &mut dyn LockedLog, entries: &[LogEntry]) -> Result<()> {
        let redactions: Vec<&LogEntry> = entries.iter().filter(|entry| entry.redacts).collect();
        let mut said = RowMap::default();
        for change in redactions.iter().flat_map(|redaction| &redaction.changes) {
            said.overlay(change);
        }
        let mut after = 0;
        while after < locked.head() {
            let page = locked.entries_after(after, LOG_PAGE_ENTRIES).await?;
            let left: Vec<LogEntry> = self.read(|log| {
                let rows = Layered { below: log.rows(), above: &said };
                page.iter().filter_map(|entry| redacted_entry(&*self.rules, &rows, &redactions, entry)).collect()
            });
            locked.rewrite(&left).await?;
            after += page.len().max(1) as Gsn;
        }
        Ok(())
    }

    /// A database that was exchanged under a running server must not be written to from what this process remembers.
    fn check(&self, epoch: Epoch, head: Gsn) -> Result<()> {
        if self.read(|log| log.epoch() == epoch && log.gsn() <= head) {
            return Ok(());
        }
        Err(StoreError::OtherLog(self.congress.clone()))
    }

    /// Applies entries that others wrote; they must be the next ones.
    fn take(&self, entries: &[LogEntry]) -> Result<()> {
        if entries.first().is_none_or(|first| first.gsn != self.gsn() + 1) {
            return Err(StoreError::OtherLog(self.congress.clone()));
        }
        self.apply(entries);
        Ok(())
    }

    fn apply(&self, entries: &[LogEntry]) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        entries.iter().for_each(|entry| log.apply(entry));
    }
}

/// Rules whose panic parks the command instead of ending the writer: poison never blocks a queue (sync.md 4).
struct Guarded(SharedRules);

impl Rules for Guarded {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        catch_unwind(AssertUnwindSafe(|| self.0.decide(rows, actor, command, now))).unwrap_or_else(|_| {
            tracing::error!(kind = command.kind, command = %command.command_id, "the rules panicked: parked");
            Verdict::Parked
        })
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        self.0.predict(rows, actor, command)
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        self.0.scopes(rows, person)
    }

    fn redacted(&self, rows: &dyn Rows, command: &Command) -> Option<Json> {
        self.0.redacted(rows, command)
    }
}
