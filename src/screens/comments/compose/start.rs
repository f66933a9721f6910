//! What the address asks to write about, and the draft to begin with.

use congress::entities::{Anchor, Congress, DocumentText};
use congress::limits::QUOTE_CHARS_MAX;
use leptos_router::params::ParamsMap;

use crate::drafts::{Draft, DraftState};
use crate::screens::comments::names::Names;
use crate::state::State;

/// Minutes offered where the congress is not known yet (domain.md T-5).
const USUAL_MINUTES: u32 = 5;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    Congress,
    Item(String),
    Document { id: String, block: Option<String> },
    Draft(String),
}

/// What the address of the screen says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub about: About,
    pub floor: bool,
}

impl Wanted {
    pub fn read(query: &ParamsMap) -> Self {
        let about = match (query.get("draft"), query.get("document"), query.get("item")) {
            (Some(id), ..) => About::Draft(id),
            (_, Some(id), _) => About::Document { id, block: query.get("block") },
            (.., Some(id)) => About::Item(id),
            _ => About::Congress,
        };
        Self { about, floor: query.get("floor").is_some_and(|floor| floor == "1") }
    }
}

impl About {
    /// Whether this device knows what is to be written about.
    pub fn is_known(&self, state: State, names: Names) -> bool {
        match self {
            About::Congress => true,
            About::Item(id) => names.has_item(id),
            About::Document { id, .. } => names.document(id).is_some(),
            About::Draft(id) => state.draft(id).is_some_and(|draft| draft.state == DraftState::Open),
        }
    }
}

/// A draft to begin with, and whether the device holds it already. An open draft about the same is continued.
pub fn begin(state: State, names: Names, wanted: &Wanted) -> Option<(Draft, bool)> {
    let anchor = match &wanted.about {
        About::Draft(id) => return state.draft(id).map(|draft| (draft, true)),
        About::Congress => Anchor::Congress,
        About::Item(item) => Anchor::Item { item: item.clone() },
        About::Document { id, block } => Anchor::Document {
            document: id.clone(),
            version: names.document(id)?.version,
            block: block.clone(),
            place: String::new(),
            quote: String::new(),
        },
    };
    let open = state.drafts().get_untracked().into_iter().find(|draft| is_same(&draft.anchor, &anchor));
    let stored = open.is_some();
    let mut draft = open.unwrap_or_else(|| state.new_draft(anchor));
    if wanted.floor && draft.floor_minutes.is_none() {
        draft.floor_minutes = Some(usual_minutes(state.congress().get_untracked().as_ref()));
    }
    Some((draft, stored))
}

pub fn usual_minutes(congress: Option<&Congress>) -> u32 {
    congress.map_or(USUAL_MINUTES, |congress| congress.speaking_minutes).max(1)
}

/// The same place, in whatever version.
fn is_same(one: &Anchor, other: &Anchor) -> bool {
    match (one, other) {
        (
            Anchor::Document { document: a, block: a_block, .. },
            Anchor::Document { document: b, block: b_block, .. },
        ) => a == b && a_block == b_block,
        _ => one == other,
    }
}

/// The anchor with the place and the quoted words from the document's text. A block that this version does not have
/// any more leaves the document as a whole.
pub fn quoted(document: &str, block: &str, text: &DocumentText) -> Anchor {
    let found = text.blocks.iter().find(|other| other.id == block);
    Anchor::Document {
        document: document.to_owned(),
        version: text.version,
        block: found.map(|block| block.id.clone()),
        place: found.map(|block| block.place.clone()).unwrap_or_default(),
        quote: found.map(|block| cut(&block.plain_text())).unwrap_or_default(),
    }
}

/// At most as many letters as a quote may have; the ellipsis is one of them.
fn cut(text: &str) -> String {
    if text.chars().count() <= QUOTE_CHARS_MAX {
        return text.to_owned();
    }
    let mut words: String = text.chars().take(QUOTE_CHARS_MAX - 1).collect();
    words.push('…');
    words
}
