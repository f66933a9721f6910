//! What a person does: drafts, commands, and where each of them stands.

use congress::commands::{Action, SubmitComment};
use congress::entities::{Anchor, FloorState, OwnComment, Redaction, Stance, read_all};
use leptos::prelude::*;
use sync::client::{Entry, Failure, Writing};
use sync::ids::{CommandId, Timestamp};
use sync::order::sort_by;
use sync::rules::Refusal;
use sync::wire::{Receipt, Status};

use super::State;
use crate::drafts::{Draft, DraftState};
use crate::memo::Memo;
use crate::platform::world;
use crate::ports::{LedgerStore, StoreError};

/// Where a writing is, as far as this device knows (ui.md, state line).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// Saved on this device, sent when there is a connection.
    Saved,
    Sending,
    /// Received; the number is known once the server's rows have come.
    Received {
        number: Option<u32>,
        at: Timestamp,
        late: bool,
    },
    Queued {
        place: u32,
    },
    Called,
    Speaking,
    Spoken,
    /// Taken off the queue: counts as written.
    NotReached,
    Withdrawn {
        at: Timestamp,
    },
    Refused {
        refusal: Refusal,
        command: CommandId,
    },
    /// Held by the server, to be understood after an update.
    Parked,
}

/// One of my comments with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommentLine {
    pub id: String,
    pub anchor: Anchor,
    pub stance: Stance,
    pub text: String,
    pub proposal: String,
    /// Minutes asked for; 0 without a request for the floor.
    pub minutes: u32,
    pub written_at: Timestamp,
    pub place: Place,
    /// Its words were hidden for privacy.
    pub redaction: Option<Redaction>,
}

impl State {
    fn writing<A: Action>(action: &A) -> Writing {
        Writing {
            command_id: world::new_command_id(),
            kind: A::KIND.to_owned(),
            v: A::VERSION,
            created_at: world::now(),
            payload: action.payload(),
        }
    }

    /// Stores what a person did. `Ok` means saved for good; the view shows it already.
    pub async fn write<A: Action>(&self, action: &A) -> Result<(), StoreError> {
        let Some(engine) = self.engine() else { return Err(StoreError::Broken) };
        engine.write(Self::writing(action), None).await
    }

    /// Does what needs the server's answer at once, and calls back with it.
    pub fn call_now<A: Action>(&self, action: &A, done: impl FnOnce(Result<Receipt, Failure>) + 'static) {
        match self.engine() {
            Some(engine) => engine.call_now(Self::writing(action), Box::new(done)),
            None => done(Err(Failure::Unreachable)),
        }
    }

    /// Whether [`State::call_now`] makes sense at this moment.
    pub fn is_connected(&self) -> Signal<bool> {
        let status = self.status;
        Signal::derive(move || status.with(|status| status.reachable))
    }

    /// A draft by its id.
    pub fn draft(&self, id: &str) -> Option<Draft> {
        self.drafts.with_untracked(|all| all.iter().find(|draft| draft.id == id).cloned())
    }

    /// A new, empty draft about something; it is stored with its first words.
    pub fn new_draft(&self, anchor: Anchor) -> Draft {
        let account = self.account().map(|account| account.key()).unwrap_or_default();
        Draft { id: world::new_uuid(), account, anchor, updated_at: world::now(), ..Draft::default() }
    }

    /// Stores a draft as it stands. One that the ledger does not take stays in memory and in the emergency slot.
    pub async fn save_draft(&self, mut draft: Draft) -> Result<(), StoreError> {
        let Some(engine) = self.engine() else { return Err(StoreError::Broken) };
        draft.updated_at = world::now();
        let stored = engine.ledger().put_draft(&draft).await;
        match stored {
            Ok(()) => self.is_safe(&draft.id),
            Err(_) => {
                self.rescue(&draft);
            }
        }
        self.drafts.update(|all| {
            all.retain(|other| other.id != draft.id);
            all.push(draft);
        });
        stored
    }

    /// Throws a draft away; it is kept aside for some days in case that was a mistake.
    pub async fn discard_draft(&self, id: &str) -> Result<(), StoreError> {
        match self.draft(id) {
            Some(draft) => self.save_draft(Draft { state: DraftState::Discarded, ..draft }).await,
            None => Ok(()),
        }
    }

