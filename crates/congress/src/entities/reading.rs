//! Documents: the row that everyone holds, and the text that is fetched by its content hash.

use serde::{Deserialize, Serialize};
use sync::ids::Timestamp;

use crate::entities::Entity;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    PoliticalReport,
    ReviewReport,
    DraftResolution,
    ActionProgram,
    Program,
    WorkingRules,
    ElectionRules,
    HouseRules,
    OpinionSynthesis,
    AbsorptionReport,
    CredentialsReport,
    Paper,
    Speech,
    Guide,
}

/// A file as it was handed in (PDF or picture), fetched by its hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    pub sha256: String,
    pub bytes: u64,
}

/// A document in its newest version (scope `delegates` once released, `secretariat` before).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    pub id: String,
    pub kind: DocumentKind,
    pub title: String,
    pub version: u32,
    /// When delegates may read it.
    pub released_at: Timestamp,
    /// Place in the set, by file name.
    pub position: u32,
    pub words: u32,
    /// Printed pages, estimated at 450 words each.
    pub pages: u32,
    /// Lower-case hexadecimal SHA-256 of the JSON of its [`DocumentText`].
    pub text_sha256: String,
    /// Size of that JSON, not compressed.
    pub text_bytes: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// What this version changed; none in the first one that was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<ChangesFile>,
    /// From then on nobody holds it: the server gives it out no more, and devices remove it by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// Where the changes from an earlier version are found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangesFile {
    /// The version that was released before this one.
    pub from_version: u32,
    /// Lower-case hexadecimal SHA-256 of the JSON of its [`super::DocumentChanges`].
    pub sha256: String,
    /// Size of that JSON, not compressed.
    pub bytes: u64,
}

impl Entity for Document {
    const KIND: &'static str = "document";
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Document {
    /// Whether its time is over: the same rule on the server and on every device.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether `older` may be read until this version has come. Only the version that was live when this one came: one
    /// before it may have been taken back, and this device not have heard of it.
    pub fn follows(&self, older: &Document) -> bool {
        self.changes.as_ref().is_some_and(|changes| changes.from_version == older.version)
    }

    /// Hashes of everything that it consists of: the text, what it changed, the files.
    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        let changes = self.changes.iter().map(|changes| &changes.sha256);
        let files = self.files.iter().map(|file| &file.sha256);
        std::iter::once(&self.text_sha256).chain(changes).chain(files).map(String::as_str)
    }
}

/// The text of one version, block by block. Immutable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentText {
    pub document: String,
    pub version: u32,
    pub blocks: Vec<Block>,
    /// What stands around the text on the printed paper.
    #[serde(default, skip_serializing_if = "Frame::is_empty")]
    pub frame: Frame,
}

/// What a printed paper carries around its text (domain.md 5): shown, but no place for comments. Each field is one line,
/// or one entry a line, as printed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Frame {
    /// Who issues it, superior first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issuer: Vec<String>,
    /// `Số 127-BC/ĐU`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// `ĐẢNG CỘNG SẢN VIỆT NAM`, or the country's name and motto.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub motto: Vec<String>,
    /// `Lâm Giang, ngày 12 tháng 11 năm 2026`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place_date: String,
    /// `Dự thảo lần 3`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub draft: String,
    /// Kind of the paper, and what it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<String>,
    /// Authority, office and name of the signer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
}

impl Frame {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A heading, a paragraph, a list item or a table: each is one place to which a comment can be anchored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "BlockRecord")]
pub struct Block {
    /// Stays the same in the next version while the block is the same, moved, renumbered or lightly edited
    /// ([`crate::versions`]).
    pub id: String,
    #[serde(flatten)]
    pub kind: BlockKind,
    /// The numbered place of the nearest heading, for example `Phần II, mục V.2.1`; empty before the first heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    #[serde(default, skip_serializing_if = "BlockRole::is_text")]
    pub role: BlockRole,
    /// Name of the picture among the files of the document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
}

/// What a block is beside its kind. A device that does not know a role shows the block by its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockRole {
    #[default]
    Text,
    /// A list item behind the block that refers to it; its marker is `[1]`.
    Footnote,
    /// A paragraph that stands for a picture and describes it.
    Picture,
    /// One of a newer version.
    #[serde(other)]
    Unknown,
}

