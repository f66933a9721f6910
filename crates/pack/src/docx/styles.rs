//! `word/styles.xml`: how words and paragraphs look that say nothing themselves, and which styles are headings.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::rc::Rc;

use super::xml::{Broken, Element, Xml};
use crate::limits::DOCX_STYLES_MAX;

/// Styles above one another: Word allows eleven.
const CHAIN_MAX: usize = 12;

/// How words look. What is `None` is as the style says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Look {
    pub(super) bold: Option<bool>,
    pub(super) italic: Option<bool>,
    pub(super) underlined: Option<bool>,
    /// Shown in capitals, whatever was typed.
    pub(super) capitals: Option<bool>,
    pub(super) hidden: Option<bool>,
    /// Above the line.
    pub(super) raised: Option<bool>,
    /// Empty for a font of the theme, which is a modern one.
    pub(super) font: Option<Rc<str>>,
    pub(super) half_points: Option<u32>,
}

impl Look {
    /// This look, and where it says nothing, the other.
    pub(super) fn over(&self, base: &Look) -> Look {
        Look {
            bold: self.bold.or(base.bold),
            italic: self.italic.or(base.italic),
            underlined: self.underlined.or(base.underlined),
            capitals: self.capitals.or(base.capitals),
            hidden: self.hidden.or(base.hidden),
            raised: self.raised.or(base.raised),
            font: self.font.clone().or_else(|| base.font.clone()),
            half_points: self.half_points.or(base.half_points),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Align {
    #[default]
    Start,
    Centre,
    End,
}

/// How a paragraph stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Shape {
    pub(super) align: Option<Align>,
    /// List and level in it. A level without a list is one of the style's list.
    pub(super) list: (Option<u32>, Option<u8>),
    /// Level of a heading, from 1; 0 says that it is none.
    pub(super) heading: Option<u8>,
}

impl Shape {
    pub(super) fn over(&self, base: &Shape) -> Shape {
        Shape {
            align: self.align.or(base.align),
            list: (self.list.0.or(base.list.0), self.list.1.or(base.list.1)),
            heading: self.heading.or(base.heading),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Style {
    pub(super) look: Look,
    pub(super) shape: Shape,
    /// A line of a table of contents.
    pub(super) is_contents: bool,
    /// The title of the paper.
    pub(super) is_title: bool,
    based_on: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Rc<Style>>,
    /// Of paragraphs that name none.
    default: Rc<Style>,
}

impl Styles {
    pub(super) fn get(&self, id: Option<&str>) -> Rc<Style> {
        Rc::clone(id.and_then(|id| self.by_id.get(id)).unwrap_or(&self.default))
    }

    /// Only what a style for words says by itself.
    pub(super) fn look(&self, id: &str) -> Look {
        self.by_id.get(id).map(|style| style.look.clone()).unwrap_or_default()
    }
}

pub(super) fn read<R: BufRead>(xml: &mut Xml<R>) -> Result<Styles, Broken> {
    let mut found: BTreeMap<String, Style> = BTreeMap::new();
    let mut paragraphs: Vec<String> = Vec::new();
    let (mut base, mut default) = (Style::default(), None);
    xml.child()?;
    while let Some(element) = xml.child()? {
        if element.is("docDefaults") {
            read_defaults(xml, &mut base)?;
        } else if element.is("style") && found.len() < DOCX_STYLES_MAX {
            let id = element.get("styleId").unwrap_or("").to_owned();
            if element.get("type") != Some("character") {
                paragraphs.push(id.clone());
            }
            if element.get("type") == Some("paragraph") && element.get("default").is_some_and(|on| on != "0") {
                default = Some(id.clone());
            }
            found.insert(id, read_style(xml)?);
        } else {
            xml.skip()?;
        }
    }
    let whole = |id: &str| -> Style {
        let mut style = found.get(id).cloned().unwrap_or_default();
        let mut above = style.based_on.clone();
        for _ in 0..CHAIN_MAX {
            let Some(next) = above.as_ref().and_then(|above| found.get(above)) else { break };
            style.look = style.look.over(&next.look);
            style.shape = style.shape.over(&next.shape);
            style.is_contents |= next.is_contents;
            above.clone_from(&next.based_on);
        }
        if paragraphs.iter().any(|paragraph| paragraph == id) {
            style.look = style.look.over(&base.look);
            style.shape = style.shape.over(&base.shape);
        }
        style
    };
    let default = default.map_or_else(|| base.clone(), |id| whole(&id));
    let by_id = found.keys().map(|id| (id.clone(), Rc::new(whole(id)))).collect();
    Ok(Styles { by_id, default: Rc::new(default) })
}

fn read_defaults<R: BufRead>(xml: &mut Xml<R>, base: &mut Style) -> Result<(), Broken> {
    while let Some(element) = xml.child()? {
        if element.is("rPrDefault") || element.is("pPrDefault") {
            read_properties(xml, base)?;
        } else {
            xml.skip()?;
        }
    }
    Ok(())
}

fn read_properties<R: BufRead>(xml: &mut Xml<R>, style: &mut Style) -> Result<(), Broken> {
    while let Some(element) = xml.child()? {
        read_property(xml, &element, style)?;
    }
    Ok(())
}

fn read_property<R: BufRead>(xml: &mut Xml<R>, element: &Element, style: &mut Style) -> Result<(), Broken> {
    if element.is("rPr") {
        style.look = read_look(xml)?.look;
    } else if element.is("pPr") {
        style.shape = read_shape(xml)?.shape;
    } else {
        xml.skip()?;
    }
    Ok(())
}

fn read_style<R: BufRead>(xml: &mut Xml<R>) -> Result<Style, Broken> {
    let mut style = Style::default();
    let mut named = None;
    while let Some(element) = xml.child()? {
        let value = element.value().unwrap_or("");
        if element.is("name") {
            let name = value.to_lowercase();
            named = ["heading ", "tiêu đề "].iter().find_map(|prefix| name.strip_prefix(prefix)?.parse::<u8>().ok());
            style.is_contents = name.starts_with("toc ") || name == "toc heading" || name.starts_with("contents ");
            style.is_title = name == "title";
            xml.skip()?;
        } else if element.is("basedOn") {
            style.based_on = Some(value.to_owned());
            xml.skip()?;
        } else {
            read_property(xml, &element, &mut style)?;
        }
    }
    style.shape.heading = style.shape.heading.or(named);
    Ok(style)
}

/// The properties of words: their look, the style they name, and whether the mark of their paragraph was deleted.
#[derive(Debug, Default)]
pub(super) struct WordProperties {
    pub(super) look: Look,
    pub(super) style: Option<String>,
    pub(super) is_deleted: bool,
}

/// Reads `w:rPr`, which is open.
pub(super) fn read_look<R: BufRead>(xml: &mut Xml<R>) -> Result<WordProperties, Broken> {
    let mut found = WordProperties::default();
    while let Some(element) = xml.child()? {
        let on = Some(element.is_on());
        let look = &mut found.look;
        match element.name.as_str() {
            "b" => look.bold = on,
            "i" => look.italic = on,
            "u" => look.underlined = on,
            "caps" => look.capitals = on,
            "vanish" => look.hidden = on,
            "vertAlign" => look.raised = Some(element.value() == Some("superscript")),
            "sz" => look.half_points = element.number("val").and_then(|size| u32::try_from(size).ok()),
            "rFonts" => look.font = font(&element),
            "rStyle" => found.style = element.value().map(str::to_owned),
            "del" | "moveFrom" => found.is_deleted = true,
            _ => {}
        }
        xml.skip()?;
    }
    Ok(found)
}

/// The font of letters with marks, which is where legacy fonts show.
fn font(element: &Element) -> Option<Rc<str>> {
    if let Some(name) = element.get("hAnsi").or_else(|| element.get("ascii")) {
        return Some(name.into());
    }
    (element.get("hAnsiTheme").is_some() || element.get("asciiTheme").is_some()).then(|| "".into())
}

/// The properties of a paragraph.
#[derive(Debug, Default)]
pub(super) struct ParagraphProperties {
    pub(super) shape: Shape,
    pub(super) style: Option<String>,
    /// Its end was deleted: it goes on in the next one.
    pub(super) is_joined: bool,
    pub(super) page: Option<Page>,
}

/// Reads `w:pPr`, which is open.
pub(super) fn read_shape<R: BufRead>(xml: &mut Xml<R>) -> Result<ParagraphProperties, Broken> {
    let mut found = ParagraphProperties::default();
    while let Some(element) = xml.child()? {
        match element.name.as_str() {
            "pStyle" => found.style = element.value().map(str::to_owned),
            "jc" => {
                found.shape.align = Some(match element.value() {
                    Some("center") => Align::Centre,
                    Some("right" | "end") => Align::End,
                    _ => Align::Start,
                });
            }
            "outlineLvl" => {
                let level = element.number("val").and_then(|level| u8::try_from(level).ok()).unwrap_or(9);
                found.shape.heading = Some(if level < 9 { level + 1 } else { 0 });
            }
            "numPr" => {
                while let Some(element) = xml.child()? {
                    let number = element.number("val");
                    match element.name.as_str() {
                        "ilvl" => found.shape.list.1 = number.and_then(|level| u8::try_from(level).ok()),
                        "numId" => found.shape.list.0 = number.and_then(|id| u32::try_from(id).ok()),
                        _ => {}
                    }
                    xml.skip()?;
                }
                continue;
            }
            "rPr" => {
                found.is_joined = read_look(xml)?.is_deleted;
                continue;
            }
            "sectPr" => {
                found.page = read_page(xml)?;
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(found)
}

/// The paper of a section, in twentieths of a point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Page {
    pub(super) width: i64,
    pub(super) height: i64,
}

/// Reads `w:sectPr`, which is open.
pub(super) fn read_page<R: BufRead>(xml: &mut Xml<R>) -> Result<Option<Page>, Broken> {
    let mut page = None;
    while let Some(element) = xml.child()? {
        if element.is("pgSz") {
            page = element.number("w").zip(element.number("h")).map(|(width, height)| Page { width, height });
        }
        xml.skip()?;
    }
    Ok(page)
}
