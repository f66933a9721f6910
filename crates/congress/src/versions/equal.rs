//! Blocks that are equal in some respect. What stands once on both sides is sure; from there equal neighbours follow, so
//! that of several equal blocks each finds the one in its own surroundings (P. Heckel, 1978). Linear but for sorting.

use std::collections::{BTreeMap, VecDeque};

use super::{Pairs, Side};

#[derive(Default)]
struct Places {
    old: VecDeque<usize>,
    new: Vec<usize>,
}

/// Joins blocks whose key is the same. A block without a key is left alone.
pub(super) fn join_equal<'s, K: Ord>(
    pairs: &mut Pairs,
    old: &'s [Side],
    new: &'s [Side],
    key: impl Fn(&'s Side) -> Option<K>,
) {
    let same = |at: usize, other: usize| {
        let (one, two) = (old.get(at).and_then(&key), new.get(other).and_then(&key));
        one.is_some() && one == two
    };
    for places in places(pairs, old, new, &key).into_values() {
        if let (1, [at]) = (places.old.len(), places.new.as_slice()) {
            pairs.join(places.old[0], *at);
        }
    }
    // Down from what is joined, and from the beginning of both.
    for at in 0..new.len() {
        let follows = if at == 0 { Some(0) } else { pairs.of_new[at - 1].map(|before| before + 1) };
        if let Some(other) = follows.filter(|other| pairs.are_free(*other, at) && same(*other, at)) {
            pairs.join(other, at);
        }
    }
    // Up from what is joined, and from the end.
    for at in (0..new.len()).rev() {
        let after = pairs.of_new.get(at + 1).map_or(Some(old.len()), |after| *after);
        let precedes = after.and_then(|after| after.checked_sub(1));
        if let Some(other) = precedes.filter(|other| pairs.are_free(*other, at) && same(*other, at)) {
            pairs.join(other, at);
        }
    }
    // The rest in its order.
    for mut places in places(pairs, old, new, &key).into_values() {
        for at in places.new {
            if let Some(other) = places.old.pop_front() {
                pairs.join(other, at);
            }
        }
    }
}

/// Where each key stands among the blocks without a partner.
fn places<'s, K: Ord>(
    pairs: &Pairs,
    old: &'s [Side],
    new: &'s [Side],
    key: &impl Fn(&'s Side) -> Option<K>,
) -> BTreeMap<K, Places> {
    let mut places: BTreeMap<K, Places> = BTreeMap::new();
    for (at, side) in old.iter().enumerate().filter(|(at, _)| pairs.of_old[*at].is_none()) {
        if let Some(key) = key(side) {
            places.entry(key).or_default().old.push_back(at);
        }
    }
    for (at, side) in new.iter().enumerate().filter(|(at, _)| pairs.of_new[*at].is_none()) {
        if let Some(key) = key(side) {
            places.entry(key).or_default().new.push(at);
        }
    }
    places
}
