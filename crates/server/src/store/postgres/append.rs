//! Entries into PostgreSQL: two statements for all of them, so that a group commit costs the same few ways over the
//! network however many commands it holds.

use std::collections::BTreeMap;

use sqlx::{Postgres, Transaction};
use sync::server::LogEntry;

use super::columns::number;
use super::log::{kind_of, text_of};
use crate::store::Result;

pub(super) async fn append_entries(
    tx: &mut Transaction<'static, Postgres>,
    congress: &str,
    entries: &[LogEntry],
) -> Result<()> {
    append_log(tx, congress, entries).await?;
    advance_clients(tx, congress, entries).await
}

async fn append_log(tx: &mut Transaction<'static, Postgres>, congress: &str, entries: &[LogEntry]) -> Result<()> {
    let texts = entries.iter().map(text_of).collect::<Result<Vec<String>>>()?;
    sqlx::query(
        "INSERT INTO log (congress, gsn, at, person, client, seq, command_id, kind, is_repeat, entry) \
         SELECT $1, * FROM UNNEST($2::BIGINT[], $3::BIGINT[], $4::TEXT[], $5::TEXT[], $6::BIGINT[], $7::TEXT[], \
         $8::TEXT[], $9::BIGINT[], $10::TEXT[])",
    )
    .bind(congress)
    .bind(column(entries, |entry| number(entry.gsn)))
    .bind(column(entries, |entry| entry.receipt.at.0))
    .bind(column(entries, |entry| entry.person.as_ref().map(|person| person.as_str().to_owned())))
    .bind(column(entries, |entry| entry.client.map(|client| client.to_string())))
    .bind(column(entries, |entry| number(entry.command.seq)))
    .bind(column(entries, |entry| entry.command.command_id.to_string()))
    .bind(column(entries, kind_of))
    .bind(column(entries, |entry| i64::from(entry.repeat)))
    .bind(texts)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn advance_clients(tx: &mut Transaction<'static, Postgres>, congress: &str, entries: &[LogEntry]) -> Result<()> {
    // One statement changes a row once: the last word of each client counts.
    let mut last = BTreeMap::new();
    for entry in entries {
        if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
            last.insert(client, (person, seq));
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO clients (congress, client, person, last_seq) \
         SELECT $1, * FROM UNNEST($2::TEXT[], $3::TEXT[], $4::BIGINT[]) \
         ON CONFLICT (congress, client) DO UPDATE SET last_seq = excluded.last_seq",
    )
    .bind(congress)
    .bind(last.keys().map(ToString::to_string).collect::<Vec<_>>())
    .bind(last.values().map(|(person, _)| person.as_str().to_owned()).collect::<Vec<_>>())
    .bind(last.values().map(|(_, seq)| number(*seq)).collect::<Vec<_>>())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn column<T>(entries: &[LogEntry], value: impl Fn(&LogEntry) -> T) -> Vec<T> {
    entries.iter().map(value).collect()
}
