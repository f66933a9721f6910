//! New versions of documents while people read and comment: whoever holds the old one and whoever holds the new one
//! speak of the same paragraphs.

use axum::http::StatusCode;
use congress::commands::{Action, SubmitComment};
use congress::entities::{Anchor, CommentAtDesk, Document, DocumentChanges, DocumentText, Stance};
use pack::{Blob, Pack};
use server::clock::now;
use server::import::{ImportError, check, import};
use server::secret::sha256_hex;
use sync::wire::Status;

use crate::common::{TestDevice, TestServer, eventually, open_store, pack_folder, rows};

const KEPT: &str = "Phấn đấu thu ngân sách đạt 12 tỷ đồng.";
const EDITED: &str = "Phấn đấu thu ngân sách đạt 15 tỷ đồng.";

/// The pack of these tests with another text of the resolution.
fn pack(version: u32, paragraphs: &[&str]) -> Pack {
    let mut pack = pack::read(&pack_folder()).unwrap();
    let document = pack.documents.iter_mut().find(|document| document.id == "nghi-quyet").unwrap();
    let held = pack.blobs.iter_mut().find(|blob| blob.sha256 == document.text_sha256).unwrap();
    let mut text: DocumentText = serde_json::from_slice(&held.bytes).unwrap();
    let paragraph = text.blocks.pop().unwrap();
    text.version = version;
    text.blocks.extend(paragraphs.iter().enumerate().map(|(at, words)| {
        let mut block = paragraph.clone();
        // As a reader of packs names them: by the words alone.
        block.id = sha256_hex(words.as_bytes())[..10].to_owned();
        let congress::entities::BlockKind::Paragraph { runs } = &mut block.kind else { panic!("{at}") };
        runs[0].text = (*words).to_owned();
        block
    }));
    let bytes = serde_json::to_vec(&text).unwrap();
    *held = Blob { sha256: sha256_hex(&bytes), media_type: held.media_type.clone(), bytes };
    document.version = version;
    (document.text_sha256, document.text_bytes) = (held.sha256.clone(), held.bytes.len() as u64);
    pack
}

async fn document(device: &TestDevice) -> Document {
    let rows = rows(&device.pull_all().await);
    // A tail from the beginning holds every change; the last one counts.
    let row = rows.iter().rfind(|(_, row)| row.kind == "document" && row.id == "nghi-quyet").unwrap();
    row.1.data.as_ref().unwrap().read().unwrap()
}

async fn text(device: &TestDevice) -> DocumentText {
    let document = document(device).await;
    device.get(&format!("/blobs/{}", document.text_sha256)).await.ok()
}

fn id_of(text: &DocumentText, words: &str) -> String {
    text.blocks.iter().find(|block| block.plain_text() == words).unwrap().id.clone()
}

async fn bring(server: &TestServer, device: &TestDevice, pack: &Pack) {
    let version = pack.documents.iter().find(|document| document.id == "nghi-quyet").unwrap().version;
    import(open_store(&server.dir).await, pack, now()).await.unwrap();
    eventually("the import is noticed", async || (document(device).await.version == version).then_some(())).await;
}

#[tokio::test]
async fn who_holds_the_old_version_and_who_holds_the_new_one_name_the_same_paragraph() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let old = text(&device).await;
    let second = pack(2, &["Một đoạn đứng trước, chưa có trong bản đầu.", EDITED]);
    bring(&server, &device, &second).await;
    let new = text(&device).await;
    assert_eq!(id_of(&new, EDITED), id_of(&old, KEPT));
    assert_eq!(new.blocks[0].id, old.blocks[0].id, "the heading stayed");

    let again = import(server.store.clone(), &second, now()).await.unwrap();
    assert!(again.is_unchanged(), "{again:?}");
    assert!(check(Some(server.store.clone()), &second, now()).await.unwrap().is_unchanged());

    let third =
        pack(3, &["Một đoạn đứng trước, chưa có trong bản đầu.", "Phấn đấu thu ngân sách đạt 15 nghìn tỷ đồng."]);
    let told = check(Some(server.store.clone()), &third, now()).await.unwrap();
    assert_eq!(told.counts.keys().collect::<Vec<_>>(), ["document"]);
    bring(&server, &device, &third).await;
    assert_eq!(text(&device).await.blocks.last().unwrap().id, id_of(&old, KEPT), "two edits away");
}

