//! Entries into SQLite: many in a statement, and one statement for each client among them. The database is in the
//! process, but each statement is a way to its thread and back.

use std::collections::BTreeMap;

use sqlx::{QueryBuilder, Sqlite, Transaction};
use sync::server::LogEntry;

use super::columns::number;
use super::log::{kind_of, text_of};
use crate::store::Result;

/// Entries in one statement: each number of them is a statement that SQLite prepares once.
const ROWS_MAX: usize = 32;

pub(super) async fn append_entries(
    tx: &mut Transaction<'static, Sqlite>,
    congress: &str,
    entries: &[LogEntry],
) -> Result<()> {
    for some in entries.chunks(ROWS_MAX) {
        append_log(tx, congress, some).await?;
    }
    advance_clients(tx, congress, entries).await
}

async fn append_log(tx: &mut Transaction<'static, Sqlite>, congress: &str, entries: &[LogEntry]) -> Result<()> {
    let texts = entries.iter().map(text_of).collect::<Result<Vec<String>>>()?;
    let mut insert = QueryBuilder::new(
        "INSERT INTO log (congress, gsn, at, person, client, seq, command_id, kind, is_repeat, entry) ",
    );
    insert.push_values(entries.iter().zip(texts), |mut row, (entry, text)| {
        row.push_bind(congress)
            .push_bind(number(entry.gsn))
            .push_bind(entry.receipt.at.0)
            .push_bind(entry.person.as_ref().map(|person| person.as_str()))
            .push_bind(entry.client.map(|client| client.to_string()))
            .push_bind(number(entry.command.seq))
            .push_bind(entry.command.command_id.to_string())
            .push_bind(kind_of(entry))
            .push_bind(i64::from(entry.repeat))
            .push_bind(text);
    });
    insert.build().execute(&mut **tx).await?;
    Ok(())
}

async fn advance_clients(tx: &mut Transaction<'static, Sqlite>, congress: &str, entries: &[LogEntry]) -> Result<()> {
    // The last word of each client counts.
    let mut last = BTreeMap::new();
    for entry in entries {
        if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
            last.insert(client, (person, seq));
        }
    }
    for (client, (person, seq)) in last {
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
