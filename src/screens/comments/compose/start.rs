//! What the address asks to write about, and the draft to begin with.

use congress::entities::{Anchor, Congress, DocumentText, ReaderMark};
use leptos_router::params::ParamsMap;

use crate::drafts::{Draft, DraftState};
use crate::screens::comments::names::{self, Names, quotable};
use crate::state::State;

/// Minutes offered where the congress is not known yet (domain.md T-5).
const USUAL_MINUTES: u32 = 5;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    Congress,
    Item(String),
    Document {
        id: String,
        block: Option<String>,
    },
    Draft(String),
    /// A private note that is to be changed.
    Note(String),
}

/// What the address of the screen says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub about: About,
    pub floor: bool,
    /// A private note and no comment.
    note: bool,
}

impl Wanted {
    pub fn read(query: &ParamsMap) -> Self {
        let note = query.get("note");
        let about = match (query.get("draft"), query.get("document"), query.get("item")) {
            (Some(id), ..) => About::Draft(id),
            (_, Some(id), _) => About::Document { id, block: query.get("block") },
            (.., Some(id)) => About::Item(id),
            _ => note.clone().map_or(About::Congress, About::Note),
        };
        Self { about, floor: query.get("floor").is_some_and(|floor| floor == "1"), note: note.is_some() }
    }

    pub fn is_note(&self, state: State) -> bool {
        match &self.about {
            About::Note(_) => true,
            About::Document { block, .. } => self.note && block.is_some(),
            About::Draft(id) => state.draft(id).is_some_and(|draft| draft.note.is_some()),
            About::Congress | About::Item(_) => false,
        }
    }

    /// Where the person came from.
    pub fn origin(&self, state: State) -> String {
        match &self.about {
            About::Item(item) => format!("/agenda/{item}"),
            About::Document { id, block: Some(block) } => format!("/documents/{id}?block={block}"),
            About::Document { id, block: None } => format!("/documents/{id}"),
            About::Note(id) => {
                let address = mark(state, id).and_then(|mark| names::address(&mark.anchor));
                address.unwrap_or_else(|| "/notes".to_owned())
            }
            About::Draft(_) if self.is_note(state) => "/notes".to_owned(),
            About::Congress | About::Draft(_) => "/comments".to_owned(),
        }
    }
}

fn mark(state: State, id: &str) -> Option<ReaderMark> {
    state.marks().with(|marks| marks.iter().find(|mark| mark.id == id).cloned())
}

impl About {
    /// Whether this device knows what is to be written about.
    pub fn is_known(&self, state: State, names: Names) -> bool {
        match self {
            About::Congress => true,
            About::Item(id) => names.has_item(id),
            About::Document { id, .. } => names.document(id).is_some(),
            About::Draft(id) => state.draft(id).is_some_and(|draft| draft.state == DraftState::Open),
            About::Note(id) => mark(state, id).is_some(),
        }
    }
}

/// A draft to begin with, and whether the device holds it already. An open draft about the same is continued.
pub fn begin(state: State, names: Names, wanted: &Wanted) -> Option<(Draft, bool)> {
    let anchor = match &wanted.about {
        About::Draft(id) => return state.draft(id).map(|draft| (draft, true)),
        About::Note(id) => return begin_change(state, &mark(state, id)?),
        About::Congress => Anchor::Congress,
        About::Item(item) => Anchor::Item { item: item.clone() },
        About::Document { id, block } => {
            let version = names.document(id)?.version;
            let chosen = block.as_deref().and_then(|block| names::chosen(id, block));
            let (place, quote) = (String::new(), String::new());
            chosen.unwrap_or_else(|| Anchor::Document {
                document: id.clone(),
                version,
                block: block.clone(),
                place,
                quote,
            })
        }
    };
    if wanted.is_note(state) {
        return Some(begin_note(state, anchor));
    }
    let open = state.drafts().get_untracked().into_iter().find(|draft| is_same(&draft.anchor, &anchor));
    let stored = open.is_some();
    let mut draft = open.unwrap_or_else(|| state.new_draft(anchor));
    if wanted.floor && draft.floor_minutes.is_none() {
        draft.floor_minutes = Some(usual_minutes(state.congress().get_untracked().as_ref()));
    }
    Some((draft, stored))
}

fn begin_note(state: State, anchor: Anchor) -> (Draft, bool) {
    let is_new = |draft: &Draft| draft.note.is_some() && draft.follows.is_none();
    let open = state.note_drafts().get_untracked();
    let open = open.into_iter().find(|draft| is_new(draft) && is_same(&draft.anchor, &anchor));
    let stored = open.is_some();
    (open.unwrap_or_else(|| state.new_note(anchor, None)), stored)
}

fn begin_change(state: State, mark: &ReaderMark) -> Option<(Draft, bool)> {
    let is_of = |draft: &Draft| draft.note.as_ref() == Some(&mark.id);
    let open = state.note_drafts().get_untracked().into_iter().find(is_of);
    let stored = open.is_some();
    Some((open.unwrap_or_else(|| state.new_note(mark.anchor.clone(), Some(mark))), stored))
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
        quote: found.map(|block| quotable(&block.plain_text())).unwrap_or_default(),
    }
}
