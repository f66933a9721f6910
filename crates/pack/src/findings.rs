//! What the import found in one document that is no problem: what it consists of, what was repaired or left out, what
//! looks wrong, and how its presentation differs from the rules. A person reads it; nothing depends on it.

use std::fmt;

/// The report of one document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Findings {
    /// Path inside the pack.
    pub file: String,
    /// Headings by level, paragraphs, tables, in one line.
    pub structure: String,
    /// In the order of the document.
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NoteKind {
    Repaired,
    Dropped,
    Doubtful,
    /// Advice on presentation.
    Presentation,
}

impl NoteKind {
    fn word(self) -> &'static str {
        match self {
            NoteKind::Repaired => "đã sửa",
            NoteKind::Dropped => "đã bỏ",
            NoteKind::Doubtful => "cần xem lại",
            NoteKind::Presentation => "thể thức",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub kind: NoteKind,
    /// Line or paragraph, from 1; `None` for the whole document.
    pub row: Option<u32>,
    pub message: String,
}

impl Note {
    pub(crate) fn new(kind: NoteKind, row: impl Into<Option<u32>>, message: impl Into<String>) -> Self {
        Self { kind, row: row.into(), message: message.into() }
    }
}

impl Findings {
    /// One line a note, as problems are written.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.notes.iter().map(|note| {
            let row = note.row.map(|row| format!("{row}:")).unwrap_or_default();
            format!("{}:{row} {}: {}", self.file, note.kind.word(), note.message)
        })
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.structure)?;
        self.lines().try_for_each(|line| write!(f, "\n{line}"))
    }
}
