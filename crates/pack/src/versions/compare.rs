//! What one version changed in another. Blocks are the same if they have the same id; here it is only said what became
//! of each.

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::{Block, BlockChange, BlockKind, ChangedWords, DocumentChanges, DocumentText};
use congress::versions::says_the_same;

use super::words;

/// `since` is what is known of the blocks of the earlier text: the version that gave each its words.
pub(super) fn compare(
    (old, old_sha256): (&DocumentText, &str),
    new: &DocumentText,
    mut since: BTreeMap<String, u32>,
) -> DocumentChanges {
    let old_places: BTreeMap<&str, usize> = old.blocks.iter().enumerate().map(|(at, b)| (b.id.as_str(), at)).collect();
    let new_ids: BTreeSet<&str> = new.blocks.iter().map(|block| block.id.as_str()).collect();
    let stayed: Vec<usize> = new.blocks.iter().filter_map(|b| old_places.get(b.id.as_str()).copied()).collect();
    let in_order: BTreeSet<usize> = longest_rise(&stayed);
    let mut removed = removed_after(&old.blocks, &new_ids, &in_order);
    let mut blocks = removed.remove(&None).unwrap_or_default();
    since.retain(|id, _| new_ids.contains(id.as_str()));
    for block in &new.blocks {
        let before = old_places.get(block.id.as_str()).map(|at| (*at, &old.blocks[*at]));
        let change = changed(before.map(|(at, before)| (before, in_order.contains(&at))), block);
        // An article that is only counted anew, or spelt rightly now, is no news.
        if before.is_none_or(|(_, before)| !says_the_same(before, block)) {
            since.insert(block.id.clone(), new.version);
        }
        blocks.extend(change);
        blocks.extend(removed.remove(&Some(block.id.as_str())).into_iter().flatten());
    }
    DocumentChanges {
        document: new.document.clone(),
        version: new.version,
        from_version: old.version,
        from_sha256: old_sha256.to_owned(),
        blocks,
        since,
    }
}

/// What became of a block, which stood in the earlier version in the same order or in another place.
fn changed(before: Option<(&Block, bool)>, block: &Block) -> Option<BlockChange> {
    let id = block.id.clone();
    let Some((before, in_order)) = before else { return Some(BlockChange::New { id }) };
    let moved_from = (!in_order).then(|| before.place.clone());
    if before.plain_text() == block.plain_text() {
        return moved_from.map(|from| BlockChange::Moved { id, from });
    }
    let words = match (&before.kind, &block.kind) {
        (BlockKind::Table { rows: old }, BlockKind::Table { rows: new }) => ChangedWords::Rows(words::rows(old, new)),
        (old, new) => ChangedWords::Runs(words::runs(&words::runs_of(old), &words::runs_of(new))),
    };
    Some(BlockChange::Changed { id, words, moved_from })
}

/// The blocks that are gone, by the block behind which they stood: the nearest one above that is where it was.
fn removed_after<'b>(
    old: &'b [Block],
    new_ids: &BTreeSet<&str>,
    in_order: &BTreeSet<usize>,
) -> BTreeMap<Option<&'b str>, Vec<BlockChange>> {
    let mut removed: BTreeMap<Option<&str>, Vec<BlockChange>> = BTreeMap::new();
    let mut above: Option<&str> = None;
    for (at, block) in old.iter().enumerate() {
        if in_order.contains(&at) {
            above = Some(&block.id);
        } else if !new_ids.contains(block.id.as_str()) {
            let change = BlockChange::Removed { after: above.map(str::to_owned), block: block.clone() };
            removed.entry(above).or_default().push(change);
        }
    }
    removed
}

/// The members of the longest part of a list that rises: everything else was moved.
fn longest_rise(list: &[usize]) -> BTreeSet<usize> {
    // Places in the list: the smallest end of a rise of each length, and what stands before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(list.len());
    for (at, value) in list.iter().enumerate() {
        let length = ends.partition_point(|end| list[*end] < *value);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut rise = BTreeSet::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        rise.insert(list[place]);
        at = before[place];
    }
    rise
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rise_leaves_out_what_was_moved() {
        for (list, rise) in [
            (vec![], vec![]),
            (vec![0, 1, 2], vec![0, 1, 2]),
            (vec![3, 0, 1, 2], vec![0, 1, 2]),
            (vec![0, 4, 1, 2, 3, 5], vec![0, 1, 2, 3, 5]),
        ] {
            assert_eq!(longest_rise(&list), rise.into_iter().collect());
        }
    }
}
