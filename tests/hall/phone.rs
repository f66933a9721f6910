//! One device: a strict ledger, a relaxed cache, and one or two tabs that run the real client machine.

use std::collections::BTreeMap;

use congress::CongressRules;
use sync::client::{Base, CacheState, CacheWrite, Client, Entry, Ledger, Writing};
use sync::ids::{ClientId, CommandId, Epoch, PersonId, Seq, Timestamp};
use sync::row::{Key, Row};
use sync::rules::Actor;
use sync::wire::Receipt;

/// What survives everything but the loss of the phone.
#[derive(Clone)]
pub struct Stored {
    pub ledger: Ledger,
    pub next_seq: Seq,
    cache: BTreeMap<Key, Row>,
    cache_state: CacheState,
}

impl Stored {
    pub fn new(client_id: ClientId) -> Self {
        let ledger = Ledger { client_id, epoch: None, entries: Vec::new() };
        Self { ledger, next_seq: 1, cache: BTreeMap::new(), cache_state: CacheState::default() }
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
            self.change(receipt.command_id, |entry| entry.settle(receipt));
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
        self.ledger.clone()
    }

    pub fn save(&mut self, write: CacheWrite) {
        if write.replace {
            self.cache.clear();
        }
        self.cache.retain(|key, _| !write.dropped.contains(&key.scope));
        self.cache.extend(write.rows);
        self.cache_state = write.state;
    }

    /// A wrong design: the cursor is kept and the rows are not.
    pub fn save_cursor_only(&mut self, write: CacheWrite) {
        self.cache_state = write.state;
    }

    pub fn evict_cache(&mut self) {
        self.cache.clear();
        self.cache_state = CacheState::default();
    }

    fn base(&self) -> Base {
        let mut base = Base { state: self.cache_state.clone(), ..Base::default() };
        for (key, row) in &self.cache {
            base.rows.put(key, row.clone());
        }
        base
    }
}

/// A page that is open. `incarnation` tells answers to its questions from those to the page before it.
pub struct Tab {
    pub client: Client<CongressRules>,
    pub incarnation: u64,
    pub streaming: bool,
}

pub struct Phone {
    pub person: PersonId,
    pub account: String,
    pub stored: Stored,
    /// Copies from which the ledger may come back older.
    pub copy: Option<Stored>,
    pub tabs: Vec<Tab>,
    pub skew_ms: i64,
    pub cut_off_until: Timestamp,
    pub revoked: bool,
    /// Everything that the app claimed as saved, in order.
    pub saved: Vec<CommandId>,
}

impl Phone {
    pub fn new(person: &str, client_id: ClientId) -> Self {
        Self {
            person: PersonId::new(person),
            account: format!("hall~{person}"),
            stored: Stored::new(client_id),
            copy: None,
            tabs: Vec::new(),
            skew_ms: 0,
            cut_off_until: Timestamp(0),
            revoked: false,
            saved: Vec::new(),
        }
    }

    pub fn open_tab(&mut self, incarnation: u64) {
        let actor = Actor { person: self.person.clone() };
        let client = Client::new(CongressRules, actor, self.stored.ledger.clone(), self.stored.base());
        self.tabs.push(Tab { client, incarnation, streaming: false });
    }

    pub fn now(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0 + self.skew_ms)
    }
}
