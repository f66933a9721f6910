//! Rows, changes and the map that holds them: puts win by revision only, and every scope has a checksum.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::ids::{Gsn, Scope};
use crate::json::Json;

/// A row's place: scope, kind and id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Key {
    pub scope: Scope,
    pub kind: String,
    pub id: String,
}

/// What the rules want to become true: `data` is the whole new row, `None` removes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    pub key: Key,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::json::present")]
    pub data: Option<Json>,
}

impl Change {
    pub fn put<T: Serialize>(scope: Scope, kind: &str, id: impl Into<String>, value: &T) -> Self {
        Self { key: Key { scope, kind: kind.to_owned(), id: id.into() }, data: Some(Json::of(value)) }
    }

    pub fn remove(scope: Scope, kind: &str, id: impl Into<String>) -> Self {
        Self { key: Key { scope, kind: kind.to_owned(), id: id.into() }, data: None }
    }
}

/// A row as held: `data` is `None` for a tombstone, which stays so that an older put cannot bring the row back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub rev: Gsn,
    pub data: Option<Json>,
}

/// Read access to rows, layered or not. What is removed is not seen.
pub trait Rows {
    fn get(&self, scope: &Scope, kind: &str, id: &str) -> Option<&Row>;
    /// Calls `visit` with each living row of a kind, in no promised order.
    fn each<'a>(&'a self, scope: &Scope, kind: &str, visit: &mut dyn FnMut(&'a str, &'a Row));
}

type ById = BTreeMap<String, Row>;

/// Rows of any scopes, with one checksum a scope over the living ones.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct RowMap {
    scopes: BTreeMap<Scope, ScopeRows>,
}

#[derive(Clone, Default, Debug)]
struct ScopeRows {
    kinds: BTreeMap<String, ById>,
    /// Made when it is first asked for, and kept up to date from then on: a device shows its rows before it compares.
    checksum: OnceLock<Checksum>,
    count: usize,
}

impl PartialEq for ScopeRows {
    fn eq(&self, other: &Self) -> bool {
        self.kinds == other.kinds
    }
}

impl Eq for ScopeRows {}

impl ScopeRows {
    fn checksum(&self) -> Checksum {
        *self.checksum.get_or_init(|| {
            let mut sum = Checksum::default();
            for (kind, rows) in &self.kinds {
                for (id, row) in rows {
                    if let Some(data) = &row.data {
                        sum.add(kind, id, row.rev, data);
                    }
                }
            }
            sum
        })
    }

    fn put(&mut self, key: &Key, row: Row) -> bool {
        let held = self.kinds.entry(key.kind.clone()).or_default();
        if held.get(&key.id).is_some_and(|old| old.rev >= row.rev) {
            return false;
        }
        if let Some(data) = &row.data {
            if let Some(sum) = self.checksum.get_mut() {
                sum.add(&key.kind, &key.id, row.rev, data);
            }
            self.count += 1;
        }
        if let Some(Row { rev, data: Some(data) }) = held.insert(key.id.clone(), row) {
            if let Some(sum) = self.checksum.get_mut() {
                sum.remove(&key.kind, &key.id, rev, &data);
            }
            self.count -= 1;
        }
        true
    }
}

impl RowMap {
    /// Applies one row if its revision is higher than what is held. Returns whether anything changed.
    pub fn put(&mut self, key: &Key, row: Row) -> bool {
        self.scopes.entry(key.scope.clone()).or_default().put(key, row)
    }

    /// Rows as a cache keeps them, each scope and kind in one piece and every id once.
    pub fn of_groups(groups: impl IntoIterator<Item = (Scope, String, Vec<(String, Row)>)>) -> Self {
        let mut map = Self::default();
        for (scope, kind, rows) in groups {
            let scope = map.scopes.entry(scope).or_default();
            scope.count += rows.iter().filter(|(_, row)| row.data.is_some()).count();
            scope.kinds.insert(kind, rows.into_iter().collect());
        }
        map
    }

    /// Puts without asking for the revision: for an overlay of predictions only.
    pub fn overlay(&mut self, change: &Change) {
        let scope = self.scopes.entry(change.key.scope.clone()).or_default();
        let kind = scope.kinds.entry(change.key.kind.clone()).or_default();
        kind.insert(change.key.id.clone(), Row { rev: 0, data: change.data.clone() });
    }

    /// What is held of a row, a tombstone included.
    pub fn held(&self, scope: &Scope, kind: &str, id: &str) -> Option<&Row> {
        self.scopes.get(scope)?.kinds.get(kind)?.get(id)
    }

