//! The real server machine, in one process or two, on a store that is killed, cut off and restored as the seed wants.
//! Beside it stands the truth: every entry that was committed, applied in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use congress::CongressRules;
use server::hall::{Push, SharedRules, SystemChange, Writer};
use server::store::sqlite::SqliteStore;
use server::store::{CongressRecord, Store};
use sync::client::{Answer, Failure, Request};
use sync::ids::{Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Checksum, Rows};
use sync::rules::{Actor, Rules, Verdict};
use sync::server::{Log, LogEntry, redacted_entry};
use sync::wire::Command;
use tempfile::TempDir;

use crate::store::{Break, Disk, HallStore, Kind};

pub const CONGRESS: &str = "hall";
/// A command that only newer builds know.
pub const APPLAUD: &str = "comment.applaud";

/// The rules of this build, or of the next one, which knows one command more.
#[derive(Clone, Copy, Debug)]
pub struct HallRules {
    pub newer: bool,
}

impl HallRules {
    fn applause(self, actor: &Actor, command: &Command) -> Option<Vec<Change>> {
        let is_known = self.newer && command.kind == APPLAUD;
        let scope = congress::scopes::user(&actor.person);
        is_known.then(|| vec![Change::put(scope, "applause", command.command_id.to_string(), &command.payload)])
    }
}

impl Rules for HallRules {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        match self.applause(actor, command) {
            Some(changes) => Verdict::Accepted(changes),
            None => CongressRules.decide(rows, actor, command, now),
        }
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        self.applause(actor, command).unwrap_or_else(|| CongressRules.predict(rows, actor, command))
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        CongressRules.scopes(rows, person)
    }

    fn redacted(&self, rows: &dyn Rows, command: &Command) -> Option<Json> {
        CongressRules.redacted(rows, command)
    }
}

/// A log as redactions in it leave it.
fn hidden(entries: &[LogEntry]) -> Vec<LogEntry> {
    let mut log = Log::new(Epoch::from_u128(0));
    entries.iter().for_each(|entry| log.apply(entry));
    let redactions: Vec<&LogEntry> = entries.iter().filter(|entry| entry.redacts).collect();
    let left = |entry: &LogEntry| redacted_entry(&CongressRules, log.rows(), &redactions, entry);
    entries.iter().map(|entry| left(entry).unwrap_or_else(|| entry.clone())).collect()
}

enum Medium {
    Memory(Arc<Mutex<Disk>>),
    Sqlite { folder: TempDir, files: u32 },
}

pub struct Server {
    medium: Medium,
    broken: Arc<Mutex<Option<Break>>>,
    /// One process, or two that write and read the same database.
    writers: Vec<Writer>,
    stores: Vec<Arc<dyn Store>>,
    newer: bool,
    lazy: bool,
    /// Everything that was committed, in order.
    pub entries: Vec<LogEntry>,
    /// The same as they were committed, before anything was hidden: what earlier backups hold.
    unhidden: Vec<LogEntry>,
    truth: Log,
    /// The checksum of each scope after each entry that changed it.
    sums: BTreeMap<Scope, Vec<(Gsn, Checksum)>>,
    /// A wrong design: what readers see, in the order in which it became visible.
    out_of_order: Option<(Log, Option<LogEntry>)>,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    pub fn start(kind: Kind, processes: usize, epoch: Epoch, lazy: bool, out_of_order: bool) -> Self {
        let medium = match kind {
            Kind::Memory => Medium::Memory(Arc::new(Mutex::new(Disk::new(epoch, Vec::new(), lazy)))),
            Kind::Sqlite => Medium::Sqlite { folder: tempfile::tempdir().expect("a folder"), files: 0 },
        };
        let mut server = Self {
            medium,
            broken: Arc::default(),
            writers: Vec::new(),
            stores: Vec::new(),
            newer: false,
            lazy,
            entries: Vec::new(),
            unhidden: Vec::new(),
            truth: Log::new(epoch),
            sums: BTreeMap::new(),
            out_of_order: out_of_order.then(|| (Log::new(epoch), None)),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
        };
        server.create(epoch);
        server.open(processes);
        server
    }

