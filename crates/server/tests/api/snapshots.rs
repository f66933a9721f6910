//! Snapshots and chunks never change, are compressed once, and exist only for those who hold the scope.

use axum::http::{StatusCode, header};
use sync::limits::CHUNK_ROWS_MAX;
use sync::row::{Checksum, Row, RowMap};
use sync::wire::{Chunk, Snapshot, Update};

use crate::common::{TestDevice, TestServer, refused};

const COMMENTS: usize = 280;

/// Fills the presidium's scope beyond one chunk.
async fn fill(server: &TestServer) {
    for person in ["p1", "p3", "p4", "p6"] {
        let mut author = server.device(person).await;
        for _ in 0..COMMENTS / 4 / 35 {
            let commands = (0..35).map(|at| author.comment(&format!("Ý kiến {at}"))).collect();
            author.push(commands).await;
        }
    }
}

async fn snapshot_path(device: &TestDevice, scope: &str) -> String {
    let all = device.pull_all().await;
    let update = all.scopes.iter().find(|update| update.scope.as_str() == scope).unwrap();
    let Update::Snapshot { gsn, .. } = update.update else { panic!("no snapshot: {update:?}") };
    format!("/sync/scopes/{scope}/snapshots/{gsn}")
}

#[tokio::test]
async fn a_snapshot_is_immutable_and_holds_the_rows_that_its_checksum_names() {
    let server = TestServer::start().await;
    fill(&server).await;
    let chair = server.device("p1").await;
    let path = snapshot_path(&chair, "presidium").await;
    let answer = chair.get(&path).await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, max-age=31536000, immutable");
    let snapshot: Snapshot = answer.ok();
    let mut rows = RowMap::default();
    for row in &snapshot.rows {
        let key = sync::row::Key { scope: snapshot.scope.clone(), kind: row.kind.clone(), id: row.id.clone() };
        rows.put(&key, Row { rev: row.rev, data: row.data.clone() });
    }
    assert_eq!(rows.checksum(&snapshot.scope), snapshot.checksum);
    assert_ne!(snapshot.checksum, Checksum::default());

    let packed = chair.get_with(&path, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!((packed.status, packed.header(header::CONTENT_ENCODING)), (StatusCode::OK, "br"));
    assert!(packed.bytes.len() * 4 < answer.bytes.len());
    let etag = packed.header(header::ETAG);
    let known = chair.get_with(&path, &[(header::IF_NONE_MATCH, etag)]).await;
    assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));

    // Other members, and the same server after a restart, get the same bytes.
    let again = server.device("p2").await.get(&path).await;
    assert_eq!(again.bytes, answer.bytes);
    let server = server.restart().await;
    assert_eq!(server.moved(chair).get(&path).await.bytes, answer.bytes);
}

#[tokio::test]
async fn a_scope_that_is_not_held_does_not_exist() {
    let server = TestServer::start().await;
    fill(&server).await;
    let (chair, delegate) = (server.device("p1").await, server.device("p4").await);
    for path in [
        snapshot_path(&chair, "presidium").await,
        "/sync/scopes/user:p3/chunks/0".to_owned(),
        "/sync/scopes/presidium/chunks/0".to_owned(),
        "/sync/scopes/registry/chunks/0".to_owned(),
    ] {
        assert_eq!(delegate.get(&path).await.error(), refused(404, "not-found"), "{path}");
    }
    assert_eq!(chair.get("/sync/scopes/presidium/snapshots/1").await.error(), refused(404, "not-found"));
    assert_eq!(chair.get("/sync/scopes/registry/chunks/0").await.error(), refused(404, "not-found"));
}

#[tokio::test]
async fn chunks_lead_from_anywhere_to_the_tail_without_a_gap() {
    let server = TestServer::start().await;
    fill(&server).await;
    let chair = server.device("p1").await;
    // As if everything so far were held.
    let held = chair.pull_all().await;
    fill(&server).await;
    let mut request = chair.after(&held);
    let mut seen = 0;
    let rest = loop {
        let answer = chair.pull(&request).await;
        let update = answer.scopes.into_iter().find(|update| update.scope.as_str() == "presidium").unwrap();
        match update.update {
            Update::Chunk { index } => {
                let answer = chair.get(&format!("/sync/scopes/presidium/chunks/{index}")).await;
                assert_eq!(answer.header(header::CACHE_CONTROL), "private, max-age=31536000, immutable");
                let chunk: Chunk = answer.ok();
                let from = request.cursors[&update.scope];
                assert!(chunk.from <= from && from < chunk.to && chunk.rows.len() == CHUNK_ROWS_MAX);
                seen += chunk.rows.iter().filter(|row| row.rev > from && row.rev <= chunk.to).count();
                request.cursors.insert(update.scope, chunk.to);
            }
            Update::Tail { rows, .. } => break rows.len(),
            Update::Snapshot { .. } => panic!("the chunks are shorter"),
        }
    };
    assert_eq!(seen + rest, COMMENTS);
    assert_eq!(chair.get("/sync/scopes/presidium/chunks/99").await.error(), refused(404, "not-found"));
}
