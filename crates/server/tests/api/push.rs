//! Each command takes effect exactly once, and what is turned away changes nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use sync::ids::ClientId;
use sync::json::Json;
use sync::limits::{PUSH_BYTES_MAX, PUSH_COMMANDS_MAX};
use sync::wire::{PushOutcome, PushResponse, Status};

use crate::common::{API, TestServer, refused, rows};

#[tokio::test]
async fn a_repeated_push_gets_the_same_receipts_and_has_one_effect() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let commands = vec![device.comment("Đề nghị sửa chỉ tiêu."), device.comment("Ý kiến thứ hai.")];
    let first = device.push(commands.clone()).await;
    assert_eq!((first.outcome, first.last_seq, first.receipts.len()), (PushOutcome::Done, 2, 2));
    assert!(first.receipts.iter().all(|receipt| receipt.status == Status::Accepted));
    let gsn = device.pull_all().await.gsn;
    for _ in 0..3 {
        assert_eq!(device.push(commands.clone()).await, first);
    }
    let pulled = device.pull_all().await;
    assert_eq!((pulled.gsn, pulled.last_seq), (gsn, 2));
    assert_eq!(rows(&pulled).iter().filter(|(_, row)| row.kind == "own-comment").count(), 2);
}

#[tokio::test]
async fn many_devices_at_once_each_have_one_effect() {
    let server = TestServer::start().await;
    let mut pushes = Vec::new();
    for person in ["p3", "p4", "p6", "p1"] {
        let mut device = server.device(person).await;
        let commands: Vec<_> = (0..10).map(|at| device.comment(&format!("{person} {at}"))).collect();
        for _ in 0..3 {
            let (device, commands) = (device.clone(), commands.clone());
            pushes.push(tokio::spawn(async move { device.push(commands).await }));
        }
    }
    for push in pushes {
        assert_eq!(push.await.unwrap().outcome, PushOutcome::Done);
    }
    let desk = server.device("p1").await.pull_all().await;
    let numbers: std::collections::BTreeSet<u64> = rows(&desk)
        .iter()
        .filter(|(_, row)| row.kind == "comment")
        .map(|(_, row)| row.data.as_ref().unwrap().read::<serde_json::Value>().unwrap()["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=40).collect());
    assert_eq!(desk.gsn, 41);
}

#[tokio::test]
async fn a_gap_stops_and_a_taken_number_forks() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let (first, second, third) = (device.comment("1"), device.comment("2"), device.comment("3"));
    let gap = device.push(vec![first.clone(), third.clone()]).await;
    assert_eq!((gap.outcome, gap.last_seq, gap.receipts.len()), (PushOutcome::Gap, 1, 1));
    assert_eq!(device.push(vec![second, third]).await.last_seq, 3);
    device.last_seq = 0;
    let copy = device.comment("từ bản sao");
    let forked = device.push(vec![copy]).await;
    assert_eq!((forked.outcome, forked.last_seq, forked.receipts.len()), (PushOutcome::Forked, 3, 0));
}

#[tokio::test]
async fn a_ledger_of_somebody_else_is_turned_away() {
    let server = TestServer::start().await;
    let (mut owner, mut other) = (server.device("p3").await, server.device("p4").await);
    let command = owner.comment("của tôi");
    owner.push(vec![command.clone()]).await;
    let own_client = std::mem::replace(&mut other.client, owner.client);
    let push = serde_json::to_string(&other.push_request(vec![])).unwrap();
    assert_eq!(other.post("/sync/push", &push).await.error(), refused(403, "foreign-client"));
    assert_eq!(other.pull_all().await.last_seq, 0, "another's counter would make a device drop its own texts");
    other.client = own_client;
    let stolen = serde_json::to_string(&other.push_request(vec![command])).unwrap();
    assert_eq!(other.post("/sync/push", &stolen).await.error(), refused(403, "foreign-client"));
}

#[tokio::test]
async fn what_is_turned_away_changes_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let before = device.pull_all().await.gsn;
    for (body, status, code) in [
        (String::new(), 400, "malformed"),
        ("{\"protocol\":1".to_owned(), 400, "malformed"),
        ("[]".to_owned(), 400, "malformed"),
        (format!("{{\"protocol\":1,\"x\":\"{}\"}}", "a".repeat(PUSH_BYTES_MAX)), 413, "too-large"),
    ] {
        assert_eq!(device.post("/sync/push", &body).await.error(), refused(status, code));
    }
    let many: Vec<_> = (0..=PUSH_COMMANDS_MAX).map(|_| device.command("x", Json::of(&0))).collect();
    let many = serde_json::to_string(&device.push_request(many)).unwrap();
    assert_eq!(device.post("/sync/push", &many).await.error(), refused(413, "too-large"));
    let from_form = Request::post(format!("{API}/sync/push")).header(header::CONTENT_TYPE, "application/json");
    let answer = device.send(from_form.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.error(), refused(403, "not-from-app"));
    // Sent without saying how long it is.
    let stream = futures_util::stream::iter((0..300).map(|_| Ok::<_, std::io::Error>("a".repeat(1_024))));
    let request = Request::post(format!("{API}/sync/push")).header("x-delegate-app", "1");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let answer = device.send(request.body(Body::from_stream(stream)).unwrap()).await;
    assert_eq!(answer.error(), refused(413, "too-large"));
    assert_eq!(device.pull_all().await.gsn, before);
}

#[tokio::test]
async fn what_is_not_understood_is_parked_and_blocks_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let strange = device.command("from.the.future", Json::of(&serde_json::json!({ "a": [1] })));
    let broken = device.command("comment.submit", Json::of("no comment"));
    let after = device.comment("vẫn đến được");
    let answer = device.push(vec![strange, broken, after]).await;
    let statuses: Vec<Status> = answer.receipts.iter().map(|receipt| receipt.status).collect();
    assert_eq!(statuses, [Status::Parked, Status::Parked, Status::Accepted]);
}

#[tokio::test]
async fn a_newer_protocol_is_still_taken() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let mut request = serde_json::to_value(device.push_request(vec![])).unwrap();
    request["protocol"] = 99.into();
    request["unknown"] = "field".into();
    request["commands"] = serde_json::to_value([device.comment("từ bản mới")]).unwrap();
    let answer: PushResponse = device.post("/sync/push", &request.to_string()).await.ok();
    assert_eq!(answer.last_seq, 1);
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let commands = vec![device.comment("trước khi tắt"), device.command("strange", Json::of(&1))];
    let (first, before) = (device.push(commands.clone()).await, device.pull_all().await);
    let server = server.restart().await;
    let device = server.moved(device);
    let after = device.pull_all().await;
    assert_eq!(after.scopes, before.scopes);
    assert_eq!((after.epoch, after.gsn, after.last_seq), (before.epoch, before.gsn, before.last_seq));
    assert_eq!(device.push(commands).await, first);
    let stranger = ClientId::from_u128(1);
    assert_eq!(
        device
            .post("/sync/push", &format!("{{\"protocol\":1,\"client_id\":\"{stranger}\",\"commands\":[]}}"))
            .await
            .status,
        StatusCode::OK
    );
}
