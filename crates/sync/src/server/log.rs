//! The log of one congress as the server holds it in memory: a follower of what is stored.

mod moments;

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use crate::limits::{CHUNK_ROWS_MAX, PUSH_COMMANDS_MAX};
use crate::row::{Row, RowMap};
use crate::server::LogEntry;
use crate::wire::{Chunk, Command, PullRequest, PullResponse, Receipt, ScopeUpdate, Snapshot, Status, Update, WireRow};
use moments::Moments;

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
    /// What waits for a build that understands it, by its place in the log.
    parked: BTreeMap<Gsn, (PersonId, Command)>,
    scopes: BTreeMap<Scope, ScopeLog>,
    /// Where each hour begins: (time, gsn of its first entry).
    hours: Vec<(Timestamp, Gsn)>,
}

/// The changes of one scope in order, from the floor on, and the moments of which snapshots are offered.
#[derive(Clone, Default, Debug)]
struct ScopeLog {
    rows: Vec<WireRow>,
    /// Changes that were here before `rows` and are not told any more: whole chunks, so that the others keep their index.
    forgotten: usize,
    /// The last gsn of them. Whoever holds less gets a snapshot.
    floor: Gsn,
    moments: Moments,
    /// Number of changes ever at the newest moment.
    moment_at: usize,
}

const HOUR_MS: u64 = 3_600_000;

impl Log {
    pub fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            gsn: 0,
            rows: RowMap::default(),
            clients: BTreeMap::new(),
            receipts: BTreeMap::new(),
            parked: BTreeMap::new(),
            scopes: BTreeMap::new(),
            hours: Vec::new(),
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

    /// The highest seq that is held of a client of this person. A client of somebody else has said nothing, as far as
    /// this person is concerned: taken for one's own, its number would make a device drop what it has not sent.
    pub fn last_seq(&self, person: &PersonId, client: ClientId) -> Seq {
        self.client(client).filter(|record| record.person == *person).map_or(0, |record| record.last_seq)
    }

    /// Commands that no build has understood yet, oldest first.
    pub(super) fn parked(&self) -> impl Iterator<Item = &(PersonId, Command)> {
        self.parked.values()
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
        self.take_receipt(entry);
        let at = entry.receipt.at;
        if self.hours.last().is_none_or(|(hour, _)| at.since_ms(*hour) >= HOUR_MS) {
            self.hours.push((at, entry.gsn));
        }
        let mut touched = BTreeSet::new();
        let mut replaced = BTreeSet::new();
        for change in &entry.changes {
            let key = &change.key;
            let log = self.scopes.entry(key.scope.clone()).or_default();
            if let Some(held) = self.rows.held(&key.scope, &key.kind, &key.id) {
                log.moments.keep(key, held, entry.gsn);
                if entry.redacts {
                    replaced.insert(&key.scope);
                }
            }
            let row = Row { rev: entry.gsn, data: change.data.clone() };
            log.rows.push(wire_row(&key.kind, &key.id, &row));
            self.rows.put(key, row);
            touched.insert(&key.scope);
        }
        for scope in replaced {
            self.forget_before(scope, entry.gsn);
        }
        for scope in touched {
            self.refresh_moment(scope);
        }
    }

    /// Nothing that a scope told before a redaction is told again: whoever holds less gets a snapshot.
    fn forget_before(&mut self, scope: &Scope, gsn: Gsn) {
        let Some(log) = self.scopes.get_mut(scope) else { return };
        log.drop_first(log.rows.partition_point(|row| row.rev < gsn));
        log.moments = Moments::default();
        self.mark_moment(scope);
    }

    /// The last word counts: a command that was parked may be decided by a later entry.
    fn take_receipt(&mut self, entry: &LogEntry) {
        let command = &entry.command;
        if !entry.decides() {
            let owned = || (entry.person.clone(), entry.receipt.clone());
            self.receipts.entry(command.command_id).or_insert_with(owned);
            return;
        }
        let before = self.receipts.insert(command.command_id, (entry.person.clone(), entry.receipt.clone()));
        if let Some((_, before)) = before {
            self.parked.remove(&before.gsn);
        }
        if let (Status::Parked, Some(person)) = (entry.receipt.status, &entry.person) {
            self.parked.insert(entry.gsn, (person.clone(), command.clone()));
        }
    }

