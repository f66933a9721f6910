//! The congress and its programme: scope `public`, except the script (scope `presidium`).

use serde::{Deserialize, Serialize};
use sync::ids::{PersonId, Timestamp};

use crate::calendar::{Date, TimeOfDay};
use crate::entities::Entity;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CongressKind {
    Delegate,
    AllMembers,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Cell,
    Commune,
    District,
    Agencies,
    Province,
    National,
}

/// The one congress of a log (id `main`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Congress {
    pub id: String,
    pub name: String,
    pub short_name: String,
    pub ordinal: String,
    pub term: String,
    pub kind: CongressKind,
    pub level: Level,
    pub starts_on: Date,
    pub ends_on: Date,
    pub place: String,
    /// The dated set of rules, for example `vn-2025`.
    pub rule_set: String,
    pub utc_offset_minutes: i32,
    /// Minutes a speaker has the floor by the working regulations (domain.md T-5).
    pub speaking_minutes: u32,
    /// Ed25519 public key, 64 hexadecimal digits, with which badges are verified offline.
    pub badge_key: String,
    /// Official delegates convened (domain.md C-2): the base of every share.
    pub convened: u32,
}

impl Entity for Congress {
    const KIND: &'static str = "congress";
    fn id(&self) -> String {
        "main".to_owned()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    Preparatory,
    Official,
}

/// One half day (phiên).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    pub title: String,
    pub kind: SessionKind,
    pub date: Date,
    /// Start of the first item.
    pub start: TimeOfDay,
    /// End of the last item.
    pub end: TimeOfDay,
}

impl Entity for Session {
    const KIND: &'static str = "session";
    fn id(&self) -> String {
        self.id.clone()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    Ceremony,
    Opening,
    Report,
    Paper,
    DirectingSpeech,
    Discussion,
    Vote,
    Election,
    Announcement,
    Break,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    #[default]
    Planned,
    Now,
    Done,
    Dropped,
}

/// A person as named to everyone on the programme.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonRef {
    pub id: PersonId,
    /// Full name with the honorific of a guest, without "đồng chí".
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub position: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AgendaItem {
    pub id: String,
    pub session: String,
    pub title: String,
    pub kind: ItemKind,
    pub date: Date,
    pub start: TimeOfDay,
    pub minutes: u32,
    /// Người điều hành; breaks may have none (domain.md R-A3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<PersonRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presenters: Vec<PersonRef>,
    /// Ids of documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default)]
    pub status: ItemStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Entity for AgendaItem {
    const KIND: &'static str = "item";
    fn id(&self) -> String {
        self.id.clone()
    }
}

/// Kịch bản điều hành of one item: a layer of its own, for presidium and secretariat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Script {
    pub item: String,
    pub lines: Vec<String>,
}

impl Entity for Script {
    const KIND: &'static str = "script";
    fn id(&self) -> String {
        self.item.clone()
    }
}
