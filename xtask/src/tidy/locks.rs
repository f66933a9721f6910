//! Things that may change only together with something else: the wire format with its document, migrations with
//! nothing at all. `tidy --fix` writes the protocol's hash and records new migrations; it never touches recorded ones.

use super::{Fault, File, Tree};
use crate::dist::hex;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

const DOCUMENT: &str = "docs/PROTOCOL.md";
const HASH_LINE: &str = "protocol-hash: ";
const MIGRATIONS: &str = "crates/server/migrations/";
const LOCK: &str = "crates/server/migrations/LOCK";

pub fn protocol(tree: &Tree) -> Vec<Fault> {
    let Some(wanted) = protocol_hash(tree) else { return vec![] };
    let Some(document) = tree.get(DOCUMENT) else {
        return vec![Fault {
            path: DOCUMENT.into(),
            line: 1,
            what: "is missing: the wire format has no document".into(),
        }];
    };
    let found = document.text.lines().position(|line| line.starts_with(HASH_LINE));
    match found {
        Some(at) if document.text.lines().nth(at) == Some(&format!("{HASH_LINE}{wanted}")) => vec![],
        at => vec![document.fault(
            at.map_or(1, |at| at + 1),
            "the wire format changed: read this document again, mend it, then cargo xtask tidy --fix",
        )],
    }
}

pub fn migrations(tree: &Tree) -> Vec<Fault> {
    let recorded = recorded(tree);
    let mut faults = Vec::new();
    for file in migration_files(tree) {
        match recorded.get(file.path.as_str()) {
            None => faults.push(file.fault(1, "is not recorded: cargo xtask tidy --fix")),
            Some((_, hash)) if *hash == hash_of(file) => {}
            Some(_) => faults.push(file.fault(1, "a migration that was shipped never changes: add another")),
        }
        if let Some(twin) = twin_of(&file.path)
            && has_both_kinds(tree)
            && tree.get(&twin).is_none()
        {
            faults.push(file.fault(1, format!("has no twin {twin}")));
        }
    }
    if let Some(lock) = tree.get(LOCK) {
        let gone = recorded.iter().filter(|(path, _)| tree.get(path).is_none());
        faults.extend(gone.map(|(path, (line, _))| lock.fault(*line, format!("{path} was shipped and is gone"))));
    }
    faults
}

/// Writes what a person may confirm by running it: the document was read, the new migrations are meant.
pub fn fix(root: &Path, tree: &Tree) -> Result<()> {
    if let (Some(hash), Some(document)) = (protocol_hash(tree), tree.get(DOCUMENT)) {
        fs::write(root.join(DOCUMENT), with_hash(&document.text, &hash)).context(DOCUMENT)?;
    }
    let recorded = recorded(tree);
    let new: Vec<_> = migration_files(tree).filter(|file| !recorded.contains_key(file.path.as_str())).collect();
    if !new.is_empty() {
        let mut lock = tree.get(LOCK).map(|file| file.text.clone()).unwrap_or_default();
        for file in new {
            lock.push_str(&format!("{}  {}\n", hash_of(file), file.path));
        }
        fs::write(root.join(LOCK), lock).context(LOCK)?;
    }
    Ok(())
}

/// Over the module that defines the wire format, in one file or in several.
fn protocol_hash(tree: &Tree) -> Option<String> {
    let mut files: Vec<_> = tree.under(&["crates/sync/src/wire.rs", "crates/sync/src/wire/"], "rs").collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in &files {
        hash.update(&file.text);
    }
    (!files.is_empty()).then(|| hex(&hash.finalize()))
}

fn with_hash(document: &str, hash: &str) -> String {
    let line = format!("{HASH_LINE}{hash}");
    if document.lines().any(|line| line.starts_with(HASH_LINE)) {
        let lines = document.lines().map(|old| if old.starts_with(HASH_LINE) { line.as_str() } else { old });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    } else {
        format!("{}\n\n{line}\n", document.trim_end())
    }
}

