//! What a version changed, as the page needs it: by block, what is gone by where it stood, and the way from one change to
//! the next.

use std::collections::BTreeMap;

use congress::entities::{Block, BlockChange, DocumentChanges};

/// One stop on the way through the changes.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// The block that must be in the page.
    pub block: usize,
    pub element_id: String,
}

pub struct Changes {
    of: BTreeMap<String, BlockChange>,
    removed: BTreeMap<Option<String>, Vec<Block>>,
    pub steps: Vec<Step>,
}

/// Before the id of a block that is gone.
const GONE_PREFIX: &str = "gone-";

pub fn removed_element_id(block: &Block) -> String {
    format!("{GONE_PREFIX}{}", block.id)
}

impl Changes {
    /// `blocks` are those of the version that is read.
    pub fn new(changes: DocumentChanges, blocks: &[Block]) -> Self {
        let places: BTreeMap<&str, usize> = blocks.iter().enumerate().map(|(at, b)| (b.id.as_str(), at)).collect();
        let (mut of, mut steps) = (BTreeMap::new(), Vec::new());
        let mut removed: BTreeMap<Option<String>, Vec<Block>> = BTreeMap::new();
        for change in changes.blocks {
            let id = match change {
                BlockChange::Removed { after, block } => {
                    let at = after.as_deref().and_then(|after| places.get(after)).copied().unwrap_or(0);
                    steps.push(Step { block: at, element_id: removed_element_id(&block) });
                    removed.entry(after).or_default().push(block);
                    continue;
                }
                BlockChange::New { ref id }
                | BlockChange::Moved { ref id, .. }
                | BlockChange::Changed { ref id, .. } => id.clone(),
            };
            if let Some(at) = places.get(id.as_str()) {
                steps.push(Step { block: *at, element_id: super::element_id(&blocks[*at]) });
            }
            of.insert(id, change);
        }
        Self { of, removed, steps }
    }

    pub fn of(&self, block_id: &str) -> Option<&BlockChange> {
        self.of.get(block_id)
    }

    pub fn removed(&self, block_id: &str) -> Option<&Block> {
        self.removed.values().flatten().find(|block| block.id == block_id)
    }

    pub fn removed_after(&self, block_id: Option<&str>) -> &[Block] {
        self.removed.get(&block_id.map(str::to_owned)).map_or(&[], Vec::as_slice)
    }
}
