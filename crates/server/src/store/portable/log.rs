//! The log in a database. The statements are the same on every engine, only their driver is not: this file is compiled
//! once for each engine, as a module of its store. The store gives it the driver's types (`Db`, `DbRow`), itself
//! (`EngineStore`), and what engines do differently: how a transaction begins, how the row of a congress is locked
//! (`LOCK_CONGRESS`), how entries are written fastest (`append`), and whether others are told (`tell`).

use async_trait::async_trait;
use sqlx::{Executor, Row, Transaction};
use sync::ids::{Epoch, Gsn};
use sync::server::LogEntry;

use super::columns::{count, epoch, number, time};
use super::{Db, DbRow, EngineStore, LOCK_CONGRESS, append};
use crate::store::hints::Hints;
use crate::store::{CongressRecord, LockedLog, LogStore, Pulse, Result, StoreError, StoredBlob};

const CONGRESS: &str = "SELECT id, epoch, head, badge_secret, created_at FROM congress ORDER BY id";
const ENTRIES: &str = "SELECT gsn, entry FROM log WHERE congress = $1 AND gsn > $2 ORDER BY gsn LIMIT $3";

#[async_trait]
impl LogStore for EngineStore {
    async fn congresses(&self) -> Result<Vec<CongressRecord>> {
        sqlx::query(CONGRESS).fetch_all(&self.readers).await?.iter().map(congress).collect()
    }

    async fn create_congress(&self, record: &CongressRecord) -> Result<CongressRecord> {
        sqlx::query(
            "INSERT INTO congress (id, epoch, head, access_rev, badge_secret, created_at) \
             VALUES ($1, $2, 0, 0, $3, $4) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&record.id)
        .bind(record.epoch.to_string())
        .bind(record.badge_secret.as_slice())
        .bind(record.created_at.0)
        .execute(&self.writer)
        .await?;
        let all = self.congresses().await?;
        let held = all.into_iter().find(|held| held.id == record.id);
        held.ok_or_else(|| StoreError::NoCongress(record.id.clone()))
    }

    async fn renew_epoch(&self, congress: &str, epoch: Epoch) -> Result<()> {
        let done = sqlx::query("UPDATE congress SET epoch = $2 WHERE id = $1")
            .bind(congress)
            .bind(epoch.to_string())
            .execute(&self.writer)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NoCongress(congress.to_owned()));
        }
        self.tell(congress);
        Ok(())
    }

    async fn pulse(&self, congress: &str) -> Result<Pulse> {
        let row = sqlx::query("SELECT epoch, head, access_rev FROM congress WHERE id = $1")
            .bind(congress)
            .fetch_optional(&self.readers)
            .await?
            .ok_or_else(|| StoreError::NoCongress(congress.to_owned()))?;
        Ok(Pulse { epoch: epoch(&row)?, head: count(&row, "head")?, access_rev: count(&row, "access_rev")? })
    }

    async fn entries_after(&self, congress: &str, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        entries_after(&self.readers, congress, after, max).await
    }

    async fn lock<'s>(&'s self, congress: &str) -> Result<Box<dyn LockedLog + 's>> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(LOCK_CONGRESS)
            .bind(congress)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| StoreError::NoCongress(congress.to_owned()))?;
        let (epoch, head) = (epoch(&row)?, count(&row, "head")?);
        Ok(Box::new(Locked { store: self, congress: congress.to_owned(), epoch, head, tx }))
    }

    fn hints(&self, congress: &str) -> Hints {
        self.listen(congress)
    }

    async fn blob(&self, congress: &str, sha256: &str) -> Result<Option<StoredBlob>> {
        let row = sqlx::query("SELECT sha256, media_type, bytes FROM blobs WHERE congress = $1 AND sha256 = $2")
            .bind(congress)
            .bind(sha256)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| {
            Ok(StoredBlob {
                sha256: row.try_get("sha256")?,
                media_type: row.try_get("media_type")?,
                bytes: row.try_get("bytes")?,
            })
        })
        .transpose()
    }
}

struct Locked<'s> {
    store: &'s EngineStore,
    congress: String,
    epoch: Epoch,
    head: Gsn,
    tx: Transaction<'static, Db>,
}

#[async_trait]
impl LockedLog for Locked<'_> {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn head(&self) -> Gsn {
        self.head
    }

    async fn entries_after(&mut self, after: Gsn, max: u32) -> Result<Vec<LogEntry>> {
        entries_after(&mut *self.tx, &self.congress, after, max).await
    }

    async fn append(&mut self, entries: &[LogEntry]) -> Result<()> {
        let Some(last) = entries.last() else { return Ok(()) };
        append::append_entries(&mut self.tx, &self.congress, entries).await?;
        sqlx::query("UPDATE congress SET head = $2 WHERE id = $1")
            .bind(&self.congress)
            .bind(number(last.gsn))
            .execute(&mut *self.tx)
            .await?;
        self.head = last.gsn;
        Ok(())
    }

    async fn rewrite(&mut self, entries: &[LogEntry]) -> Result<()> {
        for entry in entries {
            sqlx::query("UPDATE log SET entry = $3 WHERE congress = $1 AND gsn = $2")
                .bind(&self.congress)
                .bind(number(entry.gsn))
                .bind(text_of(entry)?)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    async fn put_blobs(&mut self, blobs: &[StoredBlob]) -> Result<()> {
        for blob in blobs {
            sqlx::query(
                "INSERT INTO blobs (congress, sha256, media_type, bytes) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (congress, sha256) DO NOTHING",
            )
            .bind(&self.congress)
            .bind(&blob.sha256)
            .bind(&blob.media_type)
            .bind(blob.bytes.as_slice())
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.tx.commit().await?;
        self.store.tell(&self.congress);
        Ok(())
    }
}

async fn entries_after<'e>(
    executor: impl Executor<'e, Database = Db>,
    congress: &str,
    after: Gsn,
    max: u32,
) -> Result<Vec<LogEntry>> {
    let rows = sqlx::query(ENTRIES).bind(congress).bind(number(after)).bind(i64::from(max)).fetch_all(executor).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &DbRow) -> Result<LogEntry> {
    let gsn = count(row, "gsn")?;
    let text: &str = row.try_get("entry")?;
    serde_json::from_str(text).map_err(|error| unreadable(gsn, &error))
}

/// An entry as it is stored.
pub(super) fn text_of(entry: &LogEntry) -> Result<String> {
    serde_json::to_string(entry).map_err(|error| unreadable(entry.gsn, &error))
}

/// The kind as it is looked up. PostgreSQL's text holds no zero byte; one command with such a kind must not keep all
/// others from being stored.
pub(super) fn kind_of(entry: &LogEntry) -> String {
    entry.command.kind.replace('\0', "\u{fffd}")
}

fn unreadable(gsn: Gsn, error: &serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: format!("the log entry {gsn}"), why: error.to_string() }
}

fn congress(row: &DbRow) -> Result<CongressRecord> {
    let secret: Vec<u8> = row.try_get("badge_secret")?;
    let badge_secret = secret.try_into().map_err(|_| StoreError::Unreadable {
        what: "a badge key".to_owned(),
        why: "it does not have 32 bytes".to_owned(),
    })?;
    Ok(CongressRecord {
        id: row.try_get("id")?,
        epoch: epoch(row)?,
        head: count(row, "head")?,
        badge_secret,
        created_at: time(row, "created_at")?,
    })
}
