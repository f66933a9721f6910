//! What a reader marks in the documents: private, for the person's own devices only.

use serde::{Deserialize, Serialize};
use sync::ids::{CommandId, Timestamp};

use crate::entities::{Anchor, Entity};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    Highlight,
    /// Has a text.
    Note,
    Bookmark,
}

/// A mark on a paragraph (scope `user:<reader>`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReaderMark {
    pub id: String,
    pub kind: MarkKind,
    /// A block of a document, with the words that the reader saw.
    pub anchor: Anchor,
    /// Empty but for notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// When it was last changed, by the clock of the device that did so.
    pub changed_at: Timestamp,
    /// The command that changed it last: by this another device sees whether it knew this text.
    pub changed_by: CommandId,
}

impl Entity for ReaderMark {
    const KIND: &'static str = "mark";
    fn id(&self) -> String {
        self.id.clone()
    }
}
