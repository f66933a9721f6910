//! What a phone asks of the server: its cookie, what the machine wants, the texts of documents, the live stream.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use sync::client::{Answer, Failure, Request, StreamEvent};
use tokio::time::sleep;

use crate::phone::{Owner, World, random};
use crate::wire::{Events, Line, Pool};

/// The cookie for an invitation, asked for until it is there.
pub async fn enrol(world: &World, lines: &Pool, owner: &Owner) -> String {
    let body = json!({ "code": owner.code, "device_id": uuid::Uuid::from_u128(random()), "label": "Điện thoại" });
    loop {
        let asked = lines.ask(Method::POST, "/api/v1/enrolments", "", Some(body.to_string())).await;
        let pause_ms = match asked {
            Ok(reply) if reply.status == StatusCode::OK => {
                let cookie = reply.head["set-cookie"].to_str().unwrap();
                return cookie.split(';').next().unwrap().to_owned();
            }
            Ok(reply) => {
                let word = reply.json::<Value>().unwrap_or_default();
                assert!(matches!(reply.status.as_u16(), 429 | 503), "{} {word}", reply.status);
                world.book.failed("enrolment", Failure::Busy { retry_ms: 0 });
                reply.retry_ms()
            }
            Err(_) => {
                world.book.failed("enrolment", Failure::Unreachable);
                0
            }
        };
        sleep(Duration::from_millis(pause_ms.max(500))).await;
    }
}

/// The answer to a request of the machine.
pub async fn ask(lines: &Pool, api: &str, cookie: &str, request: Request) -> Result<Answer, Failure> {
    let get = |path: String| (Method::GET, path, None);
    let (method, path, body) = match &request {
        Request::Push(push) => (Method::POST, "/sync/push".to_owned(), serde_json::to_string(push).ok()),
        Request::Pull(pull) => (Method::POST, "/sync/pull".to_owned(), serde_json::to_string(pull).ok()),
        Request::Snapshot { epoch, scope, gsn } => get(format!("/sync/scopes/{scope}/snapshots/{gsn}?epoch={epoch}")),
        Request::Chunk { epoch, scope, index } => get(format!("/sync/scopes/{scope}/chunks/{index}?epoch={epoch}")),
    };
    let asked = lines.ask(method, &format!("{api}{path}"), cookie, body).await;
    let reply = asked.map_err(|_| Failure::Unreachable)?;
    match request {
        Request::Push(_) => reply.answer(Answer::Push),
        Request::Pull(_) => reply.answer(Answer::Pull),
        Request::Snapshot { .. } => reply.answer(Answer::Snapshot),
        Request::Chunk { .. } => reply.answer(Answer::Chunk),
    }
}

/// The text of a document, as it was packed.
pub async fn fetch(lines: &Pool, api: &str, cookie: &str, sha256: &str) -> Result<(), Failure> {
    let asked = lines.ask(Method::GET, &format!("{api}/blobs/{sha256}"), cookie, None).await;
    let whole = asked.is_ok_and(|reply| reply.status == StatusCode::OK && !reply.body.is_empty());
    if whole { Ok(()) } else { Err(Failure::Unreachable) }
}

/// Hands on events until the stream ends.
pub async fn listen(port: u16, path: &str, cookie: &str, tell: impl Fn(StreamEvent) -> bool) {
    let mut line = Line::new(port);
    let Ok(response) = line.send(Method::GET, path, cookie, None).await else { return };
    if response.status() != StatusCode::OK {
        return;
    }
    tell(StreamEvent::Opened);
    let (mut body, mut events) = (response.into_body(), Events::default());
    while let Some(Ok(frame)) = body.frame().await {
        for data in frame.data_ref().map(|piece| events.take(piece)).unwrap_or_default() {
            // A word that is not understood ends the stream, as in the app.
            let Ok(live) = serde_json::from_str(&data) else { return };
            tell(StreamEvent::Message(live));
        }
    }
}
