//! One opened text and what is done with it: loading, selecting, writing single blocks anew. The text itself is written
//! as HTML by [`Page`]. How it comes into the page, where the reader is in it, and what changed in it are next door.

use congress::entities::{Anchor, Document};
use congress::reading::ReadingPlace;
use leptos::prelude::*;
use leptos::{html, task::spawn_local};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::super::marks::{self, BlockMarks, PageMarks};
use super::super::page::{HIT_ID, Heading, ID_PREFIX, OwnComments, Page, Sections};
use super::aloud::Aloud;
use super::comparing::Comparing;
use super::following::Following;
use super::fresh::Fresh;
use crate::i18n::documents::Text;
use crate::i18n::notes;
use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::live::effect;
use crate::platform::{dom, timer};
use crate::state::{CommentLine, LoadError, Place, State, t};

/// Before the id of a heading's element: the id of its link in the outline.
pub const LINK_PREFIX: &str = "to-";

type Go = Box<dyn Fn(&str)>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    Waiting,
    Ready,
    /// It is there, and the block that the address names is not in this version.
    Gone,
    Failed(LoadError),
}

/// The paragraph that was tapped.
#[derive(Clone, PartialEq, Eq)]
pub struct Selected {
    pub block: usize,
    pub id: String,
    /// `Phần II, mục V.2.1`
    pub place: String,
    /// As they are copied.
    pub words: String,
}

#[derive(Clone, Copy)]
pub struct Reading {
    pub state: State,
    pub document: StoredValue<Document>,
    words: &'static Text,
    note_words: &'static notes::Text,
    page: StoredValue<Option<Page>, LocalStorage>,
    /// Where the text comes into the page.
    pub node: NodeRef<html::Div>,
    pub loaded: RwSignal<Loaded>,
    pub headings: RwSignal<Vec<Heading>>,
    /// Where the reader is.
    pub following: Following,
    pub selected: RwSignal<Option<Selected>>,
    own: Memo<Vec<OwnComments>>,
    marks: Memo<Vec<BlockMarks>>,
    pub comparing: RwSignal<Comparing>,
    pub aloud: Aloud,
    pub fresh: Fresh,
    /// Puts an address in place of the present one.
    replace: StoredValue<Go, LocalStorage>,
}

