//! Documents whose time has come go from the secretariat to the delegates, by a command of the system.

use congress::entities::{Document, Entity, read_all};
use congress::scopes;
use sync::ids::Timestamp;
use sync::json::Json;
use sync::row::{Change, Rows};

use super::{SystemChange, Writer};
use crate::store::Result;

pub async fn release_documents(writer: &mut Writer, now: Timestamp) -> Result<()> {
    if writer.read(|log| due(log.rows(), now)).is_empty() {
        return Ok(());
    }
    // Looked at again under the lock: another replica may have been faster.
    let released = writer.system(now, |rows| plan(rows, now)).await?;
    if let Some(gsn) = released {
        tracing::info!(gsn, "documents released");
    }
    Ok(())
}

fn due(rows: &dyn Rows, now: Timestamp) -> Vec<Document> {
    let mut due: Vec<Document> = read_all(rows, &scopes::secretariat());
    due.retain(|document| document.released_at <= now);
    due
}

fn plan(rows: &dyn Rows, now: Timestamp) -> Option<SystemChange> {
    let due = due(rows, now);
    let ids: Vec<&str> = due.iter().map(|document| document.id.as_str()).collect();
    if ids.is_empty() {
        return None;
    }
    let changes = ids.iter().flat_map(|id| moved(rows, id)).collect();
    Some(SystemChange { kind: "document.release", payload: Json::of(&ids), changes, blobs: Vec::new() })
}

/// The row travels as it is, with fields that this build does not know.
fn moved(rows: &dyn Rows, id: &str) -> Vec<Change> {
    let Some(row) = rows.get(&scopes::secretariat(), Document::KIND, id) else { return Vec::new() };
    let mut put = Change::remove(scopes::delegates(), Document::KIND, id);
    put.data = row.data.clone();
    vec![Change::remove(scopes::secretariat(), Document::KIND, id), put]
}
