//! The store of a machine room: one PostgreSQL database for any number of replicas of the server. A writer holds the
//! row of its congress until it has committed, so that commits follow each other in the order of their gsns, and a
//! reader that sees one entry sees all before it. `notices` carries the word that something moved.

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
mod notices;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions, Connection, PgPool, Postgres, Row, SqlSafeStr, Transaction};

use crate::store::hints::Hints;
use crate::store::{Result, Store, StoreError};
use notices::Notices;

/// Connections of one replica that write; each waits for the row of one congress.
const WRITERS: u32 = 4;
/// Connections that read beside them, one of which listens. PostgreSQL allows 100 in all unless told otherwise.
const READERS: u32 = 6;
/// Longest wait for a connection: a device comes again sooner than it gives up.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// What holds for each connection, whatever the database's own settings are.
const SETTINGS: [(&str, &str); 4] = [
    // A commit that returned is on disk: the device deletes its copy after thirty days.
    ("synchronous_commit", "on"),
    // Longest wait for another writer: an import takes a few seconds.
    ("lock_timeout", "20s"),
    // A replica that vanished without a word gives its lock back.
    ("idle_in_transaction_session_timeout", "15s"),
    ("client_encoding", "UTF8"),
];

type Db = Postgres;
type DbRow = PgRow;
type EngineStore = PostgresStore;

/// Not `FOR UPDATE`, which would make those wait who add an invitation or a device to the congress.
const LOCK_CONGRESS: &str = "SELECT epoch, head FROM congress WHERE id = $1 FOR NO KEY UPDATE";
/// Every congress, for one that moves away: first those who come in, then the writers of the logs.
/// The wait for the other database may be long.
const LOCK_ALL: &[&str] = &[
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "LOCK TABLE enrolments, devices, device_reports IN SHARE MODE",
    "SELECT id FROM congress ORDER BY id FOR UPDATE",
];
const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[derive(Debug)]
pub struct PostgresStore {
    writer: PgPool,
    readers: PgPool,
    notices: Arc<Notices>,
}

impl PostgresStore {
    /// Opens a database that is there, and brings its tables up to date. Several replicas may do so at once.
    pub async fn open(options: PgConnectOptions) -> Result<Self> {
        let options = with_settings(options);
        let pool = |size| PgPoolOptions::new().max_connections(size).acquire_timeout(CONNECT_WAIT);
        let writer = pool(WRITERS).connect_with(options.clone()).await?;
        check_fitness(&writer).await?;
        migrations().run(&writer).await?;
        let readers = pool(READERS).connect_lazy_with(options);
        let notices = Arc::new(Notices::new(readers.clone())?);
        Ok(Self { writer, readers, notices })
    }

    async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.writer.begin().await?)
    }

    fn listen(&self, congress: &str) -> Hints {
        self.notices.listen(congress)
    }

    fn tell(&self, congress: &str) {
        self.notices.tell_others(congress);
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn close(&self) {
        self.notices.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Whether a congress was ever imported into this database.
pub(super) async fn has_tables(options: &PgConnectOptions) -> Result<bool> {
    let mut connection = with_settings(options.clone()).connect().await?;
    let row = sqlx::query("SELECT to_regclass('congress') IS NOT NULL AS found").fetch_one(&mut connection).await?;
    let found = row.try_get("found")?;
    connection.close().await?;
    Ok(found)
}

fn with_settings(options: PgConnectOptions) -> PgConnectOptions {
    let options = options.options(SETTINGS);
    if options.get_application_name().is_some() { options } else { options.application_name("congress-server") }
}

/// A database that cannot hold what people write, or forgets it in a power cut, is said to be so.
async fn check_fitness(pool: &PgPool) -> Result<()> {
    let row = sqlx::query("SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync")
        .fetch_one(pool)
        .await?;
    let encoding: String = row.try_get("encoding")?;
    if encoding != "UTF8" {
        let advice = "make one with ENCODING 'UTF8' TEMPLATE template0";
        return Err(StoreError::Unfit(format!("the database is in {encoding} and cannot hold Vietnamese: {advice}")));
    }
    if row.try_get::<String, _>("fsync")? != "on" {
        tracing::warn!("PostgreSQL runs with fsync = off: a power cut loses what devices believe to be safe");
    }
    Ok(())
}

/// Every migration ever shipped, in order. Append only.
fn migrations() -> Migrator {
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "begin", include_str!("../../migrations/postgres/0001_begin.sql")),
        migration(2, "reports", include_str!("../../migrations/postgres/0002_reports.sql")),
        migration(3, "held", include_str!("../../migrations/postgres/0003_held.sql")),
    ])
}

