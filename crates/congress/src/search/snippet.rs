//! Some words around what was found.

use std::ops::Range;

/// Letters before the first hit, and in all.
const BEFORE_LETTERS: usize = 50;
const SNIPPET_LETTERS: usize = 170;

/// Some words of the text around the first of the places, which lie in their order; `true` marks a place.
pub fn snippet<'t>(text: &'t str, places: &[Range<usize>]) -> Vec<(bool, &'t str)> {
    let first = places.first().map_or(0, |range| range.start);
    let start = window_start(text, first);
    let end = text[start..].char_indices().nth(SNIPPET_LETTERS).map_or(text.len(), |(at, _)| start + at);
    let mut parts = vec![(false, if start > 0 { "… " } else { "" })];
    let mut at = start;
    for range in places.iter().filter(|range| range.end <= end) {
        parts.push((false, &text[at..range.start]));
        parts.push((true, &text[range.clone()]));
        at = range.end;
    }
    parts.push((false, &text[at..end]));
    parts.push((false, if end < text.len() { "…" } else { "" }));
    parts
}

/// The beginning of a word some letters before `at`.
fn window_start(text: &str, at: usize) -> usize {
    let back = text[..at].char_indices().rev().nth(BEFORE_LETTERS).map_or(0, |(start, _)| start);
    if back == 0 {
        return 0;
    }
    text[back..at].find(' ').map_or(back, |space| back + space + 1)
}
