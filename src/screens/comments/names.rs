//! How the things that a comment can be about are called, and where they are shown.

use congress::entities::{AgendaItem, Anchor, Document, Stance};
use congress::limits::QUOTE_CHARS_MAX;
use congress::scopes;

use crate::memo::Memo;
use crate::state::{State, t};

/// Titles of documents and agenda items.
#[derive(Clone, Copy)]
pub struct Names {
    documents: Memo<Vec<Document>>,
    items: Memo<Vec<AgendaItem>>,
}

impl Names {
    pub fn of(state: State) -> Self {
        Self { documents: state.documents(), items: state.rows(scopes::public()) }
    }

    pub fn document(&self, id: &str) -> Option<Document> {
        self.documents.with(|all| all.iter().find(|document| document.id == id).cloned())
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
                title.unwrap_or_else(|| words.unknown_document.to_owned())
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
