//! What is searched for, as it was typed.

use std::ops::Range;

use super::spelling::Spelling;
use super::vocabulary::Word;
use crate::limits::SEARCH_TERMS_MAX;

/// One word of what is searched for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Term {
    folded: String,
    letters: String,
    tones: u32,
    /// It is still being typed: words that begin with it are found too.
    pub is_begun: bool,
}

/// Words that a passage must all hold, in any order; what stands in quotation marks must stand so in the passage. The
/// last word counts as begun, until something comes behind it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Terms {
    pub(super) words: Vec<Term>,
    /// Which words must stand together.
    pub(super) phrases: Vec<Range<usize>>,
    /// Accents were typed, so they count in the order of what is found.
    pub(super) has_marks: bool,
    letters: usize,
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”' | '„' | '«' | '»')
}

impl Terms {
    /// Words beyond [`SEARCH_TERMS_MAX`] are left out.
    pub fn new(typed: &str) -> Self {
        let mut terms = Self::default();
        let ends_open = typed.chars().next_back().is_some_and(|letter| !letter.is_whitespace() && !is_quote(letter));
        for (at, part) in typed.split(is_quote).enumerate() {
            let from = terms.words.len();
            terms.push_words(part);
            // What stands behind an odd number of quotation marks; the last one may still be missing.
            if at % 2 == 1 && terms.words.len() > from + 1 {
                terms.phrases.push(from..terms.words.len());
            }
        }
        if let Some(last) = terms.words.last_mut() {
            last.is_begun = ends_open;
        }
        terms
    }

    fn push_words(&mut self, part: &str) {
        let (mut spelling, mut at) = (Spelling::default(), 0);
        while let Some(range) = spelling.next(part, at).filter(|_| self.words.len() < SEARCH_TERMS_MAX) {
            at = range.end;
            let folded = Spelling::fold(&spelling.letters);
            self.has_marks |= spelling.tones > 0 || folded != spelling.letters;
            self.letters += folded.chars().count();
            let Spelling { letters, tones } = &spelling;
            self.words.push(Term { folded, letters: letters.clone(), tones: *tones, is_begun: false });
        }
    }

    /// One letter finds everything and says nothing.
    pub fn is_too_short(&self) -> bool {
        self.letters < 2
    }
}

impl Term {
    /// Whether a word of a text is what is searched for, without regard to accents.
    pub(super) fn fits(&self, word: &Word) -> bool {
        if self.is_begun { word.folded.starts_with(&self.folded) } else { *word.folded == *self.folded }
    }

    /// Whether it is so with its accents. The tone of a word that is still being typed may come later.
    pub(super) fn fits_exactly(&self, word: &Word) -> bool {
        if self.is_begun {
            word.letters.starts_with(&self.letters) && (self.tones == 0 || self.tones == word.tones)
        } else {
            *word.letters == *self.letters && self.tones == word.tones
        }
    }

    /// Whether it is the whole word and not its beginning, without regard to accents and with it.
    pub(super) fn is_whole(&self, word: &Word) -> (bool, bool) {
        let is_exact = *word.letters == *self.letters && word.tones == self.tones;
        (*word.folded == *self.folded, is_exact)
    }
}
