//! Vietnamese text: folding for search without accents, and the order of names.

/// The letter without its tone, for the precomposed letters that Vietnamese text in NFC consists of.
pub(crate) fn shape(letter: char) -> char {
    match letter {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' => 'a',
        'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' => 'ă',
        'ầ' | 'ấ' | 'ẩ' | 'ẫ' | 'ậ' => 'â',
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' => 'e',
        'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'ê',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' => 'o',
        'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' => 'ô',
        'ờ' | 'ớ' | 'ở' | 'ỡ' | 'ợ' => 'ơ',
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' => 'u',
        'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'ư',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        other => other,
    }
}

/// The tone of a letter, or that of a combining mark, in the order of dictionaries: huyền 1, hỏi 2, ngã 3, sắc 4,
/// nặng 5; 0 for everything without one.
pub(crate) fn tone(letter: char) -> u8 {
    match letter {
        'à' | 'ằ' | 'ầ' | 'è' | 'ề' | 'ì' | 'ò' | 'ồ' | 'ờ' | 'ù' | 'ừ' | 'ỳ' | '\u{300}' => 1,
        'ả' | 'ẳ' | 'ẩ' | 'ẻ' | 'ể' | 'ỉ' | 'ỏ' | 'ổ' | 'ở' | 'ủ' | 'ử' | 'ỷ' | '\u{309}' => 2,
        'ã' | 'ẵ' | 'ẫ' | 'ẽ' | 'ễ' | 'ĩ' | 'õ' | 'ỗ' | 'ỡ' | 'ũ' | 'ữ' | 'ỹ' | '\u{303}' => 3,
        'á' | 'ắ' | 'ấ' | 'é' | 'ế' | 'í' | 'ó' | 'ố' | 'ớ' | 'ú' | 'ứ' | 'ý' | '\u{301}' => 4,
        'ạ' | 'ặ' | 'ậ' | 'ẹ' | 'ệ' | 'ị' | 'ọ' | 'ộ' | 'ợ' | 'ụ' | 'ự' | 'ỵ' | '\u{323}' => 5,
        _ => 0,
    }
}

/// A letter without a tone, without its own mark too.
pub(crate) fn base(shape: char) -> char {
    match shape {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        other => other,
    }
}

/// The letter that a combining breve, circumflex or horn makes of a letter.
pub(crate) fn shape_with(letter: char, mark: char) -> char {
    match (letter, mark) {
        ('a', '\u{306}') => 'ă',
        ('a', '\u{302}') => 'â',
        ('e', '\u{302}') => 'ê',
        ('o', '\u{302}') => 'ô',
        ('o', '\u{31b}') => 'ơ',
        ('u', '\u{31b}') => 'ư',
        (other, _) => other,
    }
}

/// Combining marks of text that is not in NFC: the five tones, breve, circumflex and horn.
pub(crate) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}' | '\u{301}' | '\u{302}' | '\u{303}' | '\u{306}' | '\u{309}' | '\u{31b}' | '\u{323}')
}

/// Lower case, without marks, white space collapsed: the form in which everything is searched (domain.md 8).
/// Both ways of placing a tone (hoà, hòa) fold to the same word.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if !is_mark(letter) {
            folded.push(base(shape(letter)));
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Whether every word of a folded query begins a word of the folded text, in any order.
pub fn matches_words(folded_text: &str, folded_query: &str) -> bool {
    folded_query.split(' ').filter(|word| !word.is_empty()).all(|word| begins_a_word(folded_text, word))
}

/// Thousands of short texts are asked at each key press: a look at each beginning is cheaper than what a search for a
/// string prepares.
fn begins_a_word(folded_text: &str, word: &str) -> bool {
    let mut is_beginning = true;
    folded_text.char_indices().any(|(at, letter)| {
        let begins = is_beginning && folded_text.as_bytes()[at..].starts_with(word.as_bytes());
        is_beginning = !letter.is_alphanumeric();
        begins
    })
}

/// The place of a letter in `aăâbcdđeêfghijklmnoôơpqrstuưvwxyz`, from 1.
fn place(shape: char) -> Option<u8> {
    let place = match shape {
        'a' => 1,
        'ă' => 2,
        'â' => 3,
        'b'..='d' => shape as u8 - b'b' + 4,
        'đ' => 7,
        'e' => 8,
        'ê' => 9,
        'f'..='o' => shape as u8 - b'f' + 10,
        'ô' => 20,
        'ơ' => 21,
        'p'..='u' => shape as u8 - b'p' + 22,
        'ư' => 28,
        'v'..='z' => shape as u8 - b'v' + 29,
        _ => return None,
    };
    Some(place)
}

