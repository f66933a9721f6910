//! A text that can be searched: its passages with the numbers of their words, and the words themselves to be shown.

use std::ops::Range;

use super::finder::Weight;
use super::vocabulary::Vocabulary;

/// One place that can be found: a block of a document, an item of the programme, a person, a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Passage<'t> {
    /// By this it is found again.
    pub id: &'t str,
    /// What is shown beside it: where it stands, who it is.
    pub place: &'t str,
    /// Words that say what it is: the title of an item, the name of a person; empty where all words count alike.
    pub title: &'t str,
    pub words: &'t str,
    /// Of the title; of all words where there is no title.
    pub weight: Weight,
}

/// Passages in their order. They lie in a few long buffers: a pack of 250,000 words has some thousands.
#[derive(Debug, Default)]
pub struct Text {
    passages: Vec<Held>,
    numbers: Vec<u32>,
    letters: String,
}

/// Where each part ends; it begins where the one before ends.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    id: u32,
    place: u32,
    title: u32,
    words: u32,
    title_numbers: u32,
    numbers: u32,
    weight: Weight,
}

impl Text {
    pub fn push(&mut self, vocabulary: &mut Vocabulary, passage: Passage<'_>) {
        let mut held = Held { weight: passage.weight, ..Held::default() };
        held.id = self.keep(passage.id);
        held.place = self.keep(passage.place);
        held.title = self.keep(passage.title);
        held.title_numbers = self.read(vocabulary, passage.title);
        held.words = self.keep(passage.words);
        held.numbers = self.read(vocabulary, passage.words);
        self.passages.push(held);
    }

    fn keep(&mut self, letters: &str) -> u32 {
        self.letters.push_str(letters);
        u32::try_from(self.letters.len()).unwrap_or(u32::MAX)
    }

    fn read(&mut self, vocabulary: &mut Vocabulary, letters: &str) -> u32 {
        vocabulary.read(letters, &mut self.numbers);
        u32::try_from(self.numbers.len()).unwrap_or(u32::MAX)
    }

    pub fn len(&self) -> usize {
        self.passages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.numbers.len()
    }

    /// A passage as it was pushed; an empty one beyond the last.
    pub fn passage(&self, at: usize) -> Passage<'_> {
        let Some((before, held)) = self.held(at) else { return Passage::default() };
        let part = |from: u32, to: u32| self.letters.get(from as usize..to as usize).unwrap_or_default();
        Passage {
            id: part(before.words, held.id),
            place: part(held.id, held.place),
            title: part(held.place, held.title),
            words: part(held.title, held.words),
            weight: held.weight,
        }
    }

    fn held(&self, at: usize) -> Option<(Held, &Held)> {
        let before = at.checked_sub(1).and_then(|before| self.passages.get(before)).copied().unwrap_or_default();
        Some((before, self.passages.get(at)?))
    }

    /// The numbers of the words of a passage, how many of them are its title, and its weight.
    pub(super) fn numbers(&self, at: usize) -> (&[u32], usize, Weight) {
        let Some((before, held)) = self.held(at) else { return (&[], 0, Weight::default()) };
        let range: Range<usize> = before.numbers as usize..held.numbers as usize;
        let title = held.title_numbers.saturating_sub(before.numbers) as usize;
        (self.numbers.get(range).unwrap_or_default(), title, held.weight)
    }
}
