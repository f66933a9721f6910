//! The store of a laptop in the hall: one SQLite file. WAL with `synchronous = FULL`, so that a commit that returned
//! survives a power cut; one writing connection, and `BEGIN IMMEDIATE`, because a transaction that begins by reading
//! cannot wait for the lock (SQLITE_BUSY_SNAPSHOT ignores the busy timeout).

mod access;
mod log;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Row, SqlSafeStr, Sqlite, SqlitePool, Transaction};
use sync::ids::{Epoch, PersonId, Timestamp};

use crate::store::{Result, Store, StoreError};

/// Longest wait for another process's transaction: an import takes a few seconds on a slow disk.
const BUSY_WAIT: Duration = Duration::from_secs(20);
/// Reads beside the writer; each is a thread.
const READERS: u32 = 4;

#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it if need be, and brings its tables up to date.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_WAIT);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrations().run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await?;
        Ok(Self { writer, readers })
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Every migration ever shipped, in order. Append only.
fn migrations() -> Migrator {
    let begin = include_str!("../../migrations/sqlite/0001_begin.sql");
    Migrator::with_migrations(vec![Migration::new(
        1,
        "begin".into(),
        MigrationType::Simple,
        begin.into_sql_str(),
        false,
    )])
}

fn person(row: &SqliteRow, column: &str) -> Result<PersonId> {
    Ok(PersonId(row.try_get(column)?))
}

fn time(row: &SqliteRow, column: &str) -> Result<Timestamp> {
    Ok(Timestamp(row.try_get(column)?))
}

fn epoch(row: &SqliteRow) -> Result<Epoch> {
    let text: String = row.try_get("epoch")?;
    let id = uuid::Uuid::from_str(&text)
        .map_err(|error| StoreError::Unreadable { what: "an epoch".to_owned(), why: error.to_string() })?;
    Ok(Epoch(id))
}

/// A number that never is negative.
fn count(row: &SqliteRow, column: &str) -> Result<u64> {
    let value: i64 = row.try_get(column)?;
    Ok(u64::try_from(value).unwrap_or(0))
}

/// A count as the database takes it; ours never reach the bound.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
