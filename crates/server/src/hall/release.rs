//! Documents whose time has come go from the secretariat to the delegates, and those whose time is over leave, by commands
//! of the system.

use congress::entities::{Document, Entity, RecalledDocument, read_all};
use congress::scopes;
use sync::ids::{Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Rows};

use super::{SystemChange, Writer};
use crate::store::Result;

/// What is over leaves before anything is released: a paper may have been for a time in which no server ran.
pub async fn follow_times(writer: &mut Writer, now: Timestamp) -> Result<()> {
    act(writer, now, "document.expire", over, left).await?;
    act(writer, now, "document.release", due, moved).await
}

async fn act(
    writer: &mut Writer,
    now: Timestamp,
    kind: &'static str,
    find: fn(&dyn Rows, Timestamp) -> Vec<Document>,
    change: fn(&dyn Rows, &Document) -> Vec<Change>,
) -> Result<()> {
    if writer.read(|log| find(log.rows(), now)).is_empty() {
        return Ok(());
    }
    // Looked at again under the lock: another replica may have been faster.
    let plan = |rows: &dyn Rows| {
        let found = find(rows, now);
        let ids: Vec<&str> = found.iter().map(|document| document.id.as_str()).collect();
        let changes: Vec<Change> = found.iter().flat_map(|document| change(rows, document)).collect();
        (!ids.is_empty()).then(|| SystemChange { kind, payload: Json::of(&ids), changes, blobs: Vec::new() })
    };
    if let Some(gsn) = writer.system(now, plan).await? {
        tracing::info!(gsn, kind, "documents moved");
    }
    Ok(())
}

fn due(rows: &dyn Rows, now: Timestamp) -> Vec<Document> {
    let mut due: Vec<Document> = read_all(rows, &scopes::secretariat());
    due.retain(|document| document.released_at <= now);
    due
}

fn over(rows: &dyn Rows, now: Timestamp) -> Vec<Document> {
    let mut all: Vec<Document> = read_all(rows, &scopes::delegates());
    all.extend(read_all::<Document>(rows, &scopes::secretariat()));
    all.retain(|document| document.is_expired(now));
    all
}

/// Only of what was released does anybody need to know that it is gone.
fn left(rows: &dyn Rows, document: &Document) -> Vec<Change> {
    let is_held = |scope: &Scope| rows.get(scope, Document::KIND, &document.id).is_some_and(|row| row.data.is_some());
    let held = [scopes::delegates(), scopes::secretariat()].into_iter().filter(is_held);
    let mut changes: Vec<Change> = held.map(|scope| Change::remove(scope, Document::KIND, &document.id)).collect();
    if is_held(&scopes::delegates())
        && let Some(left) = document.expires_at.and_then(|at| RecalledDocument::expired(document, at))
    {
        changes.push(left.put(scopes::delegates()));
    }
    changes
}

/// The row travels as it is, with fields that this build does not know.
fn moved(rows: &dyn Rows, document: &Document) -> Vec<Change> {
    let id = document.id.as_str();
    let Some(row) = rows.get(&scopes::secretariat(), Document::KIND, id) else { return Vec::new() };
    let mut put = Change::remove(scopes::delegates(), Document::KIND, id);
    put.data = row.data.clone();
    let mut changes = vec![Change::remove(scopes::secretariat(), Document::KIND, id), put];
    // A version before it may have been taken back.
    if rows.get(&scopes::delegates(), RecalledDocument::KIND, id).is_some_and(|row| row.data.is_some()) {
        changes.push(Change::remove(scopes::delegates(), RecalledDocument::KIND, id));
    }
    changes
}
