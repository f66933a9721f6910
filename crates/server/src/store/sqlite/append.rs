//! Entries into SQLite: many in a statement. The database is in the process, but each statement is a way to its thread
//! and back.

use std::collections::BTreeMap;

use sqlx::{QueryBuilder, Sqlite, Transaction};
use sync::ids::{ClientId, PersonId, Seq};
use sync::server::LogEntry;

use super::columns::number;
use super::log::{kind_of, text_of};
use crate::store::Result;

/// Rows in one statement.
const ROWS_MAX: usize = 128;

pub(super) async fn append_entries(
    tx: &mut Transaction<'static, Sqlite>,
    congress: &str,
    entries: &[LogEntry],
) -> Result<()> {
    for some in portions(entries) {
        append_log(tx, congress, some).await?;
    }
    // The last word of each client counts.
    let mut last = BTreeMap::new();
    for entry in entries {
        if let (Some(person), Some((client, seq))) = (&entry.person, entry.client_seq()) {
            last.insert(client, (person, seq));
        }
    }
    for some in portions(&last.into_iter().collect::<Vec<_>>()) {
        advance_clients(tx, congress, some).await?;
    }
    Ok(())
}

/// Rows by 128, then by 64, 32 and so on: each number of rows is a statement that SQLite prepares once, and so there are
/// few of them.
fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let power = rows.len().checked_ilog2()?;
        let (portion, rest) = rows.split_at((1 << power).min(ROWS_MAX));
        rows = rest;
        Some(portion)
    })
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

async fn advance_clients(
    tx: &mut Transaction<'static, Sqlite>,
    congress: &str,
    clients: &[(ClientId, (&PersonId, Seq))],
) -> Result<()> {
    let mut upsert = QueryBuilder::new("INSERT INTO clients (congress, client, person, last_seq) ");
    upsert.push_values(clients, |mut row, (client, (person, seq))| {
        row.push_bind(congress).push_bind(client.to_string()).push_bind(person.as_str()).push_bind(number(*seq));
    });
    upsert.push(" ON CONFLICT (congress, client) DO UPDATE SET last_seq = excluded.last_seq");
    upsert.build().execute(&mut **tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_are_all_rows_in_their_order_and_of_few_lengths() {
        for rows in [0, 1, 3, 127, 128, 129, 1_300] {
            let rows: Vec<usize> = (0..rows).collect();
            let lengths: Vec<usize> = portions(&rows).map(<[usize]>::len).collect();
            assert_eq!(portions(&rows).flatten().copied().collect::<Vec<_>>(), rows);
            assert!(lengths.iter().all(|length| length.is_power_of_two() && *length <= ROWS_MAX), "{lengths:?}");
        }
    }
}
