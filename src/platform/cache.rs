//! The cache in IndexedDB: rows, cursors and document texts that the server gave. Relaxed and disposable; a new schema
//! is a new database, so that an upgrade never waits for another tab.

use sync::client::{Base, CacheState, CacheWrite, Fit};
use sync::ids::Scope;
use sync::json::Json;
use sync::row::{Key, Row, RowMap};
use wasm_bindgen::JsValue;

use crate::account::Account;
use crate::platform::indexed_db::{self, Database, Durability, Transaction};
use crate::ports::{CacheStore, StoreError};

/// Changes whenever what is stored here changes its shape.
const SCHEMA: &str = "2";
/// The one before, which leaves when the app has opened.
const SCHEMA_BEFORE: &str = "1";
const ROWS: &str = "rows";
const STATE: &str = "state";
const TEXTS: &str = "texts";
/// Between the parts of a row's key; no id holds it.
const SEPARATOR: char = '\u{1}';

#[derive(Debug)]
pub struct AccountCache {
    database: Database,
}

impl AccountCache {
    /// The database of an account.
    pub fn name(account: &Account) -> String {
        format!("cache-{}-{SCHEMA}", account.key())
    }

    pub fn new(account: &Account) -> Self {
        Self { database: Database::new(Self::name(account), &[ROWS, STATE, TEXTS], Durability::Relaxed) }
    }

    /// The text of a document by its hash.
    pub async fn text(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        self.database.read(async |tx: Transaction| tx.get(TEXTS, sha256).await).await
    }

    /// The texts of several documents, in the order of their hashes.
    pub async fn texts_of(&self, hashes: &[&str]) -> Result<Vec<Option<String>>, StoreError> {
        self.database
            .read(async |tx: Transaction| {
                let coming: Vec<_> = hashes.iter().map(|sha256| tx.get(TEXTS, sha256)).collect();
                let mut texts = Vec::with_capacity(coming.len());
                for text in coming {
                    texts.push(text.await?);
                }
                Ok(texts)
            })
            .await
    }

    pub async fn put_text(&self, sha256: &str, text: &str) -> Result<(), StoreError> {
        self.database.write(async |tx: Transaction| tx.put(TEXTS, sha256, text)).await
    }

    /// Hashes of the texts that are held.
    pub async fn texts(&self) -> Result<Vec<String>, StoreError> {
        self.database.read(async |tx: Transaction| tx.keys(TEXTS, "").await).await
    }

    /// Drops texts that no document names any more.
    pub async fn drop_texts(&self, hashes: &[String]) -> Result<(), StoreError> {
        self.database.write(async |tx: Transaction| hashes.iter().try_for_each(|sha256| tx.delete(TEXTS, sha256))).await
    }

    /// A note on how a document was read here.
    pub async fn reading_note(&self, document: &str) -> Result<Option<String>, StoreError> {
        self.database.read(async |tx: Transaction| tx.get(STATE, &reading_key(document)).await).await
    }

    pub async fn put_reading_note(&self, document: &str, note: &str) -> Result<(), StoreError> {
        self.database.write(async |tx: Transaction| tx.put(STATE, &reading_key(document), note)).await
    }

    /// Removes all of it: the device was revoked, or its owner leaves.
    pub async fn wipe(&self) -> Result<(), StoreError> {
        self.database
            .write(async |tx: Transaction| {
                [ROWS, STATE, TEXTS].iter().try_for_each(|store| tx.delete_prefix(store, ""))
            })
            .await
    }

    /// Removes the database of an older schema, if there is one. Nobody waits for it.
    pub async fn remove_older(account: &Account) {
        let _ = indexed_db::delete_database(&format!("cache-{}-{SCHEMA_BEFORE}", account.key())).await;
    }
}

fn reading_key(document: &str) -> String {
    format!("reading{SEPARATOR}{document}")
}

fn row_key(key: &Key) -> String {
    format!("{}{SEPARATOR}{}{SEPARATOR}{}", key.scope, key.kind, key.id)
}

/// A line each: its key, its revision, and the JSON of the row, or nothing for a tombstone.
fn row_value(key: &str, row: &Row) -> String {
    format!("{key}\n{}\n{}", row.rev, row.data.as_ref().map_or("", Json::as_str))
}

/// Its place up to the id, the id, and the row.
fn parse_value(text: &str) -> Option<(&str, &str, Row)> {
    let (key, rest) = text.split_once('\n')?;
    let (place, id) = key.split_at_checked(key.match_indices(SEPARATOR).nth(1)?.0)?;
    let (rev, data) = rest.split_once('\n')?;
    let data = if data.is_empty() { None } else { Some(Json::kept(data)) };
    Some((place, &id[SEPARATOR.len_utf8()..], Row { rev: rev.parse().ok()?, data }))
}

/// All rows, which come in the order of their keys: each scope and kind is spelled out once. Nothing if one of them
/// cannot be read.
fn parse_rows<'t>(texts: impl Iterator<Item = &'t str>) -> Option<RowMap> {
    let mut groups: Vec<(&str, Vec<(String, Row)>)> = Vec::new();
    for text in texts {
        let (place, id, row) = parse_value(text)?;
        match groups.last_mut() {
            Some((of, rows)) if *of == place => rows.push((id.to_owned(), row)),
            _ => groups.push((place, vec![(id.to_owned(), row)])),
        }
    }
    let spelled = |(place, rows): (&str, _)| {
        let (scope, kind) = place.split_once(SEPARATOR)?;
        Some((Scope::new(scope), kind.to_owned(), rows))
    };
    Some(RowMap::of_groups(groups.into_iter().map(spelled).collect::<Option<Vec<_>>>()?))
}

impl CacheStore for AccountCache {
    async fn load(&self) -> Result<Base, StoreError> {
        let (state, rows) = self
            .database
            .read(async |tx: Transaction| {
                let (state, rows) = (tx.get(STATE, STATE), tx.all_joined(ROWS, ""));
                Ok((state.await?, rows.await?))
            })
            .await?;
        let state = state.and_then(|text| serde_json::from_str(&text).ok());
        let rows = match rows.parts() {
            Some(rows) => parse_rows(rows),
            None => {
                let rows = self.database.read(async |tx: Transaction| tx.all(ROWS, "").await).await?;
                parse_rows(rows.iter().map(String::as_str))
            }
        };
        // A cache that cannot be read in full is no cache: everything is fetched anew.
        Ok(state.zip(rows).map(|(state, rows)| Base { state, rows }).unwrap_or_default())
    }

    async fn save(&self, write: CacheWrite) -> Result<(), StoreError> {
        let state = serde_json::to_string(&write.state).map_err(|_| StoreError::Broken)?;
        let fit = self
            .database
            .write(async |tx: Transaction| -> Result<Fit, JsValue> {
                let stored = tx.get(STATE, STATE).await?;
                let stored: Option<CacheState> = stored.and_then(|text| serde_json::from_str(&text).ok());
                let fit = write.fit(&stored.unwrap_or_default());
                if fit != Fit::Apply {
                    return Ok(fit);
                }
                if write.replace {
                    tx.delete_prefix(ROWS, "")?;
                }
                for scope in &write.dropped {
                    tx.delete_prefix(ROWS, &format!("{scope}{SEPARATOR}"))?;
                }
                for (key, row) in &write.rows {
                    let key = row_key(key);
                    tx.put(ROWS, &key, &row_value(&key, row))?;
                }
                tx.put(STATE, STATE, &state)?;
                Ok(fit)
            })
            .await?;
        if fit == Fit::Conflict { Err(StoreError::Broken) } else { Ok(()) }
    }
}
