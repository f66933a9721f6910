//! The log in SQLite. The statements are portable; only their driver is not.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, SqliteExecutor, Transaction};
use sync::ids::{Epoch, Gsn};
use sync::server::LogEntry;

use super::{SqliteStore, count, epoch, number, time};
use crate::store::{CongressRecord, LockedLog, LogStore, Pulse, Result, StoreError, StoredBlob};

const CONGRESS: &str = "SELECT id, epoch, head, badge_secret, created_at FROM congress ORDER BY id";
const ENTRIES: &str = "SELECT gsn, entry FROM log WHERE congress = $1 AND gsn > $2 ORDER BY gsn LIMIT $3";

#[async_trait]
impl LogStore for SqliteStore {
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
        if done.rows_affected() == 0 { Err(StoreError::NoCongress(congress.to_owned())) } else { Ok(()) }
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
        // The first statement writes the row, so that every engine gives it to one writer at a time.
        let row = sqlx::query("UPDATE congress SET head = head WHERE id = $1 RETURNING epoch, head")
            .bind(congress)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| StoreError::NoCongress(congress.to_owned()))?;
        Ok(Box::new(Locked { congress: congress.to_owned(), epoch: epoch(&row)?, head: count(&row, "head")?, tx }))
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

struct Locked {
    congress: String,
    epoch: Epoch,
    head: Gsn,
    tx: Transaction<'static, Sqlite>,
}

#[async_trait]
impl LockedLog for Locked {
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
        for entry in entries {
            self.append_entry(entry).await?;
        }
        if let Some(last) = entries.last() {
            sqlx::query("UPDATE congress SET head = $2 WHERE id = $1")
                .bind(&self.congress)
                .bind(number(last.gsn))
                .execute(&mut *self.tx)
                .await?;
            self.head = last.gsn;
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
        Ok(self.tx.commit().await?)
    }
}

impl Locked {
    async fn append_entry(&mut self, entry: &LogEntry) -> Result<()> {
        let text = serde_json::to_string(entry).map_err(|error| unreadable(entry.gsn, &error))?;
        sqlx::query(
            "INSERT INTO log (congress, gsn, at, person, client, seq, command_id, kind, is_repeat, entry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.congress)
        .bind(number(entry.gsn))
        .bind(entry.receipt.at.0)
        .bind(entry.person.as_ref().map(|person| person.as_str()))
        .bind(entry.client.map(|client| client.to_string()))
        .bind(number(entry.command.seq))
        .bind(entry.command.command_id.to_string())
        .bind(&entry.command.kind)
        .bind(i64::from(entry.repeat))
        .bind(text)
        .execute(&mut *self.tx)
        .await?;
        if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
            sqlx::query(
                "INSERT INTO clients (congress, client, person, last_seq) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (congress, client) DO UPDATE SET last_seq = excluded.last_seq",
            )
            .bind(&self.congress)
            .bind(client.to_string())
            .bind(person.as_str())
            .bind(number(seq))
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }
}

async fn entries_after<'e>(
    executor: impl SqliteExecutor<'e>,
    congress: &str,
    after: Gsn,
    max: u32,
) -> Result<Vec<LogEntry>> {
    let rows = sqlx::query(ENTRIES).bind(congress).bind(number(after)).bind(i64::from(max)).fetch_all(executor).await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &SqliteRow) -> Result<LogEntry> {
    let gsn = count(row, "gsn")?;
    let text: &str = row.try_get("entry")?;
    serde_json::from_str(text).map_err(|error| unreadable(gsn, &error))
}

fn unreadable(gsn: Gsn, error: &serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: format!("the log entry {gsn}"), why: error.to_string() }
}

fn congress(row: &SqliteRow) -> Result<CongressRecord> {
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
