//! Whether a device carries the pack as it is now. What it reported is compared with the documents of this moment, so that
//! a new version makes a device lack something before the device knows.

use std::collections::{BTreeMap, BTreeSet};

use congress::calendar;
use congress::carrying::{Carries, PieceKind, kept_files, mark, pieces};
use congress::entities::{Document, read_all};
use congress::limits::{FILES_KEPT_BYTES_MAX, HELD_MARK_CHARS};
use congress::scopes;
use sync::ids::Timestamp;
use sync::row::Rows;

use crate::store::Report;

/// What a device should hold: every text, what the versions changed, and the attachments that it has room for.
pub struct LivePack {
    /// (mark, document), in the order of the set.
    texts: Vec<(String, String)>,
    files: Vec<String>,
}

impl LivePack {
    pub fn of(rows: &dyn Rows, now: Timestamp) -> Self {
        let mut documents: Vec<Document> = read_all(rows, &scopes::delegates());
        documents.retain(|document| !document.is_expired(now));
        // Without a programme the day changes nothing.
        let pieces = pieces(&documents, &[], calendar::local(now, 0).0, None);
        let files = kept_files(&pieces, &BTreeMap::new(), FILES_KEPT_BYTES_MAX).into_iter().map(mark).collect();
        let texts = pieces.iter().filter(|piece| piece.kind != PieceKind::File);
        Self { texts: texts.map(|piece| (mark(&piece.sha256), piece.document.clone())).collect(), files }
    }

    pub fn carried_by(&self, report: Option<&Report>) -> Carries {
        let Some(held) = report.and_then(|report| report.held.as_ref()) else { return Carries::Unknown };
        let held: BTreeSet<&[u8]> = held.as_bytes().chunks(HELD_MARK_CHARS).collect();
        let lacks = |mark: &String| !held.contains(mark.as_bytes());
        let mut documents: Vec<String> = Vec::new();
        for (mark, document) in &self.texts {
            if lacks(mark) && !documents.contains(document) {
                documents.push(document.clone());
            }
        }
        match self.files.iter().filter(|mark| lacks(mark)).count() {
            0 if documents.is_empty() => Carries::Everything,
            files => Carries::Lacks { documents, files },
        }
    }
}
