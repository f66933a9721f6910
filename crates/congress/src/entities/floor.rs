//! Comments and the floor, one projection an audience: the author sees the public state, the presidium everything.

use serde::{Deserialize, Serialize};
use sync::ids::{PersonId, Timestamp};

use crate::entities::{Entity, Role};

/// Tán thành, tán thành một phần, không tán thành. The last two need a text (domain.md 6, state 0).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    #[default]
    Agree,
    Partial,
    Disagree,
}

/// What a comment is about.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case", try_from = "AnchorRecord")]
pub enum Anchor {
    /// The congress as a whole.
    #[default]
    Congress,
    Item {
        item: String,
    },
    /// A document in one version; without `block` the whole document.
    Document {
        document: String,
        version: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        block: Option<String>,
        /// `Phần II, mục V.2.1`
        #[serde(default, skip_serializing_if = "String::is_empty")]
        place: String,
        /// The words as the author read them.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        quote: String,
    },
}

/// An anchor as it is read: all fields at once. What serde derives for a tagged enum buffers everything that it reads
/// and costs the PWA three times as much.
#[derive(Deserialize)]
struct AnchorRecord {
    about: About,
    item: Option<String>,
    document: Option<String>,
    version: Option<u32>,
    block: Option<String>,
    #[serde(default)]
    place: String,
    #[serde(default)]
    quote: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum About {
    Congress,
    Item,
    Document,
}

impl Anchor {
    /// Without the words that the author took over.
    #[must_use]
    pub fn without_quote(self) -> Self {
        match self {
            Anchor::Document { document, version, block, place, .. } => {
                Anchor::Document { document, version, block, place, quote: String::new() }
            }
            other => other,
        }
    }
}

impl TryFrom<AnchorRecord> for Anchor {
    type Error = &'static str;

    fn try_from(record: AnchorRecord) -> Result<Self, Self::Error> {
        let AnchorRecord { about, item, document, version, block, place, quote } = record;
        match about {
            About::Congress => Ok(Anchor::Congress),
            About::Item => item.map(|item| Anchor::Item { item }).ok_or("an anchor in an item needs `item`"),
            About::Document => match (document, version) {
                (Some(document), Some(version)) => Ok(Anchor::Document { document, version, block, place, quote }),
                _ => Err("an anchor in a document needs `document` and `version`"),
            },
        }
    }
}

/// Where a request for the floor stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FloorState {
    /// No request.
    #[default]
    None,
    Requested,
    Queued,
    Called,
    Speaking,
    Spoken,
    /// Taken off the queue: it counts as written (domain.md 6a).
    NotReached,
}

/// What the author's phone shows of the floor.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OwnFloor {
    pub state: FloorState,
    /// Minutes asked for.
    #[serde(default)]
    pub minutes: u32,
    /// Place in the queue, from 1, while queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<Timestamp>,
}

/// What stays of words that were hidden for privacy. The author sees the office and not the name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Redaction {
    pub at: Timestamp,
    /// Presidium or secretariat.
    pub office: Role,
    pub reason: String,
}

/// The server's own note of a redaction (scope `registry`). It stays even if the comment comes again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RedactionNote {
    pub comment: String,
    pub by: PersonId,
    pub name: String,
    pub redaction: Redaction,
}

impl Entity for RedactionNote {
    const KIND: &'static str = "redaction";
    fn id(&self) -> String {
        self.comment.clone()
    }
}

/// A comment as its author keeps it (scope `user:<author>`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnComment {
    pub id: String,
    /// Running number of the congress; `None` while it is only on the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    pub anchor: Anchor,
    pub stance: Stance,
    pub text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposal: String,
    #[serde(default)]
    pub floor: OwnFloor,
    /// On the device's clock.
    pub written_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// It came after the discussion of its item had ended; the presidium has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Its words were hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
}

impl Entity for OwnComment {
    const KIND: &'static str = "own-comment";
    fn id(&self) -> String {
        self.id.clone()
    }
}

/// The author as presidium and secretariat see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Author {
    pub id: PersonId,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delegation: String,
}

/// A comment as presidium and secretariat receive it (scope `presidium`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CommentAtDesk {
    pub id: String,
    pub number: u32,
    pub author: Author,
    pub anchor: Anchor,
    pub stance: Stance,
    pub text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposal: String,
    pub floor: FloorState,
    /// Minutes asked for; 0 without a request.
    #[serde(default)]
    pub minutes: u32,
    pub written_at: Timestamp,
    pub received_at: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Times this author has spoken before: first-time speakers are easier to find (domain.md 6a).
    #[serde(default)]
    pub spoken_before: u32,
    /// Its words were hidden, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub redacted_by: String,
}

impl Entity for CommentAtDesk {
    const KIND: &'static str = "comment";
    fn id(&self) -> String {
        self.id.clone()
    }
}

/// One who waits for the floor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FloorEntry {
    /// Id of the comment that asks for the floor.
    pub comment: String,
    pub author: Author,
    pub minutes: u32,
}

/// Who has the floor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Speaking {
    pub entry: FloorEntry,
    pub called_at: Timestamp,
    /// When the person began; until then they are on their way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
}

/// The ordered list of the floor (scope `presidium`, id `main`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FloorQueue {
    pub entries: Vec<FloorEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaking: Option<Speaking>,
}

impl Entity for FloorQueue {
    const KIND: &'static str = "floor";
    fn id(&self) -> String {
        "main".to_owned()
    }
}
