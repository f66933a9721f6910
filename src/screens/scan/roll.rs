//! Everyone who is expected: sorted once, folded once, searched at each key press.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use congress::entities::Attendee;
use congress::text;

use crate::state::Held;

/// One person, with what a search looks at.
#[derive(Debug)]
pub struct Line {
    pub who: Arc<Attendee>,
    folded: OnceLock<Folded>,
}

#[derive(Debug)]
struct Folded {
    /// Name and badge number; the number also without its leading zeros.
    haystack: String,
    code: String,
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.who == other.who
    }
}

impl Eq for Line {}

#[derive(PartialEq, Eq, Default, Debug)]
pub struct Roll {
    /// By given name, as the Vietnamese alphabet has it.
    pub lines: Vec<Arc<Line>>,
    pub delegations: Vec<String>,
}

impl Line {
    fn of(who: &Arc<Attendee>) -> Arc<Self> {
        Arc::new(Self { who: who.clone(), folded: OnceLock::new() })
    }

    /// Made when it is first looked at: the list is shown before anybody can search in it.
    fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| {
            let (name, badge) = (text::fold(&self.who.name), self.who.badge_number.to_lowercase());
            let haystack = format!("{name} {badge} {}", badge.trim_start_matches('0'));
            Folded { haystack, code: text::fold(&self.who.short_code) }
        })
    }

    /// Whether this is the short code, folded.
    pub fn is_coded(&self, query: &str) -> bool {
        !query.is_empty() && self.folded().code == query
    }
}

impl Roll {
    pub fn of(attendees: &Held<Attendee>) -> Self {
        let mut keyed: Vec<_> = attendees.iter().map(|who| (text::sort_key(&who.sort_name), who)).collect();
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let lines = keyed.into_iter().map(|(_, who)| Line::of(who)).collect();
        let delegations = in_order(attendees.iter().map(|who| who.delegation.as_str()));
        Self { lines, delegations }
    }

    /// Those whom the folded words fit and `keep` keeps, in order; the one whose short code was typed comes first.
    pub fn search(&self, query: &str, keep: impl Fn(&Attendee) -> bool) -> Vec<Arc<Line>> {
        if query.is_empty() {
            return self.lines.iter().filter(|line| keep(&line.who)).cloned().collect();
        }
        let coded = |line: &&Arc<Line>| line.is_coded(query);
        let fits =
            |line: &&Arc<Line>| !coded(line) && text::matches_words(&line.folded().haystack, query) && keep(&line.who);
        self.lines.iter().filter(coded).chain(self.lines.iter().filter(fits)).cloned().collect()
    }

    /// Folds some that are not folded yet, so that the first key press finds all of it done. Whether any are left.
    pub fn fold_some(&self, count: usize) -> bool {
        let mut left = self.lines.iter().filter(|line| line.folded.get().is_none());
        left.by_ref().take(count).for_each(|line| {
            line.folded();
        });
        left.next().is_some()
    }
}

/// Each name once, without the empty one; "Đoàn số 2" before "Đoàn số 10".
pub fn in_order<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    // One by one: thousands of people come from a few dozen delegations.
    let mut known = BTreeSet::new();
    names.filter(|name| !name.is_empty()).for_each(|name| {
        known.insert(name);
    });
    let mut names: Vec<String> = known.into_iter().map(str::to_owned).collect();
    names.sort_by_cached_key(|name| {
        let words = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        (text::sort_key(words), name[words.len()..].parse::<u32>().unwrap_or(0))
    });
    names
}
