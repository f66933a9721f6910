//! One thing that is wrong with a pack, said so that the person who made the file can mend it.

use std::fmt;

/// What is wrong, where, and what to do. `message` is plain Vietnamese.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Path inside the pack, with `/`.
    pub file: String,
    /// Line in the file, from 1, as an editor shows it.
    pub row: Option<u32>,
    /// Name of the field or column; empty where none is meant.
    pub field: String,
    pub message: String,
}

impl Problem {
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), row: None, field: String::new(), message: message.into() }
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
