//! Anchors of blocks: a comment on a paragraph finds it again in the next version while its words stay the same.

use std::collections::BTreeMap;

use congress::entities::Block;
use congress::text::fold;

use crate::blobs::sha256_hex;

/// Hexadecimal digits of an anchor: 40 bits, so that among 20,000 blocks two meet once in 5,000 documents; the
/// numbering of repeats then tells them apart.
const DIGITS: usize = 10;

/// Names each block by the hash of its folded words; the second and further blocks with the same words get `-2`, `-3`.
pub(super) fn name(blocks: &mut [Block]) {
    let mut repeats: BTreeMap<String, u32> = BTreeMap::new();
    for block in blocks {
        let mut anchor = sha256_hex(fold(&block.plain_text()).as_bytes());
        anchor.truncate(DIGITS);
        let count = repeats.entry(anchor.clone()).and_modify(|count| *count += 1).or_insert(1);
        block.id = if *count == 1 { anchor } else { format!("{anchor}-{count}") };
    }
}
