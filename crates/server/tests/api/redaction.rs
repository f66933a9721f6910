//! A comment whose words are hidden: what was stored, what devices may fetch, and every backup from then on are without
//! them, while the comment and its author's receipts stay.

use congress::commands::{Action, RedactComment, SubmitComment};
use congress::entities::{CommentAtDesk, OwnComment};
use server::transfer::backup;
use sync::ids::PersonId;
use sync::wire::{Status, Update};

use crate::common::{CONGRESS, TestDevice, TestServer, refused};

const HIDDEN: &str = "bệnh của chị hàng xóm";

async fn told(device: &TestDevice) -> String {
    let all = device.pull_all().await;
    let mut told = serde_json::to_string(&all).unwrap();
    for scope in all.scopes {
        if let Update::Snapshot { gsn, .. } = scope.update {
            told += device.get(&format!("/sync/scopes/{}/snapshots/{gsn}", scope.scope)).await.text();
        }
    }
    told
}

async fn stored(server: &TestServer) -> String {
    let entries = server.store.entries_after(CONGRESS, 0, 10_000).await.unwrap();
    entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect()
}

#[tokio::test]
async fn hidden_words_are_in_no_log_no_answer_and_no_backup() {
    let server = TestServer::start().await;
    let (mut chair, mut author) = (server.device("p1").await, server.device("p3").await);
    let command = author.comment(HIDDEN);
    let comment = command.payload.read::<SubmitComment>().unwrap().id;
    let received = author.push(vec![command.clone()]).await.receipts;
    // Enough others for a chunk and a snapshot that hold it.
    for _ in 0..8 {
        let others = (0..35).map(|at| author.comment(&format!("Ý kiến {at}"))).collect();
        author.push(others).await;
    }
    let before = chair.pull_all().await;
    let offered =
        |scope: &str| before.scopes.iter().find(|update| update.scope.as_str() == scope).unwrap().update.clone();
    let Update::Snapshot { gsn, .. } = offered("presidium") else { panic!("a snapshot") };
    let parts = [format!("/sync/scopes/presidium/snapshots/{gsn}"), "/sync/scopes/presidium/chunks/0".to_owned()];
    for part in &parts {
        assert!(chair.get(part).await.text().contains(HIDDEN), "{part}");
    }
    assert!(told(&author).await.contains(HIDDEN) && stored(&server).await.contains(HIDDEN));

    let reason = "Nêu thông tin sức khỏe".to_owned();
    let redaction = RedactComment { comment: comment.clone(), reason };
    let redaction = chair.command(RedactComment::KIND, redaction.payload());
    assert_eq!(chair.push(vec![redaction]).await.receipts[0].status, Status::Accepted);

    assert!(!stored(&server).await.contains(HIDDEN));
    for part in &parts {
        assert_eq!(chair.get(part).await.error(), refused(404, "not-found"), "{part}");
    }
    let file = server.dir.path().join("backup.sqlite");
    backup(&server.dir.database, &file).await.unwrap();
    let kept = std::fs::read(&file).unwrap();
    assert!(!kept.windows(HIDDEN.len()).any(|bytes| bytes == HIDDEN.as_bytes()), "in the backup");

    // Devices that hold the row get it anew, with one small answer; a server that is started again tells the same.
    let news = chair.pull(&chair.after(&before)).await;
    assert!(!serde_json::to_string(&news).unwrap().contains(HIDDEN));
    let server = server.restart().await;
    let (chair, author) = (server.moved(chair), server.moved(author));
    for device in [&chair, &author] {
        assert!(!told(device).await.contains(HIDDEN));
    }
    let again = author.push(vec![command]).await;
    assert_eq!(again.receipts, received, "the author's receipt is as it was");
    assert!(!stored(&server).await.contains(HIDDEN));
    let desk: CommentAtDesk = server
        .app
        .hall(CONGRESS)
        .unwrap()
        .entity(&congress::scopes::presidium(), &comment)
        .expect("the comment itself stays");
    assert!(desk.text.is_empty() && desk.redaction.is_some());
    let own_scope = congress::scopes::user(&PersonId::new("p3"));
    let own: OwnComment = server.app.hall(CONGRESS).unwrap().entity(&own_scope, &comment).unwrap();
    assert!(own.text.is_empty() && own.redaction == desk.redaction);
}
