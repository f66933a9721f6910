//! The reader's own marks in a text: which block has which, how they are written with it, and the buttons that set them.

use congress::entities::{Anchor, Document, MarkKind, ReaderMark};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reader::Selected;
use crate::i18n::notes::Text;
use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::icon::{Icon, Symbol};
use crate::screens::comments::names::quotable;
use crate::state::{State, t};

/// The marks on one block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockMarks {
    pub block: String,
    highlighted: bool,
    bookmarked: bool,
    /// Id and words of each.
    notes: Vec<(String, String)>,
}

/// By block, for one document.
pub fn by_block(marks: &[ReaderMark], document: &str) -> Vec<BlockMarks> {
    let mut all: Vec<BlockMarks> = Vec::new();
    for mark in marks {
        let Some(block) = block_of(mark, document) else { continue };
        let at = all.iter().position(|other| other.block == block).unwrap_or_else(|| {
            all.push(BlockMarks { block: block.to_owned(), highlighted: false, bookmarked: false, notes: Vec::new() });
            all.len() - 1
        });
        match mark.kind {
            MarkKind::Highlight => all[at].highlighted = true,
            MarkKind::Bookmark => all[at].bookmarked = true,
            MarkKind::Note => all[at].notes.push((mark.id.clone(), mark.text.clone())),
        }
    }
    all
}

fn block_of<'m>(mark: &'m ReaderMark, document: &str) -> Option<&'m str> {
    match &mark.anchor {
        Anchor::Document { document: about, block: Some(block), .. } if about == document => Some(block),
        _ => None,
    }
}

/// The marks in a text that is being read.
pub struct PageMarks {
    pub words: &'static Text,
    pub blocks: Vec<BlockMarks>,
}

impl PageMarks {
    /// Puts others in their place; returns the blocks that look different from before.
    pub fn replace(&mut self, new: Vec<BlockMarks>) -> Vec<String> {
        let old = std::mem::replace(&mut self.blocks, new);
        let gone = old.iter().filter(|was| !self.blocks.contains(was));
        let new = self.blocks.iter().filter(|now| !old.contains(now));
        gone.chain(new).map(|marks| marks.block.clone()).collect()
    }

    fn of(&self, block: &str) -> Option<&BlockMarks> {
        self.blocks.iter().find(|marks| marks.block == block)
    }

    pub fn class(&self, block: &str) -> &'static str {
        if self.of(block).is_some_and(|marks| marks.highlighted) { " reader__paragraph--highlighted" } else { "" }
    }

    /// Before the words: told to those who do not see the colour.
    pub fn write_before(&self, html: &mut Html, block: &str) {
        let Some(marks) = self.of(block) else { return };
        if marks.bookmarked {
            html.markup("<span class=\"reader__bookmark\">").icon(Symbol::Bookmark);
            html.span("visually-hidden", self.words.bookmarked).markup("</span> ");
        }
        if marks.highlighted {
            html.span("visually-hidden", self.words.highlighted).markup(" ");
        }
    }

    /// Behind the words and everything else.
    pub fn write_after(&self, html: &mut Html, block: &str) {
        let Some(marks) = self.of(block) else { return };
        for (id, text) in &marks.notes {
            html.markup(" <span class=\"reader__note\"><a class=\"reader__own\" href=\"/comments/new?note=").words(id);
            html.markup("\">").words(self.words.own).markup("</a> ").words(text).markup("</span>");
        }
    }
}

/// The paragraph that was tapped, in the version that is read and in its words.
pub fn anchor_of(document: &Document, selected: &Selected) -> Anchor {
    Anchor::Document {
        document: document.id.clone(),
        version: document.version,
        block: Some(selected.id.clone()),
        place: selected.place.clone(),
        quote: quotable(&selected.words),
    }
}

/// What may be marked on the paragraph that was tapped.
#[derive(Clone, Copy)]
pub struct Marking {
    state: State,
    words: &'static Text,
    marks: Memo<Vec<ReaderMark>>,
    anchor: StoredValue<Anchor>,
    /// What came of the last tap.
    said: RwSignal<&'static str>,
}

impl Marking {
    pub fn of(state: State, document: &Document, selected: &Selected, said: RwSignal<&'static str>) -> Self {
        let all = state.marks();
        let (id, block) = (document.id.clone(), selected.id.clone());
        let anchor = anchor_of(document, selected);
        let here = move |mark: &&ReaderMark| block_of(mark, &id) == Some(block.as_str());
        Self {
            state,
            words: t().notes(),
            marks: Memo::new(move |_| all.with(|marks| marks.iter().filter(&here).cloned().collect())),
            anchor: StoredValue::new(anchor),
            said,
        }
    }

    fn held(self, kind: MarkKind) -> Vec<ReaderMark> {
        self.marks.with(|marks| marks.iter().filter(|mark| mark.kind == kind).cloned().collect())
    }

    /// Sets a mark, or takes away whatever of its kind is there.
    fn turn(self, kind: MarkKind) {
        let (held, anchor) = (untrack(|| self.held(kind)), self.anchor.get_value());
        spawn_local(async move {
            let mut done = Ok(());
            if held.is_empty() {
                done = self.state.keep_mark(kind, anchor).await;
            }
            for mark in held {
                done = done.and(self.state.remove_mark(&mark).await);
            }
            self.said.try_set(if done.is_ok() { "" } else { self.words.not_stored });
        });
    }

    pub fn toggle(self, kind: MarkKind, symbol: Symbol) -> AnyView {
        let pressed = move || if self.held(kind).is_empty() { "false" } else { "true" };
        view! {
            <button class="button elder-less" aria-pressed=pressed on:click=move |_| self.turn(kind)>
                <Icon symbol/>{(self.words.kind)(kind)}
            </button>
        }
        .into_any()
    }

    /// The way to a new note, or to the one that is there.
    pub fn note_link(self, new: String) -> AnyView {
        let words = self.words;
        let note = Memo::new(move |_| self.held(MarkKind::Note).into_iter().next().map(|mark| mark.id));
        let href = move || note.get().map_or_else(|| new.clone(), |id| format!("/comments/new?note={id}"));
        let word = move || note.with(|note| if note.is_some() { words.note_change } else { words.note });
        view! { <a class="button" href=href><Icon symbol=Symbol::Note/><span>{move || word()}</span></a> }.into_any()
    }
}
