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
        let places = self.query.map(|query| {
            let present = runs.iter().filter(|run| run.mark != Mark::Removed);
            let whole: String = present.map(|piece| piece.run.text.as_str()).collect();
            query.places(&whole)
        });
        let places = places.unwrap_or_default();
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
                let mark = if std::mem::take(&mut self.shown) { "<mark id=\"hit\">" } else { "<mark>" };
                self.html.words(&text[at..from]).markup(mark).words(&text[from..to]).markup("</mark>");
                at = to;
            }
        }
        self.html.words(&text[at..]);
    }

    pub fn marked_table(&mut self, rows: &[Vec<Vec<MarkedRun>>]) {
        self.table(rows, marked);
    }

    fn table<'r, R>(&mut self, rows: &'r [Vec<Vec<R>>], piece: impl Fn(&'r R) -> Piece<'r>) {
        self.html.markup("<table>");
        for (at, row) in rows.iter().enumerate() {
            self.html.markup(if at == 0 { "<thead><tr>" } else { "<tr>" });
            for cell in row {
                let cell: Vec<Piece<'r>> = cell.iter().map(&piece).collect();
                let (open, close) = match (at, is_number(&cell)) {
                    (0, _) => ("<th scope=\"col\">", "</th>"),
                    (_, true) => ("<td class=\"number\">", "</td>"),
                    (_, false) => ("<td>", "</td>"),
                };
                self.html.markup(open);
                self.pieces(&cell);
                self.html.markup(close);
            }
            self.html.markup(if at == 0 { "</tr></thead><tbody>" } else { "</tr>" });
        }
        self.html.markup("</tbody></table>");
    }
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
