//! The words inside a paragraph: runs, changes, links, references to notes.

use std::io::BufRead;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Item, Paragraph, Piece, Reference, Story};
use crate::docx::styles::{Look, read_look};
use crate::docx::xml::{Broken, Element, Token, Vocabulary, Xml};
use crate::limits::DOCX_WORDS_BYTES_MAX;

const SOFT_HYPHEN: char = '\u{ad}';
/// Letters without width, which editors leave behind.
const INVISIBLE: [char; 6] = [SOFT_HYPHEN, '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
const RAISED_DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

impl Story<'_> {
    /// What stands in a paragraph, or in something that surrounds a part of it. Boxes go beside the paragraph.
    pub(super) fn inline<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        element: &Element,
        paragraph: &mut Paragraph,
        boxes: &mut Vec<Item>,
    ) -> Result<(), Broken> {
        match (element.vocabulary, element.name.as_str()) {
            (Vocabulary::Word, "r") => self.run(xml, paragraph, boxes),
            (Vocabulary::Word, "ins" | "moveTo") => {
                self.met.insertions += 1;
                self.inlines(xml, paragraph, boxes)
            }
            (Vocabulary::Word, "del" | "moveFrom") => {
                self.met.deletions += 1;
                xml.skip()
            }
            (
                Vocabulary::Word,
                "hyperlink" | "smartTag" | "fldSimple" | "customXml" | "sdt" | "sdtContent" | "dir" | "bdo",
            )
            | (Vocabulary::Alternatives, "AlternateContent" | "Choice") => self.inlines(xml, paragraph, boxes),
            (Vocabulary::Math, _) => {
                self.met.formulas += 1;
                let text = xml.words()?;
                self.push(paragraph, Piece { text, look: paragraph.style.look.clone(), reference: None })
            }
            _ => xml.skip(),
        }
    }

    fn inlines<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        paragraph: &mut Paragraph,
        boxes: &mut Vec<Item>,
    ) -> Result<(), Broken> {
        while let Some(element) = xml.child()? {
            self.inline(xml, &element, paragraph, boxes)?;
        }
        Ok(())
    }

    fn run<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        paragraph: &mut Paragraph,
        boxes: &mut Vec<Item>,
    ) -> Result<(), Broken> {
        let mut piece = Piece { look: paragraph.style.look.clone(), ..Piece::default() };
        while let Some(element) = xml.child()? {
            self.run_part(xml, &element, &mut piece, paragraph, boxes)?;
        }
        self.push(paragraph, piece)
    }

    fn run_part<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        element: &Element,
        piece: &mut Piece,
        paragraph: &mut Paragraph,
        boxes: &mut Vec<Item>,
    ) -> Result<(), Broken> {
        if element.vocabulary == Vocabulary::Alternatives && element.name != "Fallback" {
            while let Some(element) = xml.child()? {
                self.run_part(xml, &element, piece, paragraph, boxes)?;
            }
            return Ok(());
        }
        if element.vocabulary != Vocabulary::Word {
            return xml.skip();
        }
        let text = &mut piece.text;
        match element.name.as_str() {
            "rPr" => {
                let found = read_look(xml)?;
                let named = found.style.as_deref().map(|style| self.styles.look(style)).unwrap_or_default();
                piece.look = found.look.over(&named).over(&paragraph.style.look);
                return Ok(());
            }
            "t" => return words(xml, text),
            "tab" | "ptab" => text.push('\t'),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            // In a legacy font this is a letter.
            "softHyphen" => text.push(SOFT_HYPHEN),
            "sym" => self.met.symbols += 1,
            "footnoteReference" | "endnoteReference" => {
                let id = element.get("id").unwrap_or("").to_owned();
                let is_footnote = element.name == "footnoteReference";
                piece.reference = Some(if is_footnote { Reference::Footnote(id) } else { Reference::Endnote(id) });
            }
            "commentReference" => self.met.comments += 1,
            "drawing" | "pict" | "object" => {
                let found = self.graphics(xml, boxes)?;
                self.met.objects += u32::from(found.is_object || element.name == "object");
                for (relation, described) in found.pictures {
                    let done = std::mem::replace(piece, Piece { look: piece.look.clone(), ..Piece::default() });
                    self.push(paragraph, done)?;
                    let reference = Some(Reference::Picture(relation, described));
                    self.push(paragraph, Piece { reference, ..Piece::default() })?;
                }
                return Ok(());
            }
            _ => {}
        }
        xml.skip()
    }

    fn push(&mut self, paragraph: &mut Paragraph, piece: Piece) -> Result<(), Broken> {
        if piece.text.is_empty() && piece.reference.is_none() {
            return Ok(());
        }
        self.words_bytes += piece.text.len();
        if self.words_bytes > DOCX_WORDS_BYTES_MAX {
            return Err(Broken::Words);
        }
        if is_on(piece.look.hidden) && piece.reference.is_none() {
            self.met.hidden += 1;
            self.met.drawn.push(piece.text);
            return Ok(());
        }
        match paragraph.pieces.last_mut() {
            Some(last) if last.look == piece.look && last.reference.is_none() => {
                last.text.push_str(&piece.text);
                last.reference = piece.reference;
            }
            _ => paragraph.pieces.push(piece),
        }
        Ok(())
    }
}

/// The words of `w:t`, which is open.
fn words<R: BufRead>(xml: &mut Xml<R>, into: &mut String) -> Result<(), Broken> {
    let mut open = 1_usize;
    while open > 0 {
        match xml.next()? {
            Token::Start(_) => open += 1,
            Token::End => open -= 1,
            Token::Text(text) => into.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c })),
            Token::Done => break,
        }
    }
    Ok(())
}

/// Words as they are shown: capitals where the look says so, raised figures as such, in NFC, without what has no width.
pub(super) fn settle(pieces: &mut [Piece]) {
    for Piece { text, look, .. } in pieces {
        text.retain(|letter| !INVISIBLE.contains(&letter));
        if !is_nfc(text) {
            *text = text.nfc().collect();
        }
        if is_on(look.capitals) {
            *text = text.to_uppercase();
        }
        if is_on(look.raised) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let raised = |digit: char| RAISED_DIGITS.get(digit.to_digit(10)? as usize).copied();
            *text = text.chars().filter_map(raised).collect();
        }
    }
}

fn is_on(property: Option<bool>) -> bool {
    property == Some(true)
}

impl Look {
    pub(in crate::docx) fn is_bold(&self) -> bool {
        is_on(self.bold)
    }

    pub(in crate::docx) fn is_italic(&self) -> bool {
        is_on(self.italic)
    }

    pub(in crate::docx) fn is_underlined(&self) -> bool {
        is_on(self.underlined)
    }
}
