//! The congress pack: a folder that a committee office prepares. This crate reads it, reports every problem at once,
//! and plans the row changes of an import. It opens files and nothing else: no clock, no network, no database.

pub mod limits;

mod findings;
mod problem;

mod folder;
mod lines;
mod record;
mod secrecy;
mod table;
mod tree;

mod attachments;
mod blobs;
mod body;
mod congress_file;
mod documents;
mod docx;
mod markdown;
mod organisations;
mod people;
mod program;

mod plan;
mod versions;

use std::collections::BTreeMap;
use std::path::Path;

use congress::entities::{AgendaItem, Congress, Credentials, Document, Person, Script, Session};

use crate::blobs::Blobs;
use crate::folder::Folder;
use crate::problem::Report;
use crate::program::Known;

pub use findings::{Findings, Note, NoteKind};
pub use plan::{Issue, check_against, plan};
pub use problem::Problem;
pub use versions::{EarlierBlobs, VersionsError, continued, needed_blobs};

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
    /// What each document consists of, and what about it a person should know.
    pub findings: Vec<Findings>,
    /// File of each document, for problems that are found later.
    document_files: BTreeMap<String, String>,
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
    let mut report = Report::default();
    let pack = Folder::open(dir, &mut report).and_then(|folder| read_files(&folder, &mut report));
    let notes = report.finish()?;
    // Without a problem everything was read; the other arm only keeps a fault of this crate from passing for a pack.
    pack.map(|pack| Pack { notes, ..pack }).ok_or_else(|| vec![Problem::unexplained()])
}

fn read_files(folder: &Folder, report: &mut Report) -> Option<Pack> {
    let congress = congress_file::read(folder, report);
    let organisations = organisations::read(folder, report);
    let people = people::read(folder, organisations.as_ref(), report);
    let mut blobs = Blobs::default();
    let documents = documents::read(folder, &mut blobs, report);
    let known = Known {
        congress: congress.as_ref(),
        people: people.as_ref().map(|people| &people.references),
        documents: (!documents.is_partial).then_some(&documents.files),
    };
    let program = program::read(folder, known, report);
    let people = people?;
    Some(Pack {
        congress: Congress { convened: people.convened(), ..congress? },
        people: people.list,
        sessions: program.sessions,
        items: program.items,
        scripts: program.scripts,
        documents: documents.list,
        blobs: blobs.into_list(),
        notes: Vec::new(),
        findings: documents.findings,
        document_files: documents.files,
    })
}
