//! A pack around one Word file, and what came of it as text.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use congress::entities::{Block, BlockKind, BlockRole, DocumentText, Run, RunStyle};
use pack::Pack;
use tempfile::TempDir;

pub const FILE: &str = "documents/09-van-ban.docx";

pub fn folder(within: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(within)
}

/// The good pack with one more document.
pub fn pack_with(bytes: &[u8]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for within in ["", "documents", "files"] {
        fs::create_dir_all(dir.path().join(within)).unwrap();
        for entry in fs::read_dir(folder("good").join(within)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), dir.path().join(within).join(entry.file_name())).unwrap();
            }
        }
    }
    fs::write(dir.path().join("documents.csv"), "file,kind,title\n09-van-ban.docx,guide,Văn bản\n").unwrap();
    fs::write(dir.path().join(FILE), bytes).unwrap();
    dir
}

/// What comes of a Word file: the text, what was found, or the problems.
pub fn outcome(bytes: &[u8]) -> String {
    let dir = pack_with(bytes);
    match pack::read(dir.path()) {
        Ok(pack) => described(&pack),
        Err(problems) => problems.iter().map(|problem| format!("! {problem}\n")).collect(),
    }
}

fn described(pack: &Pack) -> String {
    let document = pack.documents.iter().find(|document| document.id == "van-ban").unwrap();
    let blob = pack.blobs.iter().find(|blob| blob.sha256 == document.text_sha256).unwrap();
    let text: DocumentText = serde_json::from_slice(&blob.bytes).unwrap();
    let mut out = String::new();
    let frame = &text.frame;
    for (name, lines) in [
        ("issuer", &frame.issuer),
        ("number", &vec![frame.number.clone()]),
        ("motto", &frame.motto),
        ("place", &vec![frame.place_date.clone()]),
        ("draft", &vec![frame.draft.clone()]),
        ("title", &frame.title),
        ("signature", &frame.signature),
        ("recipients", &frame.recipients),
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            writeln!(out, "{name}: {}", lines.join(" / ")).unwrap();
        }
    }
    for block in &text.blocks {
        writeln!(out, "{}", line(block)).unwrap();
    }
    for file in &document.files {
        writeln!(out, "file {} {} {}", file.name, file.media_type, file.bytes).unwrap();
    }
    let findings = pack.findings.iter().find(|findings| findings.file == FILE).unwrap();
    writeln!(out, "{findings}").unwrap();
    out
}

fn line(block: &Block) -> String {
    let place = if block.place.is_empty() { String::new() } else { format!("   [{}]", block.place) };
    match (&block.kind, block.role) {
        (BlockKind::Heading { level, runs }, _) => {
            format!("{} {}{place}", "#".repeat(usize::from(*level)), shown(runs))
        }
        (BlockKind::Paragraph { runs }, BlockRole::Picture) => format!("picture {} {}", block.file, shown(runs)),
        (BlockKind::Paragraph { runs }, _) => format!("¶ {}", shown(runs)),
        (BlockKind::ListItem { depth, marker, runs }, role) => {
            let kind = if role == BlockRole::Footnote { "note" } else { "item" };
            format!("{}{kind} {marker} {}", "  ".repeat(usize::from(*depth)), shown(runs))
        }
        (BlockKind::Table { rows }, _) => {
            let row = |row: &Vec<Vec<Run>>| row.iter().map(|cell| shown(cell)).collect::<Vec<_>>().join(" | ");
            let rows: Vec<String> = rows.iter().map(row).collect();
            format!("table\n  {}", rows.join("\n  "))
        }
    }
}

fn shown(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| {
            let mark = match run.style {
                RunStyle::Plain => "",
                RunStyle::Bold => "**",
                RunStyle::Italic => "*",
                RunStyle::BoldItalic => "***",
            };
            let under = if run.underlined { "__" } else { "" };
            let text = run.text.replace('\n', "⏎");
            format!("{mark}{under}{text}{under}{mark}{}", run.note)
        })
        .collect()
}
