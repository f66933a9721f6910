//! Every word that was read, numbered in the order in which they came. A word is its spelling: `dân` and `dan` are two.

use super::spelling::Spelling;

/// A word, as it is compared with what is searched for.
#[derive(Debug)]
pub(super) struct Word {
    pub letters: Box<str>,
    pub folded: Box<str>,
    pub tones: u32,
}

/// It only grows: a word stays when the last text that held it is forgotten. Vietnamese has some thousands.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    /// Numbers of words plus 1, where the hash of the word says or behind; 0 is free. Never walked through: the order
    /// of the hashes shows nowhere.
    slots: Vec<u32>,
}

impl Vocabulary {
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The number of a word, a new one if it is new.
    pub(super) fn number(&mut self, spelling: &Spelling) -> u32 {
        if self.words.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot(&spelling.letters, spelling.tones);
        loop {
            let number = self.slots[slot];
            if number == 0 {
                break;
            }
            let word = &self.words[number as usize - 1];
            if word.tones == spelling.tones && *word.letters == *spelling.letters {
                return number - 1;
            }
            slot = (slot + 1) % self.slots.len();
        }
        let word =
            Word { letters: spelling.letters.as_str().into(), folded: spelling.folded().into(), tones: spelling.tones };
        self.words.push(word);
        let count = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.slots[slot] = count;
        count - 1
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1024)];
        for (number, word) in (1..).zip(&self.words) {
            let mut slot = self.slot(&word.letters, word.tones);
            while self.slots[slot] != 0 {
                slot = (slot + 1) % self.slots.len();
            }
            self.slots[slot] = number;
        }
    }

    /// Where to begin to look (FNV-1a).
    fn slot(&self, letters: &str, tones: u32) -> usize {
        let mix = |hash: u32, part: u32| (hash ^ part).wrapping_mul(0x0100_0193);
        let hash = letters.bytes().fold(mix(0x811c_9dc5, tones), |hash, byte| mix(hash, byte.into()));
        (hash ^ (hash >> 15)) as usize % self.slots.len()
    }
}
