//! What an import keeps of a congress that has begun: the course of its items, when a document was released, and that one
//! was taken back.

use std::collections::BTreeSet;

use congress::entities::{AgendaItem, Document, ItemStatus, RecalledDocument, Session, read, read_all};
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
fn document(document: &Document, rows: &dyn Rows, now: Timestamp) -> Document {
    let mut document = document.clone();
    if document.released_at == Timestamp(0) {
        let held = held_document(rows, &document.id).filter(|held| held.version == document.version);
        document.released_at = held.map_or(now, |held| held.released_at.min(now));
    }
    document
}

/// What becomes of a document of the pack.
pub(super) enum Course {
    /// It lies ready for its time.
    Waits(Document),
    Released(Document),
    /// It was taken back, or its time is over.
    Gone(Option<RecalledDocument>),
}

pub(super) fn course(document: &Document, rows: &dyn Rows, now: Timestamp) -> Course {
    let recalled: Option<RecalledDocument> = read(rows, &scopes::delegates(), &document.id);
    if recalled.as_ref().is_some_and(|recalled| recalled.keeps_away(document, now)) {
        return Course::Gone(recalled);
    }
    let document = self::document(document, rows, now);
    if let Some(expired) = RecalledDocument::expired(&document, now) {
        let was_released = read::<Document>(rows, &scopes::delegates(), &document.id).is_some();
        return Course::Gone(recalled.or(was_released.then_some(expired)));
    }
    if document.released_at <= now { Course::Released(document) } else { Course::Waits(document) }
}

/// Documents that were taken back and are not in the pack any more: that they were there stays known.
pub(super) fn recalled_before(pack: &Pack, rows: &dyn Rows) -> Vec<RecalledDocument> {
    let mut recalled: Vec<RecalledDocument> = read_all(rows, &scopes::delegates());
    recalled.retain(|recalled| pack.documents.iter().all(|document| document.id != recalled.id));
    recalled
}
