//! One search: which passages hold what is asked for, in which order they are shown, and where the words stand in them.

use std::ops::Range;

use super::spelling::Spelling;
use super::terms::Terms;
use super::text::Text;
use super::vocabulary::Vocabulary;
use crate::limits::SEARCH_TERMS_MAX;

/// What the words of a passage are worth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Weight {
    Title,
    /// The name of a person, whose last word is the given name: a title, if that is asked for.
    Name,
    Heading,
    #[default]
    Body,
}

/// The order in which passages are shown: less comes first, and of two alike the one that stands earlier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank {
    /// Accents were asked for, and they are others here.
    pub is_inexact: bool,
    /// The words do not stand together as they were typed.
    pub is_scattered: bool,
    /// The last word is only the beginning of a word here.
    pub is_begun: bool,
    pub weight: Weight,
    /// Words of a title, a name or a heading: the shorter says it more exactly. Body text stays in its order.
    pub length: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub rank: Rank,
    /// Place of the passage in its text.
    pub passage: usize,
}

/// Bits of what a word is: the terms that it fits, above them the terms that it fits with accents.
type Fits = u64;
const EXACT: usize = SEARCH_TERMS_MAX;
/// It is the last term and not only begins with it; the same with accents.
const WHOLE: Fits = 1 << 62;
const WHOLE_EXACT: Fits = 1 << 63;
const _: () = assert!(SEARCH_TERMS_MAX * 2 <= 62);

/// What is searched for, compared with every word of the vocabulary.
#[derive(Debug)]
pub struct Finder {
    /// By the number of the word.
    fits: Vec<Fits>,
    terms: usize,
    phrases: Vec<Range<usize>>,
    has_marks: bool,
    is_last_begun: bool,
}

impl Finder {
    pub fn new(terms: &Terms, vocabulary: &Vocabulary) -> Self {
        let last = terms.words.last();
        let fits = vocabulary.words().iter().map(|word| {
            let mut fits: Fits = 0;
            for (at, term) in terms.words.iter().enumerate().filter(|(_, term)| term.fits(word)) {
                fits |= 1 << at;
                if terms.has_marks && term.fits_exactly(word) {
                    fits |= 1 << (EXACT + at);
                }
            }
            let (whole, whole_exact) = last.map_or((false, false), |last| last.is_whole(word));
            fits | if whole { WHOLE } else { 0 } | if whole_exact { WHOLE_EXACT } else { 0 }
        });
        Self {
            fits: fits.collect(),
            terms: terms.words.len(),
            phrases: terms.phrases.clone(),
            has_marks: terms.has_marks,
            is_last_begun: last.is_some_and(|last| last.is_begun),
        }
    }

    /// The passages of a text that hold what is searched for, in their order.
    pub fn find(&self, text: &Text) -> Vec<Hit> {
        let all = self.all(0);
        if all == 0 {
            return Vec::new();
        }
        let mut hits = Vec::new();
        for passage in 0..text.len() {
            let (numbers, title, weight) = text.numbers(passage);
            let seen = self.seen(numbers);
            if seen & all == all && self.holds_phrases(numbers, 0) {
                hits.push(Hit { rank: self.rank(numbers, seen, title, weight), passage });
            }
        }
        hits
    }

    fn all(&self, level: usize) -> Fits {
        ((1 << self.terms) - 1) << level
    }

    fn fits(&self, number: u32) -> Fits {
        // A word that came after the search began is none of it.
        self.fits.get(number as usize).copied().unwrap_or(0)
    }

    fn seen(&self, numbers: &[u32]) -> Fits {
        numbers.iter().fold(0, |seen, number| seen | self.fits(*number))
    }

    fn holds_phrases(&self, numbers: &[u32], level: usize) -> bool {
        self.phrases.iter().all(|phrase| self.runs(numbers, phrase.clone(), level).next().is_some())
    }

