//! Each case is a script of a Word file, or a file that LibreOffice wrote, with what is expected of it beside it.
//! `UPDATE_EXPECTED=1` writes the expectations anew; read the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::script::written;
use crate::shared::{folder, outcome};

fn files(within: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(within)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    files.sort();
    files
}

/// Compares with the expectation beside a file; gives the difference.
fn differs(path: &Path, found: &str) -> Option<String> {
    let expected_path = path.with_extension("expected");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&expected_path, found).unwrap();
    }
    let expected = fs::read_to_string(&expected_path).unwrap_or_default();
    (expected != found).then(|| format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display()))
}

#[test]
fn each_script_gives_the_expected_structure() {
    let files = files("docx/cases", ".txt");
    assert!(files.len() >= 30, "{} cases", files.len());
    let check = |path: &PathBuf| {
        let bytes = written(&fs::read_to_string(path).unwrap()).bytes().unwrap();

        differs(path, &outcome(&bytes))
    };
    let failures: Vec<String> = files.iter().filter_map(check).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn each_file_of_libreoffice_gives_the_expected_structure() {
    let files = files("docx/libreoffice", ".docx");
    assert!(files.len() >= 10, "{} files", files.len());
    let failures: Vec<String> =
        files.iter().filter_map(|path| differs(path, &outcome(&fs::read(path).unwrap()))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
