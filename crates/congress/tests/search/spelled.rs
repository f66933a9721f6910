//! Words by their sounds, and every way in which they may stand in a text: a tone on either vowel, composed or not, in
//! capitals.

use proptest::prelude::*;

/// Onset, rhyme and tone: the same in every spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Syllable {
    pub onset: &'static str,
    pub rhyme: &'static str,
    /// 0 for none, else its place in [`MARKS`] from 1.
    pub tone: usize,
}

/// How a syllable is written.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// The tone on the second of two vowels where both are in use.
    pub is_late: bool,
    pub is_capital: bool,
    pub is_composed: bool,
}

pub const PLAIN: Hand = Hand { is_late: false, is_capital: false, is_composed: true };

const ONSETS: [&str; 6] = ["", "h", "th", "đ", "d", "q"];
/// With the vowel that carries the tone, and where it may be another, that one.
const RHYMES: [(&str, usize, usize); 9] = [
    ("a", 0, 0),
    ("oa", 0, 1),
    ("oe", 0, 1),
    ("uy", 0, 1),
    ("ê", 0, 0),
    ("ân", 0, 0),
    ("ang", 0, 0),
    ("ươ", 1, 1),
    ("o", 0, 0),
];
/// Huyền, hỏi, ngã, sắc, nặng.
const MARKS: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
/// Every vowel with its tones in the order of [`MARKS`], and what it is made of.
const VOWELS: [(&str, &str); 10] = [
    ("aàảãáạ", "a"),
    ("âầẩẫấậ", "a\u{302}"),
    ("eèẻẽéẹ", "e"),
    ("êềểễếệ", "e\u{302}"),
    ("oòỏõóọ", "o"),
    ("ơờởỡớợ", "o\u{31b}"),
    ("uùủũúụ", "u"),
    ("ưừửữứự", "u\u{31b}"),
    ("yỳỷỹýỵ", "y"),
    ("iìỉĩíị", "i"),
];

impl Syllable {
    /// Without the tone.
    pub fn letters(&self) -> String {
        format!("{}{}", self.onset, self.rhyme)
    }

    pub fn folded(&self) -> String {
        let plain = |letter| match letter {
            'đ' => 'd',
            'â' => 'a',
            'ê' => 'e',
            'ơ' => 'o',
            'ư' => 'u',
            other => other,
        };
        self.letters().chars().map(plain).collect()
    }

    pub fn written(&self, hand: Hand) -> String {
        let (_, early, late) = RHYMES.iter().find(|(rhyme, ..)| *rhyme == self.rhyme).copied().unwrap();
        let mut text = self.onset.to_owned();
        for (at, vowel) in self.rhyme.chars().enumerate() {
            let tone = if at == if hand.is_late { late } else { early } { self.tone } else { 0 };
            match VOWELS.iter().find(|(row, _)| row.starts_with(vowel)) {
                Some((row, _)) if hand.is_composed => text.push(row.chars().nth(tone).unwrap()),
                Some((_, parts)) => {
                    let below = tone == 5;
                    let mut parts = parts.chars();
                    text.extend(parts.next());
                    // The order of Unicode's decomposition: horn, dot below, then what stands above.
                    let (horn, above): (Vec<char>, Vec<char>) = parts.partition(|mark| *mark == '\u{31b}');
                    text.extend(horn);
                    text.extend(below.then_some(MARKS[4]));
                    text.extend(above);
                    text.extend((tone > 0 && !below).then(|| MARKS[tone - 1]));
                }
                None => text.push(vowel),
            }
        }
        if hand.is_capital { text.to_uppercase() } else { text }
    }
}

pub fn syllable() -> impl Strategy<Value = Syllable> {
    (0..ONSETS.len(), 0..RHYMES.len(), 0..=MARKS.len()).prop_map(|(onset, rhyme, tone)| Syllable {
        onset: ONSETS[onset],
        rhyme: RHYMES[rhyme].0,
        tone,
    })
}

pub fn hand() -> impl Strategy<Value = Hand> {
    any::<[bool; 3]>().prop_map(|[is_late, is_capital, is_composed]| Hand { is_late, is_capital, is_composed })
}

/// Words with what may stand between them.
pub fn written(words: &[Syllable], hands: &[Hand]) -> String {
    const BETWEEN: [&str; 5] = [" ", ", ", "  ", "-", ". "];
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { BETWEEN[at % BETWEEN.len()] });
        text.push_str(&word.written(hands[at % hands.len()]));
    }
    text
}
