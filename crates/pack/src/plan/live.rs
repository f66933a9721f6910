//! What an import keeps of a congress that has begun: the course of its items, and when a document was released.

use std::collections::BTreeSet;

use congress::entities::{AgendaItem, Document, ItemStatus, Session, read, read_all};
use congress::scopes;
use sync::ids::Timestamp;
use sync::row::Rows;

use crate::Pack;

/// Sessions and items with their course. An item that has begun, or was dropped, and is no longer in the pack stays as
/// dropped: people were there and may have commented on it. So does its session.
pub(super) fn program(pack: &Pack, rows: &dyn Rows) -> (Vec<Session>, Vec<AgendaItem>) {
    let mut items: Vec<AgendaItem> = pack.items.iter().map(|item| with_course(item.clone(), rows)).collect();
    let ids: BTreeSet<&str> = pack.items.iter().map(|item| item.id.as_str()).collect();
    let gone =
        read_all::<AgendaItem>(rows, &scopes::public()).into_iter().filter(|item| !ids.contains(item.id.as_str()));
    let dropped = gone.filter(|item| item.status != ItemStatus::Planned);
    let dropped: Vec<AgendaItem> = dropped.map(|item| AgendaItem { status: ItemStatus::Dropped, ..item }).collect();
    let mut sessions = pack.sessions.clone();
    for session in read_all::<Session>(rows, &scopes::public()) {
        let is_gone = sessions.iter().all(|known| known.id != session.id);
        if is_gone && dropped.iter().any(|item| item.session == session.id) {
            sessions.push(session);
        }
    }
    items.extend(dropped);
    (sessions, items)
}

fn with_course(item: AgendaItem, rows: &dyn Rows) -> AgendaItem {
    match read::<AgendaItem>(rows, &scopes::public(), &item.id) {
        Some(AgendaItem { status, started_at, ended_at, .. }) => AgendaItem { status, started_at, ended_at, ..item },
        None => item,
    }
}

/// The row of a document, wherever it is.
pub(super) fn held_document(rows: &dyn Rows, id: &str) -> Option<Document> {
    read(rows, &scopes::delegates(), id).or_else(|| read(rows, &scopes::secretariat(), id))
}

/// A document without a release time is released now, or stays released as of when this version was.
pub(super) fn document(document: &Document, rows: &dyn Rows, now: Timestamp) -> Document {
    let mut document = document.clone();
    if document.released_at == Timestamp(0) {
        let held = held_document(rows, &document.id).filter(|held| held.version == document.version);
        document.released_at = held.map_or(now, |held| held.released_at.min(now));
    }
    document
}