    /// Forgets what only devices would need that were away since before a time: old changes and old tombstones. Such a
    /// device gets a snapshot. What is stored is not touched.
    pub fn compact(&mut self, before: Timestamp) {
        let Some((_, first_kept)) = self.hours.iter().rev().find(|(hour, _)| *hour <= before).copied() else { return };
        let floor = first_kept.saturating_sub(1);
        self.rows.forget_tombstones(floor);
        let scopes: Vec<Scope> = self.scopes.keys().cloned().collect();
        for scope in scopes {
            if self.scopes.get_mut(&scope).is_some_and(|log| log.forget(floor)) {
                self.mark_moment(&scope);
            }
        }
    }

    /// Offers a new snapshot as soon as the newest one lies a whole chunk behind.
    fn refresh_moment(&mut self, scope: &Scope) {
        if self.scopes.get(scope).is_some_and(|log| log.total() - log.moment_at >= CHUNK_ROWS_MAX) {
            self.mark_moment(scope);
        }
    }

    /// Whoever asks for a snapshot gets the scope as it is now.
    fn mark_moment(&mut self, scope: &Scope) {
        let Some(log) = self.scopes.get_mut(scope) else { return };
        log.moment_at = log.total();
        log.moments.mark(self.gsn, self.rows.checksum(scope), self.rows.count(scope));
    }

    /// Whether a scope changed after a gsn.
    pub fn has_moved(&self, scope: &Scope, after: Gsn) -> bool {
        self.scopes.get(scope).is_some_and(|log| log.rows.last().map_or(log.floor, |row| row.rev) > after)
    }

    /// Answers what a device of a person misses, given the scopes that the person may hold.
    pub fn pull(
        &self,
        person: &PersonId,
        scopes: &BTreeSet<Scope>,
        request: &PullRequest,
        now: Timestamp,
    ) -> PullResponse {
        let same_log = request.epoch == Some(self.epoch);
        let scopes = scopes.iter().map(|scope| {
            let cursor = request.cursors.get(scope).copied().filter(|_| same_log).unwrap_or(0);
            ScopeUpdate { scope: scope.clone(), update: self.update(scope, cursor) }
        });
        let mut response = PullResponse {
            epoch: self.epoch,
            gsn: self.gsn,
            client_id: Some(request.client_id),
            last_seq: self.last_seq(person, request.client_id),
            server_time: now,
            scopes: scopes.collect(),
            verdicts: self.verdicts(person, &request.parked),
            seal: None,
        };
        response.seal = Some(response.frame());
        response
    }

    /// What became of a person's parked commands, as far as it is known by now.
    fn verdicts(&self, person: &PersonId, parked: &[CommandId]) -> Vec<Receipt> {
        let known = parked.iter().take(PUSH_COMMANDS_MAX).filter_map(|command| self.receipts.get(command));
        let own = known.filter(|(owner, _)| owner.as_ref() == Some(person)).map(|(_, receipt)| receipt);
        own.filter(|receipt| receipt.status != Status::Parked).cloned().collect()
    }

    fn update(&self, scope: &Scope, cursor: Gsn) -> Update {
        let from = cursor.min(self.gsn);
        let tail = |rows| Update::Tail { from, to: self.gsn, rows, checksum: self.rows.checksum(scope) };
        let Some(log) = self.scopes.get(scope) else { return tail(Vec::new()) };
        let snapshot = log.moments.newest();
        if let Some(snapshot) = snapshot.filter(|_| from < log.floor) {
            return Update::Snapshot { gsn: snapshot.gsn, rows: snapshot.rows as u64 };
        }
        let start = log.rows.partition_point(|row| row.rev <= from);
        let missing = &log.rows[start..];
        if missing.len() <= CHUNK_ROWS_MAX {
            return tail(missing.to_vec());
        }
        let index = (log.forgotten + start) / CHUNK_ROWS_MAX;
        let chunks_are_shorter = snapshot.is_none_or(|snapshot| missing.len() < snapshot.rows);
        let is_whole = index * CHUNK_ROWS_MAX >= log.forgotten;
        if chunks_are_shorter && is_whole && log.chunk_bounds(index).1 > from {
            return Update::Chunk { index: index as u64 };
        }
        match snapshot {
            Some(snapshot) => Update::Snapshot { gsn: snapshot.gsn, rows: snapshot.rows as u64 },
            None => tail(missing.to_vec()),
        }
    }

