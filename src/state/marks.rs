//! A reader's own marks, and the notes that are being written.

use congress::commands::{Action, KeepMark, RemoveMark};
use congress::entities::{Anchor, Entity, MarkKind, ReaderMark, read_all};
use leptos::prelude::Track;
use sync::client::Entry;

use super::State;
use crate::drafts::Draft;
use crate::memo::Memo;
use crate::platform::world;
use crate::ports::StoreError;

impl State {
    /// All marks of the person, in no order that means anything.
    pub fn marks(&self) -> Memo<Vec<ReaderMark>> {
        let state = *self;
        Memo::new(move |_| {
            state.phase.track();
            state.track(ReaderMark::KIND);
            let Some((engine, scope)) = state.engine().zip(state.own_scope()) else { return Vec::new() };
            engine.with_view(|rows| read_all(rows, &scope))
        })
    }

    /// Highlights a paragraph or puts a bookmark there.
    pub async fn keep_mark(&self, kind: MarkKind, anchor: Anchor) -> Result<(), StoreError> {
        let action = KeepMark { id: world::new_uuid(), kind, anchor, text: String::new(), follows: None };
        self.write(&action).await
    }

    /// Takes a mark away, as it was seen.
    pub async fn remove_mark(&self, mark: &ReaderMark) -> Result<(), StoreError> {
        self.write(&RemoveMark { follows: mark.changed_by }).await
    }

    /// Notes that are being written, newest first.
    pub fn note_drafts(&self) -> Memo<Vec<Draft>> {
        self.open_drafts(true)
    }

    /// A draft of a new note, or of a change of the one given.
    pub fn new_note(&self, anchor: Anchor, changed: Option<&ReaderMark>) -> Draft {
        let draft = self.new_draft(anchor);
        match changed {
            Some(mark) => {
                let (note, follows) = (Some(mark.id.clone()), Some(mark.changed_by));
                Draft { text: mark.text.clone(), note, follows, ..draft }
            }
            None => Draft { note: Some(draft.id.clone()), ..draft },
        }
    }

    /// What the person did with marks and the server has not taken: it waits, or it was refused.
    pub fn marks_not_taken(&self) -> Memo<Vec<Entry>> {
        let outbox = self.outbox();
        let of_marks = |entry: &&Entry| [KeepMark::KIND, RemoveMark::KIND].contains(&entry.kind.as_str());
        Memo::new(move |_| outbox.with(|entries| entries.iter().filter(of_marks).cloned().collect()))
    }
}
