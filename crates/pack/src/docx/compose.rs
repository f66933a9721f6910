//! From Word's paragraphs and tables to the blocks of a document: headings, list items, paragraphs, tables, footnotes
//! behind what refers to them, pictures.

mod runs;

use std::collections::BTreeMap;

use congress::entities::{BlockKind, BlockRole, Run, RunStyle};

use super::frame::lines;
use super::heading::{self, Found, Outline};
use super::numbering::{DASH, Number, Numbering};
use super::pictures::Pictures;
use super::story::{Cell, Item, Paragraph, Reference, Table};
use crate::body::{Body, Mark, Part, Text, opening, trimmed, words_of};
use crate::findings::{Note, NoteKind};
use crate::limits::TABLE_COLUMNS_MAX;
use crate::problem::Report;

use runs::{merged, plain, split};

/// Signs that people type before an item.
const TYPED_SIGNS: [(char, Sign, &str); 6] = [
    ('-', Sign::Dash, DASH),
    ('–', Sign::Dash, DASH),
    ('—', Sign::Dash, DASH),
    ('•', Sign::Dash, DASH),
    ('+', Sign::Plus, "+"),
    ('*', Sign::Plus, "*"),
];

/// What was typed before an item, in the order in which such items stand below one another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Sign {
    Number,
    Letter,
    Dash,
    Plus,
}

/// The words of the notes at the foot and at the end, by id.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) foot: BTreeMap<String, Vec<Paragraph>>,
    pub(super) end: BTreeMap<String, Vec<Paragraph>>,
}

pub(super) struct Composer<'c> {
    file: &'c str,
    body: Body<'c>,
    outline: Outline,
    numbering: Numbering,
    notes: &'c Notes,
    pictures: &'c mut Pictures,
    /// Levels of the lists that are open.
    lists: Vec<u8>,
    /// Signs of the typed items that are open, outermost first.
    typed: Vec<Sign>,
    footnotes: u32,
    shown_pictures: u32,
    /// What stands behind the block that is being written: footnotes with their markers, pictures with their names.
    behind: Vec<(String, Vec<Run>)>,
    behind_pictures: Vec<(String, String)>,
    pub(super) found: Vec<Note>,
    report: &'c mut Report,
}

impl<'c> Composer<'c> {
    pub(super) fn new(
        file: &'c str,
        numbering: Numbering,
        notes: &'c Notes,
        pictures: &'c mut Pictures,
        report: &'c mut Report,
    ) -> Self {
        Self {
            file,
            body: Body::new(file),
            outline: Outline::default(),
            numbering,
            notes,
            pictures,
            lists: Vec::new(),
            typed: Vec::new(),
            footnotes: 0,
            shown_pictures: 0,
            behind: Vec::new(),
            behind_pictures: Vec::new(),
            found: Vec::new(),
            report,
        }
    }

