//! The text of a document as HTML. What is selected, found or commented on is written with its block, and a block can be
//! written anew by itself.

use std::ops::Range;

use congress::entities::{Block, BlockKind, DocumentText, Run, RunStyle};
use congress::search::Query;
use congress::text::fold;

use super::marks::PageMarks;
use crate::i18n::documents::Text;
use crate::parts::html::Html;

/// A heading, for the outline.
#[derive(Clone, PartialEq, Eq)]
pub struct Heading {
    pub block: usize,
    pub element_id: String,
    pub level: u8,
    pub text: String,
}

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
    pub words: &'static Text,
    /// Blocks that are in the page already, from the beginning.
    pub rendered: usize,
    pub selected: Option<usize>,
    pub own: Vec<OwnComments>,
    pub marks: PageMarks,
    pub query: Query,
    /// Blocks that hold what is searched for.
    pub hits: Vec<usize>,
    /// Which of the hits is shown.
    pub hit: usize,
    /// The blocks folded for search; empty until somebody searches.
    folded: Vec<String>,
}

/// What stands before the id of a block to make it the id of its element.
pub const ID_PREFIX: &str = "b-";
/// Id of the words found that are shown.
pub const HIT_ID: &str = "hit";

fn element_id(block: &Block) -> String {
    format!("{ID_PREFIX}{}", block.id)
}

impl Page {
    pub fn new(text: DocumentText, words: &'static Text, own: Vec<OwnComments>, marks: PageMarks) -> Self {
        Self {
            blocks: text.blocks,
            words,
            rendered: 0,
            selected: None,
            own,
            marks,
            query: Query::default(),
            hits: Vec::new(),
            hit: 0,
            folded: Vec::new(),
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
                Some(Heading { block, element_id: element_id(it), level: *level, text: it.plain_text() })
            }
            _ => None,
        };
        self.blocks.iter().enumerate().filter_map(heading).collect()
    }

    /// The next blocks as HTML; `None` when all are in the page.
    pub fn next(&mut self, count: usize) -> Option<String> {
        let end = (self.rendered + count).min(self.blocks.len());
        if end == self.rendered {
            return None;
        }
        let mut html = Html::default();
        for at in self.rendered..end {
            self.write(&mut html, at);
        }
        self.rendered = end;
        Some(html.into_string())
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
                let deep = if *depth > 0 { " reader__paragraph--deep" } else { "" };
                format!("reader__paragraph reader__paragraph--item{deep}")
            }
            BlockKind::Table { .. } => "reader__table".to_owned(),
        };
        if self.own(block).is_some() {
            class.push_str(" reader__paragraph--commented");
        }
        class.push_str(self.marks.class(&block.id));
        if self.selected == Some(at) {
            class.push_str(" reader__paragraph--selected");
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
        let mut ink = Ink { html, query, shown: place.is_some_and(|place| place == self.hit) };
        match &block.kind {
            BlockKind::Heading { runs, .. } | BlockKind::Paragraph { runs } => ink.runs(runs),
            BlockKind::ListItem { marker, runs, .. } => {
                ink.html.words(marker).markup(" ");
                ink.runs(runs);
            }
            BlockKind::Table { rows } => ink.table(rows),
        }
        if let Some(own) = self.own(block) {
            html.markup(" <a class=\"reader__own\" href=\"/comments/").words(&own.newest);
            html.markup("\">").words(&(self.words.own)(own.count)).markup("</a>");
        }
        self.marks.write_after(html, &block.id);
    }
}

/// Writes words with their styles and with marks on what is searched for.
struct Ink<'p> {
    html: &'p mut Html,
    query: Option<&'p Query>,
    /// The next mark is the one that is shown.
    shown: bool,
}

impl Ink<'_> {
    fn runs(&mut self, runs: &[Run]) {
        let places = self.query.map(|query| {
            let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
            query.places(&whole)
        });
        let places = places.unwrap_or_default();
        let mut start = 0;
        for run in runs {
            let (open, close) = match run.style {
                RunStyle::Plain => ("", ""),
                RunStyle::Bold => ("<strong>", "</strong>"),
                RunStyle::Italic => ("<em>", "</em>"),
                RunStyle::BoldItalic => ("<strong><em>", "</em></strong>"),
            };
            self.html.markup(open);
            self.marked(&run.text, start, &places);
            self.html.markup(close);
            start += run.text.len();
        }
    }

    /// A run that begins at byte `start` of its block.
    fn marked(&mut self, text: &str, start: usize, places: &[Range<usize>]) {
        let mut at = 0;
        for place in places {
            let from = place.start.saturating_sub(start).clamp(at, text.len());
            let to = place.end.saturating_sub(start).min(text.len());
            if from < to {
                let mark = if std::mem::take(&mut self.shown) { "<mark id=\"hit\">" } else { "<mark>" };
                self.html.words(&text[at..from]).markup(mark).words(&text[from..to]).markup("</mark>");
                at = to;
            }
        }
        self.html.words(&text[at..]);
    }

    fn table(&mut self, rows: &[Vec<Vec<Run>>]) {
        self.html.markup("<table>");
        for (at, row) in rows.iter().enumerate() {
            self.html.markup(if at == 0 { "<thead><tr>" } else { "<tr>" });
            for cell in row {
                let (open, close) = match (at, is_number(cell)) {
                    (0, _) => ("<th scope=\"col\">", "</th>"),
                    (_, true) => ("<td class=\"number\">", "</td>"),
                    (_, false) => ("<td>", "</td>"),
                };
                self.html.markup(open);
                self.runs(cell);
                self.html.markup(close);
            }
            self.html.markup(if at == 0 { "</tr></thead><tbody>" } else { "</tr>" });
        }
        self.html.markup("</tbody></table>");
    }
}

/// `1.586`, `20,89 %`, `≥ 95`: figures are set to the right.
fn is_number(cell: &[Run]) -> bool {
    let mut letters = cell.iter().flat_map(|run| run.text.chars()).peekable();
    letters.peek().is_some() && letters.all(|letter| letter.is_ascii_digit() || " .,%+-–/≥≤<>".contains(letter))
}
