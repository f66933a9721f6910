//! Moving whole congresses between databases: the tables as plain data, read from one database in one moment and
//! written into another all or nothing. Knows no engine; what a backup is stands in `transfer`.

use async_trait::async_trait;
use sync::ids::Epoch;

use super::Result;
use crate::clock::random_u128;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Number,
    Text,
    Bytes,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

/// A table of the current schema. The first column names the congress.
#[derive(PartialEq, Eq, Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
}

/// Stands for the epoch of a congress that left: no server reads it, none continues it.
pub(super) const MOVED: &str = "moved";

/// One row, in the order of its table's columns.
pub type Record = Vec<Value>;

/// Every table that belongs to a congress, those first to which others point. A migration that adds a column adds it
/// here too: a test compares this list with the database.
pub const TABLES: [Table; 7] = [
    Table {
        name: "congress",
        columns: &[
            ("id", Kind::Text),
            ("epoch", Kind::Text),
            ("head", Kind::Number),
            ("access_rev", Kind::Number),
            ("badge_secret", Kind::Bytes),
            ("created_at", Kind::Number),
        ],
    },
    Table {
        name: "log",
        columns: &[
            ("congress", Kind::Text),
            ("gsn", Kind::Number),
            ("at", Kind::Number),
            ("person", Kind::Text),
            ("client", Kind::Text),
            ("seq", Kind::Number),
            ("command_id", Kind::Text),
            ("kind", Kind::Text),
            ("is_repeat", Kind::Number),
            ("entry", Kind::Text),
        ],
    },
    Table {
        name: "clients",
        columns: &[
            ("congress", Kind::Text),
            ("client", Kind::Text),
            ("person", Kind::Text),
            ("last_seq", Kind::Number),
        ],
    },
    Table {
        name: "enrolments",
        columns: &[
            ("congress", Kind::Text),
            ("code_hash", Kind::Text),
            ("person", Kind::Text),
            ("devices_max", Kind::Number),
            ("created_at", Kind::Number),
            ("revoked_at", Kind::Number),
        ],
    },
    Table {
        name: "devices",
        columns: &[
            ("congress", Kind::Text),
            ("person", Kind::Text),
            ("device_id", Kind::Text),
            ("token_hash", Kind::Text),
            ("enrolment", Kind::Text),
            ("label", Kind::Text),
            ("created_at", Kind::Number),
            ("last_seen_at", Kind::Number),
            ("revoked_at", Kind::Number),
        ],
    },
    Table {
        name: "device_reports",
        columns: &[
            ("congress", Kind::Text),
            ("person", Kind::Text),
            ("device_id", Kind::Text),
            ("at", Kind::Number),
            ("waiting", Kind::Number),
            ("oldest_at", Kind::Number),
            ("build", Kind::Text),
            ("storage", Kind::Text),
            ("held", Kind::Text),
        ],
    },
    Table {
        name: "blobs",
        columns: &[
            ("congress", Kind::Text),
            ("sha256", Kind::Text),
            ("media_type", Kind::Text),
            ("bytes", Kind::Bytes),
        ],
    },
];

/// Takes rows, table after table.
#[async_trait]
pub trait Sink: Send {
    async fn take(&mut self, table: &'static Table, record: Record) -> Result<()>;
}

/// A database that is being filled. Dropped, nothing happened.
#[async_trait]
pub trait Intake: Sink {
    /// All or nothing, and on disk when it returns.
    async fn commit(self: Box<Self>) -> Result<()>;
}

/// A database whose writers wait until it is sealed or dropped.
#[async_trait]
pub trait Leaving: Send {
    async fn export(&mut self, into: &mut dyn Sink) -> Result<()>;
    /// Marks what stays behind: a server that still runs on it writes nothing more, and none can be started on it.
    async fn seal(self: Box<Self>) -> Result<()>;
}

#[async_trait]
pub trait Archive: Send + Sync {
    /// Everything as it was at one moment, while others go on writing.
    async fn export(&self, into: &mut dyn Sink) -> Result<()>;
    async fn leave<'s>(&'s self) -> Result<Box<dyn Leaving + 's>>;
    async fn intake<'s>(&'s self) -> Result<Box<dyn Intake + 's>>;
    async fn close(&self);
}

/// Gives each congress that passes through a new epoch.
pub struct Renewing<'i>(pub &'i mut dyn Intake);

#[async_trait]
impl Sink for Renewing<'_> {
    async fn take(&mut self, table: &'static Table, mut record: Record) -> Result<()> {
        if let Some(at) = table.columns.iter().position(|(name, _)| *name == "epoch") {
            record[at] = Value::Text(Some(Epoch::from_random(random_u128()?).to_string()));
        }
        self.0.take(table, record).await
    }
}
