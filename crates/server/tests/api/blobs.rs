//! Texts and attachments, by their hash, for those who hold a document that names it.

use axum::http::{StatusCode, header};
use congress::entities::{Document, DocumentText};
use server::secret::sha256_hex;

use crate::common::{TestDevice, TestServer, refused, rows};

async fn document(device: &TestDevice, id: &str) -> Document {
    let rows = rows(&device.pull_all().await);
    let row = rows.iter().find(|(_, row)| row.kind == "document" && row.id == id).unwrap();
    row.1.data.as_ref().unwrap().read().unwrap()
}

#[tokio::test]
async fn a_text_is_the_bytes_that_its_hash_names() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let document = document(&device, "nghi-quyet").await;
    let answer = device.get(&format!("/blobs/{}", document.text_sha256)).await;
    assert_eq!(sha256_hex(&answer.bytes), document.text_sha256);
    assert_eq!(answer.header(header::CACHE_CONTROL), "private, max-age=31536000, immutable");
    assert_eq!(answer.ok::<DocumentText>().document, "nghi-quyet");
    let etag = answer.header(header::ETAG);
    let known = device.get_with(&format!("/blobs/{}", document.text_sha256), &[(header::IF_NONE_MATCH, etag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn an_attachment_is_shown_and_runs_nothing() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let file = document(&device, "nghi-quyet").await.files.remove(0);
    let answer = device.get(&format!("/blobs/{}", file.sha256)).await;
    assert_eq!(sha256_hex(&answer.bytes), file.sha256);
    assert_eq!(answer.header(header::CONTENT_TYPE), "image/png");
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), "inline; filename*=UTF-8''so-do.png");
    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(answer.header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
}

#[tokio::test]
async fn who_does_not_hold_the_document_does_not_get_its_text() {
    let server = TestServer::start().await;
    let (secretary, delegate) = (server.device("p2").await, server.device("p3").await);
    let (guest, desk) = (server.device("g1").await, server.device("s1").await);
    let secret = document(&secretary, "bao-cao-hap-thu").await.text_sha256;
    let open = document(&delegate, "nghi-quyet").await;
    assert_eq!(secretary.get(&format!("/blobs/{secret}")).await.status, StatusCode::OK);
    for (device, sha256) in [
        (&delegate, &secret),
        (&guest, &open.text_sha256),
        (&desk, &open.text_sha256),
        (&guest, &open.files[0].sha256),
        (&delegate, &"0".repeat(64)),
        (&delegate, &"document".to_owned()),
    ] {
        assert_eq!(device.get(&format!("/blobs/{sha256}")).await.error(), refused(404, "not-found"));
    }
}
