//! The text of a Word file as Word keeps it: paragraphs and tables with the look of their words. Tracked changes are
//! taken as accepted, comments are left out; what was left out is counted. What a paragraph means is decided elsewhere.

mod graphics;
mod runs;

use std::io::BufRead;
use std::rc::Rc;

use super::legacy;
use super::styles::{Look, Page, Shape, Style, Styles, read_page, read_shape};
use super::xml::{Broken, Element, Vocabulary, Xml};
use crate::limits::{DOCX_PARAGRAPHS_MAX, TABLE_COLUMNS_MAX};

#[derive(Debug)]
pub(super) enum Item {
    Paragraph(Paragraph),
    Table(Table),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    /// Place among all paragraphs of the text, from 1.
    pub(super) number: u32,
    pub(super) style_id: Option<String>,
    pub(super) style: Rc<Style>,
    /// With what the style says.
    pub(super) shape: Shape,
    pub(super) pieces: Vec<Piece>,
    /// It stands in a frame of its own beside the text.
    pub(super) is_boxed: bool,
    /// Its end was deleted: the next one goes on with it.
    is_joined: bool,
}

impl Paragraph {
    pub(super) fn words(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// Words in one look, and what stands behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub(super) text: String,
    /// With what the styles say.
    pub(super) look: Look,
    pub(super) reference: Option<Reference>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reference {
    Footnote(String),
    Endnote(String),
    /// A picture by its relation, and how it is described.
    Picture(String, String),
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) paragraphs: Vec<Paragraph>,
    /// Columns it covers.
    pub(super) span: usize,
    /// It belongs to the cell above it.
    pub(super) is_covered: bool,
}

/// What was met on the way and is not in the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    pub(super) insertions: u32,
    pub(super) deletions: u32,
    pub(super) comments: u32,
    pub(super) hidden: u32,
    pub(super) boxes: u32,
    pub(super) objects: u32,
    pub(super) formulas: u32,
    pub(super) contents: u32,
    pub(super) nested_tables: u32,
    pub(super) merged_tables: u32,
    pub(super) symbols: u32,
    /// Paragraphs with words in a legacy font, and one such font.
    pub(super) converted: u32,
    pub(super) legacy_font: String,
    /// Runs that cannot be read: paragraph, words, font.
    pub(super) unreadable: Vec<(u32, String, String)>,
    /// Lines that are drawn and not typed, as a watermark is.
    pub(super) drawn: Vec<String>,
    pub(super) page: Option<Page>,
}

pub(super) struct Story<'s> {
    pub(super) styles: &'s Styles,
    pub(super) met: Met,
    paragraphs: usize,
    words_bytes: usize,
}

impl<'s> Story<'s> {
    pub(super) fn new(styles: &'s Styles) -> Self {
        Self { styles, met: Met::default(), paragraphs: 0, words_bytes: 0 }
    }

    /// The text inside the first element of these names, the root among them.
    pub(super) fn read<R: BufRead>(&mut self, xml: &mut Xml<R>, names: &[&str]) -> Result<Vec<Item>, Broken> {
        let mut items = Vec::new();
        while let Some(element) = xml.child()? {
            if element.name == names[names.len() - 1] {
                self.blocks(xml, &mut items)?;
            } else if !names.contains(&element.name.as_str()) {
                xml.skip()?;
            }
        }
        Ok(items)
    }

    /// The paragraphs and tables of the element that is open.
    pub(super) fn blocks<R: BufRead>(&mut self, xml: &mut Xml<R>, items: &mut Vec<Item>) -> Result<(), Broken> {
        while let Some(element) = xml.child()? {
            self.block(xml, &element, items)?;
        }
        Ok(())
    }

    fn block<R: BufRead>(&mut self, xml: &mut Xml<R>, element: &Element, items: &mut Vec<Item>) -> Result<(), Broken> {
        match (element.vocabulary, element.name.as_str()) {
            (Vocabulary::Word, "p") => self.paragraph(xml, items),
            (Vocabulary::Word, "tbl") => {
                let table = self.table(xml)?;
                items.push(Item::Table(table));
                Ok(())
            }
            (Vocabulary::Word, "sdt") => self.control(xml, items),
            (Vocabulary::Word, "ins" | "moveTo" | "customXml" | "smartTag" | "sdtContent") => self.blocks(xml, items),
            (Vocabulary::Word, "sectPr") => {
                self.met.page = read_page(xml)?.or(self.met.page);
                Ok(())
            }
            (Vocabulary::Word, "altChunk") => {
                self.met.objects += 1;
                xml.skip()
            }
            (Vocabulary::Math, _) => {
                self.met.formulas += 1;
                xml.skip()
            }
            (Vocabulary::Alternatives, "AlternateContent" | "Choice") => self.blocks(xml, items),
            _ => xml.skip(),
        }
    }

    /// A content control: a frame around text, or a table of contents, which the reader of a phone has by itself.
    fn control<R: BufRead>(&mut self, xml: &mut Xml<R>, items: &mut Vec<Item>) -> Result<(), Broken> {
        let mut is_contents = false;
        while let Some(element) = xml.child()? {
            if element.is("sdtPr") {
                is_contents = is_table_of_contents(xml)?;
            } else if element.is("sdtContent") && !is_contents {
                self.blocks(xml, items)?;
            } else {
                self.met.contents += u32::from(element.is("sdtContent"));
                xml.skip()?;
            }
        }
        Ok(())
    }

