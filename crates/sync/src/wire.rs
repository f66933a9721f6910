//! The wire format: JSON, enums tagged from outside (raw JSON inside a buffered enum would not survive).
//! A change here edits docs/PROTOCOL.md in the same commit (`cargo xtask tidy` compares a hash).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use crate::json::Json;
use crate::row::Checksum;
use crate::rules::Refusal;

/// Version of the protocol that this build speaks.
pub const PROTOCOL: u32 = 1;

/// The oldest protocol that pull serves: this one and the two before it. Push takes every one ever shipped.
pub const PULL_PROTOCOL_MIN: u32 = if PROTOCOL > 2 { PROTOCOL - 2 } else { 1 };

/// What a person did, as a device recorded it. Never changed after it was saved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Command {
    pub seq: Seq,
    pub command_id: CommandId,
    pub kind: String,
    /// Version of the payload's shape.
    pub v: u32,
    /// The device's clock. Shown to people, never used for order.
    pub created_at: Timestamp,
    pub payload: Json,
}

/// `POST …/sync/push`: the oldest commands of an outbox, ascending and without gaps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushRequest {
    pub protocol: u32,
    pub client_id: ClientId,
    /// Whose commands these are. Two people may share a device and its cookie: what one of them wrote is never taken
    /// for the other's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The log that the device knows, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    pub commands: Vec<Command>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushResponse {
    pub epoch: Epoch,
    /// The highest seq of this client that the server holds.
    pub last_seq: Seq,
    pub outcome: PushOutcome,
    /// One for each command that the server holds now, in the order of the request.
    pub receipts: Vec<Receipt>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PushOutcome {
    /// Every command of the request is held.
    Done,
    /// A seq is missing before the next command: send from `last_seq + 1`.
    Gap,
    /// A seq is taken by another command (the ledger is a copy): take a new client id and number anew.
    Forked,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Accepted,
    Late,
    Rejected,
    Parked,
}

/// The server's word on one command: it is held for ever, and this is what came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub command_id: CommandId,
    pub gsn: Gsn,
    /// When the server received it.
    pub at: Timestamp,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// A row as it travels; without `data` it is a tombstone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WireRow {
    pub kind: String,
    pub id: String,
    pub rev: Gsn,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::json::present")]
    pub data: Option<Json>,
}

/// `POST …/sync/pull`: what the device holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PullRequest {
    pub protocol: u32,
    pub client_id: ClientId,
    /// Who asks; a device of somebody else gets no rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// For each scope that is held, the gsn up to which it is held.
    pub cursors: BTreeMap<Scope, Gsn>,
    /// Milliseconds that the server may wait for news when there is none (long poll).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub wait_ms: u64,
    /// Own commands that were parked when last heard of: what became of them? At most [`PUSH_COMMANDS_MAX`].
    ///
    /// [`PUSH_COMMANDS_MAX`]: crate::limits::PUSH_COMMANDS_MAX
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parked: Vec<CommandId>,
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// The answer names every scope that the person may hold; a scope that is not named is lost and leaves the device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PullResponse {
    pub epoch: Epoch,
    /// Head of the log when the answer was made.
    pub gsn: Gsn,
    /// Of whose commands `last_seq` speaks: a cache on the way may give an answer again that was made for a ledger under
    /// its earlier client id. Missing in answers of the first release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The highest seq of this client whose effects the answer contains.
    pub last_seq: Seq,
    pub server_time: Timestamp,
    pub scopes: Vec<ScopeUpdate>,
    /// The verdicts on those commands asked for as parked that a newer server has decided since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Receipt>,
    /// [`PullResponse::frame`] as the server made it. Missing in answers of the first release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Checksum>,
}

impl PullResponse {
    /// A sum over everything that the checksums of the scopes do not cover: a scope whose name was damaged on the way
    /// would be a scope of its own, and the real one would count as lost.
    pub fn frame(&self) -> Checksum {
        let (epoch, client) = (self.epoch.0.as_u64_pair(), self.client_id.map_or((0, 0), |id| id.0.as_u64_pair()));
        let head = Checksum::default().with(&[], [epoch.0, epoch.1, client.0, client.1]);
        self.scopes.iter().fold(head.with(&[], [self.gsn, self.last_seq, 0, 0]), |sum, scope| {
            let numbers = match &scope.update {
                Update::Tail { from, to, rows, .. } => [0, *from, *to, rows.len() as u64],
                Update::Chunk { index } => [1, *index, 0, 0],
                Update::Snapshot { gsn, rows } => [2, *gsn, *rows, 0],
            };
            sum.with(scope.scope.as_str().as_bytes(), numbers)
        })
    }

    /// Whether the answer is as the server made it, as far as can be seen.
    pub fn is_whole(&self) -> bool {
        self.seal.is_none_or(|seal| seal == self.frame())
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScopeUpdate {
    pub scope: Scope,
    pub update: Update,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Update {
    /// All changed rows after `from` up to `to`, and the checksum of the scope at `to`.
    Tail { from: Gsn, to: Gsn, rows: Vec<WireRow>, checksum: Checksum },
    /// The device is too far behind: fetch this immutable chunk of the scope's log, then pull again.
    Chunk { index: u64 },
    /// Nothing usable is held: fetch this immutable snapshot, then pull again.
    Snapshot { gsn: Gsn, rows: u64 },
}

/// `GET …/sync/scopes/{scope}/snapshots/{gsn}`: every living row of a scope at one gsn. Immutable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    pub epoch: Epoch,
    pub scope: Scope,
    pub gsn: Gsn,
    pub checksum: Checksum,
    pub rows: Vec<WireRow>,
}

/// `GET …/sync/scopes/{scope}/chunks/{index}`: changed rows after `from` up to `to`. Immutable once it is served.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub epoch: Epoch,
    pub scope: Scope,
    pub from: Gsn,
    pub to: Gsn,
    pub rows: Vec<WireRow>,
}

/// One event of `GET …/sync/stream`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Live {
    /// The log is at `gsn`: whoever holds less pulls. Sent at the start, and when a change is too large to travel
    /// inline.
    Moved { epoch: Epoch, gsn: Gsn },
    /// A change of at most 8 KB in all the scopes of this device, complete from `from` to `response.gsn`.
    Change { from: Gsn, response: PullResponse },
    /// A sign of life, every 15 s while there is nothing to tell.
    Beat,
}
