//! The text of a document as blocks, whatever file it came from: each block with its place, its anchor, and the row of
//! the file where it stands. Secrecy marks are refused here, so that no reader can forget it.

mod opening;
mod place;

mod anchors;
mod outline;

use std::collections::BTreeSet;

use congress::entities::{Block, BlockKind, BlockRole, Frame, Run};

use crate::limits::BLOCKS_MAX;
use crate::problem::Report;
use crate::secrecy;

pub(crate) use opening::{Mark, Opening, Part, opening};
pub(crate) use outline::{doubts, structure};
use place::Place;

/// Levels of headings: Phần, I, 1, 1.1, a).
pub(crate) const LEVELS: u8 = 5;

/// A text that was read.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) blocks: Vec<Block>,
    /// Of each block, the line or the paragraph of the file where it begins, from 1.
    pub(crate) rows: Vec<u32>,
    pub(crate) frame: Frame,
}

/// A text that grows block by block.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    file: &'a str,
    text: Text,
    place: Place,
    /// Rows whose secrecy mark was reported.
    marked: BTreeSet<u32>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(file: &'a str) -> Self {
        Self { file, text: Text::default(), place: Place::default(), marked: BTreeSet::new() }
    }

    /// Level of the last heading.
    pub(crate) fn level(&self) -> Option<u8> {
        self.place.level()
    }

    /// Adds a block, unless it has no words.
    pub(crate) fn add(&mut self, kind: BlockKind, row: u32, report: &mut Report) {
        self.add_as(kind, BlockRole::Text, "", row, report);
    }

    pub(crate) fn add_as(&mut self, kind: BlockKind, role: BlockRole, shown_file: &str, row: u32, report: &mut Report) {
        if let BlockKind::Heading { level, runs } = &kind {
            self.place.enter(*level, &words_of(runs));
        }
        let file = shown_file.to_owned();
        let block = Block { id: String::new(), kind, place: self.place.to_string(), role, file };
        let words = block.plain_text();
        if words.trim().is_empty() {
            return;
        }
        self.check_secrecy(row, &words, report);
        self.text.blocks.push(block);
        self.text.rows.push(row);
    }

    /// Reports a line that is a secrecy mark, once a row.
    pub(crate) fn check_secrecy(&mut self, row: u32, line: &str, report: &mut Report) {
        if let Some(mark) = secrecy::mark(line)
            && self.marked.insert(row)
        {
            let message =
                format!("văn bản mang dấu “{mark}”; hãy rút tài liệu này khỏi gói và dùng theo chế độ bảo mật");
            report.fault(self.file, row, "", message);
        }
    }

    /// The text with its anchors.
    pub(crate) fn finish(self, report: &mut Report) -> Text {
        let mut text = self.text;
        if text.blocks.len() > BLOCKS_MAX {
            let message = format!("có hơn {BLOCKS_MAX} đoạn; hãy chia thành nhiều tài liệu");
            report.fault(self.file, None, "", message);
        }
        anchors::name(&mut text.blocks);
        text
    }
}

pub(crate) fn words_of(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// Without white space at either end and without empty runs. What refers to a footnote is kept.
pub(crate) fn trimmed(mut runs: Vec<Run>) -> Vec<Run> {
    runs.retain(|run| !run.text.is_empty() || !run.note.is_empty());
    while let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
        if !first.text.is_empty() || !first.note.is_empty() {
            break;
        }
        runs.remove(0);
    }
    while let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() || !last.note.is_empty() {
            break;
        }
        runs.pop();
    }
    runs
}
