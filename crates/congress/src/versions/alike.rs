//! Blocks whose words differ and which are alike all the same. Each block of the new version is compared with a few of
//! the old one only: those that share rare words with it, and those that stand where it stands.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Pairs, Side};

/// A word that stands in more of the remaining blocks than this says nothing about where a block comes from.
const RARE_BLOCKS_MAX: usize = 24;
/// How many of the blocks with the most rare words in common are compared.
const BY_WORDS_MAX: usize = 6;
/// How far up and down from its own place a block is compared.
const BY_PLACE_REACH: usize = 4;

/// How alike two blocks must be, of 1,000, by where the new one stands: between the same neighbours as the old one,
/// beside one of them, elsewhere. Of the 10,811 pairs of different paragraphs within one document of `demo/`, half have
/// less than 116 in common, one in a thousand more than 355, and the two most alike 526: whoever comes from afar must
/// share far more.
const SURE: [u32; 3] = [650, 700, 800];
const ENOUGH: [u32; 3] = [400, 550, 700];

struct Candidate {
    likeness: u32,
    /// Index into [`SURE`] and [`ENOUGH`].
    distance: usize,
    /// How many places it would move among its neighbours.
    shift: usize,
    old: usize,
    new: usize,
}

pub(super) fn join_alike(pairs: &mut Pairs, old: &[Side], new: &[Side]) {
    // What is surely the same makes neighbours for the rest.
    for least in [SURE, ENOUGH] {
        let mut candidates = candidates(pairs, old, new, least);
        candidates.sort_by_key(|it| (Reverse(it.likeness), it.distance, it.shift, it.old, it.new));
        for Candidate { old, new, .. } in candidates {
            if pairs.are_free(old, new) {
                pairs.join(old, new);
            }
        }
    }
}

fn candidates(pairs: &Pairs, old: &[Side], new: &[Side], least: [u32; 3]) -> Vec<Candidate> {
    let free: Vec<usize> = (0..old.len()).filter(|at| pairs.of_old[*at].is_none()).collect();
    let index = index(old, &free);
    let gaps = Gaps::of(pairs);
    let mut candidates = Vec::new();
    for (at, side) in new.iter().enumerate().filter(|(at, _)| pairs.of_new[*at].is_none()) {
        let mut others = by_words(side, &index);
        others.extend(gaps.by_place(at, &free));
        others.sort_unstable();
        others.dedup();
        for other in others.into_iter().filter(|other| old[*other].class == side.class) {
            let distance = gaps.distance(other, at);
            if old[other].likeness.at_most(&side.likeness) < least[distance] {
                continue;
            }
            let likeness = old[other].likeness.with(&side.likeness);
            if likeness >= least[distance] {
                let shift = gaps.place_of(at).abs_diff(other);
                candidates.push(Candidate { likeness, distance, shift, old: other, new: at });
            }
        }
    }
    candidates
}

/// The blocks in which each word or pair of words stands.
fn index(old: &[Side], free: &[usize]) -> BTreeMap<u64, Vec<usize>> {
    let mut index: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for at in free {
        for (part, _) in &old[*at].likeness.parts {
            let blocks = index.entry(*part).or_default();
            if blocks.len() <= RARE_BLOCKS_MAX {
                blocks.push(*at);
            }
        }
    }
    index.retain(|_, blocks| blocks.len() <= RARE_BLOCKS_MAX);
    index
}

fn by_words(side: &Side, index: &BTreeMap<u64, Vec<usize>>) -> Vec<usize> {
    let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
    for (part, _) in &side.likeness.parts {
        for block in index.get(part).into_iter().flatten() {
            *shared.entry(*block).or_default() += 1;
        }
    }
    let mut most: Vec<(Reverse<u32>, usize)> = shared.into_iter().map(|(at, count)| (Reverse(count), at)).collect();
    most.sort_unstable();
    most.into_iter().take(BY_WORDS_MAX).map(|(_, at)| at).collect()
}

/// The neighbours that have partners already: for each block of the new version the nearest one above and below.
struct Gaps {
    /// By block of the new version: the old partner of the nearest joined block above, counted from 1, and where a
    /// block would stand in the old version if it followed it as it does in the new one.
    above_new: Vec<(usize, usize)>,
    /// By block of the new version: the old partner of the nearest joined block below; the number of blocks for the end.
    below_new: Vec<usize>,
    /// By block of the old version: the nearest joined one above, counted from 1, and below.
    above_old: Vec<usize>,
    below_old: Vec<usize>,
}

impl Gaps {
    fn of(pairs: &Pairs) -> Self {
        let (olds, news) = (pairs.of_old.len(), pairs.of_new.len());
        let mut gaps = Self {
            above_new: Vec::with_capacity(news),
            below_new: vec![olds; news],
            above_old: Vec::with_capacity(olds),
            below_old: vec![olds; olds],
        };
        let mut above = (0, 0);
        for other in &pairs.of_new {
            gaps.above_new.push(above);
            above = other.map_or((above.0, above.1 + 1), |other| (other + 1, other + 1));
        }
        let mut below = olds;
        for (at, other) in pairs.of_new.iter().enumerate().rev() {
            gaps.below_new[at] = below;
            below = other.unwrap_or(below);
        }
        let mut above = 0;
        for (at, other) in pairs.of_old.iter().enumerate() {
            gaps.above_old.push(above);
            above = if other.is_some() { at + 1 } else { above };
        }
        let mut below = olds;
        for (at, other) in pairs.of_old.iter().enumerate().rev() {
            gaps.below_old[at] = below;
            below = if other.is_some() { at } else { below };
        }
        gaps
    }

    fn distance(&self, old: usize, new: usize) -> usize {
        let above = self.above_old[old] == self.above_new[new].0;
        let below = self.below_old[old] == self.below_new[new];
        2 - usize::from(above) - usize::from(below)
    }

    fn place_of(&self, new: usize) -> usize {
        self.above_new[new].1
    }

    /// The blocks of the old version nearest to where a new one stands, among those without a partner.
    fn by_place<'f>(&self, new: usize, free: &'f [usize]) -> impl Iterator<Item = usize> + use<'f> {
        let reach = |place: usize| {
            let middle = free.partition_point(|at| *at < place);
            middle.saturating_sub(BY_PLACE_REACH)..(middle + BY_PLACE_REACH + 1).min(free.len())
        };
        // Counted from the neighbour above, and right above the neighbour below.
        let ranges = [reach(self.place_of(new)), reach(self.below_new[new])];
        ranges.into_iter().flat_map(|range| free[range].iter().copied())
    }
}
