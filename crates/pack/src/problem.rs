//! One thing that is wrong with a pack, said so that the person who made the file can mend it, and their collection.

use std::fmt;

use crate::limits::PROBLEMS_MAX;

/// What is wrong, where, and what to do. `message` is plain Vietnamese.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Path inside the pack, with `/`; for the whole folder `.`.
    pub file: String,
    /// Line in the file, from 1, as an editor shows it.
    pub row: Option<u32>,
    /// Name of the field or column; empty where none is meant.
    pub field: String,
    pub message: String,
}

impl Problem {
    pub(crate) fn unexplained() -> Self {
        let message = "không đọc được gói tài liệu; hãy gửi gói này cho người làm phần mềm".to_owned();
        Self { file: ".".to_owned(), row: None, field: String::new(), message }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if let Some(row) = self.row {
            write!(f, "{row}:")?;
        }
        if !self.field.is_empty() {
            write!(f, " {}:", self.field)?;
        }
        write!(f, " {}", self.message)
    }
}

/// Everything found while a pack is read.
#[derive(Debug, Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    /// Problems beyond the limit, only counted.
    unlisted: usize,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn fault(&mut self, file: &str, row: impl Into<Option<u32>>, field: &str, message: impl Into<String>) {
        if self.problems.len() >= PROBLEMS_MAX {
            self.unlisted += 1;
            return;
        }
        let (file, field) = (file.to_owned(), field.to_owned());
        self.problems.push(Problem { file, row: row.into(), field, message: message.into() });
    }

    /// Problems so far.
    pub(crate) fn count(&self) -> usize {
        self.problems.len() + self.unlisted
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The notes, or the problems ordered by file and row; problems of one row keep the order in which they were found.
    pub(crate) fn finish(mut self) -> Result<Vec<String>, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(self.notes);
        }
        self.problems.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
        if self.unlisted > 0 {
            let message = format!("còn {} lỗi nữa chưa liệt kê; hãy sửa các lỗi trên rồi kiểm tra lại", self.unlisted);
            self.problems.push(Problem { file: ".".to_owned(), row: None, field: String::new(), message });
        }
        Err(self.problems)
    }
}

/// A value as it is shown in a message: in quotation marks, cut where it is long.
pub(crate) fn quoted(value: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    let mut shown: String = value.chars().take(SHOWN_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}
