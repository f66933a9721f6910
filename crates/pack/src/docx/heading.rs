//! Which paragraphs are headings, and at what level: by their style where they have one, otherwise by their number and
//! their look, as such papers are really written (domain.md 5). Where only the first words are bold behind a number, these
//! are the heading and the rest is text.

use super::frame::is_capitals;
use super::story::Paragraph;
use super::styles::Align;
use crate::body::{LEVELS, Mark, Opening, Part, opening};

/// Letters of a heading.
const HEADING_CHARS_MAX: usize = 250;
/// Letters of a heading that is one by its look only.
const LOOK_CHARS_MAX: usize = 150;
/// Ranks of headings without a number: in the middle of the page, and elsewhere.
const CENTRED_RANK: u8 = 10;
const BOLD_RANK: u8 = 60;
/// Beginnings of captions, which are no headings.
const CAPTIONS: [&str; 5] = ["Bảng", "Biểu", "Hình", "Ảnh", "Đơn vị"];

/// How the words of a paragraph look from their beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Emphasis {
    is_bold: bool,
    is_italic: bool,
    /// Bytes at the beginning that are bold, or italic where none are bold.
    prefix: usize,
    /// It is bold at the beginning, and not italic only.
    is_bold_first: bool,
}

fn emphasis(paragraph: &Paragraph) -> Emphasis {
    let prefix = |is: fn(&super::styles::Look) -> bool| {
        let mut length = 0;
        for piece in &paragraph.pieces {
            if !is(&piece.look) && !piece.text.trim().is_empty() {
                return (length, false);
            }
            length += piece.text.len();
        }
        (length, true)
    };
    let ((bold, is_bold), (italic, is_italic)) = (prefix(|look| look.is_bold()), prefix(|look| look.is_italic()));
    Emphasis { is_bold, is_italic, prefix: if bold > 0 { bold } else { italic }, is_bold_first: bold > 0 }
}

/// What a paragraph is in the outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Heading {
        rank: u8,
        /// The level at which it stands when nothing is above it.
        level: u8,
        is_styled: bool,
        /// Byte of the words behind the heading in the same paragraph.
        rest: Option<usize>,
        /// Nothing but a number: the name stands in the next paragraph.
        is_bare: bool,
    },
    Text,
}

/// Looks at a paragraph whose words are `words`, behind the number that Word counts for it.
pub(super) fn find(paragraph: &Paragraph, number: Option<&str>, words: &str, next: Option<&Paragraph>) -> Found {
    let trimmed = words.trim();
    let length = trimmed.chars().count();
    let numbered = number.map(|number| format!("{number} {trimmed}"));
    let opening = opening(numbered.as_deref().unwrap_or(trimmed));
    let is_bare = opening.as_ref().is_some_and(|it| it.rest.is_empty() && matches!(it.mark, Mark::Part(..)));
    let heading = |rank, level, is_styled, rest| Found::Heading { rank, level, is_styled, rest, is_bare };
    match paragraph.shape.heading {
        Some(level @ 1..) if length <= HEADING_CHARS_MAX * 2 => {
            let rank = opening.map_or(0, |it| it.mark.rank());
            return Found::Heading { rank, level: level.min(9), is_styled: true, rest: None, is_bare };
        }
        _ if paragraph.is_boxed => return Found::Text,
        _ => {}
    }
    let emphasis = emphasis(paragraph);
    match &opening {
        Some(opening) if length <= HEADING_CHARS_MAX && is_numbered_heading(opening, paragraph, emphasis, trimmed) => {
            heading(opening.mark.rank(), opening.mark.level(), false, None)
        }
        Some(opening) => {
            let before = number.map_or(0, |number| number.len() + 1);
            match run_in(opening, words, before, emphasis) {
                Some(rest) => heading(opening.mark.rank(), opening.mark.level(), false, Some(rest)),
                None => Found::Text,
            }
        }
        None => match unnumbered(paragraph, emphasis, trimmed, length, next) {
            Some(rank) => heading(rank, if rank == CENTRED_RANK { 1 } else { LEVELS }, false, None),
            None => Found::Text,
        },
    }
}

fn is_numbered_heading(opening: &Opening<'_>, paragraph: &Paragraph, emphasis: Emphasis, words: &str) -> bool {
    let is_strong = emphasis.is_bold || is_capitals(opening.rest);
    let is_open = !words.ends_with(['.', ';', ',', ':', '!', '?']) && words.chars().count() <= LOOK_CHARS_MAX;
    let is_centred = paragraph.shape.align == Some(Align::Centre);
    match &opening.mark {
        Mark::Part(Part::Article, _) => emphasis.is_bold || (is_open && opening.printed.ends_with(['.', ':'])),
        Mark::Part(_, order) => (is_strong || is_centred) && (order.is_some() || opening.rest.is_empty() || is_strong),
        Mark::Capital(_) => is_strong,
        Mark::Roman(_) => is_strong || is_open,
        Mark::Decimal(groups) if groups.len() == 1 => emphasis.is_bold,
        Mark::Decimal(_) => emphasis.is_bold || emphasis.is_italic || is_open,
        Mark::Letter(_) => (emphasis.is_bold || emphasis.is_italic) && !words.ends_with(';'),
    }
}

