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
    /// Id of the private note that it becomes; `None` for a comment.
    #[serde(default)]
    pub note: Option<String>,
    /// The command that made that note as its author saw it; `None` for a new one.
    #[serde(default)]
    pub follows: Option<CommandId>,
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

    /// The private note of this id.
    pub fn to_note(&self, id: &str) -> KeepMark {
        KeepMark {
            id: id.to_owned(),
            kind: MarkKind::Note,
            anchor: self.anchor.clone(),
            text: self.text.trim().to_owned(),
            follows: self.follows,
        }
    }
}
