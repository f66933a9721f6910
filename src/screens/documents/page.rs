//! The text of a document as HTML. What is selected, found or commented on is written with its block, and a block can be
//! written anew by itself.

mod changes;
mod ink;

use std::collections::BTreeMap;
use std::ops::Range;

use congress::entities::{Block, BlockChange, BlockKind, BlockRole, ChangedWords, DocumentText, Frame};
use congress::reading::words_of;
use congress::search::Query;
use congress::text::fold;

use super::marks::PageMarks;
use crate::i18n::documents::Text;
use crate::parts::blocks::write_paragraph;
use crate::parts::html::Html;

pub use self::changes::Changes;
use self::ink::{Ink, Whole};

/// A heading, for the outline.
#[derive(Clone, PartialEq, Eq)]
pub struct Heading {
    pub id: String,
    pub element_id: String,
    /// Its place among the blocks.
    pub block: usize,
    pub level: u8,
    pub text: String,
}

/// Headings, each with the blocks that belong to it, itself among them; by their ids.
pub type Sections = Vec<(String, Vec<String>)>;

/// The reader's comments on one block.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnComments {
    pub block: String,
    /// Id of the newest one.
    pub newest: String,
    pub count: usize,
}

/// A text that is being read.
pub struct Page {
    pub blocks: Vec<Block>,
    frame: Frame,
    pub words: &'static Text,
    /// The blocks that are in the page already.
    pub shown: Range<usize>,
    /// How many words stand before each block, and at the end how many there are.
    words_before: Vec<u32>,
    /// What is being read aloud: a block and the bytes of its words.
    pub spoken: Option<(usize, Range<usize>)>,
    pub selected: Option<usize>,
    pub own: Vec<OwnComments>,
    pub marks: PageMarks,
    pub query: Query,
    /// Blocks that hold what is searched for.
    pub hits: Vec<usize>,
    /// Which of the hits is shown.
    pub hit: usize,
    /// What this version changed, while it is shown.
    pub changes: Option<Changes>,
    /// The blocks folded for search; empty until somebody searches.
    folded: Vec<String>,
    /// Addresses in this page of pictures that have been read, by the name of the file.
    pub addresses: BTreeMap<String, String>,
}

/// What stands before the id of a block to make it the id of its element.
pub const ID_PREFIX: &str = "b-";
/// Id of the words found that are shown.
pub const HIT_ID: &str = "hit";
/// Id of the words that are being read aloud.
pub const SPOKEN_ID: &str = "spoken";
/// Blocks above the one that the page begins with: what is seen between it and the top of the view.
const BLOCKS_ABOVE: usize = 4;

fn element_id(block: &Block) -> String {
    format!("{ID_PREFIX}{}", block.id)
}

impl Page {
    pub fn new(text: DocumentText, words: &'static Text, own: Vec<OwnComments>, marks: PageMarks) -> Self {
        let count = |before: &mut u32, block: &Block| {
            *before += words_of(block);
            Some(*before)
        };
        let words_before = std::iter::once(0).chain(text.blocks.iter().scan(0, count)).collect();
        Self {
            blocks: text.blocks,
            frame: text.frame,
            words,
            shown: 0..0,
            words_before,
            spoken: None,
            selected: None,
            own,
            marks,
            query: Query::default(),
            hits: Vec::new(),
            hit: 0,
            changes: None,
            folded: Vec::new(),
            addresses: BTreeMap::new(),
        }
    }

    pub fn element_id(&self, at: usize) -> Option<String> {
        self.blocks.get(at).map(element_id)
    }

    pub fn index_of(&self, block_id: &str) -> Option<usize> {
        self.blocks.iter().position(|block| block.id == block_id)
    }

    pub fn headings(&self) -> Vec<Heading> {
        let heading = |(block, it): (usize, &Block)| match &it.kind {
            BlockKind::Heading { level, .. } => {
                let (id, text) = (it.id.clone(), it.plain_text());
                Some(Heading { id, element_id: element_id(it), block, level: *level, text })
            }
            _ => None,
        };
        self.blocks.iter().enumerate().filter_map(heading).collect()
    }

