//! Reading and writing single columns. Compiled once for each engine, as a module of its store; see `portable/log.rs`.

use std::str::FromStr;

use sqlx::Row;
use sync::ids::{Epoch, PersonId, Timestamp};

use super::DbRow;
use crate::store::archive::MOVED;
use crate::store::{Result, StoreError};

pub(super) fn person(row: &DbRow, column: &str) -> Result<PersonId> {
    Ok(PersonId(row.try_get(column)?))
}

pub(super) fn time(row: &DbRow, column: &str) -> Result<Timestamp> {
    Ok(Timestamp(row.try_get(column)?))
}

pub(super) fn epoch(row: &DbRow) -> Result<Epoch> {
    let text: String = row.try_get("epoch")?;
    if text == MOVED {
        return Err(StoreError::Moved);
    }
    let id = uuid::Uuid::from_str(&text)
        .map_err(|error| StoreError::Unreadable { what: "an epoch".to_owned(), why: error.to_string() })?;
    Ok(Epoch(id))
}

/// A number that never is negative.
pub(super) fn count(row: &DbRow, column: &str) -> Result<u64> {
    let value: i64 = row.try_get(column)?;
    Ok(u64::try_from(value).unwrap_or(0))
}

/// A count as the database takes it; ours never reach the bound.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
