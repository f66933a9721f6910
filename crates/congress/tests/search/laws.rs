//! Random texts, random questions.

use congress::search::{Finder, Hit, Passage, Terms, Text, Vocabulary, Weight, best_first, snippet};
use proptest::prelude::*;

use super::plain::{Asked, Place};
use super::spelled::{Hand, PLAIN, Syllable, hand, syllable, written};

fn place(words: &'static [Syllable]) -> impl Strategy<Value = Place> {
    let pick = || prop::sample::select(words);
    let weight = prop::sample::select(vec![Weight::Title, Weight::Name, Weight::Heading, Weight::Body]);
    (prop::collection::vec(pick(), 0..4), prop::collection::vec(pick(), 0..9), weight).prop_map(
        |(mut title, words, weight)| {
            if matches!(weight, Weight::Heading | Weight::Body) {
                title.clear();
            }
            Place { title, words, weight }
        },
    )
}

/// Few words, so that they meet.
static WORDS: std::sync::LazyLock<Vec<Syllable>> = std::sync::LazyLock::new(|| {
    let word = |onset, rhyme, tone| Syllable { onset, rhyme, tone };
    vec![
        word("h", "oa", 0),
        word("h", "oa", 1),
        word("h", "oa", 4),
        word("h", "oa", 5),
        word("", "uy", 2),
        word("", "uy", 5),
        word("đ", "ang", 2),
        word("d", "ang", 0),
        word("d", "ân", 0),
        word("d", "ân", 1),
        word("th", "ươ", 1),
        word("th", "o", 0),
        word("h", "o", 5),
    ]
});

/// Some words of the vocabulary, as they are or without marks, one of them perhaps begun, two perhaps in quotation marks.
fn asked() -> impl Strategy<Value = (Asked, bool)> {
    let word = (prop::sample::select(WORDS.as_slice()), any::<bool>());
    let words = prop::collection::vec(word, 1..4);
    (words, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(words, is_marked, is_phrase, is_last_begun)| {
        let words: Vec<Syllable> = words.into_iter().map(|(word, keeps)| plain(word, is_marked && keeps)).collect();
        let phrase = (is_phrase && words.len() > 1).then_some(0..2);
        // A closed quotation mark behind the last word says that it is whole.
        let is_last_begun = is_last_begun && phrase.as_ref().is_none_or(|phrase| phrase.end != words.len());
        (Asked { words, phrase, is_last_begun }, is_marked)
    })
}

/// The word without its marks, if they are not kept. Onsets and rhymes with marks have no plain form here and stay.
fn plain(word: Syllable, keeps: bool) -> Syllable {
    if keeps || word.letters() != word.folded() { word } else { Syllable { tone: 0, ..word } }
}

fn typed(asked: &Asked, hands: &[Hand]) -> String {
    let mut text = String::new();
    for (at, word) in asked.words.iter().enumerate() {
        let (opens, closes) = asked.phrase.as_ref().map_or((false, false), |p| (p.start == at, p.end == at + 1));
        text.push_str(if at == 0 { "" } else { " " });
        text.push_str(if opens { "\"" } else { "" });
        text.push_str(&word.written(hands[at % hands.len()]));
        text.push_str(if closes { "\"" } else { "" });
    }
    text + if asked.is_last_begun { "" } else { " " }
}

