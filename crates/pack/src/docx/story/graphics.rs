//! Pictures, text boxes and other drawings inside a run.

use std::io::BufRead;

use super::{Item, Story};
use crate::docx::xml::{Broken, Vocabulary, Xml};

/// What a drawing holds beside its text boxes.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Relation and description.
    pub(super) pictures: Vec<(String, String)>,
    /// A chart or a diagram, which is no text and no picture.
    pub(super) is_object: bool,
}

impl Story<'_> {
    /// Reads the drawing that is open. The text of its boxes goes to `boxes`.
    pub(super) fn graphics<R: BufRead>(&mut self, xml: &mut Xml<R>, boxes: &mut Vec<Item>) -> Result<Found, Broken> {
        let mut found = Found::default();
        let mut described = String::new();
        self.walk(xml, &mut found, &mut described, boxes)?;
        Ok(found)
    }

    fn walk<R: BufRead>(
        &mut self,
        xml: &mut Xml<R>,
        found: &mut Found,
        described: &mut String,
        boxes: &mut Vec<Item>,
    ) -> Result<(), Broken> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name.as_str()) {
                (Vocabulary::Word, "txbxContent") => {
                    self.met.boxes += 1;
                    self.blocks(xml, boxes)?;
                    continue;
                }
                (Vocabulary::Alternatives, "Fallback") => {
                    xml.skip()?;
                    continue;
                }
                (_, "docPr") => element.get("descr").unwrap_or("").clone_into(described),
                (Vocabulary::Drawing, "blip") => {
                    found.pictures.extend(element.get("embed").map(|id| (id.to_owned(), described.clone())));
                }
                (Vocabulary::Vml, "imagedata") => {
                    let title = element.get("title").unwrap_or("").to_owned();
                    found.pictures.extend(element.get("id").map(|id| (id.to_owned(), title)));
                }
                (Vocabulary::Vml, "textpath") => self.met.drawn.extend(element.get("string").map(str::to_owned)),
                (Vocabulary::Other, "chart" | "relIds") => found.is_object = true,
                _ => {}
            }
            self.walk(xml, found, described, boxes)?;
        }
        Ok(())
    }
}
