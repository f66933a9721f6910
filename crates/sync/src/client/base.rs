//! The rows that the server gave, with a cursor a scope. Applying anything twice or out of order changes nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Epoch, Gsn, Scope, Seq};
use crate::row::{Checksum, Key, Row, RowMap};
use crate::wire::WireRow;

/// How far the base reaches; stored in the cache with the rows, in one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CacheState {
    pub epoch: Option<Epoch>,
    /// Whose `last_seq` it is; another client id starts at 0.
    pub client_id: Option<ClientId>,
    /// The highest own seq whose effects the rows contain.
    pub last_seq: Seq,
    pub cursors: BTreeMap<Scope, Gsn>,
}

impl CacheState {
    /// Whether a cache in this state holds all that one in the other state would.
    fn covers(&self, other: &CacheState) -> bool {
        let same_scopes = self.cursors.keys().eq(other.cursors.keys());
        let as_far = || self.cursors.values().zip(other.cursors.values()).all(|(held, wanted)| held >= wanted);
        let same_client = self.client_id == other.client_id && self.last_seq >= other.last_seq;
        self.epoch == other.epoch && same_client && same_scopes && as_far()
    }
}

/// What a write means to the cache as it is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fit {
    Apply,
    /// Another page of this account has written as much or more: nothing to do.
    Held,
    /// Another page has written something else; rows of two pages must not mix under one cursor.
    Conflict,
}

/// One transaction on the cache. It reads the state first and asks [`CacheWrite::fit`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CacheWrite {
    /// The state on top of which the rows make sense.
    pub follows: CacheState,
    /// Everything else leaves first.
    pub replace: bool,
    /// Scopes whose rows leave first.
    pub dropped: Vec<Scope>,
    pub rows: Vec<(Key, Row)>,
    pub state: CacheState,
}

impl CacheWrite {
    /// What is to be done with a cache in the `stored` state. A conflict is told to the machine as
    /// [`Event::CacheFailed`](super::Event::CacheFailed), and its next write replaces everything.
    pub fn fit(&self, stored: &CacheState) -> Fit {
        if self.replace || *stored == self.follows {
            Fit::Apply
        } else if stored.covers(&self.state) {
            Fit::Held
        } else {
            Fit::Conflict
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Base {
    pub state: CacheState,
    pub rows: RowMap,
}

impl Base {
    /// Puts rows of a scope if they follow what is held (`from` is at or before the cursor). Returns what changed, or
    /// `None` if something is missing in between.
    pub fn apply(&mut self, scope: &Scope, from: Gsn, to: Gsn, rows: Vec<WireRow>) -> Option<Vec<(Key, Row)>> {
        let cursor = self.cursor(scope);
        if from > cursor {
            return None;
        }
        self.state.cursors.insert(scope.clone(), cursor.max(to));
        Some(self.put_all(scope, rows))
    }

    /// Puts a whole scope. What is held of it already stays where it is newer.
    pub fn restore(&mut self, scope: &Scope, gsn: Gsn, rows: Vec<WireRow>) -> Vec<(Key, Row)> {
        self.rows.remove_scope(scope);
        self.state.cursors.insert(scope.clone(), gsn);
        self.put_all(scope, rows)
    }

    fn put_all(&mut self, scope: &Scope, rows: Vec<WireRow>) -> Vec<(Key, Row)> {
        let keyed = rows.into_iter().map(|wire| {
            let key = Key { scope: scope.clone(), kind: wire.kind, id: wire.id };
            (key, Row { rev: wire.rev, data: wire.data })
        });
        keyed.filter(|(key, row)| self.rows.put(key, row.clone())).collect()
    }

    /// The newest gsn of which anything is held.
    pub fn head(&self) -> Gsn {
        self.state.cursors.values().max().copied().unwrap_or(0)
    }

    pub fn cursor(&self, scope: &Scope) -> Gsn {
        self.state.cursors.get(scope).copied().unwrap_or(0)
    }

    /// Whether the rows held at exactly `to` are the server's. Any other cursor cannot be compared.
    pub fn agrees(&self, scope: &Scope, to: Gsn, checksum: Checksum) -> bool {
        self.cursor(scope) != to || self.rows.checksum(scope) == checksum
    }

    pub fn drop_scope(&mut self, scope: &Scope) {
        self.rows.remove_scope(scope);
        self.state.cursors.remove(scope);
    }

    /// Removes rows of scopes without a cursor: a second tab left them in the cache after the scope was lost. Returns
    /// whether there were any.
    pub fn drop_strays(&mut self) -> bool {
        let is_stray = |scope: &&Scope| !self.state.cursors.contains_key(*scope);
        let strays: Vec<Scope> = self.rows.scopes().filter(is_stray).cloned().collect();
        strays.iter().for_each(|scope| self.rows.remove_scope(scope));
        !strays.is_empty()
    }

    /// Every row, tombstones included: the content of a cache that is written anew.
    pub fn all_rows(&self) -> Vec<(Key, Row)> {
        let all = self.rows.scopes().flat_map(|scope| {
            self.rows.rows_of(scope).map(|(kind, id, row)| {
                (Key { scope: scope.clone(), kind: kind.to_owned(), id: id.to_owned() }, row.clone())
            })
        });
        all.collect()
    }
}
