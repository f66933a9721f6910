//! One account on one device: a strict ledger, a relaxed cache, and one or two tabs that run the real client machine.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sync::client::{Answer, Base, CacheState, CacheWrite, Client, Entry, Event, Fit, Ledger, Writing};
use sync::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use sync::row::{Key, Row};
use sync::rules::Actor;
use sync::wire::Receipt;

use crate::server::HallRules;

/// What lies in the device's storage.
#[derive(Clone)]
pub struct Stored {
    pub ledger: Ledger,
    pub next_seq: Seq,
    /// A wrong design: the ledger remembers one epoch for all its verdicts.
    pub one_epoch: bool,
    /// The cache as it is on the disk, and what the browser has not flushed to it yet.
    flushed: BTreeMap<Key, Row>,
    flushed_state: CacheState,
    unflushed: Vec<CacheWrite>,
}

impl Stored {
    pub fn new(client_id: ClientId) -> Self {
        Self {
            ledger: Ledger { client_id, epoch: None, entries: Vec::new() },
            next_seq: 1,
            one_epoch: false,
            flushed: BTreeMap::new(),
            flushed_state: CacheState::default(),
            unflushed: Vec::new(),
        }
    }

    /// The ledger as a page reads it.
    pub fn read_ledger(&self) -> Ledger {
        let mut ledger = self.ledger.clone();
        if self.one_epoch {
            let settled = ledger.entries.iter_mut().filter(|entry| entry.verdict.is_some());
            settled.for_each(|entry| entry.epoch = ledger.epoch);
        }
        ledger
    }

    pub fn append(&mut self, account: &str, writing: Writing) -> Entry {
        let entry = Entry::new(account, self.ledger.client_id, self.next_seq, writing);
        self.next_seq += 1;
        self.ledger.entries.push(entry.clone());
        entry
    }

    pub fn settle(&mut self, epoch: Epoch, receipts: &[Receipt]) {
        self.ledger.epoch = Some(epoch);
        for receipt in receipts {
            self.change(receipt.command_id, |entry| entry.settle(epoch, receipt));
        }
    }

    pub fn reopen(&mut self, epoch: Epoch, commands: &[CommandId]) {
        self.ledger.epoch = Some(epoch);
        commands.iter().for_each(|command| self.change(*command, Entry::reopen));
    }

    fn change(&mut self, command: CommandId, change: impl Fn(&mut Entry)) {
        self.ledger.entries.iter_mut().filter(|entry| entry.command_id == command).for_each(change);
    }

    pub fn renumber(&mut self, client_id: ClientId) -> Ledger {
        self.ledger.renumber(client_id);
        self.next_seq = self.ledger.next_seq();
        self.read_ledger()
    }

    /// One relaxed transaction. Returns whether it could be done.
    pub fn save(&mut self, write: CacheWrite) -> bool {
        let stored = self.unflushed.last().map_or(&self.flushed_state, |last| &last.state);
        match write.fit(stored) {
            Fit::Apply => self.unflushed.push(write),
            Fit::Held => {}
            Fit::Conflict => return false,
        }
        if self.unflushed.len() > 12 {
            self.flush(8);
        }
        true
    }

    /// The browser writes the oldest so many cache transactions to the disk.
    fn flush(&mut self, writes: usize) {
        for write in self.unflushed.drain(..writes.min(self.unflushed.len())) {
            if write.replace {
                self.flushed.clear();
            }
            if !write.dropped.is_empty() {
                self.flushed.retain(|key, _| !write.dropped.contains(&key.scope));
            }
            self.flushed.extend(write.rows);
            self.flushed_state = write.state;
        }
    }

    /// All but the oldest so many relaxed transactions are lost.
    pub fn lose_cache_after(&mut self, kept: usize) {
        self.unflushed.truncate(kept);
    }

    pub fn unflushed(&self) -> usize {
        self.unflushed.len()
    }

