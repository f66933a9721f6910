//! Words as HTML: their styles, marks on what is searched for, and what a version put in and took out. Colour is never
//! the only sign: what came is underlined, what went is struck through, and both are said in words to those who listen.

use std::ops::Range;

use congress::entities::{BlockKind, Mark, MarkedRun, Run, RunStyle};
use congress::search::Query;

use crate::i18n::documents::Text;
use crate::parts::html::Html;

/// What a version did to a block as a whole.
pub type Whole = Mark;

pub struct Ink<'p> {
    pub html: &'p mut Html,
    pub words: &'static Text,
    pub query: Option<&'p Query>,
    /// The next mark is the one that is shown.
    pub shown: bool,
    /// Bytes of the block's words that are being read aloud. They are marked in place of what is searched for.
    pub spoken: Option<Range<usize>>,
}

impl Ink<'_> {
    /// A block all of which stayed, came or went.
    pub fn block(&mut self, kind: &BlockKind, whole: Whole) {
        self.marker(kind);
        match kind {
            BlockKind::Heading { runs, .. } | BlockKind::Paragraph { runs } | BlockKind::ListItem { runs, .. } => {
                self.runs(runs, whole);
            }
            BlockKind::Table { rows } => self.table(rows, |run| plain(run, whole)),
        }
    }

    /// The dash or number of an item.
    pub fn marker(&mut self, kind: &BlockKind) {
        if let BlockKind::ListItem { marker, .. } = kind {
            self.html.words(marker).markup(" ");
        }
    }

    fn runs(&mut self, runs: &[Run], whole: Whole) {
        self.pieces(&runs.iter().map(|run| plain(run, whole)).collect::<Vec<_>>());
    }

    pub fn marked_runs(&mut self, runs: &[MarkedRun]) {
        self.pieces(&runs.iter().map(marked).collect::<Vec<_>>());
    }

    fn pieces(&mut self, runs: &[Piece<'_>]) {
        let query = self.query.filter(|_| self.spoken.is_none());
        let places = query.map(|query| query.places(&present(runs)));
        let places = places.unwrap_or_else(|| self.spoken.clone().into_iter().collect());
        let (mut start, mut open) = (0, Mark::Kept);
        for Piece { run, mark } in runs {
            self.change_to(&mut open, *mark);
            let (begin, end) = match run.style {
                RunStyle::Plain => ("", ""),
                RunStyle::Bold => ("<strong>", "</strong>"),
                RunStyle::Italic => ("<em>", "</em>"),
                RunStyle::BoldItalic => ("<strong><em>", "</em></strong>"),
            };
            let (under, over) = if run.underlined { ("<u>", "</u>") } else { ("", "") };
            self.html.markup(begin).markup(under);
            if *mark == Mark::Removed {
                self.html.words(&run.text);
            } else {
                self.found(&run.text, start, &places);
                start += run.text.len();
            }
            self.html.markup(over).markup(end);
            if !run.note.is_empty() {
                self.html.markup("<sup>").words(&run.note).markup("</sup>");
            }
        }
        self.change_to(&mut open, Mark::Kept);
    }

    fn change_to(&mut self, open: &mut Mark, mark: Mark) {
        if *open == mark {
            return;
        }
        match *open {
            Mark::Kept => {}
            Mark::Inserted => {
                self.html.markup("</ins>");
            }
            Mark::Removed => {
                self.html.markup("</del>");
            }
        }
        match mark {
            Mark::Kept => {}
            Mark::Inserted => {
                self.html.markup("<ins>").span("visually-hidden", self.words.inserted);
            }
            Mark::Removed => {
                self.html.markup("<del>").span("visually-hidden", self.words.removed);
            }
        }
        *open = mark;
    }

    /// A run that begins at byte `start` of its block.
    fn found(&mut self, text: &str, start: usize, places: &[Range<usize>]) {
        let mut at = 0;
        for place in places {
            let from = place.start.saturating_sub(start).clamp(at, text.len());
            let to = place.end.saturating_sub(start).min(text.len());
            if from < to {
                let mark = self.next_mark();
                self.html.words(&text[at..from]).markup(mark).words(&text[from..to]).markup("</mark>");
                at = to;
            }
        }
        self.html.words(&text[at..]);
    }

    fn next_mark(&mut self) -> &'static str {
        let is_first = std::mem::take(&mut self.shown);
        match (&self.spoken, is_first) {
            (Some(_), true) => "<mark id=\"spoken\">",
            (None, true) => "<mark id=\"hit\">",
            (_, false) => "<mark>",
        }
    }

    pub fn marked_table(&mut self, rows: &[Vec<Vec<MarkedRun>>]) {
        self.table(rows, marked);
    }

    /// On a narrow screen the rows of a table with many columns become cards (style/reader.css): each cell then carries
    /// the heading of its column, and the roles say what the browser forgets when a table is laid out otherwise.
    fn table<'r, R>(&mut self, rows: &'r [Vec<Vec<R>>], piece: impl Fn(&'r R) -> Piece<'r>) {
        // Its words are found in its cells, each by itself.
        self.spoken = None;
        let pieces = |cell: &'r Vec<R>| cell.iter().map(&piece).collect::<Vec<Piece<'r>>>();
        let heads: Vec<String> = rows.first().into_iter().flatten().map(|cell| present(&pieces(cell))).collect();
        let in_cards = heads.len() >= CARD_COLUMNS_MIN;
        self.html.markup(if in_cards { "<table role=\"table\" class=\"cards\">" } else { "<table>" });
        for (at, row) in rows.iter().enumerate() {
            self.html.markup(if at == 0 { "<thead><tr role=\"row\">" } else { "<tr role=\"row\">" });
            for (column, cell) in row.iter().enumerate() {
                let cell = pieces(cell);
                let (open, close) = match (at, is_number(&cell)) {
                    (0, _) => ("<th scope=\"col\" role=\"columnheader\"", "</th>"),
                    (_, true) => ("<td role=\"cell\" class=\"number\"", "</td>"),
                    (_, false) if present(&cell).chars().count() > SHORT_CHARS_MAX => {
                        ("<td role=\"cell\" class=\"long\"", "</td>")
                    }
                    (_, false) => ("<td role=\"cell\"", "</td>"),
                };
                self.html.markup(open);
                if let Some(head) = heads.get(column).filter(|_| in_cards && at > 0) {
                    self.html.markup(" data-head=\"").words(head).markup("\"");
                }
                self.html.markup(">");
                self.pieces(&cell);
                self.html.markup(close);
            }
            self.html.markup(if at == 0 { "</tr></thead><tbody>" } else { "</tr>" });
        }
        self.html.markup("</tbody></table>");
    }
}

/// A table with fewer columns is readable on the narrowest phone as it is.
const CARD_COLUMNS_MIN: usize = 4;
/// What is longer than this has a line of its own on a card.
const SHORT_CHARS_MAX: usize = 28;

/// The words of a cell that are in this version.
fn present(pieces: &[Piece<'_>]) -> String {
    pieces.iter().filter(|piece| piece.mark != Mark::Removed).map(|piece| piece.run.text.as_str()).collect()
}

/// Words in one style with their mark.
#[derive(Clone, Copy)]
struct Piece<'r> {
    run: &'r Run,
    mark: Mark,
}

fn plain(run: &Run, mark: Mark) -> Piece<'_> {
    Piece { run, mark }
}

fn marked(marked: &MarkedRun) -> Piece<'_> {
    Piece { run: &marked.run, mark: marked.mark }
}

/// `1.586`, `20,89 %`, `≥ 95`: figures are set to the right.
fn is_number(cell: &[Piece<'_>]) -> bool {
    let mut letters = cell.iter().flat_map(|piece| piece.run.text.chars()).peekable();
    letters.peek().is_some() && letters.all(|letter| letter.is_ascii_digit() || " .,%+-–/≥≤<>".contains(letter))
}