    /// The headings by their ids, each with the ids of what stands below it up to the next one.
    pub fn sections(&self) -> Sections {
        let mut sections: Sections = Vec::new();
        for block in &self.blocks {
            if matches!(block.kind, BlockKind::Heading { .. }) {
                sections.push((block.id.clone(), Vec::new()));
            }
            if let Some((_, below)) = sections.last_mut() {
                below.push(block.id.clone());
            }
        }
        sections
    }

    /// Begins anew at a block, with nothing in the page yet.
    pub fn begin_at(&mut self, block: usize) {
        let start = block.saturating_sub(BLOCKS_ABOVE);
        self.shown = start..start;
    }

    /// The next blocks as HTML; `None` when the last one is in the page.
    pub fn next(&mut self, count: usize) -> Option<String> {
        let (start, end) = (self.shown.end, (self.shown.end + count).min(self.blocks.len()));
        self.shown.end = end;
        (start < end).then(|| self.written(start..end))
    }

    /// The blocks before those in the page; `None` when the first one is in the page.
    pub fn previous(&mut self, count: usize) -> Option<String> {
        let (start, end) = (self.shown.start.saturating_sub(count), self.shown.start);
        self.shown.start = start;
        (start < end).then(|| self.written(start..end))
    }

    /// The pictures among these blocks that have not been read: the id of the element and the name of the file.
    pub fn pictures(&self, blocks: Range<usize>) -> Vec<(String, String)> {
        let is_missing = |block: &&Block| is_picture(block) && !self.addresses.contains_key(&block.file);
        let pictures = self.blocks.get(blocks).unwrap_or_default().iter().filter(is_missing);
        pictures.map(|block| (picture_id(block), block.file.clone())).collect()
    }

    pub fn is_whole(&self) -> bool {
        self.shown == (0..self.blocks.len())
    }

    /// Words before a place: a block and how much of it, from 0 to 1; and all.
    pub fn words_read(&self, block: usize, into: f64) -> (u32, u32) {
        let before = |block: usize| self.words_before.get(block).or(self.words_before.last()).copied().unwrap_or(0);
        let (from, to) = (before(block), before(block + 1));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a number of words")]
        let part = (f64::from(to - from) * into.clamp(0.0, 1.0)) as u32;
        (from + part, before(usize::MAX - 1))
    }

    fn written(&self, blocks: Range<usize>) -> String {
        let mut html = Html::default();
        if blocks.start == 0 {
            self.write_head(&mut html);
            self.write_removed(&mut html, None);
        }
        let is_last = blocks.end == self.blocks.len();
        for at in blocks {
            self.write(&mut html, at);
            self.write_removed(&mut html, self.blocks.get(at));
        }
        if is_last {
            self.write_foot(&mut html);
        }
        html.into_string()
    }

    /// Searches; returns the blocks that look different from before.
    pub fn search(&mut self, query: Query) -> Vec<usize> {
        if self.folded.is_empty() {
            self.folded = self.blocks.iter().map(|block| fold(&block.plain_text())).collect();
        }
        let mut changed = std::mem::take(&mut self.hits);
        if !query.is_too_short() {
            let holds = |(at, folded): (usize, &String)| query.matches(folded).then_some(at);
            self.hits = self.folded.iter().enumerate().filter_map(holds).collect();
        }
        (self.query, self.hit) = (query, 0);
        let before = changed.len();
        for hit in &self.hits {
            if changed[..before].binary_search(hit).is_err() {
                changed.push(*hit);
            }
        }
        changed
    }

    /// The letterhead of the printed paper.
    fn write_head(&self, html: &mut Html) {
        let Frame { issuer, number, motto, place_date, draft, title, .. } = &self.frame;
        write_lines(html, "reader__frame", issuer.iter().chain([number]));
        write_lines(html, "reader__frame", motto.iter().chain([place_date]));
        write_lines(html, "reader__frame reader__frame--title", title.iter().chain([draft]));
    }

