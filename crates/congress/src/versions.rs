//! A new version of a document beside the one before it: which block goes on as which. A block keeps its id while it is
//! the same, moved, renumbered or lightly edited, so that comments and reading positions stay where they belong. What
//! changed inside of a block is not looked at here.

mod alike;
mod equal;
mod likeness;
mod numbering;

use crate::entities::{Block, BlockKind, BlockRole};
use crate::text::fold;

use alike::join_alike;
use equal::join_equal;
use likeness::Likeness;
use numbering::without_number;

/// What a block is to whoever compares: only like is taken for like, unless the words are exactly the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Class {
    Heading,
    /// A paragraph or an item of a list.
    Words,
    Table,
    Footnote,
    Picture,
}

/// A block as it is compared.
struct Side {
    class: Class,
    /// Folded as anchors are: case, accents and white space do not count.
    words: String,
    likeness: Likeness,
}

impl Side {
    fn of(block: &Block) -> Self {
        let class = match (block.role, &block.kind) {
            (BlockRole::Footnote, _) => Class::Footnote,
            (BlockRole::Picture, _) => Class::Picture,
            (_, BlockKind::Heading { .. }) => Class::Heading,
            (_, BlockKind::Paragraph { .. } | BlockKind::ListItem { .. }) => Class::Words,
            (_, BlockKind::Table { .. }) => Class::Table,
        };
        let words = fold(&block.plain_text());
        Self { class, likeness: Likeness::of(&words), words }
    }
}

/// For each block of the new version, the place of the block of the old one that it continues. No block of the old
/// version is continued twice.
///
/// First come blocks with the same words wherever they stand, then those that differ in their number only, then those
/// that are alike: the more they share and the nearer they stand to their old neighbours, the sooner. Of a block that
/// was split the larger part continues it, and two that were merged go on as the larger one. The work grows with the
/// words of both texts and not with their product.
pub fn match_blocks(old: &[Block], new: &[Block]) -> Vec<Option<usize>> {
    let (old, new): (Vec<Side>, Vec<Side>) = (old.iter().map(Side::of).collect(), new.iter().map(Side::of).collect());
    let mut pairs = Pairs::new(old.len(), new.len());
    fn kind_and_words(side: &Side) -> Option<(Class, &str)> {
        Some((side.class, &side.words))
    }
    fn words(side: &Side) -> Option<&str> {
        Some(&side.words)
    }
    fn unnumbered(side: &Side) -> Option<(Class, &str)> {
        Some((side.class, without_number(&side.words))).filter(|(_, words)| !words.is_empty())
    }
    join_equal(&mut pairs, &old, &new, kind_and_words);
    join_equal(&mut pairs, &old, &new, words);
    join_equal(&mut pairs, &old, &new, unnumbered);
    join_alike(&mut pairs, &old, &new);
    pairs.of_new
}

/// Whether two blocks say the same: case, accents, white space and the number at the head do not count.
pub fn says_the_same(one: &Block, other: &Block) -> bool {
    let (one, other) = (fold(&one.plain_text()), fold(&other.plain_text()));
    without_number(&one) == without_number(&other)
}

/// What was found so far, from both sides.
struct Pairs {
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl Pairs {
    fn new(old: usize, new: usize) -> Self {
        Self { of_old: vec![None; old], of_new: vec![None; new] }
    }

    fn join(&mut self, old: usize, new: usize) {
        (self.of_old[old], self.of_new[new]) = (Some(new), Some(old));
    }

    /// Whether both exist and neither has a partner.
    fn are_free(&self, old: usize, new: usize) -> bool {
        self.of_old.get(old) == Some(&None) && self.of_new.get(new) == Some(&None)
    }
}
