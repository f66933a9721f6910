//! The plain search: no index, no numbers, only what the words are.

use std::ops::Range;

use congress::search::{Rank, Weight};

use super::spelled::Syllable;

/// What a person typed, as it was meant.
#[derive(Clone, Debug)]
pub struct Asked {
    pub words: Vec<Syllable>,
    pub phrase: Option<Range<usize>>,
    pub is_last_begun: bool,
}

#[derive(Clone, Debug)]
pub struct Place {
    pub title: Vec<Syllable>,
    pub words: Vec<Syllable>,
    pub weight: Weight,
}

impl Asked {
    fn has_marks(&self) -> bool {
        self.words.iter().any(|word| word.tone > 0 || word.folded() != word.letters())
    }

    fn fits(&self, at: usize, word: &Syllable, is_exact: bool) -> bool {
        let (asked, is_begun) = (&self.words[at], self.is_last_begun && at + 1 == self.words.len());
        match (is_exact, is_begun) {
            (false, false) => word.folded() == asked.folded(),
            (false, true) => word.folded().starts_with(&asked.folded()),
            (true, false) => word == asked || (word.letters() == asked.letters() && word.tone == asked.tone),
            (true, true) => {
                word.letters().starts_with(&asked.letters()) && (asked.tone == 0 || asked.tone == word.tone)
            }
        }
    }

    /// Every word is there, and the phrase as it is.
    fn is_in(&self, words: &[Syllable], is_exact: bool) -> bool {
        let each = (0..self.words.len()).all(|at| words.iter().any(|word| self.fits(at, word, is_exact)));
        each && self.phrase.as_ref().is_none_or(|phrase| self.stands_in(words, phrase.clone(), is_exact))
    }

    fn stands_in(&self, words: &[Syllable], asked: Range<usize>, is_exact: bool) -> bool {
        words.windows(asked.len()).any(|run| asked.clone().zip(run).all(|(at, word)| self.fits(at, word, is_exact)))
    }

    pub fn rank(&self, place: &Place) -> Option<Rank> {
        let all: Vec<Syllable> = place.title.iter().chain(&place.words).copied().collect();
        if !self.is_in(&all, false) {
            return None;
        }
        let is_exact = self.has_marks() && self.is_in(&all, true);
        let last = self.words.last()?;
        let is_whole = |word: &Syllable| {
            word.folded() == last.folded() && (!is_exact || (word.letters(), word.tone) == (last.letters(), last.tone))
        };
        let has = |words: &[Syllable], at: usize| words.iter().any(|word| self.fits(at, word, is_exact));
        let in_title = (0..self.words.len()).all(|at| has(&place.title, at));
        let given = place.title.last().map(|given| vec![*given]).unwrap_or_default();
        let weight = match place.weight {
            _ if !place.title.is_empty() && !in_title => Weight::Body,
            Weight::Name if (0..self.words.len()).any(|at| has(&given, at)) => Weight::Title,
            weight => weight,
        };
        let named = if place.title.is_empty() { &place.words } else { &place.title };
        Some(Rank {
            is_inexact: self.has_marks() && !is_exact,
            is_scattered: self.words.len() > 1 && !self.stands_in(&all, 0..self.words.len(), is_exact),
            is_begun: self.is_last_begun && !all.iter().any(is_whole),
            weight,
            length: if weight == Weight::Body { 0 } else { named.len().try_into().unwrap() },
        })
    }
}
