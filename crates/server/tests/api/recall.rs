//! Documents that are there for a time: not before their release, not after their expiry, and not once they were taken
//! back. What people wrote about them stays.

use axum::http::StatusCode;
use congress::commands::{Action, RecallDocument, SubmitComment};
use congress::entities::{Anchor, CommentAtDesk, Document, DocumentText, RecallCause, RecalledDocument, Role};
use pack::{Blob, Pack};
use server::clock::now;
use server::import::import;
use server::secret::sha256_hex;
use sync::ids::Timestamp;
use sync::wire::{PullResponse, Status};

use crate::common::{EVERYONE, TestDevice, TestServer, eventually, open_store, pack_folder, refused, rows};

const PAPER: &str = "nghi-quyet";
const WORDS: &str = "Phấn đấu thu ngân sách đạt 12 tỷ đồng.";
/// Long enough for a device to look before it is over.
const SOON_MS: u64 = 2_500;

/// The pack of these tests with the paper changed.
fn pack_with(change: impl Fn(&mut Document)) -> Pack {
    let mut pack = pack::read(&pack_folder()).unwrap();
    change(pack.documents.iter_mut().find(|document| document.id == PAPER).unwrap());
    pack
}

/// The paper in a higher version; its text says so.
pub fn version(number: u32) -> Pack {
    let mut pack = pack_with(|paper| paper.version = number);
    let paper = pack.documents.iter_mut().find(|document| document.id == PAPER).unwrap();
    let held = pack.blobs.iter_mut().find(|blob| blob.sha256 == paper.text_sha256).unwrap();
    let mut text: DocumentText = serde_json::from_slice(&held.bytes).unwrap();
    text.version = number;
    let bytes = serde_json::to_vec(&text).unwrap();
    *held = Blob { sha256: sha256_hex(&bytes), media_type: held.media_type.clone(), bytes };
    (paper.text_sha256, paper.text_bytes) = (held.sha256.clone(), held.bytes.len() as u64);
    pack
}

async fn bring(server: &TestServer, pack: &Pack) {
    import(open_store(&server.dir).await, pack, now()).await.unwrap();
}

/// The last row of a kind about the paper that a device is told; `None` if there is none, or a tombstone.
fn told<T: serde::de::DeserializeOwned>(response: &PullResponse, kind: &str) -> Option<T> {
    let rows = rows(response);
    let row = rows.iter().rfind(|(scope, row)| scope.as_str() == "delegates" && row.kind == kind && row.id == PAPER)?;
    row.1.data.as_ref().map(|data| data.read().unwrap())
}

async fn paper(device: &TestDevice) -> Option<Document> {
    told(&device.pull_all().await, "document")
}

async fn left(device: &TestDevice) -> Option<RecalledDocument> {
    told(&device.pull_all().await, "recalled-document")
}

async fn is_given_out(device: &TestDevice, sha256: &str) -> bool {
    let answer = device.get(&format!("/blobs/{sha256}")).await;
    if answer.status != StatusCode::OK {
        assert_eq!(answer.error(), refused(404, "not-found"));
    }
    answer.status == StatusCode::OK
}

fn comment(id: &str) -> SubmitComment {
    let (document, place) = (PAPER.to_owned(), "Phần thứ nhất".to_owned());
    SubmitComment {
        id: id.to_owned(),
        anchor: Anchor::Document { document, version: 1, block: Some("b".into()), place, quote: WORDS.into() },
        stance: congress::entities::Stance::Partial,
        text: "Đề nghị nêu rõ nguồn thu.".to_owned(),
        proposal: String::new(),
        floor_minutes: None,
    }
}

#[tokio::test]
async fn nobody_gets_a_paper_that_was_taken_back_and_everybody_reads_why() {
    let server = TestServer::start().await;
    let (mut chair, mut delegate) = (server.device("p1").await, server.device("p3").await);
    let held = paper(&delegate).await.unwrap();
    for sha256 in held.hashes() {
        assert!(is_given_out(&delegate, sha256).await);
    }
    let before = delegate.command(SubmitComment::KIND, comment("before").payload());
    delegate.push(vec![before]).await;

    let reason = "Bản in nhầm số liệu".to_owned();
    let recall = RecallDocument { document: PAPER.into(), version: 1, reason: reason.clone() };
    let command = delegate.command(RecallDocument::KIND, recall.payload());
    assert_eq!(delegate.push(vec![command]).await.receipts[0].status, Status::Rejected, "not by a delegate");
    let command = chair.command(RecallDocument::KIND, recall.payload());
    assert_eq!(chair.push(vec![command]).await.receipts[0].status, Status::Accepted);

    let server = server.restart().await;
    for person in EVERYONE {
        let device = server.device(person).await;
        for sha256 in held.hashes() {
            assert!(!is_given_out(&device, sha256).await, "{person}");
        }
        assert_eq!(paper(&device).await, None, "{person}");
    }
    let mut delegate = server.moved(delegate);
    let cause = RecallCause::Recalled { office: Role::Presidium, reason };
    assert_eq!(left(&delegate).await.map(|left| (left.version, left.cause)), Some((1, cause.clone())));

    // Written in the text that this phone still held: it is taken, with the words that it quoted.
    let after = delegate.command(SubmitComment::KIND, comment("after").payload());
    assert_eq!(delegate.push(vec![after]).await.receipts[0].status, Status::Accepted);
    let desk = rows(&server.moved(chair).pull_all().await);
    let comments = desk.iter().filter(|(_, row)| row.kind == "comment");
    let quoted: Vec<Anchor> =
        comments.map(|(_, row)| row.data.as_ref().unwrap().read::<CommentAtDesk>().unwrap().anchor).collect();
    assert_eq!(quoted, [comment("").anchor, comment("").anchor]);

    // The same pack once more does not bring it back; the mended paper does.
    bring(&server, &pack_with(|_| ())).await;
    bring(&server, &pack_with(|paper| paper.expires_at = Some(now().plus_ms(3_600_000)))).await;
    assert_eq!((paper(&delegate).await, left(&delegate).await.map(|left| left.cause)), (None, Some(cause)));
    bring(&server, &version(2)).await;
    let mended = eventually("the mended paper", async || paper(&delegate).await).await;
    assert_eq!((mended.version, left(&delegate).await), (2, None));
    assert!(is_given_out(&delegate, &mended.text_sha256).await);
}

