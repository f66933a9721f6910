//! `word/numbering.xml`: the numbers that Word counts by itself, as the text that a reader sees on paper.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::xml::{Broken, Xml};
use crate::limits::DOCX_STYLES_MAX;

const LEVELS: usize = 9;
/// What stands before an item of a list without numbers.
pub(super) const DASH: &str = "–";

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Format {
    #[default]
    Decimal,
    PaddedDecimal,
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    Bullet,
    None,
}

#[derive(Clone, Debug, Default)]
struct Level {
    format: Format,
    /// `%1.%2.` stands for the numbers of the levels.
    text: String,
    start: u32,
    /// All numbers in it are shown as digits.
    is_legal: bool,
    style: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct List {
    pattern: u32,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
}

/// The lists of a file, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    patterns: BTreeMap<u32, BTreeMap<usize, Level>>,
    lists: BTreeMap<u32, List>,
    counts: BTreeMap<u32, [Option<u32>; LEVELS]>,
    /// Starts of lists that were used: each counts once.
    started: BTreeSet<(u32, usize)>,
}

/// The number of a paragraph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Number {
    /// As printed; a dash for bullets.
    pub(super) text: String,
    pub(super) level: u8,
    pub(super) is_bullet: bool,
}

impl Numbering {
    /// Counts on, and gives the number of the next paragraph of a list.
    pub(super) fn next(&mut self, list_id: u32, level: Option<u8>, style: Option<&str>) -> Option<Number> {
        let list = self.lists.get(&list_id)?;
        let pattern = self.patterns.get(&list.pattern);
        let of_style = || {
            let levels = pattern?.iter();
            levels
                .filter(|(_, level)| level.style.is_some() && level.style.as_deref() == style)
                .map(|(at, _)| *at)
                .next()
        };
        let at = level.map(usize::from).or_else(of_style).unwrap_or(0).min(LEVELS - 1);
        let shape = |at: usize| list.levels.get(&at).or_else(|| pattern?.get(&at));
        let level = shape(at)?;
        let counts = self.counts.entry(list.pattern).or_default();
        let start = list.starts.get(&at).copied().filter(|_| self.started.insert((list_id, at)));
        let now = match (start, counts[at]) {
            (Some(start), _) => start,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => level.start,
        };
        counts[at] = Some(now);
        counts[at + 1..].fill(None);
        let shown = u8::try_from(at).unwrap_or(0);
        if level.format == Format::Bullet {
            return Some(Number { text: DASH.to_owned(), level: shown, is_bullet: true });
        }
        let mut text = level.text.clone();
        for (other, count) in counts.iter().enumerate().take(at + 1) {
            let sign = format!("%{}", other + 1);
            if text.contains(&sign) {
                let start = shape(other).map_or(1, |level| level.start);
                let format = shape(other).map_or(Format::Decimal, |level| level.format);
                let format = if level.is_legal { Format::Decimal } else { format };
                text = text.replace(&sign, &format_number(count.unwrap_or(start), format));
            }
        }
        (!text.trim().is_empty()).then(|| Number { text: text.trim().to_owned(), level: shown, is_bullet: false })
    }
}

fn format_number(number: u32, format: Format) -> String {
    match format {
        Format::Decimal => number.to_string(),
        Format::PaddedDecimal => format!("{number:02}"),
        Format::UpperRoman => roman(number),
        Format::LowerRoman => roman(number).to_lowercase(),
        Format::UpperLetter => letter(number).to_uppercase(),
        Format::LowerLetter => letter(number),
        Format::Bullet | Format::None => String::new(),
    }
}

fn roman(mut number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number > 3_999 {
        return number.to_string();
    }
    let mut text = String::new();
    for (worth, digit) in DIGITS {
        while number >= worth {
            text.push_str(digit);
            number -= worth;
        }
    }
    text
}

/// `a` to `z`, then `aa`, as Word counts.
fn letter(number: u32) -> String {
    let at = number.saturating_sub(1);
    let letter = char::from(b'a' + u8::try_from(at % 26).unwrap_or(0));
    let times = usize::try_from(at / 26 + 1).unwrap_or(1).min(9);
    std::iter::repeat_n(letter, times).collect()
}

