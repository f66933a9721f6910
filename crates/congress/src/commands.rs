//! What people can do. A kind is never renamed or reused; a new shape gets a new `v`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sync::ids::{CommandId, PersonId};
use sync::json::Json;

use crate::entities::{Anchor, MarkKind, PresenceHow, Stance};

/// A kind of command, with the type of its payload.
pub trait Action: Serialize + DeserializeOwned {
    const KIND: &'static str;
    const VERSION: u32 = 1;
    /// Needs the server's answer at once: never queued, disabled without a connection (sync.md section 7).
    const ONLINE_ONLY: bool = false;

    fn payload(&self) -> Json {
        Json::of(self)
    }
}

macro_rules! action {
    ($name:ident, $kind:literal $(, $online:literal)?) => {
        impl Action for $name {
            const KIND: &'static str = $kind;
            $(const ONLINE_ONLY: bool = $online;)?
        }
    };
}

/// Hands in a comment, with or without a request for the floor. Official delegates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SubmitComment {
    /// Made on the device (UUID).
    pub id: String,
    pub anchor: Anchor,
    pub stance: Stance,
    pub text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposal: String,
    /// Minutes asked for; `None` without a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_minutes: Option<u32>,
}
action!(SubmitComment, "comment.submit");

/// Takes one's own comment back. Allowed until it has been spoken (domain.md 6, state 1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WithdrawComment {
    pub comment: String,
}
action!(WithdrawComment, "comment.withdraw");

/// Ẩn nội dung vì riêng tư: takes the words of a comment off every device and out of the log; that there was a comment,
/// who hid it, when and why stays (sync.md section 7). Presidium and secretariat. Kept in the ledger like everything
/// that has to hold after a restore of the server, and offered with a connection only, so that nobody takes it for done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RedactComment {
    pub comment: String,
    pub reason: String,
}
action!(RedactComment, "comment.redact");

/// Thu hồi: takes a document back. Its text, its files and everything made of them leave every device at its next contact;
/// that there was one, when, by which office and why it was taken back stays, and so does what people wrote about it.
/// Presidium and secretariat. Kept in the ledger and offered with a connection only, like [`RedactComment`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecallDocument {
    pub document: String,
    /// As it was seen: a newer one, which may be the mended paper, is not taken back by mistake.
    pub version: u32,
    pub reason: String,
}
action!(RecallDocument, "document.recall");

/// Puts a comment that asks for the floor at the end of the queue. Presidium and secretariat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QueueComment {
    pub comment: String,
}
action!(QueueComment, "floor.queue");

/// Moves an entry of the queue behind another one, or to the front. Presidium and secretariat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MoveInQueue {
    pub comment: String,
    /// `None`: to the front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}
action!(MoveInQueue, "floor.move");

/// Takes an entry off the queue; the comment counts as written. Presidium and secretariat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoveFromQueue {
    pub comment: String,
}
action!(RemoveFromQueue, "floor.remove");

/// Mời phát biểu: gives the floor to one who waits. Presidium and secretariat, online only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallSpeaker {
    pub comment: String,
}
action!(CallSpeaker, "floor.call", true);

/// The one called begins to speak: the timer starts anew. Presidium and secretariat, online only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StartSpeaking {
    pub comment: String,
}
action!(StartSpeaking, "floor.start", true);

/// Kết thúc: the one who has the floor has spoken. Presidium and secretariat, online only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FinishSpeaking {
    pub comment: String,
}
action!(FinishSpeaking, "floor.finish", true);

/// Starts an agenda item; the one that was going on ends. Secretariat and organiser, online only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StartItem {
    pub item: String,
}
action!(StartItem, "item.start", true);

/// Finishes the agenda item that goes on. Secretariat and organiser, online only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FinishItem {
    pub item: String,
}
action!(FinishItem, "item.finish", true);

/// A desk saw a person. A fact: never rejected for what other desks recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordPresence {
    pub session: String,
    pub person: PersonId,
    pub how: PresenceHow,
}
action!(RecordPresence, "presence.record");

/// A desk takes facts back that were recorded by mistake; they stay readable as taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RetractPresence {
    pub session: String,
    pub person: PersonId,
    /// The commands that recorded the facts.
    pub facts: Vec<CommandId>,
}
action!(RetractPresence, "presence.retract");

/// Keeps a mark on a paragraph, or puts a changed one in its place. Whoever reads documents; for their own devices only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeepMark {
    /// Made on the device (UUID).
    pub id: String,
    pub kind: MarkKind,
    /// A block of a document.
    pub anchor: Anchor,
    /// Of a note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The command that made the mark as it is being changed; `None` for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<CommandId>,
}
action!(KeepMark, "mark.keep");

/// Takes a mark away, as long as it is the one that was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoveMark {
    /// The command that made it as it was seen.
    pub follows: CommandId,
}
action!(RemoveMark, "mark.remove");