    fn create(&mut self, epoch: Epoch) {
        let record =
            CongressRecord { id: CONGRESS.into(), epoch, head: 0, badge_secret: [7; 32], created_at: Timestamp(0) };
        if let Medium::Sqlite { .. } = self.medium {
            let store = self.store();
            self.runtime.block_on(store.create_congress(&record)).expect("a congress");
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        let broken = Arc::clone(&self.broken);
        Arc::new(match &self.medium {
            Medium::Memory(disk) => HallStore::memory(Arc::clone(disk), broken),
            Medium::Sqlite { folder, files } => {
                let path = folder.path().join(format!("hall-{files}.sqlite"));
                HallStore::sqlite(self.runtime.block_on(SqliteStore::open(path)).expect("a database"), broken)
            }
        })
    }

    /// Starts the processes from what is stored; a newer build decides what an older one parked.
    fn open(&mut self, processes: usize) {
        self.writers.clear();
        self.stores.clear();
        for _ in 0..processes {
            let rules: SharedRules = Arc::new(HallRules { newer: self.newer });
            let store = self.store();
            self.stores.push(Arc::clone(&store));
            let writer = self.runtime.block_on(Writer::open(store, CONGRESS, rules)).expect("a log");
            self.writers.push(writer);
        }
    }

    /// The processes die; others read what was committed.
    pub fn kill(&mut self, now: Timestamp) {
        self.heal_store();
        self.open(self.writers.len());
        self.replay(now);
        self.take_down(false);
    }

    /// The power goes: what was not synced is gone.
    pub fn lose_power(&mut self, now: Timestamp) {
        if let Medium::Memory(disk) = &self.medium {
            let mut disk = disk.lock().unwrap_or_else(PoisonError::into_inner);
            let synced = disk.synced;
            disk.entries.truncate(synced);
        }
        self.open(self.writers.len());
        self.take_down(true);
        self.replay(now);
        self.take_down(false);
    }

    pub fn set_build(&mut self, newer: bool, now: Timestamp) {
        self.newer = newer;
        self.kill(now);
    }

    fn replay(&mut self, now: Timestamp) {
        if let Some(first) = self.writers.first_mut() {
            self.runtime.block_on(first.replay_parked(now)).expect("a replay");
        }
    }

    pub fn compact(&mut self, before: Timestamp) {
        self.writers.iter_mut().for_each(|writer| {
            writer.compact(before.plus_ms(sync::limits::TOMBSTONES_KEEP_MS));
        });
    }

    /// The database comes back from a backup that ended at `gsn`, as another log.
    pub fn restore(&mut self, gsn: Gsn, epoch: Epoch) {
        self.heal_store();
        self.unhidden.retain(|entry| entry.gsn <= gsn);
        let kept = hidden(&self.unhidden);
        let processes = self.writers.len();
        self.writers.clear();
        match &mut self.medium {
            Medium::Memory(disk) => {
                *disk.lock().unwrap_or_else(PoisonError::into_inner) = Disk::new(epoch, kept, self.lazy);
            }
            Medium::Sqlite { files, .. } => {
                *files += 1;
                self.create(epoch);
                let store = self.store();
                self.runtime.block_on(async {
                    let mut locked = store.lock(CONGRESS).await.expect("a free lock");
                    locked.append(&kept).await.expect("an append");
                    locked.commit().await.expect("a commit");
                });
            }
        }
        self.truth = Log::new(epoch);
        self.open(processes);
        self.take_down(true);
    }

    pub fn break_at(&mut self, place: Break) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }

    pub fn heal_store(&mut self) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub fn epoch(&self) -> Epoch {
        self.truth.epoch()
    }

    pub fn gsn(&self) -> Gsn {
        self.truth.gsn()
    }

    pub fn truth(&self) -> &Log {
        &self.truth
    }

    pub fn scopes(&self, person: &PersonId) -> BTreeSet<Scope> {
        CongressRules.scopes(self.truth.rows(), person)
    }

    /// The checksum that a scope had at a gsn.
    pub fn sum_at(&self, scope: &Scope, gsn: Gsn) -> Checksum {
        let sums = self.sums.get(scope).map_or(&[][..], Vec::as_slice);
        let next = sums.partition_point(|(at, _)| *at <= gsn);
        next.checked_sub(1).and_then(|last| sums.get(last)).map_or(Checksum::default(), |(_, sum)| *sum)
    }

    pub fn system(&mut self, changes: Vec<Change>, now: Timestamp) {
        let change = SystemChange { kind: "congress.import", payload: Json::of(&()), changes, blobs: Vec::new() };
        let writer = self.writers.first_mut().expect("a process");
        self.runtime.block_on(writer.system(now, |_| Some(change))).expect("a commit");
        self.take_down(false);
    }

