//! Finding words within one text without regard to accents, and telling where they stand in it, so that they can be
//! marked. It needs no index.

use std::ops::Range;

use crate::text::{fold, matches_words};

/// What is searched for: folded words, each of which must begin a word of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    folded: String,
}

impl Query {
    pub fn new(words: &str) -> Self {
        Self { folded: fold(words) }
    }

    /// One letter finds everything and says nothing.
    pub fn is_too_short(&self) -> bool {
        self.folded.chars().count() < 2
    }

    /// Whether the folded text holds every word, in any order.
    pub fn matches(&self, folded: &str) -> bool {
        matches_words(folded, &self.folded)
    }

    /// Where the words stand in the text, as ranges of its bytes in their order: the query as it was written where the
    /// text holds it so, else each of its words.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let (folded, origin) = fold_with_origin(text);
        let places = |words: &str| {
            let (origin, end) = (&origin, text.len());
            let found = begins_in(&folded, words).map(|at| at..at + words.len());
            let back = move |at: usize| origin.get(at).copied().unwrap_or(end);
            found.map(|range| back(range.start)..back(range.end)).collect::<Vec<_>>()
        };
        let whole = places(&self.folded);
        if !whole.is_empty() {
            return whole;
        }
        let mut each: Vec<Range<usize>> = Vec::new();
        for range in self.folded.split(' ').filter(|word| !word.is_empty()).flat_map(places) {
            let at = each.partition_point(|before| before.start < range.start);
            let is_free = each.get(at).is_none_or(|next| range.end <= next.start);
            let follows = at == 0 || each[at - 1].end <= range.start;
            // A shorter word inside a longer one is marked with it.
            if is_free && follows {
                each.insert(at, range);
            }
        }
        each
    }
}

/// Where the words begin a word of the folded text.
fn begins_in<'t>(folded: &'t str, words: &'t str) -> impl Iterator<Item = usize> + 't {
    let found = folded.match_indices(if words.is_empty() { "\n" } else { words });
    found.map(|(at, _)| at).filter(|at| !folded[..*at].chars().next_back().is_some_and(char::is_alphanumeric))
}

/// The folded text, and for each of its bytes the place in the text that it came from.
fn fold_with_origin(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut origin) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push_str(&fold(letter.encode_utf8(&mut [0; 4])));
        }
        origin.resize(folded.len(), at);
    }
    (folded, origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(query: &str, text: &str) -> Vec<String> {
        Query::new(query).places(text).into_iter().map(|place| text[place].to_owned()).collect()
    }

    #[test]
    fn words_are_marked_as_they_stand_in_the_text_whatever_was_typed() {
        let cases: [(&str, &str, &[&str]); 7] = [
            ("dang bo", "Đảng bộ tỉnh, ĐẢNG  BỘ xã", &["Đảng bộ", "ĐẢNG  BỘ"]),
            ("bo dang", "Đảng bộ tỉnh", &["Đảng", "bộ"]),
            ("hoa", "Hòa bình, hoà hợp, thoa", &["Hòa", "hoà"]),
            ("de", "De\u{302}\u{309} xuất", &["De\u{302}\u{309}"]),
            ("ng", "Nguyễn Văn Hùng", &["Ng"]),
            ("20,89 %", "đạt 20,89 % kế hoạch", &["20,89 %"]),
            ("", "Đảng bộ", &[]),
        ];
        for (query, text, expected) in cases {
            assert_eq!(marked(query, text), expected, "{query} in {text}");
        }
    }

    proptest! {
        #[test]
        fn marks_lie_in_order_and_a_text_that_matches_has_some(
            words in proptest::collection::vec("[Đđ]?[aáâoôơư]{1,2}[nm]?", 1..12),
            pick in proptest::collection::vec(0_usize..12, 1..4),
        ) {
            let text = words.join(" ");
            let query = pick.iter().map(|at| words[at % words.len()].as_str()).collect::<Vec<_>>().join(" ");
            let query = Query::new(&query);
            let places = query.places(&text);
            prop_assert!(query.matches(&fold(&text)));
            prop_assert!(!places.is_empty());
            prop_assert!(places.windows(2).all(|pair| pair[0].end <= pair[1].start));
            for place in places {
                prop_assert!(query.folded.contains(&fold(&text[place])));
            }
        }

        #[test]
        fn any_text_can_be_searched_for_anything(query in "\\PC{0,12}", text in "\\PC{0,60}") {
            for place in Query::new(&query).places(&text) {
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
