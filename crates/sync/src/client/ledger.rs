//! What a device keeps of a person's writings, as the machine sees it. The same shapes, as JSON, lie in the ledger
//! database, where the lifeboat reads them without this code.

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, CommandId, Epoch, Seq, Timestamp};
use crate::json::Json;
use crate::order::sort_by;
use crate::wire::{Command, Receipt, Status};

/// Something a person did that has no number yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Writing {
    pub command_id: CommandId,
    pub kind: String,
    pub v: u32,
    pub created_at: Timestamp,
    pub payload: Json,
}

/// One command in the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub account: String,
    pub client_id: ClientId,
    pub seq: Seq,
    pub command_id: CommandId,
    pub kind: String,
    pub v: u32,
    pub created_at: Timestamp,
    pub payload: Json,
    /// For readers without this code: `saved`, or the word of the verdict.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Receipt>,
    /// The log that the verdict belongs to: under another one it is worth nothing. Missing in entries of the first
    /// release, whose log is that of their ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
}

impl Entry {
    pub fn new(account: &str, client_id: ClientId, seq: Seq, writing: Writing) -> Self {
        let Writing { command_id, kind, v, created_at, payload } = writing;
        let (account, state) = (account.to_owned(), SAVED.to_owned());
        Self { account, client_id, seq, command_id, kind, v, created_at, payload, state, verdict: None, epoch: None }
    }

    pub fn command(&self) -> Command {
        Command {
            seq: self.seq,
            command_id: self.command_id,
            kind: self.kind.clone(),
            v: self.v,
            created_at: self.created_at,
            payload: self.payload.clone(),
        }
    }

    /// Writes down the server's word, and which log says so.
    pub fn settle(&mut self, epoch: Epoch, receipt: &Receipt) {
        self.state = match receipt.status {
            Status::Accepted => "accepted",
            Status::Late => "late",
            Status::Rejected => "rejected",
            Status::Parked => "parked",
        }
        .to_owned();
        self.verdict = Some(receipt.clone());
        self.epoch = Some(epoch);
    }

    /// Forgets the server's word, since the server did.
    pub fn reopen(&mut self) {
        SAVED.clone_into(&mut self.state);
        self.verdict = None;
        self.epoch = None;
    }

    /// Not understood by the server when it was last heard of; a newer one will decide it.
    pub fn is_parked(&self) -> bool {
        self.verdict.as_ref().is_some_and(|receipt| receipt.status == Status::Parked)
    }

    pub fn is_waiting(&self) -> bool {
        self.verdict.is_none()
    }

    /// May leave the ledger after its time: acknowledged and taken. Refused and parked texts stay for ever.
    pub fn is_taken(&self) -> bool {
        self.verdict.as_ref().is_some_and(|receipt| matches!(receipt.status, Status::Accepted | Status::Late))
    }
}

const SAVED: &str = "saved";

/// One account's ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ledger {
    pub client_id: ClientId,
    /// The log that was last heard of.
    pub epoch: Option<Epoch>,
    pub entries: Vec<Entry>,
}

impl Ledger {
    /// Gives verdicts of the first release, which name no log, that of the ledger.
    pub fn date_verdicts(&mut self) {
        let undated = self.entries.iter_mut().filter(|entry| entry.verdict.is_some() && entry.epoch.is_none());
        undated.for_each(|entry| entry.epoch = self.epoch);
    }

    /// The seq that the next command gets.
    pub fn next_seq(&self) -> Seq {
        let own = self.entries.iter().filter(|entry| entry.client_id == self.client_id);
        own.map(|entry| entry.seq).max().unwrap_or(0) + 1
    }

    /// Adds an entry. One that was read already keeps what is known of it.
    pub fn put(&mut self, entry: Entry) {
        if self.entries.iter().all(|held| held.command_id != entry.command_id) {
            self.entries.push(entry);
        }
    }

    /// Whether something waits under an earlier client id: reopened by a tab that did not know of the new one.
    pub fn has_orphans(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_waiting() && entry.client_id != self.client_id)
    }

    /// Takes a new client id and numbers what waits from 1, in its old order. Ids of commands never change.
    pub fn renumber(&mut self, client_id: ClientId) {
        let old = std::mem::replace(&mut self.client_id, client_id);
        sort_by(&mut self.entries, |entry| (i64::from(entry.client_id == old), entry.seq.cast_signed()));
        let waiting = self.entries.iter_mut().filter(|entry| entry.is_waiting());
        for (entry, seq) in waiting.zip(1..) {
            entry.client_id = client_id;
            entry.seq = seq;
        }
    }
}