    pub fn evict_cache(&mut self) {
        self.flushed.clear();
        self.flushed_state = CacheState::default();
        self.unflushed.clear();
    }

    fn base(&mut self) -> Base {
        self.flush(usize::MAX);
        let mut base = Base { state: self.flushed_state.clone(), ..Base::default() };
        for (key, row) in &self.flushed {
            base.rows.put(key, row.clone());
        }
        base
    }
}

/// A page that is open. `incarnation` tells answers to its questions from those to the page before it.
pub struct Tab {
    pub client: Client<HallRules>,
    pub incarnation: u64,
    pub streaming: bool,
    /// When the machine wants to be woken, by the device's clock.
    pub wake_at: Option<Timestamp>,
    /// A frozen page hears nothing until then.
    pub frozen_until: Timestamp,
    pub unheard: Vec<Event>,
    /// What this page has seen in the ledger or has written itself.
    pub seen: BTreeSet<CommandId>,
    /// When it asked the server since the last success.
    pub asked_at: VecDeque<Timestamp>,
    /// Pushes in a row that failed.
    pub failed_pushes: u32,
    /// Refused for its size, or because the device was sent away, since the last push that was taken.
    pub was_too_large: bool,
    pub was_sent_away: bool,
    /// Where the base was at the last look.
    pub was_at: (Option<Epoch>, BTreeMap<Scope, Gsn>, u32),
}

pub struct Phone {
    pub person: PersonId,
    pub account: String,
    /// Whose cookie it uses: accounts on one device share it.
    pub device: usize,
    pub stored: Stored,
    /// A copy from which the storage may come back older.
    pub copy: Option<Stored>,
    pub tabs: Vec<Tab>,
    pub skew_ms: i64,
    pub cut_off_until: Timestamp,
    /// Only small requests come through until then.
    pub narrow_until: Timestamp,
    pub storage_dead_until: Timestamp,
    pub full_until: Timestamp,
    pub revoked: bool,
    /// Too old for the server's pull.
    pub old_app: bool,
    /// Everything that the app claimed as saved, in order.
    pub saved: Vec<CommandId>,
    /// The last answers, which a cache on the way may give again.
    pub answers: VecDeque<Answer>,
    /// Something happened since the last look.
    pub touched: bool,
}

impl Phone {
    pub fn new(person: &str, device: usize, client_id: ClientId) -> Self {
        Self {
            person: PersonId::new(person),
            account: format!("hall~{person}"),
            device,
            stored: Stored::new(client_id),
            copy: None,
            tabs: Vec::new(),
            skew_ms: 0,
            cut_off_until: Timestamp(0),
            narrow_until: Timestamp(0),
            storage_dead_until: Timestamp(0),
            full_until: Timestamp(0),
            revoked: false,
            old_app: false,
            saved: Vec::new(),
            answers: VecDeque::new(),
            touched: true,
        }
    }

    pub fn open_tab(&mut self, incarnation: u64, newer: bool) {
        let actor = Actor { person: self.person.clone() };
        let base = self.stored.base();
        let seen = self.stored.ledger.entries.iter().map(|entry| entry.command_id).collect();
        let client = Client::new(HallRules { newer }, actor, self.stored.read_ledger(), base);
        self.old_app = false;
        self.touched = true;
        self.tabs.push(Tab {
            wake_at: client.wake_at(),
            client,
            incarnation,
            streaming: false,
            frozen_until: Timestamp(0),
            unheard: Vec::new(),
            seen,
            asked_at: VecDeque::new(),
            failed_pushes: 0,
            was_too_large: false,
            was_sent_away: false,
            was_at: (None, BTreeMap::new(), 0),
        });
    }

    /// The device's clock.
    pub fn now(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0 + self.skew_ms)
    }

    /// Whether the ledger database answers and takes a write.
    pub fn storage_works(&self, now: Timestamp) -> bool {
        self.storage_dead_until <= now && self.full_until <= now
    }
}
