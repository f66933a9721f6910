//! One opened text and what is done with it: loading, bringing it into the page slice by slice, selecting, following the
//! scroll position. The text itself is written as HTML by [`Page`]; here its blocks are written anew one by one. What
//! changed in it is next door.

use congress::entities::{Anchor, Document};
use leptos::prelude::*;
use leptos::{html, task::spawn_local};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::super::marks::{self, BlockMarks, PageMarks};
use super::super::page::{HIT_ID, Heading, ID_PREFIX, OwnComments, Page, Sections};
use super::comparing::Comparing;
use super::fresh::Fresh;
use crate::i18n::documents::Text;
use crate::i18n::notes;
use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::live::effect;
use crate::platform::{dom, timer};
use crate::state::{CommentLine, LoadError, Place, State, t};

/// Blocks that come into the page in one step: more than a screenful, and quickly laid out on a slow phone.
const SLICE_BLOCKS: usize = 16;
/// The heading that has passed this line is the one being read (pixels from the top of the view).
pub const READING_LINE: f64 = 180.0;
/// Before the id of a heading's element: the id of its link in the outline.
const LINK_PREFIX: &str = "to-";

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
    headings: RwSignal<Vec<Heading>>,
    /// Which of the headings is being read.
    heading: StoredValue<Option<usize>>,
    /// Share of the text that lies behind, in percent.
    pub progress: RwSignal<u8>,
    pub selected: RwSignal<Option<Selected>>,
    own: Memo<Vec<OwnComments>>,
    marks: Memo<Vec<BlockMarks>>,
    pub comparing: RwSignal<Comparing>,
    fresh: Fresh,
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
            fresh: Fresh::new(state, &document),
            document: StoredValue::new(document),
            words: t().documents(),
            note_words: t().notes(),
            page: StoredValue::new_local(None),
            node: NodeRef::new(),
            loaded: RwSignal::new(Loaded::Waiting),
            headings: RwSignal::new(Vec::new()),
            heading: StoredValue::new(None),
            progress: RwSignal::new(0),
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

    /// The document's address, by which its scroll position is remembered.
    fn path(self) -> String {
        self.document.with_value(|document| format!("/documents/{}", document.id))
    }

    /// Reads the text and shows it, at the block asked for or at the place left.
    pub fn open(self, asked: Option<String>) {
        let sha256 = self.document.with_value(|document| document.text_sha256.clone());
        let (own, words) = (self.own.get_untracked(), self.words);
        let marks = PageMarks { words: self.note_words, blocks: self.marks.get_untracked() };
        let left_at = self.state.remembered_scroll(&self.path());
        self.loaded.set(Loaded::Waiting);
        spawn_local(async move {
            match self.state.load_text(&sha256).await {
                Ok(text) => {
                    let page = Page::new(text, words, own, marks);
                    let headings = page.headings();
                    let block = asked.as_deref().and_then(|id| page.index_of(id));
                    if self.page.try_update_value(|slot| *slot = Some(page)).is_none() {
                        return; // The reader has gone elsewhere.
                    }
                    let gone = asked.is_some() && block.is_none();
                    self.loaded.set(if gone { Loaded::Gone } else { Loaded::Ready });
                    self.headings.set(headings);
                    spawn_local(async move { self.fresh.recall(self.sections()).await });
                    self.show(block, left_at).await;
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

    /// Brings the text into the page: what is to be seen at once, the rest slice by slice.
    async fn show(self, block: Option<usize>, left_at: f64) {
        self.append();
        if let Some(block) = block {
            self.render_to(block);
            self.select(Some(block));
        }
        while left_at > 0.0 && dom::page_height() < left_at + dom::window_height() && self.append() {}
        if left_at > 0.0 {
            dom::scroll_to(left_at);
        }
        if let Some(element) = block.and_then(|block| self.element_id(block)) {
            let in_view = dom::top_of(&element).is_some_and(|top| top > 0.0 && top < dom::window_height() * 0.7);
            if left_at <= 0.0 || !in_view {
                dom::scroll_to_id(&element);
            }
        }
        loop {
            timer::sleep(0).await;
            if !self.append() {
                break;
            }
        }
        self.follow_scroll();
    }

    /// One more slice. `false` when there is none, or nobody who reads.
    pub fn append(self) -> bool {
        let html = self.update_page(|page| page.next(SLICE_BLOCKS)).flatten();
        match (html, self.node.try_get_untracked().flatten()) {
            (Some(html), Some(node)) => dom::append_html(&node, &html),
            _ => false,
        }
    }

    /// Makes sure that a block is in the page, and a screenful after it.
    pub fn render_to(self, block: usize) {
        while self.with_page(|page| page.rendered < block + SLICE_BLOCKS) == Some(true) && self.append() {}
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
            let differs = |id: &str| {
                let of = |own: &[OwnComments]| own.iter().find(|own| own.block == id).cloned();
                of(&before) != of(&page.own)
            };
            let blocks = page.blocks.iter().enumerate().filter(|(_, block)| differs(&block.id));
            blocks.map(|(at, _)| at).collect::<Vec<_>>()
        });
        changed.into_iter().flatten().for_each(|block| self.repaint(block));
    }

    fn repaint_marks(self, marks: Vec<BlockMarks>) {
        let changed = self.update_page(|page| {
            let changed = page.marks.replace(marks);
            changed.iter().filter_map(|block| page.index_of(block)).collect::<Vec<_>>()
        });
        changed.into_iter().flatten().for_each(|block| self.repaint(block));
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

    fn block_of(self, element_id: &str) -> Option<usize> {
        let id = element_id.strip_prefix(ID_PREFIX)?;
        self.with_page(|page| page.index_of(id)).flatten()
    }

    /// Selects a block or none. The address follows, so that one comes back to the same paragraph.
    pub fn select(self, block: Option<usize>) {
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

    /// How far one has read, and below which heading one is.
    pub fn follow_scroll(self) {
        // The reader may have gone elsewhere.
        let Some(before) = self.heading.try_get_value() else { return };
        let rest = dom::page_height() - dom::window_height();
        let share = if rest > 1.0 { (dom::last_scroll() / rest * 100.0).clamp(0.0, 100.0) } else { 100.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 100")]
        let share = share.round() as u8;
        if self.progress.get_untracked() != share {
            self.progress.set(share);
        }
        let passed = |heading: &Heading| dom::top_of(&heading.element_id).is_some_and(|top| top < READING_LINE);
        let now = self.headings.with_untracked(|headings| headings.partition_point(passed).checked_sub(1));
        let read = if share == 100 { usize::MAX } else { now.map_or(0, |now| now + 1) };
        self.headings.with_untracked(|headings| {
            self.fresh.note_read(headings.iter().take(read).map(|heading| heading.id.as_str()));
        });
        if before == now {
            return;
        }
        self.heading.set_value(now);
        self.headings.with_untracked(|headings| {
            let link = |at: usize| headings.get(at).map(|heading| format!("{LINK_PREFIX}{}", heading.element_id));
            if let Some(link) = before.and_then(link) {
                dom::set_attribute(&link, "aria-current", None);
            }
            if let Some(link) = now.and_then(link) {
                dom::set_attribute(&link, "aria-current", Some("true"));
                dom::bring_into_pane(&link, ".outline");
            }
        });
    }
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