/// Where the text begins behind bold words that follow the number.
fn run_in(opening: &Opening<'_>, words: &str, before: usize, emphasis: Emphasis) -> Option<usize> {
    let heading = words.get(..emphasis.prefix)?;
    // Mostly the number alone is no heading, and what Word counts is not among the words.
    let named = (before + heading.trim_end().len()).checked_sub(opening.printed.len())?;
    let rest = words.get(emphasis.prefix..)?;
    let begins = rest.len() - rest.trim_start_matches([':', '.', ' ', '\t']).len();
    let is_text = rest[begins..].split_whitespace().nth(1).is_some();
    let is_short = heading.chars().count() <= HEADING_CHARS_MAX;
    // An article is a place of its own also where it has no name.
    let is_named = named > 3 || (matches!(opening.mark, Mark::Part(Part::Article, _)) && emphasis.is_bold_first);
    (is_named && is_text && is_short).then_some(emphasis.prefix + begins)
}

/// The rank of a heading without a number.
fn unnumbered(
    paragraph: &Paragraph,
    emphasis: Emphasis,
    words: &str,
    length: usize,
    next: Option<&Paragraph>,
) -> Option<u8> {
    let is_caption = CAPTIONS.iter().any(|caption| words.starts_with(caption));
    let is_open =
        !words.ends_with(['.', ';', ',', ':', '!', '?', ')']) && !words.starts_with(['-', '–', '+', '*', '(']);
    if !emphasis.is_bold || is_caption || !is_open || !(3..=LOOK_CHARS_MAX).contains(&length) {
        return None;
    }
    if paragraph.shape.align == Some(Align::Centre) || is_capitals(words) {
        return Some(CENTRED_RANK);
    }
    let is_followed = next.is_some_and(|next| !self::emphasis(next).is_bold && !next.words().trim().is_empty());
    (is_followed && paragraph.shape.align != Some(Align::End)).then_some(BOLD_RANK)
}

/// Whether a paragraph may be the name of the part whose number stands alone above it.
pub(super) fn names_part(paragraph: &Paragraph, words: &str) -> bool {
    let is_strong = emphasis(paragraph).is_bold || is_capitals(words);
    let is_numbered = opening(words.trim()).is_some() || paragraph.shape.list.0.is_some_and(|list| list > 0);
    is_strong && !is_numbered && words.trim().chars().count() <= HEADING_CHARS_MAX && paragraph.shape.heading.is_none()
}

/// The headings above the present place.
#[derive(Debug, Default)]
pub(super) struct Outline(Vec<Above>);

#[derive(Clone, Copy, Debug)]
struct Above {
    rank: u8,
    level: u8,
    /// Its rank is that of its number, and not of its style.
    is_by_number: bool,
}

impl Outline {
    /// The level of the next heading: one below the last that stands above it, so that no level is skipped.
    pub(super) fn enter(&mut self, rank: u8, level: u8, is_styled: bool, is_annex: bool) -> u8 {
        let by_style = level.saturating_mul(10);
        let is_under_number = self.0.iter().any(|it| it.is_by_number && it.rank < rank && it.rank >= by_style);
        // Where papers mix both, the number of a styled heading counts below one that has only its number.
        let is_by_number = !is_styled || is_under_number;
        let rank = if is_by_number { rank } else { by_style };
        // `Phụ lục 1` stands below `Phụ lục`, and beside `Phần thứ hai`.
        let rank =
            if is_annex && self.0.first().is_some_and(|above| above.rank == ANNEXES) { ANNEXES + 1 } else { rank };
        while self.0.last().is_some_and(|above| above.rank >= rank) {
            self.0.pop();
        }
        let level = self.0.last().map_or(level, |above| above.level + 1).clamp(1, LEVELS);
        self.0.push(Above { rank, level, is_by_number });
        level
    }

    /// A heading below which the annexes stand.
    pub(super) fn enter_annexes(&mut self) -> u8 {
        self.0.clear();
        self.0.push(Above { rank: ANNEXES, level: 1, is_by_number: true });
        1
    }
}

/// The rank of `Phụ lục` alone.
const ANNEXES: u8 = 8;
