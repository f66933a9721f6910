//! The server machine: one congress's log in memory, and the batch that decides pushes on top of it.
//! Nothing here stores or sends: a batch yields log entries, the driver commits them, then the log applies them.

mod batch;
mod log;
mod redaction;

pub use batch::{Batch, PushError};
pub use log::{ClientRecord, Log};
pub use redaction::{redacted_command, redacted_entry};

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Gsn, PersonId, Seq};
use crate::row::Change;
use crate::wire::{Command, Receipt};

/// One place in the log: a command, the verdict on it and all that it changed. This is what is stored, replayed at
/// start and followed by replicas; there is no other way to change the rows of a congress.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LogEntry {
    pub gsn: Gsn,
    /// `None` for the system's own commands (import, release of a document).
    pub person: Option<PersonId>,
    pub client: Option<ClientId>,
    pub command: Command,
    pub receipt: Receipt,
    /// The command is held already: it was sent again under another number, and only `last_seq` moves; or it was
    /// parked, and this entry decides it, which its own receipt shows.
    pub repeat: bool,
    /// Nothing stays of what the changed rows held before: earlier entries were rewritten with this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacts: bool,
    pub changes: Vec<Change>,
}

impl LogEntry {
    /// Whether the verdict was given here, and not by an earlier entry.
    pub fn decides(&self) -> bool {
        self.receipt.gsn == self.gsn
    }

    /// The client's counter after this entry.
    pub fn client_seq(&self) -> Option<(ClientId, Seq)> {
        self.client.map(|client| (client, self.command.seq))
    }
}