/// A key by which Vietnamese text sorts as in a dictionary: letters first, tones only between equal words.
/// The `Intl.Collator` of browsers agrees with it (domain.md 8). A word is the places of its letters, a zero, and their
/// tones (ngang, huyền, hỏi, ngã, sắc, nặng); a letter of no alphabet is four bytes.
pub fn sort_key(text: &str) -> Vec<u8> {
    const OTHER: u8 = 100;
    let text = text.to_lowercase();
    let mut key = Vec::with_capacity(2 * text.len());
    for word in text.split_whitespace() {
        for letter in word.chars() {
            match place(shape(letter)) {
                Some(place) => key.push(place),
                None => key.extend_from_slice(&[&[OTHER], &u32::from(letter).to_be_bytes()[1..]].concat()),
            }
        }
        key.push(0);
        key.extend(word.chars().map(|letter| if place(shape(letter)).is_some() { tone(letter) } else { 0 }));
    }
    key
}

/// `1.586`
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_unifies_marks_case_tone_places_and_spaces() {
        let cases = [
            ("Tìm  Không Dấu", "tim khong dau"),
            ("hoà hòa", "hoa hoa"),
            ("UỶ BAN ủy ban", "uy ban uy ban"),
            ("Đảng bộ", "dang bo"),
            ("De\u{302}\u{309} a\u{306}\u{301}", "de a"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected);
        }
    }

    #[test]
    fn words_are_found_in_any_order_from_their_beginning() {
        let text = fold("Nguyễn Văn Hùng");
        assert!(matches_words(&text, "hung ng"));
        assert!(matches_words(&text, ""));
        assert!(!matches_words(&text, "ung"));
    }

    #[test]
    fn names_sort_as_in_a_vietnamese_dictionary() {
        let mut names = ["Dụng", "Đạt", "Dung", "Dúng", "Dùng", "Ân", "An", "Ăn", "Dủng", "Dũng"];
        names.sort_by_cached_key(|name| sort_key(name));
        assert_eq!(names, ["An", "Ăn", "Ân", "Dung", "Dùng", "Dủng", "Dũng", "Dúng", "Dụng", "Đạt"]);
    }

    /// Letters and tones of each word, as a dictionary looks at them.
    fn ranks(text: &str) -> Vec<(Vec<u32>, Vec<u8>)> {
        let rank =
            |letter| match "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".chars().zip(1..).find(|(of, _)| *of == shape(letter))
            {
                Some((_, place)) => (place, tone(letter)),
                None => (100 + u32::from(letter), 0),
            };
        text.to_lowercase().split_whitespace().map(|word| word.chars().map(rank).unzip()).collect()
    }

    #[test]
    fn every_letter_has_its_place_in_the_alphabet() {
        let places: Vec<_> = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".chars().map(place).collect();
        assert_eq!(places, (1..=33).map(Some).collect::<Vec<_>>());
        assert_eq!(['-', '0', '{', 'ž'].map(place), [None; 4]);
    }

    #[test]
    fn letters_decide_word_by_word_and_tones_between_equal_letters() {
        let letters = ["a", "ạ", "b", "đ", "ư", "一", "-", " "];
        let mut texts = vec![String::new()];
        for length in 1..=3 {
            let shorter: Vec<_> = texts.iter().filter(|text| text.chars().count() == length - 1).cloned().collect();
            texts.extend(shorter.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))));
        }
        let keys: Vec<_> = texts.iter().map(|text| (sort_key(text), ranks(text))).collect();
        for (at, (key, rank)) in keys.iter().enumerate() {
            for (other, (other_key, other_rank)) in keys.iter().enumerate() {
                assert_eq!(key.cmp(other_key), rank.cmp(other_rank), "{:?} and {:?}", texts[at], texts[other]);
            }
        }
    }

    #[test]
    fn numbers_are_grouped_by_dots() {
        assert_eq!([7, 1586, 1_234_567].map(number), ["7", "1.586", "1.234.567"]);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_word_is_found_where_a_word_begins(text in "[ab -]{0,8}", word in "[ab]{1,3}") {
            let begins = |at: usize| at == 0 || !text[..at].ends_with(|letter: char| letter.is_alphanumeric());
            let found = (0..text.len()).any(|at| begins(at) && text[at..].starts_with(&word));
            prop_assert_eq!(matches_words(&text, &word), found);
        }
    }
}
