//! What was read for the search. It stays in memory for as long as the page lives: a document is read once for each of
//! its texts, the rest again when it changed. What is no longer on the device leaves.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use congress::limits::SEARCH_WORDS_MAX;
use congress::search::{Blocks, Finder, Passage, Terms, Text, Vocabulary, Weight, best_first};
use futures_util::future::join;

use super::results::Outcome;
use super::sources::{Entry, Kind, Source};
use crate::i18n::search::Text as Words;
use crate::platform::{timer, world};
use crate::state::State;

/// How long the search reads before the screen gets its turn; with the longest single step it stays under a frame that
/// one notices.
const SLICE_MS: i64 = 16;
/// To look at the clock costs more than to read a word: it is done once for so much of a text.
const LOOK_BYTES: usize = 4_096;
/// Texts that come from the device together, while those before them are read.
const BATCH: usize = 8;

/// What is found together: a document, the people.
pub struct Group {
    pub kind: Kind,
    /// Id of a document.
    pub id: String,
    pub title: String,
    pub text: Text,
    /// What it was made of, where that may change under the same name.
    entries: Option<Arc<Vec<Entry>>>,
}

impl Group {
    /// Whether a passage is the title of the document.
    pub fn is_title(&self, passage: usize) -> bool {
        self.kind == Kind::Document && passage == 0
    }
}

#[derive(Default)]
struct Held {
    vocabulary: Vocabulary,
    /// By the names of their sources. What cannot be searched is nothing: this build does not understand it, or there
    /// is too much of it.
    groups: BTreeMap<String, Option<Rc<Group>>>,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether all of it has been read as it is now.
pub fn are_read(sources: &[Source]) -> bool {
    HELD.with_borrow(|held| sources.iter().all(|source| !source.is_here || held.has(source)))
}

impl Held {
    fn has(&self, source: &Source) -> bool {
        match self.groups.get(&source.name) {
            Some(Some(group)) => group.entries == source.entries,
            Some(None) => true,
            None => false,
        }
    }

    fn words(&self) -> usize {
        self.groups.values().flatten().map(|group| group.text.words()).sum()
    }
}

/// Reads what has not been read yet, slice by slice. One reads at a time: `false` where somebody else does.
pub async fn read(state: State, sources: &[Source]) -> bool {
    if READING.replace(true) {
        return false;
    }
    let mut slices = Slices::new();
    let missing: Vec<&Source> =
        HELD.with_borrow(|held| sources.iter().filter(|source| source.is_here && !held.has(source)).collect());
    let (rows, documents): (Vec<&Source>, Vec<&Source>) =
        missing.into_iter().partition(|source| source.entries.is_some());
    for source in rows {
        let group = if is_full() { None } else { Some(of_entries(source, &mut slices).await) };
        keep(source, group);
    }
    let mut batches = documents.chunks(BATCH);
    let mut batch = batches.next().unwrap_or_default();
    let mut texts = fetched(state, batch).await;
    while !batch.is_empty() {
        let next = batches.next().unwrap_or_default();
        // The next texts come while these are read.
        (texts, ()) = join(fetched(state, next), take_in(batch, texts, &mut slices)).await;
        batch = next;
    }
    READING.set(false);
    true
}

fn is_full() -> bool {
    HELD.with_borrow(Held::words) >= SEARCH_WORDS_MAX
}

fn keep(source: &Source, group: Option<Group>) {
    HELD.with_borrow_mut(|held| held.groups.insert(source.name.clone(), group.map(Rc::new)));
}

async fn fetched(state: State, documents: &[&Source]) -> Vec<Option<String>> {
    let hashes: Vec<&str> = documents.iter().map(|source| source.sha256.as_str()).collect();
    if hashes.is_empty() || is_full() { vec![None; hashes.len()] } else { state.held_texts(&hashes).await }
}

async fn take_in(documents: &[&Source], texts: Vec<Option<String>>, slices: &mut Slices) {
    for (source, json) in documents.iter().zip(texts) {
        if is_full() {
            keep(source, None);
        } else if let Some(json) = json {
            // What cannot be had now may be there the next time.
            keep(source, of_document(source, &json, slices).await);
        }
    }
}

async fn of_document(source: &Source, json: &str, slices: &mut Slices) -> Option<Group> {
    slices.turn(json.len()).await;
    let mut text = Text::default();
    push(&mut text, Passage { title: &source.title, weight: Weight::Title, ..Passage::default() });
    for block in Blocks::of(json).ok()?.blocks {
        slices.turn(block.get().len()).await;
        HELD.with_borrow_mut(|held| text.push_block(&mut held.vocabulary, block)).ok()?;
    }
    Some(group(source, text))
}

async fn of_entries(source: &Source, slices: &mut Slices) -> Group {
    let mut text = Text::default();
    for Entry { href, place, title, words } in source.entries.iter().flat_map(|entries| entries.iter()) {
        slices.turn(title.len() + words.len()).await;
        let weight = match source.kind {
            Kind::People => Weight::Name,
            Kind::Document | Kind::Agenda => Weight::Title,
            Kind::Comments | Kind::Notes => Weight::Body,
        };
        push(&mut text, Passage { id: href, place, title, words, weight });
    }
    group(source, text)
}

fn group(source: &Source, text: Text) -> Group {
    let Source { kind, id, title, entries, .. } = source;
    Group { kind: *kind, id: id.clone(), title: title.clone(), text, entries: entries.clone() }
}

fn push(text: &mut Text, passage: Passage<'_>) {
    HELD.with_borrow_mut(|held| text.push(&mut held.vocabulary, passage));
}

/// Looks for the words in what has been read. What is no longer on the device is forgotten first: nothing that was taken
/// back is shown from memory.
pub fn search(words: &'static Words, terms: &Terms, sources: &[Source]) -> Outcome {
    HELD.with_borrow_mut(|held| {
        held.groups.retain(|name, _| sources.iter().any(|source| source.is_here && source.name == *name));
        let finder = Finder::new(terms, &held.vocabulary);
        let mut missing = 0;
        let mut found = Vec::new();
        for source in sources {
            match held.groups.get(&source.name) {
                Some(Some(group)) => found.push((group.clone(), finder.find(&group.text))),
                Some(None) | None => missing += 1,
            }
        }
        best_first(&mut found);
        Outcome::new(words, finder, found, missing)
    })
}

/// Lets the screen have its turn now and then.
struct Slices {
    since_ms: i64,
    bytes: usize,
}

impl Slices {
    fn new() -> Self {
        Self { since_ms: world::now().0, bytes: 0 }
    }

    /// Before so many bytes are read.
    async fn turn(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes < LOOK_BYTES {
            return;
        }
        self.bytes = 0;
        if world::now().0 - self.since_ms >= SLICE_MS {
            timer::turn().await;
            self.since_ms = world::now().0;
        }
    }
}
