//! Searching without regard to accents, and with regard to them in the order of what is found. [`Query`] looks into one
//! text; [`Terms`], [`Vocabulary`], [`Text`] and [`Finder`] search everything that a device holds.
//!
//! A text is kept as the numbers of its words. To search, each word of the vocabulary is compared with what is asked for
//! once, and then every text is walked through number by number: the whole pack of a congress is a few hundred thousand
//! numbers, less work than to keep and merge lists of places, and order and neighbourhood of words are there for free.

mod blocks;
mod finder;
mod query;
mod snippet;
mod spelling;
mod terms;
mod text;
mod vocabulary;

pub use blocks::Blocks;
pub use finder::{Finder, Hit, Rank, Weight, best_first};
pub use query::Query;
pub use snippet::snippet;
pub use terms::Terms;
pub use text::{Passage, Text};
pub use vocabulary::Vocabulary;