impl Reading {
    pub fn new(state: State, document: Document) -> Self {
        let (comments, all_marks) = (state.comments(), state.marks());
        let (id, marked) = (document.id.clone(), document.id.clone());
        let navigate = use_navigate();
        let replace = move |href: &str| {
            navigate(href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        };
        let reading = Self {
            state,
            comparing: RwSignal::new(Comparing::Off),
            aloud: Aloud::new(),
            fresh: Fresh::new(state, &document),
            document: StoredValue::new(document),
            words: t().documents(),
            note_words: t().notes(),
            page: StoredValue::new_local(None),
            node: NodeRef::new(),
            loaded: RwSignal::new(Loaded::Waiting),
            headings: RwSignal::new(Vec::new()),
            following: Following::new(),
            selected: RwSignal::new(None),
            own: Memo::new(move |_| comments.with(|lines| own_by_block(lines, &id))),
            marks: Memo::new(move |_| all_marks.with(|all| marks::by_block(all, &marked))),
            replace: StoredValue::new_local(Box::new(replace)),
        };
        effect(move || reading.repaint_own(reading.own.get()));
        effect(move || reading.repaint_marks(reading.marks.get()));
        // A text that was missing is read as soon as it has come.
        effect(move || {
            let held = state.held.with(|held| reading.document.with_value(|document| held.has(&document.text_sha256)));
            if held && reading.loaded.get_untracked() == Loaded::Failed(LoadError::NotHeld) {
                reading.open(None);
            }
        });
        reading
    }

    fn path(self) -> String {
        self.document.with_value(|document| format!("/documents/{}", document.id))
    }

    /// Reads the text and shows it, at the block asked for or at the place left.
    pub fn open(self, asked: Option<String>) {
        let Document { id, text_sha256, .. } = self.document.get_value();
        let (own, words) = (self.own.get_untracked(), self.words);
        let marks = PageMarks { words: self.note_words, blocks: self.marks.get_untracked() };
        self.loaded.set(Loaded::Waiting);
        spawn_local(async move {
            let left: Option<ReadingPlace> = self.state.reading_note(&place_key(&id)).await;
            match self.state.load_text(&text_sha256).await {
                Ok(text) => {
                    let page = Page::new(text, words, own, marks);
                    let headings = page.headings();
                    let block = asked.as_deref().and_then(|id| page.index_of(id));
                    let left = left.and_then(|left| left.find(page.blocks.iter().map(|block| block.id.as_str())));
                    if self.page.try_update_value(|slot| *slot = Some(page)).is_none() {
                        return; // The reader has gone elsewhere.
                    }
                    let gone = asked.is_some() && block.is_none();
                    self.loaded.set(if gone { Loaded::Gone } else { Loaded::Ready });
                    self.headings.set(headings);
                    spawn_local(async move { self.fresh.recall(self.sections()).await });
                    self.show(block, left).await;
                }
                Err(error) => {
                    self.loaded.try_set(Loaded::Failed(error));
                }
            }
        });
    }

    pub fn try_again(self) {
        self.state.retry_now();
        self.open(None);
    }

    pub fn with_page<R>(self, read: impl FnOnce(&Page) -> R) -> Option<R> {
        self.page.try_with_value(|page| page.as_ref().map(read)).flatten()
    }

    pub fn update_page<R>(self, change: impl FnOnce(&mut Page) -> R) -> Option<R> {
        self.page.try_update_value(|page| page.as_mut().map(change)).flatten()
    }

    /// The blocks below each heading, by the heading's id.
    fn sections(self) -> Sections {
        self.with_page(Page::sections).unwrap_or_default()
    }

    pub fn element_id(self, block: usize) -> Option<String> {
        self.with_page(|page| page.element_id(block)).flatten()
    }

    /// Writes a block anew. One that is not in the page yet is written rightly when its turn comes.
    pub fn repaint(self, block: usize) {
        let Some(element) = self.element_id(block) else { return };
        if let Some((class, html)) = self.with_page(|page| (page.class(block), page.inner(block))) {
            dom::set_class(&element, &class);
            dom::set_html(&element, &html);
        }
    }

    fn repaint_own(self, own: Vec<OwnComments>) {
        let changed = self.update_page(|page| {
            let before = std::mem::replace(&mut page.own, own);
            let gone = before.iter().filter(|was| !page.own.contains(was));
            let new = page.own.iter().filter(|now| !before.contains(now));
            gone.chain(new).map(|own| own.block.clone()).collect::<Vec<_>>()
        });
        self.repaint_all(changed.unwrap_or_default());
    }

    fn repaint_marks(self, marks: Vec<BlockMarks>) {
        let changed = self.update_page(|page| page.marks.replace(marks));
        self.repaint_all(changed.unwrap_or_default());
    }

    /// Blocks of this version, and those that are shown as gone.
    fn repaint_all(self, ids: Vec<String>) {
        for id in ids {
            match self.with_page(|page| (page.index_of(&id), page.removed(&id))) {
                Some((Some(block), _)) => self.repaint(block),
                Some((None, Some((element, class, html)))) => {
                    dom::set_class(&element, &class);
                    dom::set_html(&element, &html);
                }
                _ => {}
            }
        }
    }

    /// A tap on an element of the text.
    pub fn tap(self, element_id: &str) {
        let Some(block) = self.block_of(element_id) else { return };
        let again = self.selected.with_untracked(|selected| selected.as_ref().is_some_and(|it| it.block == block));
        self.select((!again).then_some(block));
    }

    /// Enter on a paragraph: selects it, and goes on to what can be done with it.
    pub fn press(self, element_id: &str) {
        let Some(block) = self.block_of(element_id) else { return };
        self.select(Some(block));
        spawn_local(async {
            timer::sleep(0).await;
            dom::focus(".action-bar a, .action-bar button");
        });
    }

    pub fn block_of(self, element_id: &str) -> Option<usize> {
        let id = element_id.strip_prefix(ID_PREFIX)?;
        self.with_page(|page| page.index_of(id)).flatten()
    }

    /// Selects a block or none. The address follows, so that one comes back to the same paragraph.
    pub fn select(self, block: Option<usize>) {
        if block.is_some() {
            self.aloud.pause();
        }
        let selected = self.update_page(|page| {
            let before = std::mem::replace(&mut page.selected, block);
            let selected = block.and_then(|at| {
                page.blocks.get(at).map(|block| Selected {
                    block: at,
                    id: block.id.clone(),
                    place: block.place.clone(),
                    words: block.plain_text(),
                })
            });
            (before, selected)
        });
        let Some((before, selected)) = selected else { return };
        for block in [before, block].into_iter().flatten() {
            if let (Some(element), Some(class)) = (self.element_id(block), self.with_page(|page| page.class(block))) {
                dom::set_class(&element, &class);
            }
        }
        let mut href = self.path();
        if let Some(selected) = &selected {
            href = format!("{href}?block={}", selected.id);
        }
        self.replace.with_value(|replace| replace(&href));
        self.selected.set(selected);
    }

    /// Brings the hit that is shown into the middle of the view.
    pub fn show_hit(self) {
        if let Some(block) = self.with_page(|page| page.hits.get(page.hit).copied()).flatten() {
            self.render_to(block);
            dom::scroll_to_middle(HIT_ID);
        }
    }

    pub fn write_outline(self, html: &mut Html) {
        let path = self.path();
        html.markup("<ol class=\"outline__list\">");
        self.headings.with(|headings| {
            for heading in headings {
                let item = match heading.level {
                    ..=1 => "<li class=\"outline__item outline__item--1\">",
                    2 => "<li class=\"outline__item outline__item--2\">",
                    3 => "<li class=\"outline__item outline__item--3\">",
                    _ => "<li class=\"outline__item outline__item--4\">",
                };
                html.markup(item)
                    .markup("<a class=\"outline__link\" id=\"")
                    .words(LINK_PREFIX)
                    .words(&heading.element_id);
                html.markup("\" href=\"").words(&path).markup("#").words(&heading.element_id);
                html.markup("\">").words(&heading.text);
                if self.fresh.is_new(&heading.id) {
                    html.markup(" ").span("badge badge--next", self.words.new_since);
                }
                html.markup("</a></li>");
            }
        });
        html.markup("</ol>");
    }

    /// Makes sure that the heading of a link in the outline is in the page; returns the id of its element.
    pub fn render_heading(self, link_id: &str) -> Option<String> {
        let element = link_id.strip_prefix(LINK_PREFIX)?;
        self.render_to(self.block_of(element)?);
        Some(element.to_owned())
    }
}

/// Under what the place in a document is kept on the device.
pub fn place_key(document: &str) -> String {
    format!("{document}/place")
}

fn own_by_block(lines: &[CommentLine], document: &str) -> Vec<OwnComments> {
    let mut own: Vec<OwnComments> = Vec::new();
    // Newest first, so the first one names the block.
    for line in lines {
        let Anchor::Document { document: about, block: Some(block), .. } = &line.anchor else { continue };
        if about != document || matches!(line.place, Place::Withdrawn { .. }) {
            continue;
        }
        match own.iter_mut().find(|own| own.block == *block) {
            Some(own) => own.count += 1,
            None => own.push(OwnComments { block: block.clone(), newest: line.id.clone(), count: 1 }),
        }
    }
    own
}
