//! The store of a laptop in the hall: one SQLite file. WAL with `synchronous = FULL`, so that a commit that returned
//! survives a power cut; one writing connection, and `BEGIN IMMEDIATE`, because a transaction that begins by reading
//! cannot wait for the lock (SQLITE_BUSY_SNAPSHOT ignores the busy timeout).

#[path = "portable/access.rs"]
#[expect(clippy::duplicate_mod, reason = "the same statements, compiled once for each engine")]
mod access;
mod append;
#[path = "portable/archive.rs"]
#[expect(clippy::duplicate_mod, reason = "the same statements, compiled once for each engine")]
mod archive;
#[path = "portable/columns.rs"]
#[expect(clippy::duplicate_mod, reason = "the same statements, compiled once for each engine")]
mod columns;
#[path = "portable/log.rs"]
#[expect(clippy::duplicate_mod, reason = "the same statements, compiled once for each engine")]
mod log;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{SqlSafeStr, Sqlite, SqlitePool, Transaction};

use crate::store::hints::Hints;
use crate::store::{Result, Store};

/// Longest wait for another process's transaction: an import takes a few seconds on a slow disk.
const BUSY_WAIT: Duration = Duration::from_secs(20);
/// Reads beside the writer; each is a thread.
const READERS: u32 = 4;

type Db = Sqlite;
type DbRow = SqliteRow;
type EngineStore = SqliteStore;

/// A transaction that writes holds the whole file already.
const LOCK_CONGRESS: &str = "SELECT epoch, head FROM congress WHERE id = $1";
/// Every congress, for one that moves away: nothing is left to lock.
const LOCK_ALL: &[&str] = &[];
/// A transaction that reads sees the file as it was at its first statement.
const BEGIN_SNAPSHOT: &str = "BEGIN";

#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it if need be, and brings its tables up to date.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, SqliteSynchronous::Full).await
    }

    async fn open_with(path: impl AsRef<Path>, synchronous: SqliteSynchronous) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            // What a redaction takes out does not lie on in free pages.
            .pragma("secure_delete", "on")
            .busy_timeout(BUSY_WAIT);
        let writer = pool(1).connect_with(options.clone()).await?;
        migrations().run(&writer).await?;
        let readers = pool(READERS).connect_with(options).await?;
        Ok(Self { writer, readers })
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Other processes write seldom (an import, a revocation): they are noticed by the poll.
    fn listen(&self, _congress: &str) -> Hints {
        Hints::silent()
    }

    fn tell(&self, _congress: &str) {}
}

#[async_trait]
impl Store for SqliteStore {
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A file does not hang up: asking a connection before each use whether it lives is a way to its thread for nothing.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false)
}

/// Every migration ever shipped, in order. Append only.
fn migrations() -> Migrator {
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "begin", include_str!("../../migrations/sqlite/0001_begin.sql")),
        migration(2, "reports", include_str!("../../migrations/sqlite/0002_reports.sql")),
        migration(3, "held", include_str!("../../migrations/sqlite/0003_held.sql")),
    ])
}

#[cfg(test)]
mod tests {
    mod power;

    use std::sync::Arc;

    use sqlx::Row;

    use super::*;
    use crate::store::conformance;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite_tells_the_story_of_a_store() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("congress.sqlite");
        conformance::tell(async || Ok(Arc::new(SqliteStore::open(&path).await?) as Arc<dyn Store>)).await.unwrap();
    }

    #[tokio::test]
    async fn a_commit_survives_a_power_cut() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(dir.path().join("congress.sqlite")).await.unwrap();
        for pool in [&store.writer, &store.readers] {
            let pragma = async |name: &'static str| {
                let row = sqlx::query(name).fetch_one(pool).await.unwrap();
                row.try_get::<String, _>(0)
                    .or_else(|_| row.try_get::<i64, _>(0).map(|value| value.to_string()))
                    .unwrap()
            };
            assert_eq!(pragma("PRAGMA journal_mode").await, "wal");
            assert_eq!(pragma("PRAGMA synchronous").await, "2", "FULL");
            assert_eq!(pragma("PRAGMA foreign_keys").await, "1");
        }
    }

    /// The two engines' migrations are the same statements but for the word for bytes.
    #[test]
    fn migrations_come_in_pairs() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let read = |engine: &str| {
            let files = std::fs::read_dir(folder.join(engine)).unwrap();
            let mut all: Vec<_> = files.map(|file| file.unwrap().path()).collect();
            all.sort();
            all.into_iter()
                .map(|path| (path.file_name().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
                .collect::<Vec<_>>()
        };
        let (sqlite, mut postgres) = (read("sqlite"), read("postgres"));
        for (_, text) in &mut postgres {
            *text = text.replace(" BYTEA ", " BLOB ");
        }
        assert_eq!(sqlite, postgres);
        assert_eq!(migrations().iter().count(), sqlite.len());
    }
}