    /// Turns a draft into a command, in one transaction. `Ok` means "Đã lưu trên máy"; what the ledger did not take is
    /// still a draft.
    pub async fn submit_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let Some(engine) = self.engine() else { return Err(StoreError::Broken) };
        let writing = match &draft.note {
            None => Self::writing(&draft.to_command()),
            Some(note) => Self::writing(&draft.to_note(note)),
        };
        let last = Draft { updated_at: writing.created_at, ..draft.clone() };
        let stored = engine.write(writing, Some(last.clone())).await;
        if stored.is_ok() {
            self.is_safe(&draft.id);
        }
        self.drafts.update(|all| {
            all.retain(|other| other.id != draft.id);
            if stored.is_err() {
                all.push(last);
            }
        });
        stored
    }

    /// My comments, newest first, refused ones included. Drafts are apart.
    pub fn comments(&self) -> Memo<Vec<CommentLine>> {
        let state = *self;
        Memo::new(move |_| {
            state.phase.track();
            state.ledger_moved.track();
            state.track(<OwnComment as congress::entities::Entity>::KIND);
            let sending = state.status.with(|status| status.sending);
            let Some((engine, scope)) = state.engine().zip(state.own_scope()) else { return Vec::new() };
            let rows: Vec<OwnComment> = engine.with_view(|rows| read_all(rows, &scope));
            let mut lines: Vec<CommentLine> = engine.with_entries(|entries| {
                let submitted: Vec<&Entry> = entries.filter(|entry| entry.kind == SubmitComment::KIND).collect();
                let mut lines: Vec<CommentLine> = rows.iter().map(|row| from_row(row, &submitted, sending)).collect();
                let unseen = submitted.iter().filter_map(|entry| from_entry(entry, sending));
                lines.extend(unseen.filter(|line| rows.iter().all(|row| row.id != line.id)));
                lines
            });
            sort_by(&mut lines, |line| (-line.written_at.0, 0));
            lines
        })
    }

    /// Everything in the ledger that waits or was refused, oldest first.
    pub fn outbox(&self) -> Memo<Vec<Entry>> {
        let state = *self;
        Memo::new(move |_| {
            state.phase.track();
            state.ledger_moved.track();
            let Some(engine) = state.engine() else { return Vec::new() };
            let mut open: Vec<Entry> =
                engine.with_entries(|entries| entries.filter(|entry| !entry.is_taken()).cloned().collect());
            sort_by(&mut open, |entry| (entry.created_at.0, entry.seq.cast_signed()));
            open
        })
    }

    /// Lets a refused text go for good, because its author says so.
    pub async fn discard_refused(&self, command: CommandId) -> Result<(), StoreError> {
        let Some(engine) = self.engine() else { return Err(StoreError::Broken) };
        engine.discard(vec![command]).await
    }
}

fn from_row(row: &OwnComment, submitted: &[&Entry], sending: bool) -> CommentLine {
    let entry = submitted.iter().find(|entry| comment_id(entry).as_deref() == Some(&row.id));
    let received = row.received_at.or_else(|| entry.and_then(|entry| entry.verdict.as_ref()).map(|verdict| verdict.at));
    let place = match (row.withdrawn_at, row.floor.state, received) {
        (Some(at), ..) => Place::Withdrawn { at },
        (_, FloorState::Queued, _) => Place::Queued { place: row.floor.place.unwrap_or(1) },
        (_, FloorState::Called, _) => Place::Called,
        (_, FloorState::Speaking, _) => Place::Speaking,
        (_, FloorState::Spoken, _) => Place::Spoken,
        (_, FloorState::NotReached, _) => Place::NotReached,
        (_, _, Some(at)) => Place::Received { number: row.number, at, late: row.late },
        (_, _, None) if sending => Place::Sending,
        (_, _, None) => Place::Saved,
    };
    CommentLine {
        id: row.id.clone(),
        anchor: row.anchor.clone(),
        stance: row.stance,
        text: row.text.clone(),
        proposal: row.proposal.clone(),
        minutes: row.floor.minutes,
        written_at: row.written_at,
        place,
        redaction: row.redaction.clone(),
    }
}

fn comment_id(entry: &Entry) -> Option<String> {
    entry.payload.read::<SubmitComment>().ok().map(|action| action.id)
}

/// A comment that no row shows: it was refused, or its row has not come back yet.
fn from_entry(entry: &Entry, sending: bool) -> Option<CommentLine> {
    let action = entry.payload.read::<SubmitComment>().ok()?;
    let place = match &entry.verdict {
        None if sending => Place::Sending,
        None => Place::Saved,
        Some(receipt) => match (receipt.status, &receipt.refusal) {
            (Status::Rejected, refusal) => Place::Refused {
                refusal: refusal.clone().unwrap_or_else(|| Refusal::new("malformed")),
                command: entry.command_id,
            },
            (Status::Parked, _) => Place::Parked,
            (status, _) => Place::Received { number: None, at: receipt.at, late: status == Status::Late },
        },
    };
    Some(CommentLine {
        id: action.id,
        anchor: action.anchor,
        stance: action.stance,
        text: action.text,
        proposal: action.proposal,
        minutes: action.floor_minutes.unwrap_or(0),
        written_at: entry.created_at,
        place,
        redaction: None,
    })
}
