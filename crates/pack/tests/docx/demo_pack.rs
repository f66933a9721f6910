//! The demo congress made from its sources: `documents/*.docx` and `documents.csv`. The example `demo_docx` writes them,
//! a test compares.

use std::path::{Path, PathBuf};
use std::{fs, io};

use congress::entities::{Document, DocumentText};
use pack::Pack;

use crate::demo_paper::{Paper, written};
use crate::writer::Writer;

const HEADER: &str = "file,id,kind,title,version,released_at,secrecy,files\n";
/// Beginnings of the lines of a source that go into the table, in its order.
const FIELDS: [&str; 7] = ["id", "kind", "title", "version", "released_at", "secrecy", "files"];

/// The demo congress as it would be with its sources for documents.
pub struct Sources {
    pub pack: Pack,
    folder: tempfile::TempDir,
    names: Vec<String>,
}

/// What is made of the sources.
pub struct Made {
    /// Name and file of each document.
    pub documents: Vec<(String, Writer)>,
    /// `documents.csv`
    pub table: String,
}

pub fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

fn other(what: impl Into<String>) -> io::Error {
    io::Error::other(what.into())
}

impl Sources {
    pub fn read(demo: &Path) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let names = copy(&demo.join("sources"), &folder.path().join("documents"), |_| true)?;
        copy(&demo.join("files"), &folder.path().join("files"), |_| true)?;
        copy(demo, folder.path(), |name| name.contains('.') && name != "documents.csv")?;
        let pack = pack::read(folder.path())
            .map_err(|problems| other(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
        Ok(Self { pack, folder, names })
    }

    pub fn make(&self) -> io::Result<Made> {
        let (mut documents, mut table) = (Vec::new(), HEADER.to_owned());
        for (name, document) in self.names.iter().zip(&self.pack.documents) {
            let source = fs::read_to_string(self.folder.path().join("documents").join(name))?;
            let fields: Vec<String> = FIELDS.iter().map(|field| front_field(&source, field)).collect();
            let name = name.replace(".md", ".docx");
            let cells = fields.iter().map(|field| cell(field)).collect::<Vec<_>>().join(",");
            table.push_str(&format!("{name},{cells}\n"));
            let paper = Paper {
                kind: document.kind,
                title: &document.title,
                version: document.version,
                released_at: &fields[4],
            };
            documents.push((name, written(&paper, &text_of(&self.pack, document)?)));
        }
        Ok(Made { documents, table })
    }
}

pub fn text_of(pack: &Pack, document: &Document) -> io::Result<DocumentText> {
    let blob = pack.blobs.iter().find(|blob| blob.sha256 == document.text_sha256);
    let blob = blob.ok_or_else(|| other(format!("no text of {}", document.id)))?;
    serde_json::from_slice(&blob.bytes).map_err(io::Error::other)
}

/// Copies the files of a folder, and gives their names in order.
fn copy(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
    fs::create_dir_all(to)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && wanted(&name) {
            fs::copy(entry.path(), to.join(&name))?;
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A field of the front matter as it stands in a table: a list separated by `;`.
fn front_field(source: &str, field: &str) -> String {
    let line = source.lines().find(|line| line.split_once(" = ").is_some_and(|(name, _)| name == field));
    let value = line.and_then(|line| line.split_once(" = ")).map_or("", |(_, value)| value);
    value.trim_matches(['[', ']']).replace("\", \"", ";").trim_matches('"').to_owned()
}

fn cell(value: &str) -> String {
    if value.contains([',', '"']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.to_owned() }
}
