//! What a version of a document changed: fetched by its content hash like the text, and held beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Block, Run};

/// The way from one version to the next. Blocks that it does not name are as they were. Immutable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentChanges {
    pub document: String,
    pub version: u32,
    pub from_version: u32,
    /// Hash of the text of `from_version`.
    pub from_sha256: String,
    /// In reading order.
    pub blocks: Vec<BlockChange>,
    /// The version that gave a block its present words, by the block's id; a block that is not here has them from the
    /// first version on. Numbers and spelling do not count.
    pub since: BTreeMap<String, u32>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockChange {
    New {
        id: String,
    },
    /// The same words in another place.
    Moved {
        id: String,
        /// The numbered place where it stood.
        from: String,
    },
    Changed {
        id: String,
        words: ChangedWords,
        /// The numbered place where it stood, if that is another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved_from: Option<String>,
    },
    /// A block of the earlier version.
    Removed {
        /// Id of the block of this version behind which it stood; without one it stood at the beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        block: Block,
    },
}

/// The words of both versions in one row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangedWords {
    Runs(Vec<MarkedRun>),
    /// Of a table: rows, their cells, and the words in each.
    Rows(Vec<Vec<Vec<MarkedRun>>>),
}

/// Words in one style that came, went or stayed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MarkedRun {
    #[serde(rename = "r")]
    pub run: Run,
    #[serde(rename = "m", default, skip_serializing_if = "Mark::is_kept")]
    pub mark: Mark,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Mark {
    #[default]
    #[serde(rename = "=")]
    Kept,
    #[serde(rename = "+")]
    Inserted,
    #[serde(rename = "-")]
    Removed,
}

impl Mark {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde's skip_serializing_if asks for")]
    fn is_kept(&self) -> bool {
        *self == Mark::Kept
    }
}
