//! The texts on this device, folded for search. They are read once, when somebody first searches, and stay in memory:
//! a text never changes, its hash is its name.

use std::cell::RefCell;
use std::rc::Rc;

use congress::entities::Document;
use congress::text::fold;
use leptos::prelude::WithUntracked;

use crate::platform::timer;
use crate::state::State;

/// Bytes that are folded or searched before the screen gets its turn.
const SLICE_BYTES: usize = 40_000;

pub struct HeldBlock {
    pub id: String,
    pub place: String,
    pub text: String,
    pub folded: String,
}

pub type HeldText = Rc<Vec<HeldBlock>>;

thread_local! {
    /// By the hash of the text.
    static TEXTS: RefCell<Vec<(String, HeldText)>> = const { RefCell::new(Vec::new()) };
}

/// Counts bytes, and lets the screen have its turn now and then.
#[derive(Default)]
pub struct Slices(usize);

impl Slices {
    pub async fn done(&mut self, bytes: usize) {
        self.0 += bytes;
        if self.0 > SLICE_BYTES {
            self.0 = 0;
            timer::sleep(0).await;
        }
    }
}

/// A text, if it has been read and is still on the device: one that was taken back is not shown from memory.
pub fn get(state: State, document: &Document) -> Option<HeldText> {
    let is = |(sha256, _): &&(String, HeldText)| *sha256 == document.text_sha256;
    let text = TEXTS.with_borrow(|texts| texts.iter().find(is).map(|(_, text)| text.clone()));
    text.filter(|_| is_held(state, document))
}

fn is_held(state: State, document: &Document) -> bool {
    state.held.with_untracked(|held| held.has(&document.text_sha256))
}

/// Whether every text that is on the device has been read.
pub fn are_read(state: State, documents: &[Document]) -> bool {
    documents.iter().all(|document| get(state, document).is_some() || !is_held(state, document))
}

/// Reads the texts that are on the device and were not read yet. Asks no server.
pub async fn read(state: State, documents: Vec<Document>) {
    let mut slices = Slices::default();
    for document in documents {
        if !is_held(state, &document) || get(state, &document).is_some() {
            continue;
        }
        let Ok(text) = state.load_text(&document.text_sha256).await else { continue };
        let mut blocks = Vec::with_capacity(text.blocks.len());
        for block in text.blocks {
            let text = block.plain_text();
            slices.done(text.len()).await;
            blocks.push(HeldBlock { id: block.id, place: block.place, folded: fold(&text), text });
        }
        TEXTS.with_borrow_mut(|texts| texts.push((document.text_sha256, Rc::new(blocks))));
    }
}
