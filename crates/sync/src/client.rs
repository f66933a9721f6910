//! The client machine: one account's outbox, base rows and overlay, driven by events, answering with effects.
//! It never waits: the driver stores, sends and sleeps, and tells what came of it.

mod base;
mod lane;
mod ledger;
mod outbox;
mod step;

use std::collections::BTreeSet;

pub use base::{Base, CacheState, CacheWrite, Fit};
pub use ledger::{Entry, Ledger, Writing};
pub use step::{Client, StreamEvent};

use crate::ids::{ClientId, CommandId, Epoch, Gsn, Scope, Timestamp};
use crate::json::Json;
use crate::wire::{Chunk, PullRequest, PullResponse, PushRequest, PushResponse, Receipt, Snapshot};

/// What happened in the world around the machine.
#[derive(Clone, Debug)]
pub enum Event {
    /// A person did something. Answered with [`Effect::Append`]; it counts only after [`Event::Appended`].
    Write(Writing),
    /// The ledger holds the command now, strictly.
    Appended(Entry),
    /// The ledger as it stands, after [`Effect::Reload`] or [`Effect::Renumber`], or because another tab wrote.
    Reloaded(Ledger),
    /// A command that makes sense only now. Never stored: answered with [`Effect::CallDone`].
    CallNow {
        ticket: u64,
        writing: Writing,
    },
    Answered {
        call: CallId,
        answer: Result<Answer, Failure>,
    },
    Stream(StreamEvent),
    /// The cache did not take a write, or another page wrote something else: the next one replaces all of it.
    CacheFailed,
    /// A person asks, the network came back, or the app was shown again: everything is tried at once.
    Nudge,
    /// The app is hidden or leaves: the stream is given up.
    Hide,
    /// The time of [`Client::wake_at`] has come.
    Wake,
}

/// What the driver has to do. Ledger effects are done in the order given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Store the command with the next seq in one strict transaction, then [`Event::Appended`].
    Append(Writing),
    /// Write down what the server said.
    Settle {
        epoch: Epoch,
        receipts: Vec<Receipt>,
    },
    /// The server has lost these (it was restored): count them as not acknowledged again.
    Reopen {
        epoch: Epoch,
        commands: Vec<CommandId>,
    },
    /// Give the ledger this client id and number what is not acknowledged from 1, then [`Event::Reloaded`].
    Renumber(ClientId),
    /// Read the ledger again, then [`Event::Reloaded`].
    Reload,
    SaveCache(CacheWrite),
    Send {
        call: CallId,
        request: Request,
    },
    OpenStream,
    CloseStream,
    CallDone {
        ticket: u64,
        result: Result<Receipt, Failure>,
    },
    /// What screens show may have changed in rows of these kinds; empty when only the outbox or the standing did.
    Changed(BTreeSet<String>),
}

/// Names one request; an answer to any other than the one in flight is dropped.
pub type CallId = u64;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    Push(PushRequest),
    Pull(PullRequest),
    /// The epoch is part of the address: a cache on the way must not answer with a part of an earlier log.
    Snapshot {
        epoch: Epoch,
        scope: Scope,
        gsn: Gsn,
    },
    Chunk {
        epoch: Epoch,
        scope: Scope,
        index: u64,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    Push(PushResponse),
    Pull(PullResponse),
    Snapshot(Snapshot),
    Chunk(Chunk),
}

/// Why there is no answer. Only the server's own words count as more than "not acknowledged".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// No connection, cut, timed out, or something that is not our server answered.
    Unreachable,
    /// The server answered that it cannot now; `retry_ms` is its advice.
    Busy { retry_ms: u64 },
    /// What was asked for is not there (a snapshot that is no longer offered).
    Missing,
    /// This device's enrolment was revoked.
    Revoked,
    /// The ledger belongs to another person than the one whom the device is enrolled for now.
    Foreign,
    /// The request was too large.
    TooLarge,
    /// This build is too old to pull; push still works.
    UpdateNeeded,
}

/// Where this device stands with the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    #[default]
    Enrolled,
    Revoked,
    UpdateNeeded,
}

/// What the sync badge shows; claims no more than is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Status {
    pub standing: Standing,
    /// Saved on this device and not acknowledged.
    pub waiting: usize,
    /// When the oldest of them was written.
    pub waiting_since: Option<Timestamp>,
    /// A push is on its way.
    pub sending: bool,
    /// The last request succeeded.
    pub reachable: bool,
    /// When a request last succeeded.
    pub contact_at: Option<Timestamp>,
    /// The base is as new as the server said it is.
    pub current: bool,
    /// A request found no server since one last succeeded. Neither this nor reachable: nothing is known yet.
    pub lost: bool,
    /// When the next try is due, while contact is lost and no request is on its way.
    pub retry_at: Option<Timestamp>,
    /// Scopes whose checksum did not agree and that were fetched anew.
    pub mismatches: u32,
}

/// A command as the person's action gives it, before the ledger numbers it.
pub fn writing(command_id: CommandId, kind: &str, v: u32, created_at: Timestamp, payload: Json) -> Writing {
    Writing { command_id, kind: kind.to_owned(), v, created_at, payload }
}
