//! What the machines need to know of the field they serve: how a command is decided, predicted, and who receives what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, Scope, Timestamp};
use crate::json::Json;
use crate::row::{Change, Rows};
use crate::wire::Command;

/// Who acts, as the server knows it (from the device token) or the device believes it (from its enrolment).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Actor {
    pub person: PersonId,
}

/// Why a command was not taken. `code` is looked up in the app's texts; `detail` is data for that text, never prose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    pub code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Refusal {
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), detail: String::new() }
    }

    pub fn with(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into() }
    }
}

/// The server's decision on one command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    Accepted(Vec<Change>),
    /// Taken, but after the door was closed: it goes to people who decide.
    Late(Vec<Change>),
    /// Taken, and nothing stays of what these rows held before: not in the log, not in what devices can fetch.
    Redacted(Vec<Change>),
    /// Not taken; the text stays with its author. The changes tell those concerned, and may be empty.
    Rejected(Refusal),
    /// Not understood by this build: stored, and decided by a newer one.
    Parked,
}

/// The field's rules. Pure: the same rows, actor, command and time always give the same answer.
pub trait Rules {
    /// Decides a command on the server.
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict;
    /// Foretells on the device what the server will most likely make of a command, in the scopes the device holds.
    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change>;
    /// The scopes whose rows a person receives.
    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope>;
    /// What may be kept of a command's payload where its content was redacted. `None`: all of it.
    fn redacted(&self, rows: &dyn Rows, command: &Command) -> Option<Json> {
        let _ = (rows, command);
        None
    }
}

impl Rules for Box<dyn Rules> {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        (**self).decide(rows, actor, command, now)
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        (**self).predict(rows, actor, command)
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        (**self).scopes(rows, person)
    }

    fn redacted(&self, rows: &dyn Rows, command: &Command) -> Option<Json> {
        (**self).redacted(rows, command)
    }
}