    /// The snapshot of a scope at a gsn that was offered lately; `None` sends the device back to pull.
    pub fn snapshot(&self, scope: &Scope, gsn: Gsn) -> Option<Snapshot> {
        let moments = &self.scopes.get(scope)?.moments;
        let moment = moments.get(gsn)?;
        let rows = moments.rows_at(moment, self.rows.rows_of(scope));
        Some(Snapshot { epoch: self.epoch, scope: scope.clone(), gsn, checksum: moment.checksum, rows })
    }

    /// Whether [`Log::snapshot`] has an answer.
    pub fn has_snapshot(&self, scope: &Scope, gsn: Gsn) -> bool {
        self.scopes.get(scope).is_some_and(|log| log.moments.get(gsn).is_some())
    }

    /// Whether [`Log::chunk`] has an answer.
    pub fn has_chunk(&self, scope: &Scope, index: u64) -> bool {
        self.rows_of_chunk(scope, index).is_some()
    }

    /// A full chunk of a scope's log; `None` while it is not full yet, and when it is forgotten.
    pub fn chunk(&self, scope: &Scope, index: u64) -> Option<Chunk> {
        let (log, rows) = self.rows_of_chunk(scope, index)?;
        let (from, to) = log.chunk_bounds(usize::try_from(index).ok()?);
        Some(Chunk { epoch: self.epoch, scope: scope.clone(), from, to, rows: rows.to_vec() })
    }

    fn rows_of_chunk(&self, scope: &Scope, index: u64) -> Option<(&ScopeLog, &[WireRow])> {
        let log = self.scopes.get(scope)?;
        let start = usize::try_from(index).ok()?.checked_mul(CHUNK_ROWS_MAX)?.checked_sub(log.forgotten)?;
        Some((log, log.rows.get(start..start.checked_add(CHUNK_ROWS_MAX)?)?))
    }
}

impl ScopeLog {
    /// Changes that there ever were.
    fn total(&self) -> usize {
        self.forgotten + self.rows.len()
    }

    /// Forgets whole chunks up to a gsn. Returns whether a newer snapshot is needed for those who held less.
    fn forget(&mut self, floor: Gsn) -> bool {
        let old = self.rows.partition_point(|row| row.rev <= floor);
        let whole = (self.forgotten + old) / CHUNK_ROWS_MAX * CHUNK_ROWS_MAX;
        self.drop_first(whole.saturating_sub(self.forgotten))
            && self.moments.newest().is_none_or(|newest| newest.gsn < self.floor)
    }

    /// Forgets the first so many changes. Returns whether there were any.
    fn drop_first(&mut self, leaving: usize) -> bool {
        let Some(last) = leaving.checked_sub(1).and_then(|last| self.rows.get(last)) else { return false };
        self.floor = last.rev;
        self.rows.drain(..leaving);
        self.forgotten += leaving;
        true
    }

    /// The gsns between which a chunk is complete. Rows of one gsn may stand in two chunks: then the gsn counts as
    /// held only with the second.
    fn chunk_bounds(&self, index: usize) -> (Gsn, Gsn) {
        let end_of = |position: usize| {
            let Some(at) = position.checked_sub(self.forgotten) else { return 0 };
            let last = at.checked_sub(1).and_then(|last| self.rows.get(last)).map_or(self.floor, |row| row.rev);
            let is_split = last > 0 && self.rows.get(at).is_some_and(|next| next.rev == last);
            if is_split { last - 1 } else { last }
        };
        (end_of(index * CHUNK_ROWS_MAX), end_of((index + 1) * CHUNK_ROWS_MAX))
    }
}

fn wire_row(kind: &str, id: &str, row: &Row) -> WireRow {
    WireRow { kind: kind.to_owned(), id: id.to_owned(), rev: row.rev, data: row.data.clone() }
}
