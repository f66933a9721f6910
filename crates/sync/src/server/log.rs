//! The log of one congress as the server holds it in memory: a follower of what is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use crate::limits::CHUNK_ROWS_MAX;
use crate::row::{Row, RowMap};
use crate::server::LogEntry;
use crate::wire::{Chunk, PullRequest, PullResponse, Receipt, ScopeUpdate, Snapshot, Update, WireRow};

/// What the server knows of one local ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientRecord {
    pub person: PersonId,
    pub last_seq: Seq,
}

/// Rows, receipts and the per-scope logs of one congress. Changed by [`Log::apply`] only.
#[derive(Clone, Debug)]
pub struct Log {
    epoch: Epoch,
    gsn: Gsn,
    rows: RowMap,
    clients: BTreeMap<ClientId, ClientRecord>,
    receipts: BTreeMap<CommandId, (Option<PersonId>, Receipt)>,
    scopes: BTreeMap<Scope, ScopeLog>,
}

/// Every change of one scope in order, and the newest snapshots of it.
#[derive(Clone, Default, Debug)]
struct ScopeLog {
    rows: Vec<WireRow>,
    /// The newest snapshot and the one before it, which slow devices may still be fetching.
    snapshots: Vec<Arc<Snapshot>>,
    /// Length of `rows` when the newest snapshot was made.
    snapshot_at: usize,
}

const SNAPSHOTS_KEPT: usize = 2;

impl Log {
    pub fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            gsn: 0,
            rows: RowMap::default(),
            clients: BTreeMap::new(),
            receipts: BTreeMap::new(),
            scopes: BTreeMap::new(),
        }
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub fn gsn(&self) -> Gsn {
        self.gsn
    }

    pub fn rows(&self) -> &RowMap {
        &self.rows
    }

    pub fn client(&self, client: ClientId) -> Option<&ClientRecord> {
        self.clients.get(&client)
    }

    pub(super) fn receipt(&self, command: CommandId) -> Option<&(Option<PersonId>, Receipt)> {
        self.receipts.get(&command)
    }

    /// Takes the next entry. An entry that is not newer than the head was applied before and changes nothing.
    pub fn apply(&mut self, entry: &LogEntry) {
        if entry.gsn <= self.gsn {
            return;
        }
        self.gsn = entry.gsn;
        if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
            let record = self.clients.entry(client).or_insert(ClientRecord { person: person.clone(), last_seq: 0 });
            record.last_seq = record.last_seq.max(seq);
        }
        self.receipts.entry(entry.command.command_id).or_insert_with(|| (entry.person.clone(), entry.receipt.clone()));
        let mut touched = BTreeSet::new();
        for change in &entry.changes {
            let key = &change.key;
            self.rows.put(key, Row { rev: entry.gsn, data: change.data.clone() });
            let wire =
                WireRow { kind: key.kind.clone(), id: key.id.clone(), rev: entry.gsn, data: change.data.clone() };
            self.scopes.entry(key.scope.clone()).or_default().rows.push(wire);
            touched.insert(&key.scope);
        }
        for scope in touched {
            self.refresh_snapshot(scope);
        }
    }

    /// Makes a new snapshot as soon as the newest one lies a whole chunk behind.
    fn refresh_snapshot(&mut self, scope: &Scope) {
        let Some(log) = self.scopes.get_mut(scope) else { return };
        if log.rows.len() - log.snapshot_at < CHUNK_ROWS_MAX {
            return;
        }
        log.snapshot_at = log.rows.len();
        let rows = self.rows.rows_of(scope).filter(|(_, _, row)| row.data.is_some());
        let rows = rows.map(|(kind, id, row)| WireRow {
            kind: kind.to_owned(),
            id: id.to_owned(),
            rev: row.rev,
            data: row.data.clone(),
        });
        let snapshot = Snapshot {
            epoch: self.epoch,
            scope: scope.clone(),
            gsn: self.gsn,
            checksum: self.rows.checksum(scope),
            rows: rows.collect(),
        };
        log.snapshots.insert(0, Arc::new(snapshot));
        log.snapshots.truncate(SNAPSHOTS_KEPT);
    }

    /// Answers what a device misses, given the scopes that its person may hold.
    pub fn pull(&self, scopes: &BTreeSet<Scope>, request: &PullRequest, now: Timestamp) -> PullResponse {
        let same_log = request.epoch == Some(self.epoch);
        let scopes = scopes.iter().map(|scope| {
            let cursor = request.cursors.get(scope).copied().filter(|_| same_log).unwrap_or(0);
            ScopeUpdate { scope: scope.clone(), update: self.update(scope, cursor) }
        });
        PullResponse {
            epoch: self.epoch,
            gsn: self.gsn,
            last_seq: self.clients.get(&request.client_id).map_or(0, |client| client.last_seq),
            server_time: now,
            scopes: scopes.collect(),
        }
    }

    fn update(&self, scope: &Scope, cursor: Gsn) -> Update {
        let from = cursor.min(self.gsn);
        let tail = |rows| Update::Tail { from, to: self.gsn, rows, checksum: self.rows.checksum(scope) };
        let Some(log) = self.scopes.get(scope) else { return tail(Vec::new()) };
        let start = log.rows.partition_point(|row| row.rev <= from);
        let missing = &log.rows[start..];
        if missing.len() <= CHUNK_ROWS_MAX {
            return tail(missing.to_vec());
        }
        let index = start / CHUNK_ROWS_MAX;
        let snapshot = log.snapshots.first();
        let chunks_are_shorter = snapshot.is_none_or(|snapshot| missing.len() < snapshot.rows.len());
        if chunks_are_shorter && log.chunk_bounds(index).1 > from {
            return Update::Chunk { index: index as u64 };
        }
        match snapshot {
            Some(snapshot) => Update::Snapshot { gsn: snapshot.gsn, rows: snapshot.rows.len() as u64 },
            None => tail(missing.to_vec()),
        }
    }

    /// The snapshot of a scope at a gsn that was offered lately; `None` sends the device back to pull.
    pub fn snapshot(&self, scope: &Scope, gsn: Gsn) -> Option<Arc<Snapshot>> {
        self.scopes.get(scope)?.snapshots.iter().find(|snapshot| snapshot.gsn == gsn).cloned()
    }

    /// A full chunk of a scope's log; `None` while it is not full yet.
    pub fn chunk(&self, scope: &Scope, index: u64) -> Option<Chunk> {
        let log = self.scopes.get(scope)?;
        let index = usize::try_from(index).ok()?;
        let start = index.checked_mul(CHUNK_ROWS_MAX)?;
        let rows = log.rows.get(start..start.checked_add(CHUNK_ROWS_MAX)?)?;
        let (from, to) = log.chunk_bounds(index);
        Some(Chunk { epoch: self.epoch, scope: scope.clone(), from, to, rows: rows.to_vec() })
    }
}

impl ScopeLog {
    /// The gsns between which a chunk is complete. Rows of one gsn may stand in two chunks: then the gsn counts as
    /// held only with the second.
    fn chunk_bounds(&self, index: usize) -> (Gsn, Gsn) {
        let end_of =
            |position: usize| match (position.checked_sub(1).and_then(|p| self.rows.get(p)), self.rows.get(position)) {
                (None, _) => 0,
                (Some(last), Some(next)) if last.rev == next.rev => last.rev - 1,
                (Some(last), _) => last.rev,
            };
        (end_of(index * CHUNK_ROWS_MAX), end_of((index + 1) * CHUNK_ROWS_MAX))
    }
}
