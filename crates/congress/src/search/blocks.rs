//! The words of a document as a device holds it, block by block: so a long text can be read in slices, and nothing is
//! made of it that a search does not need.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::finder::Weight;
use super::text::{Passage, Text};
use super::vocabulary::Vocabulary;

/// The blocks of the JSON of a [`crate::entities::DocumentText`], not read yet.
#[derive(Deserialize)]
pub struct Blocks<'t> {
    #[serde(borrow)]
    pub blocks: Vec<&'t RawValue>,
}

impl<'t> Blocks<'t> {
    /// Fails where the text cannot be shown either.
    pub fn of(json: &'t str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

#[derive(Deserialize)]
struct Block<'t> {
    #[serde(borrow)]
    id: Cow<'t, str>,
    #[serde(borrow)]
    block: Cow<'t, str>,
    #[serde(borrow, default)]
    place: Cow<'t, str>,
    #[serde(borrow, default)]
    runs: Vec<Run<'t>>,
    #[serde(borrow, default)]
    rows: Vec<Vec<Vec<Run<'t>>>>,
}

#[derive(Deserialize)]
struct Run<'t> {
    #[serde(borrow)]
    t: Cow<'t, str>,
}

impl Text {
    /// Reads one block of [`Blocks`].
    pub fn push_block(&mut self, vocabulary: &mut Vocabulary, block: &RawValue) -> Result<(), serde_json::Error> {
        let block: Block<'_> = serde_json::from_str(block.get())?;
        let weight = if block.block == "heading" { Weight::Heading } else { Weight::Body };
        let mut words = String::new();
        block.runs.iter().for_each(|run| words.push_str(&run.t));
        for (at, cell) in block.rows.iter().flatten().enumerate() {
            words.push_str(if at == 0 { "" } else { " " });
            cell.iter().for_each(|run| words.push_str(&run.t));
        }
        self.push(vocabulary, Passage { id: &block.id, place: &block.place, title: "", words: &words, weight });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::{Block, BlockKind, BlockRole, DocumentText, Frame, Run, RunStyle};

    #[test]
    fn the_words_of_a_block_are_those_that_the_reader_shows() {
        let run = |words: &str| Run::new(words, RunStyle::Bold);
        let kinds = [
            BlockKind::Heading { level: 2, runs: vec![run("I. "), run("Một \"hai\"")] },
            BlockKind::Paragraph { runs: vec![run("Ba,\n"), run("bốn")] },
            BlockKind::ListItem { depth: 1, marker: "–".into(), runs: vec![run("năm")] },
            BlockKind::Table { rows: vec![vec![vec![run("sáu"), run(" bảy")], vec![]], vec![vec![run("tám")]]] },
        ];
        let blocks = kinds.into_iter().enumerate().map(|(at, kind)| Block {
            id: format!("b{at}"),
            kind,
            place: if at == 0 { String::new() } else { "Phần II, mục “V”".into() },
            role: BlockRole::Text,
            file: String::new(),
        });
        let text = DocumentText { document: "a".into(), version: 1, blocks: blocks.collect(), frame: Frame::default() };
        let json = serde_json::to_string(&text).unwrap();

        let (mut vocabulary, mut held) = (Vocabulary::default(), Text::default());
        for block in Blocks::of(&json).unwrap().blocks {
            held.push_block(&mut vocabulary, block).unwrap();
        }
        assert_eq!(held.len(), text.blocks.len());
        for (at, block) in text.blocks.iter().enumerate() {
            let (passage, words) = (held.passage(at), block.plain_text());
            assert_eq!((passage.id, passage.place, passage.words), (&*block.id, &*block.place, &*words));
            assert_eq!(passage.weight == Weight::Heading, matches!(block.kind, BlockKind::Heading { .. }));
        }
    }
}
