//! From a code to a device.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use server::clock::now;
use sync::ids::PersonId;
use uuid::Uuid;

use crate::common::{API, TestServer, post, refused};

#[tokio::test]
async fn a_preview_tells_whose_invitation_it_is_and_uses_nothing_up() {
    let server = TestServer::start().await;
    let code = server.code("p3", 1).await;
    for _ in 0..3 {
        let preview: Value = server.post("/api/v1/enrolments/preview", &json!({ "code": code })).await.ok();
        let wanted = json!({
            "congress": {
                "id": "xa-ben-da",
                "name": "Đại hội đại biểu Đảng bộ xã Bến Đá lần thứ II, nhiệm kỳ 2025-2030",
                "short_name": "Đại hội II",
            },
            "person": {
                "id": "p3",
                "name": "Lê Minh Đại",
                "delegation": "Đoàn số 1",
                "organisation": "Thôn Bến Đò",
                "kind": "official",
            },
            "devices_left": 1,
        });
        assert_eq!(preview, wanted);
    }
}

#[tokio::test]
async fn a_code_serves_its_number_of_devices_and_a_lost_answer_uses_nothing_up() {
    let server = TestServer::start().await;
    let code = server.code("p3", 2).await;
    let (phone, tablet, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let first = server.device_by_code(&code, phone).await.unwrap();
    let again = server.device_by_code(&code, phone).await.unwrap();
    assert_eq!(first.get("/devices").await.error(), refused(401, "device-revoked"), "the new token replaced it");
    server.device_by_code(&code, tablet).await.unwrap();
    let third = server.device_by_code(&code, other).await.map(drop).unwrap_err();
    assert_eq!(third.error(), refused(410, "code-used-up"));
    let preview = async |device_id| {
        let body = json!({ "code": code, "device_id": device_id });
        server.post("/api/v1/enrolments/preview", &body).await
    };
    assert_eq!(preview(other).await.error(), refused(410, "code-used-up"));
    assert_eq!(preview(phone).await.status, StatusCode::OK);
    // A device that leaves gives its place back.
    assert_eq!(again.delete(&format!("/devices/{phone}")).await.status, StatusCode::OK);
    server.device_by_code(&code, other).await.unwrap();
}

#[tokio::test]
async fn a_device_comes_in_again_by_itself_unless_somebody_sent_it_away() {
    let server = TestServer::start().await;
    let code = server.code("p3", 1).await;
    let phone = Uuid::from_u128(1);
    let body = json!({ "code": code, "device_id": phone, "label": "Máy thử", "renew": true });
    let come = async || server.post("/api/v1/enrolments", &body).await;
    assert_eq!(come().await.status, StatusCode::OK, "a server that was restored does not know the device");
    assert_eq!(come().await.status, StatusCode::OK, "the cookie is lost");
    let device = server.device_by_code(&code, phone).await.unwrap();
    assert_eq!(device.delete(&format!("/devices/{phone}")).await.status, StatusCode::OK);
    assert_eq!(come().await.error(), refused(401, "device-revoked"));
    let device = server.device_by_code(&code, phone).await.unwrap();
    assert_eq!(device.get("/devices").await.status, StatusCode::OK, "a person with the invitation may");
}

#[tokio::test]
async fn what_is_no_code_and_what_never_was_one_get_the_same_answer() {
    let server = TestServer::start().await;
    let mut answers = Vec::new();
    for code in ["", "abc", "<script>", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
        let preview = server.post("/api/v1/enrolments/preview", &json!({ "code": code })).await;
        let enrolled = server.device_by_code(code, Uuid::from_u128(1)).await.map(drop).unwrap_err();
        for answer in [preview, enrolled] {
            assert_eq!(answer.error(), refused(404, "code-unknown"));
            answers.push(answer.bytes);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn a_revoked_code_says_so() {
    let server = TestServer::start().await;
    let code = server.code("p3", 3).await;
    server.store.revoke_person("xa-ben-da", &PersonId::new("p3"), now()).await.unwrap();
    let preview = server.post("/api/v1/enrolments/preview", &json!({ "code": code })).await;
    assert_eq!(preview.error(), refused(410, "code-revoked"));
    let enrolled = server.device_by_code(&code, Uuid::from_u128(1)).await.map(drop).unwrap_err();
    assert_eq!(enrolled.error(), refused(410, "code-revoked"));
}

#[tokio::test]
async fn the_cookie_is_for_the_browser_alone_and_for_one_congress() {
    let server = TestServer::start().await;
    let code = server.code("p3", 1).await;
    let body = json!({ "code": code, "device_id": Uuid::from_u128(1), "label": "iPhone của anh Đại" });
    let mut request = post("/api/v1/enrolments", body.to_string());
    request.headers_mut().insert(header::HOST, "daihoi.example.vn".parse().unwrap());
    let answer = server.send(request).await;
    let cookie = answer.header(header::SET_COOKIE);
    let (token, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(token.len(), "sotay=".len() + 43);
    assert_eq!(attributes, "Path=/api/v1/congresses/xa-ben-da; Max-Age=31536000; HttpOnly; SameSite=Strict; Secure");
    assert!(!answer.text().contains(&token["sotay=".len()..]), "no script reads the token");
    let enrolled: Value = answer.ok();
    assert_eq!((&enrolled["congress"], &enrolled["person"]), (&json!("xa-ben-da"), &json!("p3")));
    assert_eq!(enrolled["name"], "Lê Minh Đại");
    assert_eq!(enrolled["blobs"], format!("{API}/blobs/"));
}

#[tokio::test]
async fn requests_that_change_something_come_from_the_app_as_json() {
    let server = TestServer::start().await;
    let body = json!({ "code": "x" }).to_string();
    let path = "/api/v1/enrolments/preview";
    let from_form = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let answer = server.send(from_form.body(Body::from(body.clone())).unwrap()).await;
    assert_eq!(answer.error(), refused(403, "not-from-app"));
    let as_text = Request::post(path).header("x-delegate-app", "1").header(header::CONTENT_TYPE, "text/plain");
    assert_eq!(server.send(as_text.body(Body::from(body)).unwrap()).await.error(), refused(415, "not-json"));
    assert_eq!(server.send(post(path, "{".into())).await.error(), refused(400, "malformed"));
    let large = json!({ "code": "x".repeat(20_000) });
    assert_eq!(server.post(path, &large).await.error(), refused(413, "too-large"));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_a_right_code_is_not() {
    let server = TestServer::start().await;
    let mut last = None;
    for _ in 0..200 {
        last = Some(server.post("/api/v1/enrolments/preview", &json!({ "code": "x" })).await);
    }
    let last = last.unwrap();
    assert_eq!(last.error(), refused(429, "too-many-tries"));
    assert!(!last.header(header::RETRY_AFTER).is_empty());
    server.device("p3").await;
}
