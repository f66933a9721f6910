//! The cache in IndexedDB: rows, cursors and document texts that the server gave. Relaxed and disposable; a new schema
//! is a new database, so that an upgrade never waits for another tab.

use sync::client::{Base, CacheState, CacheWrite, Fit};
use sync::ids::Scope;
use sync::json::Json;
use sync::row::{Key, Row};
use wasm_bindgen::JsValue;

use crate::account::Account;
use crate::platform::indexed_db::{self, Database, Durability, Transaction};
use crate::ports::{CacheStore, StoreError};

/// Changes whenever what is stored here changes its shape.
const SCHEMA: &str = "1";
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
    pub fn new(account: &Account) -> Self {
        let name = format!("cache-{}-{SCHEMA}", account.key());
        Self { database: Database::new(name, &[ROWS, STATE, TEXTS], Durability::Relaxed) }
    }

    /// The text of a document by its hash.
    pub async fn text(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        self.database.read(async |tx: Transaction| tx.get(TEXTS, sha256).await).await
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
        let _ = indexed_db::delete_database(&format!("cache-{}-0", account.key())).await;
    }
}

fn row_key(key: &Key) -> String {
    format!("{}{SEPARATOR}{}{SEPARATOR}{}", key.scope, key.kind, key.id)
}

fn parse_key(text: &str) -> Option<Key> {
    let mut parts = text.splitn(3, SEPARATOR);
    let (scope, kind, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Key { scope: Scope::new(scope), kind: kind.to_owned(), id: id.to_owned() })
}

/// `rev`, a line break, and the JSON of the row, or nothing for a tombstone.
fn row_value(row: &Row) -> String {
    format!("{}\n{}", row.rev, row.data.as_ref().map_or("", Json::as_str))
}

fn parse_value(text: &str) -> Option<Row> {
    let (rev, data) = text.split_once('\n')?;
    let data = if data.is_empty() { None } else { Some(Json::parse(data).ok()?) };
    Some(Row { rev: rev.parse().ok()?, data })
}

impl CacheStore for AccountCache {
    async fn load(&self) -> Result<Base, StoreError> {
        let (keys, values, state) = self
            .database
            .read(async |tx: Transaction| {
                let state = tx.get(STATE, STATE).await?;
                Ok((tx.keys(ROWS, "").await?, tx.all(ROWS, "").await?, state))
            })
            .await?;
        let mut base = Base::default();
        let Some(state) = state.and_then(|text| serde_json::from_str(&text).ok()) else { return Ok(base) };
        base.state = state;
        for (key, value) in keys.iter().zip(&values) {
            match (parse_key(key), parse_value(value)) {
                (Some(key), Some(row)) => {
                    base.rows.put(&key, row);
                }
                // A cache that cannot be read in full is no cache: everything is fetched anew.
                _ => return Ok(Base::default()),
            }
        }
        Ok(base)
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
                    tx.put(ROWS, &row_key(key), &row_value(row))?;
                }
                tx.put(STATE, STATE, &state)?;
                Ok(fit)
            })
            .await?;
        if fit == Fit::Conflict { Err(StoreError::Broken) } else { Ok(()) }
    }
}