    /// Signature and recipients of the printed paper.
    fn write_foot(&self, html: &mut Html) {
        write_lines(html, "reader__frame reader__sign", self.frame.signature.iter());
        write_lines(html, "reader__frame reader__frame--start", self.frame.recipients.iter());
    }

    fn write(&self, html: &mut Html, at: usize) {
        let Some(block) = self.blocks.get(at) else { return };
        let (open, close) = match &block.kind {
            BlockKind::Heading { level: ..=1, .. } => ("<h2 tabindex=\"-1\"", "</h2>"),
            BlockKind::Heading { level: 2, .. } => ("<h3 tabindex=\"-1\"", "</h3>"),
            BlockKind::Heading { level: 3, .. } => ("<h4 tabindex=\"-1\"", "</h4>"),
            BlockKind::Heading { level: 4, .. } => ("<h5 tabindex=\"-1\"", "</h5>"),
            BlockKind::Heading { .. } => ("<h6 tabindex=\"-1\"", "</h6>"),
            BlockKind::Paragraph { .. } | BlockKind::ListItem { .. } => ("<p tabindex=\"0\"", "</p>"),
            BlockKind::Table { .. } => ("<div tabindex=\"0\" role=\"region\"", "</div>"),
        };
        html.markup(open).markup(" id=\"").words(&element_id(block)).markup("\" class=\"").words(&self.class(at));
        if matches!(block.kind, BlockKind::Table { .. }) {
            let tables = self.blocks[..=at].iter().filter(|block| matches!(block.kind, BlockKind::Table { .. }));
            html.markup("\" aria-label=\"").words(&(self.words.table)(tables.count()));
        }
        html.markup("\">");
        self.write_inner(html, at);
        html.markup(close);
    }

    /// What stood behind a block, or at the beginning, and is gone.
    fn write_removed(&self, html: &mut Html, after: Option<&Block>) {
        let Some(changes) = &self.changes else { return };
        for block in changes.removed_after(after.map(|block| block.id.as_str())) {
            html.markup("<div id=\"").words(&changes::removed_element_id(block));
            html.markup("\" tabindex=\"0\" class=\"").words(&self.removed_class(block)).markup("\">");
            self.write_removed_inner(html, block);
            html.markup("</div>");
        }
    }

    fn removed_class(&self, block: &Block) -> String {
        format!("reader__paragraph reader__paragraph--gone{}", self.marks.class(&block.id))
    }

    fn write_removed_inner(&self, html: &mut Html, block: &Block) {
        html.span("reader__change", self.words.change_removed);
        self.marks.write_before(html, &block.id);
        let mut ink = Ink { html, words: self.words, query: None, shown: false, spoken: None };
        ink.block(&block.kind, Whole::Removed);
        self.write_own(html, block);
    }

    /// Id, classes and HTML of the element of a block that is shown as gone.
    pub fn removed(&self, block_id: &str) -> Option<(String, String, String)> {
        let block = self.changes.as_ref()?.removed(block_id)?;
        let mut html = Html::default();
        self.write_removed_inner(&mut html, block);
        Some((changes::removed_element_id(block), self.removed_class(block), html.into_string()))
    }

    fn own(&self, block: &Block) -> Option<&OwnComments> {
        self.own.iter().find(|own| own.block == block.id)
    }