    /// Refuses lines that are secrecy marks.
    pub(super) fn check_secrecy(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Paragraph(paragraph) => self.check_paragraph(paragraph),
                Item::Table(table) => table
                    .rows
                    .iter()
                    .flatten()
                    .flat_map(|cell| &cell.paragraphs)
                    .for_each(|paragraph| self.check_paragraph(paragraph)),
            }
        }
    }

    fn check_paragraph(&mut self, paragraph: &Paragraph) {
        for line in lines(paragraph) {
            self.body.check_secrecy(paragraph.number, &line, self.report);
        }
    }

    pub(super) fn compose(mut self, items: &[Item]) -> (Text, Vec<Note>) {
        let mut at = 0;
        while let Some(item) = items.get(at) {
            at += 1;
            match item {
                Item::Paragraph(paragraph) => at += self.paragraph(paragraph, &items[at..]),
                // A frame around text, not a table.
                Item::Table(Table { rows }) if rows.len() == 1 && rows[0].len() == 1 => {
                    rows[0][0].paragraphs.iter().for_each(|paragraph| {
                        self.paragraph(paragraph, &[]);
                    });
                }
                Item::Table(table) => self.table(table),
            }
        }
        (self.body.finish(self.report), self.found)
    }

    /// Writes a paragraph; gives how many of the next items belong to it.
    fn paragraph(&mut self, paragraph: &Paragraph, next: &[Item]) -> usize {
        let words = paragraph.words();
        let is_empty = words.trim().is_empty() && paragraph.pieces.iter().all(|piece| piece.reference.is_none());
        if is_empty {
            if paragraph.shape.heading.is_some_and(|level| level > 0) {
                self.note(NoteKind::Dropped, paragraph, "đề mục không có chữ");
            }
            return 0;
        }
        let number = self.number(paragraph);
        let printed = number.as_ref().filter(|number| !number.is_bullet).map(|number| number.text.as_str());
        let follower = next.iter().find_map(|item| match item {
            Item::Paragraph(next) if next.words().trim().is_empty() => None,
            Item::Paragraph(next) => Some(next),
            Item::Table(_) => None,
        });
        match heading::find(paragraph, printed, &words, follower) {
            Found::Heading { rank, level, is_styled, rest, is_bare } => {
                let joined = if is_bare { self.name_of_part(next) } else { (0, Vec::new()) };
                self.heading(paragraph, printed, (rank, level, is_styled), rest, joined.1);
                joined.0
            }
            Found::Text => {
                self.text(paragraph, number, &words);
                0
            }
        }
    }

    fn number(&mut self, paragraph: &Paragraph) -> Option<Number> {
        let (list, level) = paragraph.shape.list;
        let list = list.filter(|list| *list > 0)?;
        self.numbering.next(list, level, paragraph.style_id.as_deref())
    }

    /// The next paragraphs that name the part whose number stands alone, and how many items they are.
    fn name_of_part(&mut self, next: &[Item]) -> (usize, Vec<Run>) {
        let (mut taken, mut runs) = (0, Vec::new());
        for (at, item) in next.iter().enumerate().take(4) {
            let Item::Paragraph(paragraph) = item else { break };
            let words = paragraph.words();
            if words.trim().is_empty() {
                continue;
            }
            let is_centred = paragraph.shape.align == Some(super::styles::Align::Centre);
            if !heading::names_part(paragraph, &words) || (taken > 0 && !is_centred) {
                break;
            }
            if !runs.is_empty() {
                runs.push(Run::new(" ", RunStyle::Plain));
            }
            runs.extend(self.runs(paragraph));
            taken = at + 1;
        }
        (taken, runs)
    }

    fn heading(
        &mut self,
        paragraph: &Paragraph,
        number: Option<&str>,
        (rank, level, is_styled): (u8, u8, bool),
        rest: Option<usize>,
        name: Vec<Run>,
    ) {
        self.lists.clear();
        self.typed.clear();
        let mut runs = self.runs(paragraph);
        let text = rest.map(|rest| split(&mut runs, rest));
        let mut runs = plain(trimmed(runs));
        if let Some(number) = number {
            runs.insert(0, Run::new(format!("{number} "), RunStyle::Plain));
        }
        if !name.is_empty() {
            let is_ended = words_of(&runs).ends_with(['.', ':', '-']);
            runs.push(Run::new(if is_ended { " " } else { ". " }, RunStyle::Plain));
            runs.extend(plain(trimmed(name)));
        }
        let runs = merged(runs);
        let words = words_of(&runs);
        let mark = opening(&words).map(|it| (it.mark, it.rest.is_empty()));
        let level = match mark {
            Some((Mark::Part(Part::Annex, None), true)) => self.outline.enter_annexes(),
            Some((Mark::Part(Part::Annex, _), _)) => self.outline.enter(rank, level, is_styled, true),
            _ => self.outline.enter(rank, level, is_styled, false),
        };
        self.add(BlockKind::Heading { level, runs }, paragraph.number);
        if let Some(text) = text {
            self.add(BlockKind::Paragraph { runs: trimmed(text) }, paragraph.number);
        }
    }

    fn text(&mut self, paragraph: &Paragraph, number: Option<Number>, words: &str) {
        let runs = trimmed(self.runs(paragraph));
        if let Some(number) = number {
            while self.lists.last().is_some_and(|level| *level > number.level) {
                self.lists.pop();
            }
            if self.lists.last() != Some(&number.level) {
                self.lists.push(number.level);
            }
            let depth = u8::try_from(self.lists.len() - 1).unwrap_or(u8::MAX);
            self.typed.clear();
            return self.add(BlockKind::ListItem { depth, marker: number.text, runs }, paragraph.number);
        }
        self.lists.clear();
        if let Some((sign, marker, length)) = typed_marker(words.trim()) {
            while self.typed.last().is_some_and(|last| *last > sign) {
                self.typed.pop();
            }
            if self.typed.last() != Some(&sign) {
                self.typed.push(sign);
            }
            let depth = u8::try_from(self.typed.len() - 1).unwrap_or(u8::MAX);
            let mut runs = runs;
            let runs = trimmed(split(&mut runs, length));
            return self.add(BlockKind::ListItem { depth, marker, runs }, paragraph.number);
        }
        self.typed.clear();
        self.add(BlockKind::Paragraph { runs }, paragraph.number);
    }

    fn table(&mut self, table: &Table) {
        self.lists.clear();
        self.typed.clear();
        let row = table.rows.iter().flatten().flat_map(|cell| &cell.paragraphs).map(|it| it.number).next().unwrap_or(1);
        let mut rows: Vec<Vec<Vec<Run>>> = table.rows.iter().map(|row| self.row(row)).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns > TABLE_COLUMNS_MAX {
            let message = format!("bảng có hơn {TABLE_COLUMNS_MAX} cột; hãy chia thành nhiều bảng");
            return self.report.fault(self.file, row, "", message);
        }
        for row in &mut rows {
            row.resize_with(columns, Vec::new);
        }
        if let Some(head) = rows.first_mut()
            && head.iter().flatten().all(|run| matches!(run.style, RunStyle::Bold | RunStyle::BoldItalic))
        {
            head.iter_mut().for_each(|cell| *cell = plain(std::mem::take(cell)));
        }
        self.add(BlockKind::Table { rows }, row);
    }

    fn row(&mut self, cells: &[Cell]) -> Vec<Vec<Run>> {
        let mut row = Vec::new();
        for cell in cells {
            let mut runs: Vec<Run> = Vec::new();
            for paragraph in cell.paragraphs.iter().filter(|_| !cell.is_covered) {
                let mut of_paragraph = self.runs(paragraph);
                if let Some(number) = self.number(paragraph) {
                    of_paragraph.insert(0, Run::new(format!("{} ", number.text), RunStyle::Plain));
                }
                let of_paragraph = trimmed(of_paragraph);
                if !runs.is_empty() && !of_paragraph.is_empty() {
                    runs.push(Run::new("\n", RunStyle::Plain));
                }
                runs.extend(of_paragraph);
            }
            row.push(merged(runs));
            row.resize_with(row.len() + cell.span.saturating_sub(1), Vec::new);
        }
        row
    }

    /// The words of a paragraph in their styles. What they refer to is kept for behind the block.
    fn runs(&mut self, paragraph: &Paragraph) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for piece in &paragraph.pieces {
            let text = piece.text.replace('\t', " ");
            let style = match (piece.look.is_bold(), piece.look.is_italic()) {
                (false, false) => RunStyle::Plain,
                (true, false) => RunStyle::Bold,
                (false, true) => RunStyle::Italic,
                (true, true) => RunStyle::BoldItalic,
            };
            let mut run =
                Run { underlined: piece.look.is_underlined() && !text.trim().is_empty(), ..Run::new(text, style) };
            match &piece.reference {
                Some(Reference::Footnote(id)) => run.note = self.refer(self.notes.foot.get(id)),
                Some(Reference::Endnote(id)) => run.note = self.refer(self.notes.end.get(id)),
                Some(Reference::Picture(relation, described)) => self.show(relation, described),
                None => {}
            }
            runs.push(run);
        }
        merged(runs)
    }

    /// The marker of a note, whose words are kept.
    fn refer(&mut self, note: Option<&Vec<Paragraph>>) -> String {
        let Some(paragraphs) = note else { return String::new() };
        self.footnotes += 1;
        let marker = format!("[{}]", self.footnotes);
        let mut runs: Vec<Run> = Vec::new();
        for paragraph in paragraphs {
            let mut of_paragraph = Vec::new();
            // A note refers to no other note.
            for piece in &paragraph.pieces {
                let style = if piece.look.is_italic() { RunStyle::Italic } else { RunStyle::Plain };
                of_paragraph.push(Run::new(piece.text.replace('\t', " "), style));
            }
            let of_paragraph = trimmed(of_paragraph);
            if !runs.is_empty() && !of_paragraph.is_empty() {
                runs.push(Run::new("\n", RunStyle::Plain));
            }
            runs.extend(of_paragraph);
        }
        self.behind.push((marker.clone(), merged(runs)));
        marker
    }

    fn show(&mut self, relation: &str, described: &str) {
        if let Some(file) = self.pictures.show(relation) {
            self.shown_pictures += 1;
            let described = described.split_whitespace().collect::<Vec<_>>().join(" ");
            let number = self.shown_pictures;
            let words =
                if described.is_empty() { format!("Ảnh {number}") } else { format!("Ảnh {number}: {described}") };
            self.behind_pictures.push((file, words));
        }
    }

    fn add(&mut self, kind: BlockKind, row: u32) {
        self.body.add(kind, row, self.report);
        for (file, words) in std::mem::take(&mut self.behind_pictures) {
            let runs = vec![Run::new(words, RunStyle::Plain)];
            self.body.add_as(BlockKind::Paragraph { runs }, BlockRole::Picture, &file, row, self.report);
        }
        for (marker, runs) in std::mem::take(&mut self.behind) {
            let kind = BlockKind::ListItem { depth: 0, marker, runs };
            self.body.add_as(kind, BlockRole::Footnote, "", row, self.report);
        }
    }

    fn note(&mut self, kind: NoteKind, paragraph: &Paragraph, message: &str) {
        self.found.push(Note::new(kind, paragraph.number, message));
    }
}

/// The marker that was typed before an item, as it is shown, and its bytes.
fn typed_marker(words: &str) -> Option<(Sign, String, usize)> {
    if let Some(opening) = opening(words) {
        let sign = match opening.mark {
            Mark::Decimal(_) => Sign::Number,
            Mark::Letter(_) => Sign::Letter,
            _ => return None,
        };
        let is_item = opening.printed.ends_with(['.', ')']) && !opening.rest.is_empty();
        return is_item.then(|| (sign, opening.printed.to_owned(), opening.printed.len()));
    }
    let typed = words.chars().next()?;
    let (_, sign, marker) = TYPED_SIGNS.iter().find(|(known, ..)| *known == typed)?;
    let rest = &words[typed.len_utf8()..];
    // -5 % is a figure.
    let is_item = rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
    is_item.then(|| (*sign, (*marker).to_owned(), typed.len_utf8()))
}
