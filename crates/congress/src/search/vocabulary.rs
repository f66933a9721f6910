//! Every word that was read, numbered in the order in which they came. A word is its spelling: `dân` and `dan` are two.

use std::ops::Range;

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
    by_spelling: Slots,
    /// What stood between two signs of ASCII, as it stood: mostly one word in one of its spellings. A pack says the same
    /// few thousand again and again, so that almost none of its words is ever spelled out.
    forms: Vec<Form>,
    by_form: Slots,
    form_letters: String,
    form_numbers: Vec<u32>,
}

/// Ends of its letters and of the numbers of its words; it begins where the one before ends.
#[derive(Clone, Copy, Debug, Default)]
struct Form {
    letters: usize,
    numbers: usize,
}

impl Vocabulary {
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Puts the numbers of the words of a text behind `numbers`, those of new words too.
    pub(super) fn read(&mut self, text: &str, numbers: &mut Vec<u32>) {
        let mut at = 0;
        while let Some((range, hash)) = next_form(text, at) {
            at = range.end;
            let form = &text[range];
            let known = self.by_form.find(hash, |number| self.form_letters[self.form(number).0] == *form);
            let number = known.unwrap_or_else(|| self.spell(form, hash));
            numbers.extend_from_slice(&self.form_numbers[self.form(number).1]);
        }
    }

    fn form(&self, number: usize) -> (Range<usize>, Range<usize>) {
        let before = number.checked_sub(1).map_or(Form::default(), |before| self.forms[before]);
        let form = self.forms[number];
        (before.letters..form.letters, before.numbers..form.numbers)
    }

    /// A form that was not read before.
    fn spell(&mut self, form: &str, hash: u32) -> usize {
        let (mut spelling, mut at) = (Spelling::default(), 0);
        while let Some(range) = spelling.next(form, at) {
            at = range.end;
            let number = self.number(&spelling);
            self.form_numbers.push(number);
        }
        self.form_letters.push_str(form);
        self.forms.push(Form { letters: self.form_letters.len(), numbers: self.form_numbers.len() });
        self.by_form.put(hash, self.forms.len() - 1);
        self.forms.len() - 1
    }

    /// The number of a word, a new one if it is new.
    fn number(&mut self, Spelling { letters, tones, .. }: &Spelling) -> u32 {
        let hash = letters.bytes().fold(mixed(HASH_START, *tones), |hash, byte| mixed(hash, byte.into()));
        let is_it = |word: &Word| word.tones == *tones && *word.letters == **letters;
        let number = self.by_spelling.find(hash, |number| is_it(&self.words[number])).unwrap_or_else(|| {
            let folded = Spelling::fold(letters).into();
            self.words.push(Word { letters: letters.as_str().into(), folded, tones: *tones });
            self.by_spelling.put(hash, self.words.len() - 1);
            self.words.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

/// Where the next run of letters, digits and of all that is not ASCII stands behind `from`, and its hash. No word reaches
/// beyond it.
fn next_form(text: &str, from: usize) -> Option<(Range<usize>, u32)> {
    let bytes = text.as_bytes();
    let is_of_it = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let start = from + bytes[from..].iter().position(is_of_it)?;
    let (mut end, mut hash) = (start, HASH_START);
    for byte in bytes[start..].iter().take_while(|byte| is_of_it(byte)) {
        hash = mixed(hash, (*byte).into());
        end += 1;
    }
    Some((start..end, hash))
}

/// FNV-1a.
const HASH_START: u32 = 0x811c_9dc5;

fn mixed(hash: u32, part: u32) -> u32 {
    (hash ^ part).wrapping_mul(0x0100_0193)
}

/// Numbers by the hash of what they stand for. Never walked through: the order of the hashes shows nowhere.
#[derive(Debug, Default)]
struct Slots {
    /// Each where its hash says or behind. A power of two of them, more than half of them free.
    slots: Vec<Slot>,
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// The number plus 1; 0 is free.
    next: u32,
}

impl Slots {
    fn find(&self, hash: u32, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = self.first(hash);
        loop {
            let slot = self.slots.get(at)?;
            let number = (slot.next as usize).checked_sub(1)?;
            if slot.hash == hash && is_it(number) {
                return Some(number);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    /// What is put must not be there yet.
    fn put(&mut self, hash: u32, number: usize) {
        if self.count * 2 >= self.slots.len() {
            let grown = vec![Slot::default(); (self.slots.len() * 2).max(1024)];
            for slot in std::mem::replace(&mut self.slots, grown).into_iter().filter(|slot| slot.next > 0) {
                self.take(slot);
            }
        }
        self.count += 1;
        self.take(Slot { hash, next: u32::try_from(number + 1).unwrap_or(u32::MAX) });
    }

    fn take(&mut self, slot: Slot) {
        let mut at = self.first(slot.hash);
        while self.slots[at].next > 0 {
            at = (at + 1) % self.slots.len();
        }
        self.slots[at] = slot;
    }

    fn first(&self, hash: u32) -> usize {
        (hash ^ (hash >> 15)) as usize & self.slots.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str) -> Vec<(String, u32)> {
        let (mut spelling, mut at, mut words) = (Spelling::default(), 0, Vec::new());
        while let Some(range) = spelling.next(text, at) {
            at = range.end;
            words.push((spelling.letters.clone(), spelling.tones));
        }
        words
    }

    proptest! {
        #[test]
        fn a_text_has_the_words_that_are_spelled_in_it_however_often_it_is_read(
            texts in proptest::collection::vec("([Đđa-c0-9áặơư\u{301}\u{323}]{1,3}|[ ,.\u{a0}–“”%-]{1,2}|\\PC){0,24}", 1..8),
        ) {
            let mut vocabulary = Vocabulary::default();
            for text in texts.iter().chain(&texts) {
                let mut numbers = Vec::new();
                vocabulary.read(text, &mut numbers);
                let word = |number: u32| &vocabulary.words[number as usize];
                let read: Vec<_> = numbers.iter().map(|number| (word(*number).letters.to_string(), word(*number).tones)).collect();
                prop_assert_eq!(read, spelled(text));
            }
        }
    }

    #[test]
    fn two_words_have_two_numbers_and_one_has_one_in_all_its_forms() {
        let mut vocabulary = Vocabulary::default();
        let mut read = |text: &str| {
            let mut numbers = Vec::new();
            vocabulary.read(text, &mut numbers);
            numbers
        };
        assert_eq!(read("hòa HOÀ, Hòa–hoa"), [0, 0, 0, 1]);
        let many: String = (0..5_000).map(|number| format!("x{number} ")).collect();
        assert_eq!(read(&many), (2..5_002).collect::<Vec<u32>>());
        assert_eq!(read(&many), (2..5_002).collect::<Vec<u32>>());
    }
}