#[tokio::test]
async fn a_paper_reaches_nobody_before_its_time_and_everybody_at_it() {
    let server = TestServer::start().await;
    let delegate = server.device("p3").await;
    let old = paper(&delegate).await.unwrap();
    let at = now().plus_ms(SOON_MS);
    let mut pack = version(2);
    pack.documents.iter_mut().find(|document| document.id == PAPER).unwrap().released_at = at;
    bring(&server, &pack).await;
    let secretary = server.device("p2").await;
    let waits = async || {
        let rows = rows(&secretary.pull_all().await);
        let row = rows.iter().rfind(|(scope, row)| scope.as_str() == "secretariat" && row.id == PAPER)?;
        row.1.data.as_ref().map(|data| data.read::<Document>().unwrap())
    };
    let ready = eventually("it lies ready", waits).await;
    let all = delegate.pull_all().await;
    let given = is_given_out(&delegate, &ready.text_sha256).await;
    assert!(now() < at, "this machine is too slow for this test");
    assert!(!given, "not before its time");
    let said = serde_json::to_string(&all).unwrap();
    assert!(!said.contains(&ready.text_sha256) && !said.contains("\"version\":2"), "no detail of it");
    let released = eventually("its time", async || {
        let found = paper(&delegate).await.filter(|paper| paper.version == 2)?;
        assert!(now() >= at);
        Some(found)
    })
    .await;
    assert!(is_given_out(&delegate, &released.text_sha256).await && released.text_sha256 != old.text_sha256);
}

#[tokio::test]
async fn a_paper_whose_time_is_over_is_given_to_nobody() {
    let server = TestServer::start().await;
    let delegate = server.device("p3").await;
    let expires_at = now().plus_ms(SOON_MS);
    bring(&server, &pack_with(|paper| paper.expires_at = Some(expires_at))).await;
    let held = eventually("the new time", async || paper(&delegate).await.filter(|paper| paper.expires_at.is_some()));
    let held = held.await;
    let given = is_given_out(&delegate, &held.text_sha256).await;
    assert!(now() < expires_at, "this machine is too slow for this test");
    assert!(given, "until then");
    eventually("its time is over", async || (now() >= expires_at).then_some(())).await;
    for sha256 in held.hashes() {
        assert!(!is_given_out(&delegate, sha256).await, "from its first moment on");
    }
    let expired = eventually("it leaves", async || left(&delegate).await).await;
    assert_eq!((paper(&delegate).await, expired.at, expired.cause), (None, expires_at, RecallCause::Expired));

    bring(&server, &pack_with(|paper| paper.expires_at = Some(expires_at))).await;
    assert_eq!(paper(&delegate).await, None);
    bring(&server, &pack_with(|paper| paper.expires_at = Some(now().plus_ms(3_600_000)))).await;
    eventually("a longer time", async || paper(&delegate).await).await;
    assert_eq!(left(&delegate).await, None);
}

#[tokio::test]
async fn a_paper_whose_time_was_over_before_it_began_is_never_released() {
    let server = TestServer::start().await;
    let delegate = server.device("p3").await;
    let pack = pack_with(|paper| {
        (paper.version, paper.released_at) = (9, now().plus_ms(400));
        paper.expires_at = Some(Timestamp(paper.released_at.0 + 1));
    });
    bring(&server, &pack).await;
    let waits = async || {
        let all = server.app.hall(crate::common::CONGRESS).unwrap();
        let held: Option<Document> = all.entity(&congress::scopes::secretariat(), PAPER);
        held.is_none().then_some(())
    };
    eventually("it is taken away", waits).await;
    assert_ne!(paper(&delegate).await.map(|paper| paper.version), Some(9));
}
