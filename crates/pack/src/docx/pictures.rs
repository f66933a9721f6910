//! Pictures inside a Word file, as files of the document: what a phone can show is kept, once each.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::package::Relation;
use crate::attachments::picture_type;
use crate::limits::{ATTACHMENT_BYTES_MAX, DOCX_PICTURES_BYTES_MAX, DOCX_PICTURES_MAX};

/// A picture that was taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Picture {
    /// `anh-1.png`
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

#[derive(Debug, Default)]
pub(super) struct Pictures {
    pub(super) taken: Vec<Picture>,
    /// Name of the file by relation.
    names: BTreeMap<String, String>,
    /// Pictures that were asked for and are in no form that a phone shows.
    pub(super) missing: u32,
}

impl Pictures {
    /// Takes out the pictures that the text may show.
    pub(super) fn read(archive: &mut Archive<'_>, relations: &BTreeMap<String, Relation>) -> Self {
        let mut pictures = Self::default();
        let mut by_part: BTreeMap<&str, String> = BTreeMap::new();
        let mut budget = DOCX_PICTURES_BYTES_MAX;
        for (id, relation) in relations.iter().filter(|(_, relation)| relation.kind == "image") {
            let Some(part) = relation.part.as_deref() else { continue };
            if let Some(name) = by_part.get(part) {
                pictures.names.insert(id.clone(), name.clone());
                continue;
            }
            if pictures.taken.len() == DOCX_PICTURES_MAX {
                break;
            }
            let Some(bytes) = archive.bytes(part, ATTACHMENT_BYTES_MAX.min(budget)) else { continue };
            let Some((extension, media_type)) = picture_type(&bytes) else { continue };
            budget = budget.saturating_sub(bytes.len() as u64);
            let name = format!("anh-{}.{extension}", pictures.taken.len() + 1);
            by_part.insert(part, name.clone());
            pictures.names.insert(id.clone(), name.clone());
            pictures.taken.push(Picture { name, media_type, bytes });
        }
        pictures
    }

    /// The file that a relation stands for; counts those that cannot be shown.
    pub(super) fn show(&mut self, relation: &str) -> Option<String> {
        let name = self.names.get(relation).cloned();
        self.missing += u32::from(name.is_none());
        name
    }

    /// Those that the text shows.
    pub(super) fn into_shown(mut self, shown: &[&str]) -> Vec<Picture> {
        self.taken.retain(|picture| shown.contains(&picture.name.as_str()));
        self.taken
    }
}
