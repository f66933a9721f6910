//! What is left of a document that was taken back (thu hồi, domain.md 8) or whose time is over.

use serde::{Deserialize, Serialize};
use sync::ids::Timestamp;

use super::{Document, DocumentKind, Entity, Role};

/// That there was a document, and why it is here no more (scope `delegates`). It takes the place of the document's row
/// and names none of its contents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecalledDocument {
    pub id: String,
    pub kind: DocumentKind,
    pub title: String,
    /// The version that was live.
    pub version: u32,
    pub at: Timestamp,
    pub cause: RecallCause,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallCause {
    /// Presidium or secretariat took it back.
    Recalled { office: Role, reason: String },
    /// Its time was over.
    Expired,
}

impl Entity for RecalledDocument {
    const KIND: &'static str = "recalled-document";
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl RecalledDocument {
    pub fn of(document: &Document, at: Timestamp, cause: RecallCause) -> Self {
        let Document { id, kind, title, version, .. } = document.clone();
        Self { id, kind, title, version, at, cause }
    }

    /// What is left of a document whose time is over; `None` as long as it is not.
    pub fn expired(document: &Document, now: Timestamp) -> Option<Self> {
        let at = document.expires_at.filter(|at| *at <= now)?;
        Some(Self::of(document, at, RecallCause::Expired))
    }

    /// Whether a document of a pack stays away: a paper that was taken back comes again with a higher version only, one
    /// whose time was over also with a longer time.
    pub fn keeps_away(&self, document: &Document, now: Timestamp) -> bool {
        let is_longer = self.cause == RecallCause::Expired && !document.is_expired(now);
        document.version <= self.version && !is_longer
    }
}