pub(super) fn read<R: BufRead>(xml: &mut Xml<R>) -> Result<Numbering, Broken> {
    let mut numbering = Numbering::default();
    xml.child()?;
    while let Some(element) = xml.child()? {
        let id = |name: &str| element.number(name).and_then(|id| u32::try_from(id).ok());
        let is_full = numbering.patterns.len() + numbering.lists.len() >= DOCX_STYLES_MAX;
        if let (true, false, Some(id)) = (element.is("abstractNum"), is_full, id("abstractNumId")) {
            numbering.patterns.insert(id, read_levels(xml)?.levels);
        } else if let (true, false, Some(id)) = (element.is("num"), is_full, id("numId")) {
            numbering.lists.insert(id, read_levels(xml)?);
        } else {
            xml.skip()?;
        }
    }
    Ok(numbering)
}

/// What stands in a pattern or in a list: levels, and the starts that differ from the pattern's.
fn read_levels<R: BufRead>(xml: &mut Xml<R>) -> Result<List, Broken> {
    let mut list = List::default();
    while let Some(element) = xml.child()? {
        let at = element.number("ilvl").and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(LEVELS - 1);
        if element.is("lvl") {
            list.levels.insert(at, read_level(xml)?);
        } else if element.is("lvlOverride") {
            while let Some(element) = xml.child()? {
                if element.is("lvl") {
                    list.levels.insert(at, read_level(xml)?);
                    continue;
                }
                if element.is("startOverride") {
                    list.starts.insert(at, start(element.number("val")));
                }
                xml.skip()?;
            }
        } else {
            if element.is("abstractNumId") {
                list.pattern = element.number("val").and_then(|id| u32::try_from(id).ok()).unwrap_or(0);
            }
            xml.skip()?;
        }
    }
    Ok(list)
}

fn start(value: Option<i64>) -> u32 {
    value.and_then(|start| u32::try_from(start).ok()).unwrap_or(1)
}

fn read_level<R: BufRead>(xml: &mut Xml<R>) -> Result<Level, Broken> {
    let mut level = Level { start: 1, ..Level::default() };
    while let Some(element) = xml.child()? {
        match element.name.as_str() {
            "start" => level.start = start(element.number("val")),
            "numFmt" => {
                level.format = match element.value() {
                    Some("decimalZero") => Format::PaddedDecimal,
                    Some("upperRoman") => Format::UpperRoman,
                    Some("lowerRoman") => Format::LowerRoman,
                    Some("upperLetter") => Format::UpperLetter,
                    Some("lowerLetter") => Format::LowerLetter,
                    Some("bullet") => Format::Bullet,
                    Some("none") => Format::None,
                    _ => Format::Decimal,
                };
            }
            "lvlText" => level.text = element.value().unwrap_or("").to_owned(),
            "isLgl" => level.is_legal = element.is_on(),
            "pStyle" => level.style = element.value().map(str::to_owned),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_as_word_counts() {
        let xml = "<w:numbering xmlns:w='x/wordprocessingml/2006/main'>\
            <w:abstractNum w:abstractNumId='0'>\
              <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.'/></w:lvl>\
              <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%2.'/></w:lvl>\
              <w:lvl w:ilvl='2'><w:numFmt w:val='decimal'/><w:isLgl/><w:lvlText w:val='%1.%2.%3.'/></w:lvl>\
              <w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='·'/></w:lvl>\
            </w:abstractNum>\
            <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>\
            <w:num w:numId='2'><w:abstractNumId w:val='0'/>\
              <w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride></w:num>\
            </w:numbering>";
        let mut numbering = read(&mut Xml::new(xml.as_bytes(), std::rc::Rc::default())).unwrap();
        let mut next = |list, level| numbering.next(list, Some(level), None).map(|number| number.text);
        let walk =
            [(1, 0, "I."), (1, 1, "1."), (1, 1, "2."), (1, 2, "1.2.1."), (1, 3, "–"), (1, 0, "II."), (1, 1, "1.")];
        for (list, level, expected) in walk {
            assert_eq!(next(list, level).as_deref(), Some(expected));
        }
        assert_eq!(
            (next(2, 0), next(2, 0), next(1, 0)),
            (Some("VII.".into()), Some("VIII.".into()), Some("IX.".into()))
        );
        assert_eq!(next(3, 0), None, "a list that is not there");
        assert_eq!(["a", "z", "aa", "bb"], [letter(1), letter(26), letter(27), letter(28)][..]);
    }
}