fn migration_files(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.under(&[MIGRATIONS], "sql")
}

/// Path to (line in the lock, hash).
fn recorded(tree: &Tree) -> BTreeMap<&str, (usize, &str)> {
    let lines = tree.get(LOCK).map_or("", |lock| lock.text.as_str()).lines().enumerate();
    lines.filter_map(|(at, line)| line.split_once("  ").map(|(hash, path)| (path, (at + 1, hash)))).collect()
}

fn hash_of(file: &File) -> String {
    hex(&Sha256::digest(&file.text))
}

fn twin_of(path: &str) -> Option<String> {
    let (sqlite, postgres) = (format!("{MIGRATIONS}sqlite/"), format!("{MIGRATIONS}postgres/"));
    path.strip_prefix(&sqlite)
        .map(|name| format!("{postgres}{name}"))
        .or_else(|| path.strip_prefix(&postgres).map(|name| format!("{sqlite}{name}")))
}

/// The second database comes later; from its first migration on, they come in pairs.
fn has_both_kinds(tree: &Tree) -> bool {
    ["sqlite/", "postgres/"]
        .iter()
        .all(|kind| migration_files(tree).any(|file| file.path[MIGRATIONS.len()..].starts_with(kind)))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::places, *};

    const WIRE: (&str, &str) = ("crates/sync/src/wire.rs", "//! The wire.");

    #[test]
    fn a_change_of_the_wire_without_its_document_is_found() {
        assert_eq!(places(protocol, &[WIRE]), ["docs/PROTOCOL.md:1"]);
        assert_eq!(places(protocol, &[WIRE, (DOCUMENT, "# Protocol\n\nprotocol-hash: 00\n")]), ["docs/PROTOCOL.md:3"]);
        let hash = protocol_hash(&Tree::of(&[WIRE])).unwrap();
        for before in ["# Protocol\n", "# Protocol\n\nprotocol-hash: 00\n"] {
            let document = with_hash(before, &hash);
            assert_eq!(document, format!("# Protocol\n\nprotocol-hash: {hash}\n"));
            assert_eq!(places(protocol, &[WIRE, (DOCUMENT, &document)]), [""; 0]);
            let changed = (WIRE.0, "//! The wire, changed.");
            assert_eq!(places(protocol, &[changed, (DOCUMENT, &document)]), ["docs/PROTOCOL.md:3"]);
        }
    }

    #[test]
    fn a_migration_is_recorded_and_then_never_changes() {
        let first = "crates/server/migrations/sqlite/0001_log.sql";
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(MIGRATIONS)).unwrap();
        assert_eq!(places(migrations, &[(first, "create")]), [format!("{first}:1")]);

        fix(dir.path(), &Tree::of(&[(first, "create")])).unwrap();
        let lock = fs::read_to_string(dir.path().join(LOCK)).unwrap();
        assert_eq!(places(migrations, &[(first, "create"), (LOCK, &lock)]), [""; 0]);
        assert_eq!(places(migrations, &[(first, "drop"), (LOCK, &lock)]), [format!("{first}:1")]);
        assert_eq!(places(migrations, &[(LOCK, &lock)]), [format!("{LOCK}:1")]);

        fix(dir.path(), &Tree::of(&[(first, "drop"), (LOCK, &lock)])).unwrap();
        assert_eq!(lock, fs::read_to_string(dir.path().join(LOCK)).unwrap(), "a recorded migration is never forgiven");
    }

    #[test]
    fn with_two_databases_migrations_come_in_pairs() {
        let (a, b) = ("crates/server/migrations/sqlite/0002.sql", "crates/server/migrations/postgres/0001.sql");
        let lock = format!("{}  {a}\n{}  {b}\n", hex(&Sha256::digest("x")), hex(&Sha256::digest("x")));
        let both = [(a, "x"), (b, "x"), (LOCK, lock.as_str())];
        assert_eq!(places(migrations, &both), [format!("{a}:1"), format!("{b}:1")]);
    }
}
