//! "Mới từ lần đọc trước": which sections hold words that came after this device's reader read them last. A section is
//! read when its heading was; the note of it stays on the device, and goes with the cache.

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::Document;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::super::page::Sections;
use crate::state::State;

/// How far a document was read on this device.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Note {
    /// The version that was read first; nothing in it was new.
    version: u32,
    /// The version in which a section that was new was read, by the id of its heading.
    #[serde(default)]
    read: BTreeMap<String, u32>,
}

#[derive(Clone, Copy)]
pub struct Fresh {
    state: State,
    document: StoredValue<Document>,
    note: StoredValue<Note>,
    /// Ids of the headings of sections with something new. They stay while the document is open.
    new: RwSignal<BTreeSet<String>>,
    unread: StoredValue<BTreeSet<String>>,
}

impl Fresh {
    pub fn new(state: State, document: &Document) -> Self {
        Self {
            state,
            document: StoredValue::new(document.clone()),
            note: StoredValue::new(Note::default()),
            new: RwSignal::new(BTreeSet::new()),
            unread: StoredValue::new(BTreeSet::new()),
        }
    }

    pub fn is_new(self, heading: &str) -> bool {
        self.new.with(|new| new.contains(heading))
    }

    /// Compares what was read before with when the words of each section came.
    pub async fn recall(self, sections: Sections) {
        // The reader may have gone elsewhere before this begins.
        let Some(document) = self.document.try_get_value() else { return };
        let Some(note) = self.state.reading_note::<Note>(&document.id).await else {
            let note = Note { version: document.version, read: BTreeMap::new() };
            return self.state.keep_reading_note(&document.id, &note).await;
        };
        let Some(changes) = document.changes.as_ref().filter(|_| note.version < document.version) else { return };
        // Without the changes nothing is said, and nothing counts as read.
        let Ok(changes) = self.state.load_changes(&changes.sha256).await else { return };
        let is_new = |(heading, blocks): &(String, Vec<String>)| {
            let read = note.read.get(heading).copied().unwrap_or(note.version);
            blocks.iter().any(|block| changes.since.get(block).is_some_and(|since| *since > read))
        };
        let new: BTreeSet<String> =
            sections.iter().filter(|section| is_new(section)).map(|(heading, _)| heading.clone()).collect();
        // The reader may have gone elsewhere.
        if self.new.try_set(new.clone()).is_none() {
            self.note.set_value(note);
            self.unread.set_value(new);
        }
    }

    /// These sections were on the screen.
    pub fn note_read<'h>(self, headings: impl Iterator<Item = &'h str>) {
        let seen = self
            .unread
            .try_update_value(|unread| headings.filter(|id| unread.remove(*id)).map(str::to_owned).collect::<Vec<_>>());
        let Some(seen) = seen.filter(|seen| !seen.is_empty()) else { return };
        let Document { id, version, .. } = self.document.get_value();
        self.note.update_value(|note| note.read.extend(seen.into_iter().map(|heading| (heading, version))));
        let note = self.note.get_value();
        spawn_local(async move { self.state.keep_reading_note(&id, &note).await });
    }
}