#[cfg(test)]
#[path = "../../tests/support/postgres.rs"]
mod cluster;

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::store::LogStore;
    use crate::store::conformance::{self, CONGRESS};

    async fn open(url: &str) -> PostgresStore {
        PostgresStore::open(url.parse().unwrap()).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgres_tells_the_story_of_a_store() {
        let url = cluster::new_database();
        conformance::tell(async || Ok(Arc::new(PostgresStore::open(url.parse()?).await?) as Arc<dyn Store>))
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_commit_is_on_disk_and_a_lost_writer_gives_its_lock_back() {
        let options: PgConnectOptions = cluster::new_database().parse().unwrap();
        assert!(!has_tables(&options).await.unwrap());
        // Whatever the operator's own settings are.
        let store = PostgresStore::open(options.clone().options([("synchronous_commit", "off")])).await.unwrap();
        for pool in [&store.writer, &store.readers] {
            for (name, value) in SETTINGS {
                let row = sqlx::query("SELECT current_setting($1)").bind(name).fetch_one(pool).await.unwrap();
                assert_eq!(row.get::<String, _>(0), value);
            }
        }
        assert!(has_tables(&options).await.unwrap());
    }

    #[tokio::test]
    async fn replicas_hear_of_each_other_and_not_of_themselves() {
        let url = cluster::new_database();
        let (store, other) = (open(&url).await, open(&url).await);
        let (mut ours, mut theirs) = (store.listen("a"), other.listen("a"));
        // Both hear once that they may have missed something, when they begin to listen.
        ours.next().await;
        theirs.next().await;
        store.tell("b");
        store.tell("a");
        timeout(Duration::from_secs(10), theirs.next()).await.unwrap();
        assert!(timeout(Duration::from_millis(200), ours.next()).await.is_err());
        store.close().await;
        other.close().await;
    }
    /// The known wrong way: a sequence gives numbers in the order in which transactions ask, and shows them in the order
    /// in which they commit. Whoever follows must notice, or the story above proves nothing.
    #[tokio::test]
    async fn numbers_from_a_sequence_would_be_skipped() {
        let store = open(&cluster::new_database()).await;
        store.create_congress(&conformance::record(CONGRESS, 1)).await.unwrap();
        sqlx::query("CREATE SEQUENCE gsn").execute(&store.writer).await.unwrap();
        let (mut slow, mut fast) = (store.begin().await.unwrap(), store.begin().await.unwrap());
        for tx in [&mut slow, &mut fast] {
            let row = sqlx::query("SELECT nextval('gsn') AS gsn").fetch_one(&mut **tx).await.unwrap();
            let gsn = columns::count(&row, "gsn").unwrap();
            append::append_entries(tx, CONGRESS, &[conformance::entry(gsn, None)]).await.unwrap();
        }
        fast.commit().await.unwrap();
        assert_eq!(conformance::follow(&store, 0, 2).await.unwrap(), Some(1));
        slow.commit().await.unwrap();
    }

    /// PostgreSQL is started anew under a running server: what was under way fails, what comes next does not.
    #[tokio::test]
    async fn lost_connections_come_back_and_everything_may_have_moved() {
        let url = cluster::new_database();
        let name = format!("victim-{}", std::process::id());
        let (store, other) = (open(&format!("{url}&application_name={name}")).await, open(&url).await);
        let record = conformance::record("a", 1);
        store.create_congress(&record).await.unwrap();
        let mut hints = store.listen("a");
        hints.next().await;
        let locked = store.lock("a").await.unwrap();
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1")
            .bind(name)
            .execute(&other.writer)
            .await
            .unwrap();
        assert!(locked.commit().await.is_err());
        timeout(Duration::from_secs(10), hints.next()).await.unwrap();
        assert_eq!(store.lock("a").await.unwrap().head(), 0);
        other.tell("a");
        timeout(Duration::from_secs(10), hints.next()).await.unwrap();
    }
}
