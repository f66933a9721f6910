//! Documents on the device: which texts, changes and attachments are held, and reading what is there. Fetching and
//! cleaning are next door.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use congress::carrying::{Setback, mark};
use congress::entities::{Document, DocumentChanges, DocumentText};
use congress::scopes;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::ids::Timestamp;
use sync::order::sort_by;

use super::carrying::carry;
use super::{AppEngine, State};
use crate::memo::Memo;
use crate::platform::{files, timer, world};

/// What is on the device, by hash.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DocumentsHeld {
    pub hashes: BTreeSet<String>,
    /// The device was looked into since the app was opened.
    pub counted: bool,
    /// What is on its way.
    pub coming: Option<String>,
    /// Attachments that stay on the server.
    pub left: BTreeMap<String, Left>,
    /// By the document's id, the version that is here while its newer one is not.
    pub older: BTreeMap<String, Document>,
    /// What could not be fetched yet, and why.
    pub setbacks: BTreeMap<String, Setback>,
    /// Nobody answered for several things in a row.
    pub out_of_reach: bool,
}

/// Why an attachment is not carried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Others take the room.
    NoRoom,
    /// Its owner let it go.
    Freed,
}

impl DocumentsHeld {
    pub fn has(&self, sha256: &str) -> bool {
        self.hashes.contains(sha256)
    }

    /// What can be read of a document whose newest text is not here.
    pub fn older_of(&self, newest: &Document) -> Option<&Document> {
        self.older.get(&newest.id).filter(|_| !self.has(&newest.text_sha256))
    }

    /// By which the server knows what is here.
    pub fn marks(&self) -> Vec<String> {
        self.hashes.iter().map(|sha256| mark(sha256)).collect()
    }

    /// How many texts are here, of how many.
    pub fn texts_of(&self, documents: &[Document]) -> Share {
        let mut share = Share::default();
        for document in documents {
            share.count(document.text_bytes, self.has(&document.text_sha256));
        }
        share
    }

    /// How many attachments are here, of those that belong here.
    pub fn files_of(&self, documents: &[Document]) -> Share {
        let mut share = Share::default();
        for file in documents.iter().flat_map(|document| &document.files) {
            match self.left.get(&file.sha256) {
                None => share.count(file.bytes, self.has(&file.sha256)),
                Some(_) => share.beyond += 1,
            }
        }
        share
    }
}

/// What is here of what belongs here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    pub held: usize,
    pub all: usize,
    /// Of what is held.
    pub bytes: u64,
    /// Of all that belongs here.
    pub bytes_all: u64,
    /// Attachments that stay on the server: opened with a connection.
    pub beyond: usize,
}

impl Share {
    pub fn count(&mut self, bytes: u64, held: bool) {
        self.all += 1;
        self.bytes_all += bytes;
        if held {
            self.held += 1;
            self.bytes += bytes;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoadError {
    /// Not on the device, and the server cannot be reached now.
    NotHeld,
    /// This build does not understand it.
    Unreadable,
}

impl State {
    /// The documents that the person may read, in the order of the set. One whose time is over is not among them.
    pub fn documents(&self) -> Memo<Vec<Document>> {
        let (state, rows) = (*self, self.rows::<Document>(scopes::delegates()));
        let over = Memo::new(move |_| {
            state.clock.track();
            let now = state.hall_time();
            rows.with(|all| all.iter().filter(|document| document.is_expired(now)).count())
        });
        Memo::new(move |_| {
            let mut documents = rows.get();
            if over.get() > 0 {
                let now = state.hall_time();
                documents.retain(|document| !document.is_expired(now));
            }
            sort_by(&mut documents, |document| (document.position.into(), 0));
            documents
        })
    }

    /// One of them.
    pub fn document(&self, id: &str) -> Memo<Option<Document>> {
        let (documents, id) = (self.documents(), id.to_owned());
        Memo::new(move |_| documents.with(|all| all.iter().find(|document| document.id == id).cloned()))
    }

    /// Now by the server's clock, as far as this device ever heard it.
    pub fn hall_time(&self) -> Timestamp {
        let ahead_ms = self.engine().and_then(|engine| engine.transport().ahead_ms()).unwrap_or(0);
        Timestamp(world::now().0.saturating_sub(ahead_ms))
    }

    /// Removes what must not be here and fetches what is missing, if that can be done now.
    pub fn prefetch(&self) {
        carry(*self);
    }

    /// The same, after the server was reached again or because a person asks: nothing waits for its next try.
    pub fn prefetch_anew(&self) {
        self.core().carrying.borrow_mut().pace.start_over();
        self.prefetch();
    }

    /// Removes all that came from the server, texts and attachments too: the right to them has ended. What cannot be
    /// removed now is removed when the server says so again.
    pub(super) async fn forget_documents(self, engine: Rc<AppEngine>) {
        let _ = engine.cache().wipe().await;
        files::forget(engine.account()).await;
        self.held.set(DocumentsHeld::default());
    }

    /// The text of a document, from the device; fetched first if it is not there yet.
    pub async fn load_text(&self, sha256: &str) -> Result<DocumentText, LoadError> {
        self.load(sha256).await
    }

    /// What a version of a document changed, from where its text is.
    pub async fn load_changes(&self, sha256: &str) -> Result<DocumentChanges, LoadError> {
        self.load(sha256).await
    }

    async fn load<T: DeserializeOwned>(&self, sha256: &str) -> Result<T, LoadError> {
        let engine = self.engine().ok_or(LoadError::NotHeld)?;
        // Reading a long text takes its time: whoever came from another screen sees
        // first that something has come of the tap.
        let answered = async {
            if !self.core().scroll.borrow().is_empty() {
                timer::painted().await;
            }
        };
        let (held, ()) = futures_util::future::join(engine.cache().text(sha256), answered).await;
        let held = held.ok().flatten();
        let text = match held {
            Some(text) => text,
            None if self.fetch_text(&engine, sha256).await => {
                engine.cache().text(sha256).await.ok().flatten().ok_or(LoadError::NotHeld)?
            }
            None => return Err(LoadError::NotHeld),
        };
        serde_json::from_str(&text).map_err(|_| LoadError::Unreadable)
    }

    /// What this device noted when the document was read before.
    pub async fn reading_note<T: DeserializeOwned>(&self, document: &str) -> Option<T> {
        let note = self.engine()?.cache().reading_note(document).await.ok()??;
        serde_json::from_str(&note).ok()
    }

    /// Keeps a note of how far a document was read. It is a help and no more: one that cannot be kept is done without.
    pub async fn keep_reading_note<T: Serialize>(&self, document: &str, note: &T) {
        if let (Some(engine), Ok(note)) = (self.engine(), serde_json::to_string(note)) {
            let _ = engine.cache().put_reading_note(document, &note).await;
        }
    }
}
