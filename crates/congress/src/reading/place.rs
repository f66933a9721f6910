//! The place in a text at which somebody is: a paragraph and how much of it was read. It holds when the letters are
//! larger, on a wider device, and in a version that moved the paragraph or left it out.

use serde::{Deserialize, Serialize};

/// How many blocks before the place are kept: if the paragraph is left out in a new version, one of them says where it
/// was.
const BEFORE_MAX: usize = 12;
/// A whole block.
const WHOLE: u16 = 1_000;

/// By default the head of the document.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReadingPlace {
    /// Id of the block, then of those before it, the nearest first. None at the head.
    blocks: Vec<String>,
    /// How much of the block was read, in thousandths.
    into: u16,
}

impl ReadingPlace {
    /// `ids` are the blocks of the text, `at` is one of them. `None` where the text has no such block.
    pub fn new<'i>(
        ids: impl DoubleEndedIterator<Item = &'i str> + ExactSizeIterator,
        at: usize,
        into: u16,
    ) -> Option<Self> {
        let after = ids.len().checked_sub(at + 1)?;
        let blocks = ids.rev().skip(after).take(BEFORE_MAX + 1).map(str::to_owned).collect();
        Some(Self { blocks, into: into.min(WHOLE) })
    }

    /// Where it is in a text: a block and how much of it was read, in thousandths. A paragraph that is no longer there
    /// was behind the nearest one before it that is. `None` if nothing of what was there is left.
    pub fn find<'i>(&self, ids: impl Iterator<Item = &'i str> + Clone) -> Option<(usize, u16)> {
        let places = self.blocks.iter().map(|id| ids.clone().position(|other| other == id));
        let (nearest, at) = places.enumerate().find_map(|(nearest, at)| Some((nearest, at?)))?;
        Some((at, if nearest == 0 { self.into } else { WHOLE }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    fn place(text: &str, at: usize, into: u16) -> ReadingPlace {
        ReadingPlace::new(names(text).into_iter(), at, into).unwrap()
    }

    #[test]
    fn a_paragraph_is_found_where_a_new_version_put_it_and_one_that_is_gone_behind_the_one_before_it() {
        let cases = [
            ("a b c d", Some((2, 300))),
            ("n a b x y c d", Some((5, 300))),
            ("c a b d", Some((0, 300))),
            ("a b d", Some((1, 1_000))),
            ("a d", Some((0, 1_000))),
            ("d e", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(place("a b c d", 2, 300).find(names(text).into_iter()), expected, "{text}");
        }
        assert_eq!(ReadingPlace::new(names("a b").into_iter(), 2, 0), None);
    }

    #[test]
    fn a_place_that_was_kept_is_read_again() {
        let place = place("a b c", 1, 250);
        let kept = serde_json::to_string(&place).unwrap();
        assert_eq!(kept, r#"{"blocks":["b","a"],"into":250}"#);
        assert_eq!(serde_json::from_str::<ReadingPlace>(&kept).unwrap(), place);
    }

    proptest! {
        #[test]
        fn in_the_same_text_every_place_is_where_it_was(length in 1usize..60, at in 0usize..60, into in 0u16..=1_000) {
            let ids: Vec<String> = (0..length).map(|id| id.to_string()).collect();
            let at = at.min(length - 1);
            let place = ReadingPlace::new(ids.iter().map(String::as_str), at, into).unwrap();
            prop_assert_eq!(place.find(ids.iter().map(String::as_str)), Some((at, into)));
        }
    }
}
