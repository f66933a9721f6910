//! My comments with the line that says where each one is, as far as this device knows.

use congress::commands::{Action, WithdrawComment};
use sync::client::Entry;

use crate::memo::Memo;
use crate::parts::blocks::write_state_line;
use crate::parts::html::Html;
use crate::parts::icon::Symbol;
use crate::state::{CommentLine, Place, State, t};

#[derive(Clone, Copy)]
pub struct Lines {
    pub comments: Memo<Vec<CommentLine>>,
    outbox: Memo<Vec<Entry>>,
}

impl Lines {
    pub fn of(state: State) -> Self {
        Self { comments: state.comments(), outbox: state.outbox() }
    }

    pub fn ids(self) -> Vec<String> {
        self.comments.with(|lines| lines.iter().map(|line| line.id.clone()).collect())
    }

    pub fn find(self, id: &str) -> Option<CommentLine> {
        self.comments.with(|lines| lines.iter().find(|line| line.id == id).cloned())
    }

    /// Whether the server has not heard yet that the comment was withdrawn.
    pub fn withdrawal_waits(self, id: &str) -> bool {
        self.outbox.with(|entries| {
            let mut waiting = entries.iter().filter(|e| e.is_waiting() && e.kind == WithdrawComment::KIND);
            waiting.any(|entry| entry.payload.read::<WithdrawComment>().is_ok_and(|act| act.comment == id))
        })
    }
}

pub fn write_place(html: &mut Html, state: State, place: &Place, withdrawal_waits: bool) {
    let words = t().comments();
    let (kind, symbol, text) = match place {
        Place::Saved => ("saved", Symbol::Device, words.saved.to_owned()),
        Place::Sending => ("sending", Symbol::Refresh, words.sending.to_owned()),
        Place::Received { number, at, late } => {
            let say = if *late { words.received_late } else { words.received };
            ("received", Symbol::CheckCheck, say(*number, &state.moment(*at)))
        }
        Place::Queued { place } => ("received", Symbol::Clock, (words.queued)(*place)),
        Place::Called => ("called", Symbol::Mic, words.called.to_owned()),
        Place::Speaking => ("called", Symbol::Mic, words.speaking.to_owned()),
        Place::Spoken => ("received", Symbol::CheckCheck, words.spoken.to_owned()),
        Place::NotReached => ("received", Symbol::FileText, words.not_reached.to_owned()),
        Place::Withdrawn { .. } if withdrawal_waits => ("saved", Symbol::Device, words.withdrawn_waiting.to_owned()),
        Place::Withdrawn { .. } => ("saved", Symbol::Undo, words.withdrawn.to_owned()),
        Place::Refused { refusal, .. } => {
            let reason = (t().shell().refusal)(&refusal.code, &refusal.detail);
            ("attention", Symbol::Alert, (words.refused)(&reason))
        }
        Place::Parked => ("saved", Symbol::Clock, words.parked.to_owned()),
    };
    write_state_line(html, kind, symbol, &text);
}

/// The words of a comment as its author may need them elsewhere.
pub fn plain_text(line: &CommentLine) -> String {
    if line.proposal.is_empty() {
        return line.text.clone();
    }
    format!("{}\n{}: {}", line.text, t().comments().proposal, line.proposal).trim_start().to_owned()
}
