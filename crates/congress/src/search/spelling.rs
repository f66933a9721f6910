//! How the words of a text are told apart and compared: letters without tones, and the tones beside them. So it does
//! not matter on which letter of a word a tone was put (hoà, hòa), nor whether the text is in NFC.

use std::ops::Range;

use crate::text::{base, is_mark, shape, shape_with, tone};

/// The word that was read last.
#[derive(Default)]
pub struct Spelling {
    /// Lower case, with breve, circumflex, horn and stroke, without tones.
    pub letters: String,
    /// Its tones in their order as a number in base 6; a Vietnamese word has one at most.
    pub tones: u32,
}

impl Spelling {
    /// Reads a word after the byte `from`, and tells where it stands: letters and digits, and the marks on them.
    pub fn next(&mut self, text: &str, from: usize) -> Option<Range<usize>> {
        self.letters.clear();
        self.tones = 0;
        let mut start = None;
        for (at, letter) in text[from..].char_indices() {
            if letter.is_ascii_alphanumeric() {
                self.letters.push(letter.to_ascii_lowercase());
            } else if !letter.is_ascii() && letter.is_alphanumeric() {
                letter.to_lowercase().for_each(|letter| self.push(letter));
            } else if start.is_some() && is_mark(letter) {
                self.push_mark(letter);
            } else if let Some(start) = start {
                return Some(start..from + at);
            } else {
                continue;
            }
            start.get_or_insert(from + at);
        }
        start.map(|start| start..text.len())
    }

    fn push(&mut self, letter: char) {
        if is_mark(letter) {
            return self.push_mark(letter);
        }
        self.letters.push(shape(letter));
        self.push_tone(tone(letter));
    }

    fn push_mark(&mut self, mark: char) {
        if let Some(letter) = self.letters.pop() {
            self.letters.push(shape_with(letter, mark));
        }
        self.push_tone(tone(mark));
    }

    fn push_tone(&mut self, tone: u8) {
        if tone > 0 {
            self.tones = self.tones.wrapping_mul(6).wrapping_add(tone.into());
        }
    }

    /// Letters without any marks.
    pub fn fold(letters: &str) -> String {
        letters.chars().map(base).collect()
    }
}
