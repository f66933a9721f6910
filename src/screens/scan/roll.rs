//! Everyone who is expected: sorted and folded once, searched at each key press.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use congress::entities::Attendee;
use congress::text;

use crate::state::Held;

/// One person, with what a search looks at.
#[derive(PartialEq, Eq, Debug)]
pub struct Line {
    pub who: Arc<Attendee>,
    /// Name and badge number, folded; the number also without its leading zeros.
    haystack: String,
    /// The short code, folded.
    pub code: String,
}

#[derive(PartialEq, Eq, Default, Debug)]
pub struct Roll {
    /// By given name, as the Vietnamese alphabet has it.
    pub lines: Vec<Arc<Line>>,
    pub delegations: Vec<String>,
}

impl Line {
    fn of(who: &Arc<Attendee>) -> Arc<Self> {
        let (name, badge) = (text::fold(&who.name), who.badge_number.to_lowercase());
        let haystack = format!("{name} {badge} {}", badge.trim_start_matches('0'));
        Arc::new(Self { who: who.clone(), haystack, code: text::fold(&who.short_code) })
    }
}

impl Roll {
    pub fn of(attendees: &Held<Attendee>) -> Self {
        let names: Vec<String> = attendees.iter().map(|who| who.sort_name.to_lowercase()).collect();
        let ranks = rank_words(&names);
        let key = |name: &String| name.split_whitespace().map(|word| ranks.get(word).copied()).collect::<Vec<_>>();
        let mut keyed: Vec<_> = names.iter().map(key).zip(attendees.iter()).collect();
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let lines = keyed.into_iter().map(|(_, who)| Line::of(who)).collect();
        let delegations = in_order(attendees.iter().map(|who| who.delegation.as_str()));
        Self { lines, delegations }
    }

    /// Those whom the folded words fit and `keep` keeps, in order; the one whose short code was typed comes first.
    pub fn search(&self, query: &str, keep: impl Fn(&Attendee) -> bool) -> Vec<Arc<Line>> {
        let coded = |line: &&Arc<Line>| !query.is_empty() && line.code == query;
        let fits = |line: &&Arc<Line>| !coded(line) && text::matches_words(&line.haystack, query) && keep(&line.who);
        self.lines.iter().filter(coded).chain(self.lines.iter().filter(fits)).cloned().collect()
    }
}

/// The place of each word in the dictionary. A congress of thousands has a few hundred different ones, so that each
/// word is ranked once and names are compared by numbers.
fn rank_words(names: &[String]) -> BTreeMap<&str, u32> {
    let words: BTreeSet<&str> = names.iter().flat_map(|name| name.split_whitespace()).collect();
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_by_cached_key(|word| text::sort_key(word));
    words.into_iter().zip(0..).collect()
}

/// Each name once, without the empty one; "Đoàn số 2" before "Đoàn số 10".
pub fn in_order<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    names.sort_by_cached_key(|name| {
        let words = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        (text::sort_key(words), name[words.len()..].parse::<u32>().unwrap_or(0))
    });
    names
}