#[tokio::test]
async fn what_changed_is_given_to_those_who_hold_the_document() {
    let server = TestServer::start().await;
    let (device, guest) = (server.device("p3").await, server.device("g1").await);
    assert_eq!(document(&device).await.changes, None);
    bring(&server, &device, &pack(2, &[EDITED])).await;
    let file = document(&device).await.changes.unwrap();
    let path = format!("/blobs/{}", file.sha256);
    let answer = device.get(&path).await;
    assert_eq!((sha256_hex(&answer.bytes), answer.bytes.len() as u64), (file.sha256.clone(), file.bytes));
    let changes: DocumentChanges = answer.ok();
    assert_eq!((changes.from_version, changes.version, changes.blocks.len()), (1, 2, 1));
    assert_eq!(guest.get(&path).await.status, StatusCode::NOT_FOUND);
    let old_text = device.get(&format!("/blobs/{}", changes.from_sha256)).await;
    assert_eq!(old_text.status, StatusCode::NOT_FOUND, "a version that was replaced is not given out");
}

#[tokio::test]
async fn a_comment_on_a_paragraph_that_is_gone_is_taken_with_its_words() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let block = id_of(&text(&device).await, KEPT);
    bring(&server, &device, &pack(2, &["Đoạn này viết lại hẳn, về chuyện khác."])).await;
    assert!(text(&device).await.blocks.iter().all(|other| other.id != block));
    // Written without a network, in the version that the phone held.
    let anchor = Anchor::Document {
        document: "nghi-quyet".to_owned(),
        version: 1,
        block: Some(block),
        place: "Phần thứ nhất".to_owned(),
        quote: KEPT.to_owned(),
    };
    let comment = SubmitComment {
        id: "c1".to_owned(),
        anchor: anchor.clone(),
        stance: Stance::Partial,
        text: "Đề nghị nêu rõ nguồn thu.".to_owned(),
        proposal: String::new(),
        floor_minutes: None,
    };
    let command = device.command(SubmitComment::KIND, comment.payload());
    assert_eq!(device.push(vec![command]).await.receipts[0].status, Status::Accepted);
    let desk = server.device("p1").await.pull_all().await;
    let rows = rows(&desk);
    let row = rows.iter().find(|(_, row)| row.kind == "comment").unwrap();
    let held: CommentAtDesk = row.1.data.as_ref().unwrap().read().unwrap();
    assert_eq!(held.anchor, anchor);
}

#[tokio::test]
async fn a_pack_that_is_refused_leaves_the_live_version_as_it_is() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    bring(&server, &device, &pack(2, &[EDITED])).await;
    let before = document(&device).await;
    let refused = import(server.store.clone(), &pack(2, &[EDITED, "Thêm mà không tăng số."]), now()).await;
    assert!(matches!(refused, Err(ImportError::Problems(lines)) if lines.len() == 1));
    assert_eq!(document(&device).await, before);
}

/// Each of them goes on from the text that it finds live when its turn comes, whichever is first.
#[tokio::test]
async fn imports_at_the_same_time_go_on_from_one_another() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let block = id_of(&text(&device).await, KEPT);
    let imports = (2..8).map(|version| {
        let store = server.store.clone();
        let words = format!("Phấn đấu thu ngân sách đạt {} tỷ đồng.", 12 + version);
        tokio::spawn(async move { import(store, &pack(version, &[&words]), now()).await })
    });
    let imports: Vec<_> = imports.collect();
    for import in imports {
        // A lower version that comes after a higher one is refused, as ever.
        let done = import.await.unwrap();
        assert!(matches!(done, Ok(_) | Err(ImportError::Problems(_))), "{done:?}");
    }
    eventually("all imports are noticed", async || (document(&device).await.version == 7).then_some(())).await;
    assert_eq!(text(&device).await.blocks.last().unwrap().id, block);
}
