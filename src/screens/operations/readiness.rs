//! Whether the hall carries the pack: how many devices hold all of it as it is now, and what the others lack.

use std::collections::BTreeMap;

use congress::carrying::Carries;

use crate::parts::blocks::{write_paragraph, write_state_line};
use crate::parts::html::Html;
use crate::parts::icon::Symbol;
use crate::state::{Operations, t};

/// Titles of documents by their ids.
pub type Titles = BTreeMap<String, String>;

/// Titles that are named of what a device lacks; the rest are counted.
const NAMED: usize = 2;

/// Of the devices that receive documents; nothing from a server that does not say.
pub fn write_count(html: &mut Html, known: &Operations) {
    let readers = known.devices.iter().filter_map(|device| device.carries.as_ref());
    let (mut all, mut ready, mut unknown) = (0, 0, 0);
    for carries in readers {
        all += 1;
        match carries {
            Carries::Everything => ready += 1,
            Carries::Unknown => unknown += 1,
            Carries::Lacks { .. } => {}
        }
    }
    if all > 0 {
        let words = t().operations();
        write_paragraph(html, "strong", &(words.ready)(ready, all));
        if unknown > 0 {
            write_paragraph(html, "soft small", &(words.ready_unknown)(unknown));
        }
    }
}

pub fn write_lack(html: &mut Html, titles: &Titles, carries: &Carries) {
    let words = t().operations();
    let text = match carries {
        Carries::Everything => return,
        Carries::Unknown => words.lacks_unknown.to_owned(),
        Carries::Lacks { documents, files } => lacking(titles, documents, *files),
    };
    write_state_line(html, "attention", Symbol::Download, &text);
}

fn lacking(titles: &Titles, documents: &[String], files: usize) -> String {
    let words = t().operations();
    let mut parts = Vec::new();
    if !documents.is_empty() {
        let named: Vec<&str> =
            documents.iter().take(NAMED).map(|id| titles.get(id).map_or(id.as_str(), String::as_str)).collect();
        parts.push((words.lacks)(documents.len(), &named.join("; "), documents.len() - named.len()));
    }
    if files > 0 {
        parts.push((words.lacks_files)(files));
    }
    parts.join(" · ")
}
