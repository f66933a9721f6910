//! The congress pack: a folder that a committee office prepares. This crate reads it, reports every problem at once,
//! and plans the row changes of an import. It opens files and nothing else: no clock, no network, no database.

mod plan;
mod problem;

use std::path::Path;

use congress::entities::{AgendaItem, Congress, Credentials, Document, Person, Script, Session};

pub use plan::{Issue, check_against, plan};
pub use problem::Problem;

/// A pack that was read without a problem.
#[derive(Clone, PartialEq, Debug)]
pub struct Pack {
    /// Without its badge key, which [`Issue`] knows.
    pub congress: Congress,
    pub people: Vec<PackPerson>,
    pub sessions: Vec<Session>,
    pub items: Vec<AgendaItem>,
    /// Only of items that have script lines.
    pub scripts: Vec<Script>,
    /// `released_at` 0 is "at once".
    pub documents: Vec<Document>,
    /// Texts of documents (JSON of [`congress::entities::DocumentText`]) and attachments, each content once.
    pub blobs: Vec<Blob>,
    /// What was repaired or passed over, in Vietnamese.
    pub notes: Vec<String>,
}

impl Pack {
    pub fn congress_id(&self) -> &str {
        &self.congress.id
    }
}

/// A person with the sensitive part, which goes to another scope.
#[derive(Clone, PartialEq, Debug)]
pub struct PackPerson {
    /// Without its short code, which [`Issue`] knows.
    pub person: Person,
    pub credentials: Credentials,
}

/// Immutable bytes, fetched by their hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blob {
    /// Lower-case hexadecimal SHA-256 of `bytes`.
    pub sha256: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Reads the pack in a folder, or says everything that is wrong with it, ordered by file and row.
pub fn read(dir: &Path) -> Result<Pack, Vec<Problem>> {
    Err(vec![Problem::of_file(&dir.display().to_string(), "chưa đọc được gói tài liệu")])
}
