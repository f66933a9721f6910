//! Which part of a Word file refers to which, and as what.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::xml::{Broken, Vocabulary};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Relation {
    /// The last word of its kind: `header`, `image`, `footnotes`.
    pub(super) kind: String,
    /// Name of the part; `None` if it lies outside the file.
    pub(super) part: Option<String>,
}

/// What a part refers to, by id. The empty name stands for the file itself.
pub(super) fn relations(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<String, Relation>, (String, Broken)> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let path = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
    read(archive, &path, folder).map_err(|broken| (path, broken))
}

fn read(archive: &mut Archive<'_>, path: &str, folder: &str) -> Result<BTreeMap<String, Relation>, Broken> {
    let mut relations = BTreeMap::new();
    let Some(mut xml) = archive.part(path)? else { return Ok(relations) };
    xml.child()?;
    while let Some(element) = xml.child()? {
        if element.vocabulary == Vocabulary::Relations && element.name == "Relationship" {
            let kind = element.get("Type").and_then(|kind| kind.rsplit('/').next()).unwrap_or("").to_owned();
            let target = element.get("Target").unwrap_or("");
            let part = (element.get("TargetMode") != Some("External")).then(|| resolve(folder, target));
            relations.insert(element.get("Id").unwrap_or("").to_owned(), Relation { kind, part });
        }
        xml.skip()?;
    }
    Ok(relations)
}

/// The name of a part as the part in `folder` writes it.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "." | "" => {}
            _ => steps.push(step),
        }
    }
    steps.join("/")
}
