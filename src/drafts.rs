//! A comment or a private note that is being written. It lies in the ledger database beside the commands, so the
//! lifeboat finds it.

use congress::commands::{KeepMark, SubmitComment};
use congress::entities::{Anchor, MarkKind, Stance};
use serde::{Deserialize, Serialize};
use sync::ids::{CommandId, Timestamp};

/// What became of a draft. It is kept for a while in any case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftState {
    #[default]
    Open,
    /// It became a command.
    Sent,
    /// Its author threw it away.
    Discarded,
}

/// The private note that a draft becomes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoteOf {
    /// Id of the mark.
    pub mark: String,
    /// The command that made the note as its author saw it; `None` for a new one.
    #[serde(default)]
    pub follows: Option<CommandId>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Becomes the id of the comment (UUID).
    pub id: String,
    pub account: String,
    #[serde(default)]
    pub state: DraftState,
    pub anchor: Anchor,
    pub stance: Stance,
    pub text: String,
    #[serde(default)]
    pub proposal: String,
    /// Minutes asked for; `None` without a request for the floor.
    #[serde(default)]
    pub floor_minutes: Option<u32>,
    /// `None` for a comment.
    #[serde(default)]
    pub note: Option<NoteOf>,
    pub updated_at: Timestamp,
}

impl Draft {
    /// Holds nothing that its author would miss.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.proposal.trim().is_empty()
    }

    pub fn to_command(&self) -> SubmitComment {
        SubmitComment {
            id: self.id.clone(),
            anchor: self.anchor.clone(),
            stance: self.stance,
            text: self.text.trim().to_owned(),
            proposal: self.proposal.trim().to_owned(),
            floor_minutes: self.floor_minutes,
        }
    }

    pub fn to_note(&self, note: &NoteOf) -> KeepMark {
        KeepMark {
            id: note.mark.clone(),
            kind: MarkKind::Note,
            anchor: self.anchor.clone(),
            text: self.text.trim().to_owned(),
            follows: note.follows,
        }
    }
}