    /// Where the terms stand one after the other.
    fn runs<'f>(&'f self, numbers: &'f [u32], terms: Range<usize>, level: usize) -> impl Iterator<Item = usize> + 'f {
        let count = terms.len();
        let stands_at = move |at: &usize| {
            terms.clone().zip(&numbers[*at..]).all(|(term, number)| self.fits(*number) >> (level + term) & 1 == 1)
        };
        (0..(numbers.len() + 1).saturating_sub(count)).filter(stands_at)
    }

    /// Which bits count: those with accents where accents were asked for and are there.
    fn level(&self, numbers: &[u32], seen: Fits) -> usize {
        let all = self.all(EXACT);
        if self.has_marks && seen & all == all && self.holds_phrases(numbers, EXACT) { EXACT } else { 0 }
    }

    fn rank(&self, numbers: &[u32], seen: Fits, title: usize, weight: Weight) -> Rank {
        let level = self.level(numbers, seen);
        let mut rank = Rank {
            is_inexact: self.has_marks && level == 0,
            is_scattered: self.terms > 1 && self.runs(numbers, 0..self.terms, level).next().is_none(),
            is_begun: self.is_last_begun && seen & if level == 0 { WHOLE } else { WHOLE_EXACT } == 0,
            weight,
            length: 0,
        };
        let (in_title, all) = (&numbers[..title.min(numbers.len())], self.all(level));
        if title > 0 && self.seen(in_title) & all != all {
            rank.weight = Weight::Body;
        } else if weight == Weight::Name && self.seen(&in_title[title.saturating_sub(1)..]) & all != 0 {
            rank.weight = Weight::Title;
        }
        if rank.weight != Weight::Body {
            let words = if title > 0 { title } else { numbers.len() };
            rank.length = u32::try_from(words).unwrap_or(u32::MAX);
        }
        rank
    }

    /// Where the words stand in a passage that was found, as ranges of bytes of its title and of its words.
    pub fn places(&self, text: &Text, passage: usize) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
        let (numbers, title, _) = text.numbers(passage);
        let marked = self.marked(numbers);
        let (in_title, in_words) = marked.split_at(title.min(marked.len()));
        let passage = text.passage(passage);
        (places(passage.title, in_title), places(passage.words, in_words))
    }

    /// Which words are marked: the words as they were typed where they stand so, else each of them.
    fn marked(&self, numbers: &[u32]) -> Vec<bool> {
        let level = self.level(numbers, self.seen(numbers));
        let mut marked = vec![false; numbers.len()];
        for at in self.runs(numbers, 0..self.terms, level) {
            marked[at..at + self.terms].fill(true);
        }
        if !marked.contains(&true) {
            let all = self.all(level);
            marked = numbers.iter().map(|number| self.fits(*number) & all != 0).collect();
        }
        marked
    }
}

fn places(letters: &str, marked: &[bool]) -> Vec<Range<usize>> {
    let (mut spelling, mut at, mut places) = (Spelling::default(), 0, Vec::<Range<usize>>::new());
    for is_marked in marked {
        let Some(range) = spelling.next(letters, at) else { break };
        let is_apart = |last: &Range<usize>| last.end != at || !letters[at..range.start].trim().is_empty();
        let follows = places.last().is_some_and(|last| !is_apart(last));
        at = range.end;
        match places.last_mut() {
            _ if !is_marked => {}
            // Words that stand together are marked in one piece.
            Some(last) if follows => last.end = range.end,
            _ => places.push(range),
        }
    }
    places
}

/// Brings the hits of each text into the order in which they are shown, and the texts by the first of each. Texts
/// without any leave.
pub fn best_first<T>(found: &mut Vec<(T, Vec<Hit>)>) {
    found.retain(|(_, hits)| !hits.is_empty());
    for (_, hits) in found.iter_mut() {
        // Stable, so that of two alike the earlier stays the first.
        hits.sort_by_key(|hit| hit.rank);
    }
    found.sort_by_key(|(_, hits)| hits.first().map(|hit| hit.rank));
}