impl BlockRole {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde's skip_serializing_if asks for")]
    fn is_text(&self) -> bool {
        *self == BlockRole::Text
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum BlockKind {
    /// `level` 1 (Phần) to 5 (a).
    Heading {
        level: u8,
        runs: Vec<Run>,
    },
    Paragraph {
        runs: Vec<Run>,
    },
    /// `depth` from 0; `marker` is `–` or a number as printed.
    ListItem {
        depth: u8,
        marker: String,
        runs: Vec<Run>,
    },
    /// The first row holds the headings.
    Table {
        rows: Vec<Vec<Vec<Run>>>,
    },
}

/// A block as it is read: all fields at once, for the reason of [`super::Anchor`].
#[derive(Deserialize)]
struct BlockRecord {
    id: String,
    block: BlockShape,
    level: Option<u8>,
    depth: Option<u8>,
    marker: Option<String>,
    runs: Option<Vec<Run>>,
    rows: Option<Vec<Vec<Vec<Run>>>>,
    #[serde(default)]
    place: String,
    #[serde(default)]
    role: BlockRole,
    #[serde(default)]
    file: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BlockShape {
    Heading,
    Paragraph,
    ListItem,
    Table,
}

impl TryFrom<BlockRecord> for Block {
    type Error = &'static str;

    fn try_from(record: BlockRecord) -> Result<Self, Self::Error> {
        let BlockRecord { id, block, level, depth, marker, runs, rows, place, role, file } = record;
        let kind = match (block, runs) {
            (BlockShape::Heading, Some(runs)) => level.map(|level| BlockKind::Heading { level, runs }),
            (BlockShape::Paragraph, Some(runs)) => Some(BlockKind::Paragraph { runs }),
            (BlockShape::ListItem, Some(runs)) => {
                depth.zip(marker).map(|(depth, marker)| BlockKind::ListItem { depth, marker, runs })
            }
            (BlockShape::Table, _) => rows.map(|rows| BlockKind::Table { rows }),
            (_, None) => None,
        };
        Ok(Block { id, kind: kind.ok_or("a block lacks a field of its kind")?, place, role, file })
    }
}

/// Words in one style.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    #[serde(rename = "t")]
    pub text: String,
    #[serde(rename = "s", default, skip_serializing_if = "RunStyle::is_plain")]
    pub style: RunStyle,
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub underlined: bool,
    /// Marker of the footnote that is referred to behind these words. It is none of the words, so that a new footnote
    /// moves no anchor.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Run {
    pub fn new(text: impl Into<String>, style: RunStyle) -> Self {
        Self { text: text.into(), style, underlined: false, note: String::new() }
    }

    /// Whether words look the same in both runs.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.style == other.style && self.underlined == other.underlined
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum RunStyle {
    #[default]
    #[serde(rename = "p")]
    Plain,
    #[serde(rename = "b")]
    Bold,
    #[serde(rename = "i")]
    Italic,
    #[serde(rename = "bi")]
    BoldItalic,
}

impl RunStyle {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde's skip_serializing_if asks for")]
    fn is_plain(&self) -> bool {
        *self == RunStyle::Plain
    }
}

impl Block {
    /// The words of the block, cells of a table separated by spaces.
    pub fn plain_text(&self) -> String {
        fn join(runs: &[Run]) -> String {
            runs.iter().map(|run| run.text.as_str()).collect()
        }
        match &self.kind {
            BlockKind::Heading { runs, .. } | BlockKind::Paragraph { runs } | BlockKind::ListItem { runs, .. } => {
                join(runs)
            }
            BlockKind::Table { rows } => rows.iter().flatten().map(|cell| join(cell)).collect::<Vec<_>>().join(" "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_the_newer_fields_is_written_and_read_as_ever() {
        let old =
            r#"{"document":"a","version":1,"blocks":[{"id":"x","block":"paragraph","runs":[{"t":"Hai","s":"b"}]}]}"#;
        let text: DocumentText = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), old);
    }

    #[test]
    fn a_role_or_a_field_of_a_newer_version_leaves_the_text_readable() {
        let new = r#"{"document":"a","version":1,"frame":{"title":["Một"],"seal":"x"},"blocks":[
            {"id":"x","block":"paragraph","role":"margin-note","file":"f","new":1,"runs":[{"t":"Hai","u":true,"n":"[1]","z":0}]}]}"#;
        let text: DocumentText = serde_json::from_str(new).unwrap();
        assert_eq!((text.blocks[0].role, text.frame.title.len()), (BlockRole::Unknown, 1));
        assert_eq!(text.blocks[0].plain_text(), "Hai");
    }
}
