//! The demo congress holds Word files, made from its sources: they are up to date, and say the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};

use congress::entities::Document;

use crate::demo_pack::{Sources, demo, text_of};

/// The parts of a Word file by name.
fn unpacked(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.insert(file.name().unwrap().into_owned(), text);
    }
    parts
}

#[test]
fn the_files_of_the_demo_are_made_from_its_sources() {
    let made = Sources::read(&demo()).unwrap().make().unwrap();
    const AGAIN: &str = "cargo run -p pack --example demo_docx";
    assert_eq!(fs::read_to_string(demo().join("documents.csv")).unwrap(), made.table, "{AGAIN}");
    let kept = fs::read_dir(demo().join("documents")).unwrap().count();
    assert_eq!(kept, made.documents.len());
    for (name, file) in made.documents {
        let kept = fs::read(demo().join("documents").join(&name)).unwrap();
        assert!(unpacked(&kept) == unpacked(&file.bytes().unwrap()), "{name} is not up to date: {AGAIN}");
    }
}

#[test]
fn a_word_file_gives_the_same_text_as_its_source() {
    let sources = Sources::read(&demo()).unwrap();
    let pack = pack::read(&demo()).unwrap();
    let about = |document: &Document| {
        let Document { id, kind, title, version, released_at, position, words, files, .. } = document.clone();
        (id, kind, title, version, released_at, position, words, files)
    };
    assert_eq!(pack.documents.len(), sources.pack.documents.len());
    let notes: Vec<String> = pack.findings.iter().flat_map(pack::Findings::lines).collect();
    assert_eq!(
        (pack.findings.len(), notes),
        (pack.documents.len(), vec![]),
        "the demo keeps the rules of presentation"
    );
    for (from_word, from_source) in pack.documents.iter().zip(&sources.pack.documents) {
        assert_eq!(about(from_word), about(from_source));
        let (word, source) = (text_of(&pack, from_word).unwrap(), text_of(&sources.pack, from_source).unwrap());
        for (word, source) in word.blocks.iter().zip(&source.blocks) {
            assert_eq!(word, source, "{}", from_word.id);
        }
        assert_eq!(word.blocks.len(), source.blocks.len(), "{}", from_word.id);
        assert!(!word.frame.title.is_empty(), "{}", from_word.id);
    }
}
