//! Reading a document: how long it takes, where in it somebody is, and how it is read aloud.

mod place;
mod sentences;

use crate::entities::{Block, BlockKind, Run};

pub use place::ReadingPlace;
pub use sentences::sentences;

/// Words a minute of somebody who reads a draft with care; a Vietnamese word is written as one syllable. Read aloud,
/// Vietnamese has 5.22 syllables a second, or 313 a minute (Pellegrino, Coupé and Marsico, Language 87, 2011, on short
/// easy texts and young readers); a reader of sixty who weighs each sentence is given two thirds of that.
pub const WORDS_A_MINUTE: u32 = 200;

/// Minutes that so many words take, begun ones counted.
pub fn minutes(words: u32) -> u32 {
    words.div_ceil(WORDS_A_MINUTE)
}

/// How many words a block has.
pub fn words_of(block: &Block) -> u32 {
    let in_runs = |runs: &[Run]| runs.iter().map(|run| run.text.split_whitespace().count()).sum::<usize>();
    let words = match &block.kind {
        BlockKind::Heading { runs, .. } | BlockKind::Paragraph { runs } | BlockKind::ListItem { runs, .. } => {
            in_runs(runs)
        }
        BlockKind::Table { rows } => rows.iter().flatten().map(|cell| in_runs(cell)).sum(),
    };
    u32::try_from(words).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_begun_minute_counts_and_nothing_takes_none() {
        assert_eq!([0, 1, 200, 201, 25_000].map(minutes), [0, 1, 1, 2, 125]);
    }
}
