//! Documents on the device: which texts, changes and attachments are held, fetching what is missing, reading what is
//! there.

use std::collections::BTreeSet;
use std::rc::Rc;

use congress::entities::{Attachment, Document, DocumentChanges, DocumentText, read_all};
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::order::sort_by;

use super::{AppEngine, State};
use crate::memo::Memo;
use crate::platform::files;

/// What is on the device, by hash.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DocumentsHeld {
    pub hashes: BTreeSet<String>,
    /// A download is running.
    pub fetching: bool,
}

impl DocumentsHeld {
    pub fn has(&self, sha256: &str) -> bool {
        self.hashes.contains(sha256)
    }

    /// How many texts are here, of how many.
    pub fn texts_of(&self, documents: &[Document]) -> Share {
        let mut share = Share::default();
        for document in documents {
            share.count(document.text_bytes, self.has(&document.text_sha256));
        }
        share
    }

    /// How many attachments are here, of those that one account keeps, in the order in which they are fetched.
    pub fn files_of(&self, documents: &[Document]) -> Share {
        let (mut share, mut room) = (Share::default(), files::ATTACHMENTS_BYTES_MAX);
        for file in documents.iter().flat_map(|document| &document.files) {
            match room.checked_sub(file.bytes) {
                Some(rest) => {
                    room = rest;
                    share.count(file.bytes, self.has(&file.sha256));
                }
                None => share.beyond += 1,
            }
        }
        share
    }

    /// The text, what it changed, and every attachment.
    pub fn has_all_of(&self, document: &Document) -> bool {
        texts(document).all(|sha256| self.has(sha256)) && document.files.iter().all(|file| self.has(&file.sha256))
    }
}

/// Hashes of what is kept as text: the words of a document, and what they changed.
fn texts(document: &Document) -> impl Iterator<Item = &str> {
    [Some(&document.text_sha256), document.changes.as_ref().map(|changes| &changes.sha256)]
        .into_iter()
        .flatten()
        .map(String::as_str)
}

/// What is here of what belongs here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    pub held: usize,
    pub all: usize,
    /// Of what is held.
    pub bytes: u64,
    /// Too large to be kept: opened with a connection.
    pub beyond: usize,
}

impl Share {
    fn count(&mut self, bytes: u64, held: bool) {
        self.all += 1;
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
    /// The documents that the person may read, in the order of the set.
    pub fn documents(&self) -> Memo<Vec<Document>> {
        let rows = self.rows::<Document>(scopes::delegates());
        Memo::new(move |_| {
            let mut documents = rows.get();
            sort_by(&mut documents, |document| (document.position.into(), 0));
            documents
        })
    }

    pub(super) async fn count_held(self, engine: &Rc<AppEngine>) {
        let mut hashes = BTreeSet::new();
        hashes.extend(engine.cache().texts().await.unwrap_or_default());
        hashes.extend(files::kept(engine.account()).await);
        self.held.update(|held| held.hashes = hashes);
    }

    /// Fetches every text and attachment that is missing, one after the other. Tries again at the next contact.
    pub fn prefetch(&self) {
        let state = *self;
        let Some(engine) = self.engine() else { return };
        if self.held.with_untracked(|held| held.fetching) {
            return;
        }
        self.held.update(|held| held.fetching = true);
        spawn_local(async move {
            state.count_held(&engine).await;
            state.fetch_missing(&engine).await;
            state.held.try_update(|held| held.fetching = false);
        });
    }

    async fn fetch_missing(self, engine: &Rc<AppEngine>) {
        let mut documents: Vec<Document> = engine.with_view(|rows| read_all(rows, &scopes::delegates()));
        sort_by(&mut documents, |document| (document.position.into(), 0));
        for sha256 in documents.iter().flat_map(texts) {
            if !self.is_held(sha256) && !self.fetch_text(engine, sha256).await {
                return;
            }
        }
        let mut room = files::ATTACHMENTS_BYTES_MAX;
        for file in documents.iter().flat_map(|document| &document.files) {
            let Some(rest) = room.checked_sub(file.bytes) else { continue };
            room = rest;
            if !self.is_held(&file.sha256) && !self.fetch_file(engine, file).await {
                return;
            }
        }
        self.drop_unnamed(engine, &documents).await;
    }

    /// Texts of older versions leave, once the new ones are there.
    async fn drop_unnamed(self, engine: &Rc<AppEngine>, documents: &[Document]) {
        let is_named = |sha256: &String| documents.iter().flat_map(texts).any(|named| named == sha256);
        let Ok(held) = engine.cache().texts().await else { return };
        let old: Vec<String> = held.into_iter().filter(|sha256| !is_named(sha256)).collect();
        if !documents.is_empty() && !old.is_empty() && engine.cache().drop_texts(&old).await.is_ok() {
            self.held.update(|held| held.hashes.retain(|sha256| !old.contains(sha256)));
        }
    }

    /// Removes all that came from the server, texts and attachments too: the right to them has ended. What cannot be
    /// removed now is removed when the server says so again.
    pub(super) async fn forget_documents(self, engine: Rc<AppEngine>) {
        let _ = engine.cache().wipe().await;
        files::forget(engine.account()).await;
        self.held.set(DocumentsHeld::default());
    }

    fn is_held(&self, sha256: &str) -> bool {
        self.held.with_untracked(|held| held.has(sha256))
    }

    fn note_held(&self, sha256: &str) {
        self.held.update(|held| {
            held.hashes.insert(sha256.to_owned());
        });
    }

    async fn fetch_text(self, engine: &Rc<AppEngine>, sha256: &str) -> bool {
        let Ok(response) = engine.transport().blob(sha256).await else { return false };
        let Some(text) = files::verified_text(&response, sha256).await else { return false };
        let kept = engine.cache().put_text(sha256, &text).await.is_ok();
        if kept {
            self.note_held(sha256);
        }
        kept
    }

    async fn fetch_file(self, engine: &Rc<AppEngine>, file: &Attachment) -> bool {
        let Ok(response) = engine.transport().blob(&file.sha256).await else { return false };
        let kept = files::keep(engine.account(), &response, &file.sha256).await;
        if kept {
            self.note_held(&file.sha256);
        }
        kept
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
        let held = engine.cache().text(sha256).await.ok().flatten();
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

    /// An address in this page for an attachment, from the device; fetched first if it is not there yet.
    pub async fn attachment_address(&self, file: &Attachment) -> Option<String> {
        let engine = self.engine()?;
        if let Some(address) = files::address(engine.account(), &file.sha256).await {
            return Some(address);
        }
        if self.fetch_file(&engine, file).await { files::address(engine.account(), &file.sha256).await } else { None }
    }
}