fn held(vocabulary: &mut Vocabulary, places: &[Place], hands: &[Hand]) -> Text {
    let mut text = Text::default();
    for (at, place) in places.iter().enumerate() {
        let (title, words) = (written(&place.title, hands), written(&place.words, hands));
        let id = at.to_string();
        text.push(vocabulary, Passage { id: &id, place: "", title: &title, words: &words, weight: place.weight });
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_found_is_what_a_plain_search_finds_in_its_order(
        places in prop::collection::vec(place(&WORDS), 0..12),
        hands in prop::collection::vec(hand(), 1..5),
        (asked, _) in asked(),
        typing in prop::collection::vec(hand(), 1..3),
    ) {
        let mut vocabulary = Vocabulary::default();
        let text = held(&mut vocabulary, &places, &hands);
        let finder = Finder::new(&Terms::new(&typed(&asked, &typing)), &vocabulary);
        let mut found = vec![((), finder.find(&text))];
        best_first(&mut found);
        let hits = found.pop().map(|(_, hits)| hits).unwrap_or_default();

        let ranks = places.iter().enumerate();
        let mut expected: Vec<Hit> =
            ranks.filter_map(|(passage, place)| asked.rank(place).map(|rank| Hit { rank, passage })).collect();
        expected.sort_by_key(|hit| (hit.rank, hit.passage));
        prop_assert_eq!(hits, expected);
    }

    #[test]
    fn what_else_is_held_and_when_it_came_changes_nothing(
        places in prop::collection::vec(place(&WORDS), 1..8),
        others in prop::collection::vec(place(&WORDS), 0..8),
        more in prop::collection::vec(syllable(), 0..40),
        (asked, _) in asked(),
    ) {
        let terms = Terms::new(&typed(&asked, &[PLAIN]));
        let mut alone = Vocabulary::default();
        let text = held(&mut alone, &places, &[PLAIN]);
        let expected = Finder::new(&terms, &alone).find(&text);

        let mut shared = Vocabulary::default();
        held(&mut shared, &[Place { title: vec![], words: more, weight: Weight::Body }], &[PLAIN]);
        held(&mut shared, &others, &[PLAIN]);
        let text = held(&mut shared, &places, &[PLAIN]);
        let finder = Finder::new(&terms, &shared);
        prop_assert_eq!(&finder.find(&text), &expected);
        // Words that come later are none of a search that has begun.
        held(&mut shared, &others, &[PLAIN]);
        prop_assert_eq!(&finder.find(&text), &expected);
    }

    #[test]
    fn marks_lie_in_order_on_words_that_were_asked_for_and_what_is_found_has_some(
        places in prop::collection::vec(place(&WORDS), 1..8),
        hands in prop::collection::vec(hand(), 1..5),
        (asked, _) in asked(),
    ) {
        let mut vocabulary = Vocabulary::default();
        let text = held(&mut vocabulary, &places, &hands);
        let finder = Finder::new(&Terms::new(&typed(&asked, &[PLAIN])), &vocabulary);
        for hit in finder.find(&text) {
            let (in_title, in_words) = finder.places(&text, hit.passage);
            prop_assert!(in_title.len() + in_words.len() > 0);
            let passage = text.passage(hit.passage);
            for (letters, marks) in [(passage.title, in_title), (passage.words, in_words)] {
                prop_assert!(marks.windows(2).all(|pair| pair[0].end <= pair[1].start));
                for mark in marks {
                    let folded = congress::text::fold(&letters[mark]);
                    for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
                        let fits = |other: &Syllable| word.starts_with(&other.folded());
                        prop_assert!(asked.words.iter().any(fits), "{word} was not asked for");
                    }
                }
            }
        }
    }

    #[test]
    fn any_text_can_be_held_and_searched_for_anything(
        words in "\\PC{0,60}", title in "\\PC{0,20}", place in "\\PC{0,8}", typed in "\\PC{0,16}",
    ) {
        let (mut vocabulary, mut text) = (Vocabulary::default(), Text::default());
        let passage = Passage { id: &place, place: &place, title: &title, words: &words, weight: Weight::Title };
        text.push(&mut vocabulary, Passage::default());
        text.push(&mut vocabulary, passage);
        prop_assert_eq!(text.passage(1), passage);
        for typed in [&typed, &words, &title] {
            let finder = Finder::new(&Terms::new(typed), &vocabulary);
            let hits = finder.find(&text);
            for hit in &hits {
                let (_, marks) = finder.places(&text, hit.passage);
                let shown: String = snippet(&words, &marks).into_iter().map(|(_, part)| part).collect();
                let shown = shown.trim_start_matches("… ");
                prop_assert!(words.contains(shown.strip_suffix('…').unwrap_or(shown)));
            }
        }
    }

    #[test]
    fn a_text_is_found_by_its_own_words(words in "\\PC{1,60}") {
        let (mut vocabulary, mut text) = (Vocabulary::default(), Text::default());
        text.push(&mut vocabulary, Passage { words: &words, ..Passage::default() });
        let terms = Terms::new(&words);
        prop_assume!(text.words() > 0);
        let hits = Finder::new(&terms, &vocabulary).find(&text);
        prop_assert_eq!(hits.len(), 1);
        prop_assert!(!hits[0].rank.is_inexact);
    }
}