    fn paragraph<R: BufRead>(&mut self, xml: &mut Xml<R>, items: &mut Vec<Item>) -> Result<(), Broken> {
        self.paragraphs += 1;
        if self.paragraphs > DOCX_PARAGRAPHS_MAX {
            return Err(Broken::Paragraphs);
        }
        let number = u32::try_from(self.paragraphs).unwrap_or(u32::MAX);
        let mut paragraph = Paragraph { number, style: self.styles.get(None), ..Paragraph::default() };
        paragraph.shape = paragraph.style.shape.clone();
        let mut boxes = Vec::new();
        while let Some(element) = xml.child()? {
            if element.is("pPr") {
                let found = read_shape(xml)?;
                paragraph.style = self.styles.get(found.style.as_deref());
                paragraph.shape = found.shape.over(&paragraph.style.shape);
                paragraph.style_id = found.style;
                self.met.page = found.page.or(self.met.page);
                self.met.deletions += u32::from(found.is_joined);
                paragraph.is_joined = found.is_joined;
            } else {
                self.inline(xml, &element, &mut paragraph, &mut boxes)?;
            }
        }
        if paragraph.style.is_contents {
            self.met.contents += 1;
            return Ok(());
        }
        self.make_readable(&mut paragraph);
        for item in &mut boxes {
            if let Item::Paragraph(boxed) = item {
                boxed.is_boxed = true;
            }
        }
        items.append(&mut boxes);
        match items.last_mut() {
            Some(Item::Paragraph(before)) if before.is_joined => {
                before.pieces.append(&mut paragraph.pieces);
                *before = Paragraph { pieces: std::mem::take(&mut before.pieces), number: before.number, ..paragraph };
            }
            _ => items.push(Item::Paragraph(paragraph)),
        }
        Ok(())
    }

    fn make_readable(&mut self, paragraph: &mut Paragraph) {
        match legacy::convert(&mut paragraph.pieces) {
            Ok(Some(font)) => {
                self.met.converted += 1;
                self.met.legacy_font = font;
            }
            Ok(None) => {}
            Err((words, font)) => self.met.unreadable.push((paragraph.number, words, font)),
        }
        runs::settle(&mut paragraph.pieces);
    }

    fn table<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<Table, Broken> {
        let mut table = Table::default();
        self.rows(xml, &mut table)?;
        let is_merged = table.rows.iter().flatten().any(|cell| cell.span > 1 || cell.is_covered);
        self.met.merged_tables += u32::from(is_merged);
        Ok(table)
    }

    fn rows<R: BufRead>(&mut self, xml: &mut Xml<R>, table: &mut Table) -> Result<(), Broken> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name.as_str()) {
                (Vocabulary::Word, "tr") => {
                    let (mut row, mut is_deleted) = (Vec::new(), false);
                    self.cells(xml, &mut row, &mut is_deleted)?;
                    self.met.deletions += u32::from(is_deleted);
                    if !is_deleted && !row.is_empty() {
                        table.rows.push(row);
                    }
                }
                (Vocabulary::Word, "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo")
                | (Vocabulary::Alternatives, "AlternateContent" | "Choice") => self.rows(xml, table)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn cells<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        row: &mut Vec<Cell>,
        is_deleted: &mut bool,
    ) -> Result<(), Broken> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name.as_str()) {
                (Vocabulary::Word, "tc") => row.push(self.cell(xml)?),
                (Vocabulary::Word, "trPr") => {
                    while let Some(element) = xml.child()? {
                        *is_deleted |= element.is("del");
                        xml.skip()?;
                    }
                }
                (Vocabulary::Word, "sdt" | "sdtContent" | "customXml") => self.cells(xml, row, is_deleted)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn cell<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<Cell, Broken> {
        let mut cell = Cell { span: 1, ..Cell::default() };
        let mut items = Vec::new();
        while let Some(element) = xml.child()? {
            if !element.is("tcPr") {
                self.block(xml, &element, &mut items)?;
                continue;
            }
            while let Some(element) = xml.child()? {
                if element.is("gridSpan") {
                    let span = element.number("val").and_then(|span| usize::try_from(span).ok()).unwrap_or(1);
                    cell.span = span.clamp(1, TABLE_COLUMNS_MAX + 1);
                }
                cell.is_covered |= element.is("vMerge") && element.value() != Some("restart");
                xml.skip()?;
            }
        }
        for item in items {
            match item {
                Item::Paragraph(paragraph) => cell.paragraphs.push(paragraph),
                Item::Table(table) => {
                    self.met.nested_tables += 1;
                    cell.paragraphs.extend(table.rows.into_iter().flatten().flat_map(|cell| cell.paragraphs));
                }
            }
        }
        Ok(cell)
    }
}

fn is_table_of_contents<R: BufRead>(xml: &mut Xml<R>) -> Result<bool, Broken> {
    let mut is_contents = false;
    while let Some(element) = xml.child()? {
        if element.is("docPartObj") {
            while let Some(element) = xml.child()? {
                is_contents |= element.is("docPartGallery") && element.value() == Some("Table of Contents");
                xml.skip()?;
            }
        } else {
            xml.skip()?;
        }
    }
    Ok(is_contents)
}
