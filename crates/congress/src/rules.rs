//! The rules of a congress as the sync machines need them.

use std::collections::BTreeSet;

use sync::ids::{PersonId, Scope, Timestamp};
use sync::row::{Change, Rows};
use sync::rules::{Actor, Rules, Verdict};
use sync::wire::Command;

/// The rules of congresses of the Party since 2025 (`vn-2025`).
#[derive(Clone, Copy, Debug, Default)]
pub struct CongressRules;

impl Rules for CongressRules {
    fn decide(&self, _rows: &dyn Rows, _actor: &Actor, _command: &Command, _now: Timestamp) -> Verdict {
        Verdict::Parked
    }
    fn predict(&self, _rows: &dyn Rows, _actor: &Actor, _command: &Command) -> Vec<Change> {
        Vec::new()
    }
    fn scopes(&self, _rows: &dyn Rows, _person: &PersonId) -> BTreeSet<Scope> {
        BTreeSet::new()
    }
}
