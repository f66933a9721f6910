//! Entries into SQLite: one statement each, prepared once. The database is in the process, so nothing is won by sending
//! them together.

use sqlx::{Sqlite, Transaction};
use sync::server::LogEntry;

use super::columns::number;
use super::log::{kind_of, text_of};
use crate::store::Result;

pub(super) async fn append_entries(
    tx: &mut Transaction<'static, Sqlite>,
    congress: &str,
    entries: &[LogEntry],
) -> Result<()> {
    for entry in entries {
        append_entry(tx, congress, entry).await?;
    }
    Ok(())
}

async fn append_entry(tx: &mut Transaction<'static, Sqlite>, congress: &str, entry: &LogEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO log (congress, gsn, at, person, client, seq, command_id, kind, is_repeat, entry) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(congress)
    .bind(number(entry.gsn))
    .bind(entry.receipt.at.0)
    .bind(entry.person.as_ref().map(|person| person.as_str()))
    .bind(entry.client.map(|client| client.to_string()))
    .bind(number(entry.command.seq))
    .bind(entry.command.command_id.to_string())
    .bind(kind_of(entry))
    .bind(i64::from(entry.repeat))
    .bind(text_of(entry)?)
    .execute(&mut **tx)
    .await?;
    if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
        sqlx::query(
            "INSERT INTO clients (congress, client, person, last_seq) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (congress, client) DO UPDATE SET last_seq = excluded.last_seq",
        )
        .bind(congress)
        .bind(client.to_string())
        .bind(person.as_str())
        .bind(number(seq))
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