    /// Removes tombstones up to a revision: nobody who could bring an older put is listened to any more.
    pub fn forget_tombstones(&mut self, up_to: Gsn) {
        let kinds = self.scopes.values_mut().flat_map(|scope| scope.kinds.values_mut());
        kinds.for_each(|rows| rows.retain(|_, row| row.data.is_some() || row.rev > up_to));
    }

    pub fn remove_scope(&mut self, scope: &Scope) {
        self.scopes.remove(scope);
    }

    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// Living rows in a scope.
    pub fn count(&self, scope: &Scope) -> usize {
        self.scopes.get(scope).map_or(0, |s| s.count)
    }

    pub fn checksum(&self, scope: &Scope) -> Checksum {
        self.scopes.get(scope).map_or(Checksum::default(), ScopeRows::checksum)
    }

    /// Kinds of rows held in a scope.
    pub fn kinds_of(&self, scope: &Scope) -> impl Iterator<Item = &String> {
        self.scopes.get(scope).into_iter().flat_map(|scope| scope.kinds.keys())
    }

    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.keys()
    }

    /// All rows of a scope, tombstones included, ordered by kind and id.
    pub fn rows_of(&self, scope: &Scope) -> impl Iterator<Item = (&str, &str, &Row)> {
        let kinds = self.scopes.get(scope).map(|s| &s.kinds);
        kinds
            .into_iter()
            .flatten()
            .flat_map(|(kind, rows)| rows.iter().map(|(id, row)| (kind.as_str(), id.as_str(), row)))
    }
}

impl FromIterator<(Key, Row)> for RowMap {
    fn from_iter<I: IntoIterator<Item = (Key, Row)>>(rows: I) -> Self {
        let mut map = Self::default();
        for (key, row) in rows {
            map.put(&key, row);
        }
        map
    }
}

impl Rows for RowMap {
    fn get(&self, scope: &Scope, kind: &str, id: &str) -> Option<&Row> {
        self.held(scope, kind, id).filter(|row| row.data.is_some())
    }

    fn each<'a>(&'a self, scope: &Scope, kind: &str, visit: &mut dyn FnMut(&'a str, &'a Row)) {
        let Some(rows) = self.scopes.get(scope).and_then(|s| s.kinds.get(kind)) else { return };
        for (id, row) in rows.iter().filter(|(_, row)| row.data.is_some()) {
            visit(id, row);
        }
    }
}

/// Rows seen through a thin layer of changes that are not part of them yet.
#[derive(Clone, Copy)]
pub struct Layered<'b> {
    pub below: &'b dyn Rows,
    pub above: &'b RowMap,
}

impl Rows for Layered<'_> {
    fn get(&self, scope: &Scope, kind: &str, id: &str) -> Option<&Row> {
        match self.above.held(scope, kind, id) {
            Some(row) => Some(row).filter(|row| row.data.is_some()),
            None => self.below.get(scope, kind, id),
        }
    }

    fn each<'a>(&'a self, scope: &Scope, kind: &str, visit: &mut dyn FnMut(&'a str, &'a Row)) {
        self.below.each(scope, kind, &mut |id, row| {
            if self.above.held(scope, kind, id).is_none() {
                visit(id, row);
            }
        });
        self.above.each(scope, kind, visit);
    }
}

/// A sum over the living rows of a scope that does not depend on the order in which they came. Hexadecimal in JSON,
/// since JavaScript's numbers end at 53 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Checksum(pub u64);

impl Checksum {
    /// Takes a word and numbers in, whatever came before.
    #[must_use]
    pub(crate) fn with(self, word: &[u8], numbers: [u64; 4]) -> Self {
        let numbers = numbers.map(u64::to_le_bytes);
        Self(hash_of(&[&self.0.to_le_bytes(), word, numbers.as_flattened()]))
    }

    fn add(&mut self, kind: &str, id: &str, rev: Gsn, data: &Json) {
        self.0 = self.0.wrapping_add(row_hash(kind, id, rev, data));
    }

    fn remove(&mut self, kind: &str, id: &str, rev: Gsn, data: &Json) {
        self.0 = self.0.wrapping_sub(row_hash(kind, id, rev, data));
    }
}

/// FNV-1a, 64 bits, over the row's place, revision and bytes, finished by one round of mixing so that sums of rows
/// that differ in one letter do not cancel out.
fn row_hash(kind: &str, id: &str, rev: Gsn, data: &Json) -> u64 {
    let rev = rev.to_le_bytes();
    hash_of(&[kind.as_bytes(), &[0], id.as_bytes(), &[0], &rev, data.as_str().as_bytes()])
}

fn hash_of(parts: &[&[u8]]) -> u64 {
    let hash = parts
        .iter()
        .flat_map(|part| part.iter())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 31)
}

impl Serialize for Checksum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Checksum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}