    /// Answers by one of the processes. Before a pull the other one may not have followed yet.
    pub fn answer(
        &mut self,
        process: usize,
        follows: bool,
        person: &PersonId,
        request: &Request,
        now: Timestamp,
    ) -> Result<Answer, Failure> {
        let epoch = self.epoch();
        let process = process % self.writers.len();
        let Some(writer) = self.writers.get_mut(process) else { return Err(Failure::Unreachable) };
        if follows && self.runtime.block_on(writer.follow()).is_err() {
            return Err(Failure::Busy { retry_ms: 1_000 });
        }
        match request {
            Request::Push(push) => {
                let pushes = [Push { person: person.clone(), request: push.clone() }];
                let answers = self.runtime.block_on(writer.push(&pushes, now));
                self.take_down(false);
                let mut answers = answers.map_err(|_| Failure::Busy { retry_ms: 1_000 })?;
                answers.remove(0).map(Answer::Push).map_err(|_| Failure::Foreign)
            }
            Request::Pull(pull) => {
                let read = |log: &Log| log.pull(person, &CongressRules.scopes(log.rows(), person), pull, now);
                Ok(Answer::Pull(match &self.out_of_order {
                    Some((log, _)) => read(log),
                    None => writer.read(read),
                }))
            }
            Request::Snapshot { epoch: of, .. } | Request::Chunk { epoch: of, .. } if *of != epoch => {
                Err(Failure::Missing)
            }
            Request::Snapshot { scope, gsn, .. } => {
                writer.read(|log| log.snapshot(scope, *gsn)).map(Answer::Snapshot).ok_or(Failure::Missing)
            }
            Request::Chunk { scope, index, .. } => {
                writer.read(|log| log.chunk(scope, *index)).map(Answer::Chunk).ok_or(Failure::Missing)
            }
        }
    }

    /// Reads from the store what is committed; from its beginning when anything may have been lost.
    fn take_down(&mut self, anew: bool) {
        if anew {
            let epoch = self.truth.epoch();
            self.truth = Log::new(epoch);
            self.entries.clear();
            self.sums.clear();
            if let Some(seen) = &mut self.out_of_order {
                *seen = (Log::new(epoch), None);
            }
            let stored = self.stored_after(0);
            let pairs = self.unhidden.iter().zip(&stored);
            let same = pairs.take_while(|(held, entry)| held.command.command_id == entry.command.command_id);
            self.unhidden.truncate(same.count());
        }
        let entries = self.stored_after(self.truth.gsn());
        let hides = entries.iter().any(|entry| entry.redacts);
        for entry in &entries {
            // Devices may hold rows as they were before they were hidden, and their checksums are right.
            let place = self.unhidden.partition_point(|held| held.gsn < entry.gsn);
            if place == self.unhidden.len() {
                self.unhidden.push(entry.clone());
            }
            let entry = &self.unhidden[place].clone();
            self.truth.apply(entry);
            for change in &entry.changes {
                let scope = &change.key.scope;
                let sums = self.sums.entry(scope.clone()).or_default();
                sums.pop_if(|(gsn, _)| *gsn == entry.gsn);
                sums.push((entry.gsn, self.truth.rows().checksum(scope)));
            }
            self.show_out_of_order(entry);
        }
        if hides {
            self.entries = self.stored_after(0);
        } else {
            self.entries.extend(entries);
        }
    }

    /// The log as it is stored, after a gsn.
    fn stored_after(&self, after: Gsn) -> Vec<LogEntry> {
        match &self.medium {
            Medium::Memory(disk) => {
                let disk = disk.lock().unwrap_or_else(PoisonError::into_inner);
                let start = disk.entries.partition_point(|entry| entry.gsn <= after);
                disk.entries[start..].to_vec()
            }
            Medium::Sqlite { .. } => {
                let store = self.stores.first().expect("a store");
                self.runtime.block_on(store.entries_after(CONGRESS, after, 100_000)).expect("a log")
            }
        }
    }

    /// Every fourth entry becomes visible after the next one.
    fn show_out_of_order(&mut self, entry: &LogEntry) {
        let Some((seen, held_back)) = &mut self.out_of_order else { return };
        if entry.gsn.is_multiple_of(4) && held_back.is_none() {
            *held_back = Some(entry.clone());
            return;
        }
        seen.apply(entry);
        if let Some(late) = held_back.take() {
            seen.apply(&late);
        }
    }
}
