//! How the things that a comment can be about are called, where they are shown, and whether they are still there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use congress::entities::{AgendaItem, Anchor, Block, Document, RecallCause, RecalledDocument, Stance};
use congress::limits::QUOTE_CHARS_MAX;
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::memo::Memo;
use crate::state::{State, t};

/// Titles of documents and agenda items.
#[derive(Clone, Copy)]
pub struct Names {
    state: State,
    documents: Memo<Vec<Document>>,
    recalled: Memo<Vec<RecalledDocument>>,
    items: Memo<Vec<AgendaItem>>,
    /// Ids of the paragraphs of texts that were looked into, by the hash of the text; `None` while it is being read.
    paragraphs: RwSignal<BTreeMap<String, Option<Arc<BTreeSet<String>>>>>,
}

impl Names {
    pub fn of(state: State) -> Self {
        let (documents, items) = (state.documents(), state.rows(scopes::public()));
        Self { state, documents, recalled: state.recalled(), items, paragraphs: RwSignal::new(BTreeMap::new()) }
    }

    /// The version that a document has now, if the paragraph of an older one is no longer in it. Nothing while the
    /// device cannot tell: the text is not there, or is still being read; whoever asks follows it.
    pub fn gone_since(self, anchor: &Anchor) -> Option<u32> {
        let Anchor::Document { document, version, block: Some(block), .. } = anchor else { return None };
        let newest = self.document(document).filter(|newest| newest.version > *version)?;
        let sha256 = newest.text_sha256;
        let known = self.paragraphs.with(|texts| texts.get(&sha256).cloned());
        if let Some(paragraphs) = known {
            return paragraphs.is_some_and(|paragraphs| !paragraphs.contains(block)).then_some(newest.version);
        }
        if self.state.held.with(|held| held.has(&sha256)) {
            spawn_local(self.look_into(sha256));
        }
        None
    }

    async fn look_into(self, sha256: String) {
        let is_first = |texts: &mut BTreeMap<String, Option<_>>| {
            let is_first = !texts.contains_key(&sha256);
            texts.entry(sha256.clone()).or_default();
            is_first
        };
        if self.paragraphs.try_update_untracked(is_first) != Some(true) {
            return;
        }
        if let Ok(text) = self.state.load_text(&sha256).await {
            let ids = |block: Block| block.id;
            let paragraphs = Arc::new(text.blocks.into_iter().map(ids).collect());
            self.paragraphs.try_update(|texts| texts.insert(sha256, Some(paragraphs)));
        }
    }

    pub fn document(&self, id: &str) -> Option<Document> {
        self.documents.with(|all| all.iter().find(|document| document.id == id).cloned())
    }

    /// What a document was called that is here no more.
    fn recalled(&self, id: &str) -> Option<String> {
        let words = t().comments();
        self.recalled.with(|all| {
            let left = all.iter().find(|one| one.id == id)?;
            let name = if left.cause == RecallCause::Expired { words.expired } else { words.recalled };
            Some(name(&left.title))
        })
    }

    pub fn has_item(&self, id: &str) -> bool {
        self.items.with(|all| all.iter().any(|item| item.id == id))
    }

    /// The document, the agenda item, or the congress.
    pub fn title(&self, anchor: &Anchor) -> String {
        let words = t().comments();
        match anchor {
            Anchor::Congress => words.whole_congress.to_owned(),
            Anchor::Item { item } => {
                let title =
                    self.items.with(|all| all.iter().find(|other| other.id == *item).map(|item| item.title.clone()));
                title.unwrap_or_else(|| words.unknown_item.to_owned())
            }
            Anchor::Document { document, .. } => {
                let title = self.document(document).map(|document| document.title);
                title.or_else(|| self.recalled(document)).unwrap_or_else(|| words.unknown_document.to_owned())
            }
        }
    }

    /// The title with the place in it, on one line.
    pub fn place(&self, anchor: &Anchor) -> String {
        let (title, place) = (self.title(anchor), place(anchor));
        if place.is_empty() { title } else { format!("{title}, {place}") }
    }
}

/// The place inside of a document; empty elsewhere.
pub fn place(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Document { place, .. } => place.clone(),
        _ => String::new(),
    }
}

pub fn quote(anchor: &Anchor) -> Option<String> {
    match anchor {
        Anchor::Document { quote, .. } if !quote.is_empty() => Some(quote.clone()),
        _ => None,
    }
}

thread_local! {
    /// The paragraph that was chosen last.
    static CHOSEN: RefCell<Option<Anchor>> = const { RefCell::new(None) };
}

/// A paragraph was chosen to be written about. What is written then quotes the version and the words that were read,
/// also when the device has a newer one by now.
pub fn choose(anchor: Anchor) {
    CHOSEN.replace(Some(anchor));
}

/// The paragraph that was chosen last, if it is this one.
pub fn chosen(document: &str, block: &str) -> Option<Anchor> {
    let is_it = |anchor: &Anchor| match anchor {
        Anchor::Document { document: of, block: Some(id), .. } => of == document && id == block,
        _ => false,
    };
    CHOSEN.with_borrow(|chosen| chosen.clone().filter(is_it))
}

/// Words as an anchor quotes them: at most as many letters as it may have, the ellipsis among them.
pub fn quotable(text: &str) -> String {
    if text.chars().count() <= QUOTE_CHARS_MAX {
        return text.to_owned();
    }
    let mut words: String = text.chars().take(QUOTE_CHARS_MAX - 1).collect();
    words.push('…');
    words
}

/// The address at which it is shown; none for the congress as a whole.
pub fn address(anchor: &Anchor) -> Option<String> {
    match anchor {
        Anchor::Congress => None,
        Anchor::Item { item } => Some(format!("/agenda/{item}")),
        Anchor::Document { document, block: Some(block), .. } => Some(format!("/documents/{document}?block={block}")),
        Anchor::Document { document, .. } => Some(format!("/documents/{document}")),
    }
}

pub fn stance_word(stance: Stance) -> &'static str {
    let words = t().comments();
    match stance {
        Stance::Agree => words.agree,
        Stance::Partial => words.partial,
        Stance::Disagree => words.disagree,
    }
}
