//! Whole tables out of a database and into it. Compiled once for each engine, as a module of its store; see
//! `portable/log.rs`.

use async_trait::async_trait;
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row, Transaction};

use super::{BEGIN_SNAPSHOT, Db, DbRow, EngineStore, LOCK_ALL};
use crate::store::archive::{Archive, Intake, Kind, Leaving, MOVED, Record, Sink, TABLES, Table, Value};
use crate::store::{Result, Store};

#[async_trait]
impl Archive for EngineStore {
    async fn export(&self, into: &mut dyn Sink) -> Result<()> {
        let mut tx = self.readers.begin_with(BEGIN_SNAPSHOT).await?;
        export(&mut tx, into).await
    }

    async fn leave<'s>(&'s self) -> Result<Box<dyn Leaving + 's>> {
        let mut tx = self.begin().await?;
        for statement in LOCK_ALL {
            sqlx::query(*statement).execute(&mut *tx).await?;
        }
        Ok(Box::new(Open(tx)))
    }

    async fn intake<'s>(&'s self) -> Result<Box<dyn Intake + 's>> {
        Ok(Box::new(Open(self.begin().await?)))
    }

    async fn close(&self) {
        Store::close(self).await;
    }
}

struct Open(Transaction<'static, Db>);

#[async_trait]
impl Leaving for Open {
    async fn export(&mut self, into: &mut dyn Sink) -> Result<()> {
        export(&mut self.0, into).await
    }

    async fn seal(mut self: Box<Self>) -> Result<()> {
        sqlx::query("UPDATE congress SET epoch = $1").bind(MOVED).execute(&mut *self.0).await?;
        Ok(self.0.commit().await?)
    }
}

#[async_trait]
impl Intake for Open {
    async fn commit(self: Box<Self>) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

#[async_trait]
impl Sink for Open {
    async fn take(&mut self, table: &'static Table, record: Record) -> Result<()> {
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let statement = format!("INSERT INTO {} ({}) VALUES ({})", table.name, columns.join(", "), places.join(", "));
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for value in record {
            query = match value {
                Value::Number(number) => query.bind(number),
                // Of a kind that an earlier build kept with its zero byte, which PostgreSQL does not hold.
                Value::Text(text) => query.bind(text.map(|text| text.replace('\0', "\u{fffd}"))),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(&mut *self.0).await?;
        Ok(())
    }
}

async fn export(tx: &mut Transaction<'static, Db>, into: &mut dyn Sink) -> Result<()> {
    for table in &TABLES {
        let mut rows = sqlx::query(AssertSqlSafe(select(table))).fetch(&mut **tx);
        while let Some(row) = rows.try_next().await? {
            let record =
                table.columns.iter().map(|(name, kind)| value(&row, name, *kind)).collect::<Result<Record>>()?;
            into.take(table, record).await?;
        }
    }
    Ok(())
}

/// Numbers are wider in what is read than in some columns; the order is that of the primary keys where it matters.
fn select(table: &Table) -> String {
    let columns = table.columns.iter().map(|(name, kind)| match kind {
        Kind::Number => format!("CAST({name} AS BIGINT) AS {name}"),
        Kind::Text | Kind::Bytes => (*name).to_owned(),
    });
    format!("SELECT {} FROM {} ORDER BY 1, 2", columns.collect::<Vec<_>>().join(", "), table.name)
}

fn value(row: &DbRow, name: &str, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::Number => Value::Number(row.try_get(name)?),
        Kind::Text => Value::Text(row.try_get(name)?),
        Kind::Bytes => Value::Bytes(row.try_get(name)?),
    })
}
