//! Each person receives their own scopes and not a row more.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::header;
use sync::ids::{Epoch, Scope};
use sync::wire::PullResponse;
use tokio::time::Instant;

use crate::common::{API, EVERYONE, TestServer, post, refused, rows, scopes};

/// Who holds what (domain of `congress::scopes`), without one's own scope.
const HELD: [(&str, &[&str]); 9] = [
    ("p1", &["delegates", "presidium", "public"]),
    ("p2", &["delegates", "presidium", "public", "secretariat"]),
    ("p3", &["delegates", "public"]),
    ("p4", &["delegates", "public"]),
    ("p5", &["delegates", "public"]),
    ("p6", &["delegates", "public"]),
    ("g1", &["public"]),
    ("s1", &["checkin", "public"]),
    ("s2", &["delegates", "public"]),
];

/// What stands in the sensitive part of the pack only.
const SENSITIVE: [&str; 12] = [
    "1971-03-17",
    "17/03/1971",
    "1982-11-23",
    "1968-08-05",
    "1990-02-14",
    "Tày",
    "Nùng",
    "Mường",
    "Công giáo",
    "Phật giáo",
    "cao-cap",
    "ethnicity",
];

#[tokio::test]
async fn everyone_holds_their_scopes_and_no_row_of_another() {
    let server = TestServer::start().await;
    let mut author = server.device("p3").await;
    let comment = author.comment("Chỉ Đoàn Chủ tịch và tôi đọc.");
    author.push(vec![comment]).await;
    for (person, held) in HELD {
        let response = server.device(person).await.pull_all().await;
        let own = format!("user:{person}");
        let wanted = held.iter().map(|scope| (*scope).to_owned()).chain([own.clone()]).collect();
        assert_eq!(scopes(&response), wanted, "{person}");
        let text = serde_json::to_string(&response).unwrap();
        for word in SENSITIVE {
            assert!(!text.contains(word), "{person} received {word}");
        }
        let reads_comments = held.contains(&"presidium") || person == "p3";
        assert_eq!(text.contains("Chỉ Đoàn Chủ tịch và tôi đọc."), reads_comments, "{person}");
        assert_eq!(text.contains("Lời dẫn chỉ dành cho Đoàn Chủ tịch."), held.contains(&"presidium"), "{person}");
        assert_eq!(text.contains("Báo cáo tiếp thu"), held.contains(&"secretariat"), "{person}");
        for (scope, row) in rows(&response) {
            let kinds_of_the_server = ["person", "credentials", "counter"];
            assert!(!kinds_of_the_server.contains(&row.kind.as_str()), "{person} received {scope} {row:?}");
            assert!(scope.0 != "registry" && scope.0 != "credentials");
        }
    }
    assert_eq!(HELD.map(|(person, _)| person), EVERYONE);
}

#[tokio::test]
async fn asking_for_a_scope_does_not_give_it() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let mut request = device.pull_request();
    request.cursors = ["presidium", "registry", "credentials", "user:p4"].map(|scope| (Scope::new(scope), 0)).into();
    assert_eq!(scopes(&device.pull(&request).await), ["delegates", "public", "user:p3"].map(str::to_owned).into());
}

#[tokio::test]
async fn what_is_held_is_not_sent_again_and_another_log_is_sent_whole() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let all = device.pull_all().await;
    assert!(rows(&device.pull(&device.after(&all)).await).is_empty());
    let comment = device.comment("mới");
    device.push(vec![comment]).await;
    let news = device.pull(&device.after(&all)).await;
    let found = rows(&news);
    assert_eq!(found.iter().map(|(scope, _)| scope.as_str()).collect::<Vec<_>>(), ["user:p3"]);
    assert_eq!(news.last_seq, 1);
    let mut restored = device.after(&news);
    restored.epoch = Some(Epoch::from_u128(1));
    assert_eq!(rows(&device.pull(&restored).await).len(), rows(&device.pull_all().await).len());
}

#[tokio::test]
async fn a_protocol_that_is_too_old_is_told_to_update_and_may_still_push() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let mut old = device.pull_request();
    old.protocol = 0;
    let answer = device.post("/sync/pull", &serde_json::to_string(&old).unwrap()).await;
    assert_eq!(answer.error(), refused(426, "update-needed"));
    let mut push = device.push_request(vec![]);
    push.commands = vec![device.comment("từ máy cũ")];
    push.protocol = 0;
    let answer = device.post("/sync/push", &serde_json::to_string(&push).unwrap()).await;
    assert_eq!(answer.ok::<sync::wire::PushResponse>().last_seq, 1);
}

#[tokio::test]
async fn too_many_cursors_are_turned_away() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let mut request = device.pull_request();
    request.cursors = (0..100).map(|at| (Scope(format!("s{at}")), 0)).collect::<BTreeMap<_, _>>();
    let answer = device.post("/sync/pull", &serde_json::to_string(&request).unwrap()).await;
    assert_eq!(answer.error(), refused(400, "malformed"));
}

#[tokio::test]
async fn a_long_poll_answers_when_there_is_news_and_not_before() {
    let server = TestServer::start().await;
    let (mut device, other) = (server.device("p3").await, server.device("p3").await);
    let all = other.pull_all().await;
    let waiting = tokio::spawn({
        let mut request = other.after(&all);
        request.wait_ms = 20_000;
        async move { other.pull(&request).await }
    });
    let comment = device.comment("mới");
    device.push(vec![comment]).await;
    assert_eq!(rows(&waiting.await.unwrap()).len(), 1);
    let mut request = device.after(&device.pull_all().await);
    request.wait_ms = 50;
    let began = Instant::now();
    assert!(rows(&device.pull(&request).await).is_empty());
    assert!(began.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_stopping_server_lets_no_long_poll_wait() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let mut request = device.after(&device.pull_all().await);
    request.wait_ms = 20_000;
    let waiting = tokio::spawn(async move { device.pull(&request).await });
    server.app.stop();
    assert!(rows(&waiting.await.unwrap()).is_empty());
    assert_eq!(server.get("/readyz").await.status.as_u16(), 503);
    assert_eq!(server.get("/healthz").await.status.as_u16(), 200);
}

#[tokio::test]
async fn answers_are_compressed_and_kept_by_nobody() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let mut request = post(&format!("{API}/sync/pull"), serde_json::to_string(&device.pull_request()).unwrap());
    request.headers_mut().insert(header::ACCEPT_ENCODING, "gzip, br".parse().unwrap());
    let answer = device.send(request).await;
    assert_eq!((answer.header(header::CONTENT_ENCODING), answer.header(header::CACHE_CONTROL)), ("gzip", "no-store"));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*answer.bytes), &mut text).unwrap();
    assert!(serde_json::from_str::<PullResponse>(&text).is_ok());
}