    /// The classes of a block's element, as they should be now.
    pub fn class(&self, at: usize) -> String {
        let Some(block) = self.blocks.get(at) else { return String::new() };
        let mut class = match &block.kind {
            BlockKind::Heading { level, .. } => format!("reader__heading reader__heading--{}", (*level).clamp(1, 4)),
            BlockKind::Paragraph { .. } => "reader__paragraph".to_owned(),
            BlockKind::ListItem { depth, .. } => {
                let deep = match block.role {
                    BlockRole::Footnote => " reader__paragraph--note",
                    _ if *depth > 0 => " reader__paragraph--deep",
                    _ => "",
                };
                format!("reader__paragraph reader__paragraph--item{deep}")
            }
            BlockKind::Table { .. } => "reader__table".to_owned(),
        };
        if self.own(block).is_some() {
            class.push_str(" reader__paragraph--commented");
        }
        class.push_str(self.marks.class(&block.id));
        if self.changes.as_ref().is_some_and(|changes| changes.of(&block.id).is_some()) {
            class.push_str(" reader__paragraph--changed");
        }
        if self.selected == Some(at) {
            class.push_str(" reader__paragraph--selected");
        }
        if self.spoken.as_ref().is_some_and(|(block, _)| *block == at) {
            class.push_str(" reader__paragraph--spoken");
        }
        class
    }

    /// What stands in a block's element, as it should be now.
    pub fn inner(&self, at: usize) -> String {
        let mut html = Html::default();
        self.write_inner(&mut html, at);
        html.into_string()
    }

    fn write_inner(&self, html: &mut Html, at: usize) {
        let Some(block) = self.blocks.get(at) else { return };
        self.marks.write_before(html, &block.id);
        let place = self.hits.binary_search(&at).ok();
        let query = place.map(|_| &self.query);
        let spoken = self.spoken.as_ref().filter(|(block, _)| *block == at).map(|(_, words)| words.clone());
        let shown = spoken.is_some() || place.is_some_and(|place| place == self.hit);
        let mut ink = Ink { html, words: self.words, query, shown, spoken };
        match self.changes.as_ref().and_then(|changes| changes.of(&block.id)) {
            Some(BlockChange::New { .. }) => {
                ink.html.span("reader__change", self.words.change_new);
                ink.block(&block.kind, Whole::Inserted);
            }
            Some(BlockChange::Moved { from, .. }) => {
                ink.html.span("reader__change", &(self.words.change_moved)(from));
                ink.block(&block.kind, Whole::Kept);
            }
            Some(BlockChange::Changed { words, moved_from, .. }) => {
                if let Some(from) = moved_from {
                    ink.html.span("reader__change", &(self.words.change_moved)(from));
                }
                ink.marker(&block.kind);
                match words {
                    ChangedWords::Runs(runs) => ink.marked_runs(runs),
                    ChangedWords::Rows(rows) => ink.marked_table(rows),
                }
            }
            Some(BlockChange::Removed { .. }) | None => ink.block(&block.kind, Whole::Kept),
        }
        if is_picture(block) {
            self.write_picture(html, block);
        }
        self.write_own(html, block);
    }

    /// In a frame of its own size, so that nothing moves when the picture has been read.
    fn write_picture(&self, html: &mut Html, block: &Block) {
        html.markup("<img class=\"reader__picture\" id=\"").words(&picture_id(block)).markup("\" alt=\"\"");
        if let Some(address) = self.addresses.get(&block.file) {
            html.markup(" src=\"").words(address).markup("\"");
        }
        html.markup(">").span("reader__file", &(self.words.in_files)(&block.file));
    }

    fn write_own(&self, html: &mut Html, block: &Block) {
        if let Some(own) = self.own(block) {
            html.markup(" <a class=\"reader__own\" href=\"/comments/").words(&own.newest);
            html.markup("\">").words(&(self.words.own)(own.count)).markup("</a>");
        }
        self.marks.write_after(html, &block.id);
    }
}

/// A paragraph that stands for a picture among the files of the document, and describes it.
fn is_picture(block: &Block) -> bool {
    block.role == BlockRole::Picture && !block.file.is_empty()
}

fn picture_id(block: &Block) -> String {
    format!("picture-{}", block.id)
}

/// Lines under one another, in a paragraph that is no place for comments.
fn write_lines<'l>(html: &mut Html, class: &'static str, lines: impl Iterator<Item = &'l String>) {
    let lines: Vec<&str> = lines.map(String::as_str).filter(|line| !line.is_empty()).collect();
    write_paragraph(html, class, &lines.join("\n"));
}
