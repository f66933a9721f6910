//! What a device says of the pack that it carries, and what that comes to.

use serde::{Deserialize, Serialize};

use crate::limits::HELD_MARK_CHARS;

/// How a device stands to the pack as it is now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carries {
    Everything,
    /// It has not said yet, or its app is too old to say.
    Unknown,
    Lacks {
        /// Ids of documents whose text, or what a version changed in it, is missing.
        documents: Vec<String>,
        /// How many attachments are missing.
        files: usize,
    },
}

/// The beginning of a hash: so much is told of what is held.
pub fn mark(sha256: &str) -> String {
    sha256.chars().take(HELD_MARK_CHARS).collect()
}
