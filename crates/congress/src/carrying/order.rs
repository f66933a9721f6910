//! What is fetched first: the papers of today, then those of the days to come, then the rest (sync.md 6).

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::entities::{AgendaItem, Document, ItemStatus};
use crate::limits::FILE_LIGHT_BYTES_MAX;

/// One thing to be fetched by its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    pub kind: PieceKind,
    /// Id of the document that it belongs to.
    pub document: String,
    pub sha256: String,
    pub bytes: u64,
}

/// In the order in which the pieces of one day are fetched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PieceKind {
    Text,
    /// What a version changed.
    Changes,
    File,
}

/// When a document is needed; what is smaller is fetched earlier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Need {
    /// Somebody has opened it and waits.
    Opened,
    Today,
    On(Date),
    /// No item names it that is still to come.
    SomeDay,
}

/// Place of a document: its day, then what goes on, what comes, what is done, then by the clock and in the set.
type Place = (Need, u8, u32, u32);

/// Everything that the documents consist of, each hash once, what is needed first at the beginning: day by day the
/// texts, what they changed, and the attachments. Attachments over [`FILE_LIGHT_BYTES_MAX`] come last of all, in the
/// same order. `opened` is the id of a document that a person waits for.
pub fn pieces(documents: &[Document], items: &[AgendaItem], today: Date, opened: Option<&str>) -> Vec<Piece> {
    let needed = needed(items, today);
    let mut found = Vec::new();
    for document in documents {
        let (need, status, start) = needed.get(document.id.as_str()).copied().unwrap_or((Need::SomeDay, 0, 0));
        let need = if opened == Some(&document.id) { Need::Opened } else { need };
        let place: Place = (need, status, start, document.position);
        found.extend(pieces_of(document).map(|piece| (place, piece)));
    }
    found.sort_by_key(|((need, status, start, position), piece)| {
        let is_heavy = piece.kind == PieceKind::File && piece.bytes > FILE_LIGHT_BYTES_MAX;
        (is_heavy, *need, piece.kind, *status, *start, *position)
    });
    let mut pieces: Vec<Piece> = Vec::with_capacity(found.len());
    for (_, piece) in found {
        if pieces.iter().all(|known| known.sha256 != piece.sha256) {
            pieces.push(piece);
        }
    }
    pieces
}

/// The earliest need of each document that an item names.
fn needed(items: &[AgendaItem], today: Date) -> BTreeMap<&str, (Need, u8, u32)> {
    let mut needed = BTreeMap::new();
    for item in items.iter().filter(|item| item.status != ItemStatus::Dropped) {
        let need = match item.date {
            date if date == today => Need::Today,
            date if date > today => Need::On(date),
            _ => continue,
        };
        let status = match item.status {
            ItemStatus::Now => 0,
            ItemStatus::Planned => 1,
            ItemStatus::Done | ItemStatus::Dropped => 2,
        };
        for id in &item.documents {
            let place = (need, status, item.start.0);
            let held = needed.entry(id.as_str()).or_insert(place);
            *held = place.min(*held);
        }
    }
    needed
}

fn pieces_of(document: &Document) -> impl Iterator<Item = Piece> {
    let piece =
        |kind, sha256: &String, bytes| Piece { kind, document: document.id.clone(), sha256: sha256.clone(), bytes };
    let text = piece(PieceKind::Text, &document.text_sha256, document.text_bytes);
    let changes = document.changes.iter().map(move |changes| piece(PieceKind::Changes, &changes.sha256, changes.bytes));
    let files = document.files.iter().map(move |file| piece(PieceKind::File, &file.sha256, file.bytes));
    std::iter::once(text).chain(changes).chain(files)
}
