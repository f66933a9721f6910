//! What the tests share: packs on disk with some files changed, rows, and a server's answers.

use std::fs;
use std::path::{Path, PathBuf};

use congress::entities::{Badge, DocumentText, Person};
use pack::{Issue, Pack};
use sync::ids::{PersonId, Timestamp};
use sync::row::{Change, Row, RowMap};
use tempfile::TempDir;

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

pub fn good() -> PathBuf {
    fixture("good")
}

pub fn text_of_good(file: &str) -> String {
    fs::read_to_string(good().join(file)).unwrap()
}

/// A copy of the good pack.
pub fn copy_of_good() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for within in ["", "documents", "files"] {
        fs::create_dir_all(dir.path().join(within)).unwrap();
        for entry in fs::read_dir(good().join(within)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), dir.path().join(within).join(entry.file_name())).unwrap();
            }
        }
    }
    dir
}

/// The good pack with some files written anew.
pub fn good_with(files: &[(&str, &[u8])]) -> TempDir {
    let dir = copy_of_good();
    for (file, bytes) in files {
        fs::write(dir.path().join(file), bytes).unwrap();
    }
    dir
}

/// The good pack with words of one file replaced by others.
pub fn good_replacing(file: &str, from: &str, to: &str) -> TempDir {
    let text = text_of_good(file);
    assert!(text.contains(from), "{file} holds {from}");
    good_with(&[(file, text.replacen(from, to, 1).as_bytes())])
}

/// The problems of a pack, one line each.
pub fn problems(dir: &Path) -> Vec<String> {
    pack::read(dir).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

pub fn read(dir: &Path) -> Pack {
    pack::read(dir).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn text_of(pack: &Pack, document: &str) -> DocumentText {
    let document = pack.documents.iter().find(|one| one.id == document).unwrap();
    let blob = pack.blobs.iter().find(|blob| blob.sha256 == document.text_sha256).unwrap();
    assert_eq!((blob.media_type.as_str(), blob.bytes.len() as u64), ("application/json", document.text_bytes));
    serde_json::from_slice(&blob.bytes).unwrap()
}

/// The answers of a server, made up.
pub struct Server;

impl Issue for Server {
    fn badge_key(&self) -> String {
        "ab".repeat(32)
    }
    fn badge(&self, person: &Person) -> Option<Badge> {
        let token = format!("DB1.x.{}.{}", person.id, person.short_code);
        Some(Badge { token, qr_size: 21, qr_bits: "00".to_owned() })
    }
    fn short_code(&self, person: &PersonId) -> String {
        format!("{:0>6}", person.as_str().to_uppercase())
    }
}

pub fn apply(rows: &mut RowMap, changes: &[Change]) {
    static REV: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    for change in changes {
        let rev = REV.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        assert!(rows.put(&change.key, Row { rev, data: change.data.clone() }));
    }
}

/// Imports a pack as the server does, and gives the changes.
pub fn import(pack: &Pack, rows: &mut RowMap, now: Timestamp) -> Vec<Change> {
    assert_eq!(pack::check_against(pack, rows), []);
    let changes = pack::plan(pack, rows, &Server, now);
    apply(rows, &changes);
    assert_eq!(pack::plan(pack, rows, &Server, now), [], "planning again gives nothing");
    changes
}

/// A time of the congress of the good pack.
pub fn at(date: &str, time: &str) -> Timestamp {
    date.parse::<congress::calendar::Date>().unwrap().at(time.parse().unwrap(), 420)
}
