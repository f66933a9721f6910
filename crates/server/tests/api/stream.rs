//! The live stream: the first word, a change inline, calm for delegates, and its end.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use server::clock::now;
use server::limits::STREAM_CALM;
use sync::ids::PersonId;
use sync::wire::{Live, Update};
use tokio::time::{Instant, timeout};
use tower::ServiceExt;

use crate::common::{API, TestDevice, TestServer};

struct Stream {
    response: Response<Body>,
    waiting: String,
}

impl Stream {
    async fn open(device: &TestDevice) -> Self {
        let path = format!("{API}/sync/stream?client_id={}&after=0", device.client);
        let request = Request::get(path).header(header::COOKIE, &device.cookie).header(header::ACCEPT_ENCODING, "gzip");
        let response = device.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
        Self { response, waiting: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Live> {
        loop {
            if let Some((event, rest)) = self.waiting.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.waiting = rest;
                if let Some(data) = event.strip_prefix("data: ") {
                    return Some(serde_json::from_str(data).unwrap());
                }
                continue;
            }
            let frame = timeout(Duration::from_secs(10), self.response.body_mut().frame()).await.expect("an event")?;
            self.waiting += std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_stream_begins_with_the_head_and_brings_what_changes() {
    let server = TestServer::start().await;
    let (mut author, chair) = (server.device("p3").await, server.device("p1").await);
    let mut stream = Stream::open(&chair).await;
    let all = chair.pull_all().await;
    assert_eq!(stream.next().await, Some(Live::Moved { epoch: all.epoch, gsn: all.gsn }));
    let comment = author.comment("Xin phát biểu.");
    author.push(vec![comment]).await;
    let Some(Live::Change { from, response }) = stream.next().await else { panic!("no change") };
    assert_eq!((from, response.gsn), (all.gsn, all.gsn + 1));
    assert_eq!(response.scopes.len(), all.scopes.len());
    let pulled = chair.pull(&chair.after(&all)).await;
    assert_eq!(response.scopes, pulled.scopes);
}

#[tokio::test]
async fn a_change_of_others_is_silent_and_leaves_no_gap() {
    let server = TestServer::start().await;
    let (mut author, mut other) = (server.device("p3").await, server.device("p4").await);
    let mut stream = Stream::open(&author).await;
    let Some(Live::Moved { gsn: begin, .. }) = stream.next().await else { panic!("no head") };
    let foreign = other.comment("không phải của p3");
    other.push(vec![foreign]).await;
    let own = author.comment("của p3");
    author.push(vec![own]).await;
    let Some(Live::Change { from, response }) = stream.next().await else { panic!("no change") };
    assert_eq!(from, begin, "complete from what the device was told last");
    let rows: usize = response
        .scopes
        .iter()
        .map(|scope| match &scope.update {
            Update::Tail { rows, .. } => rows.len(),
            _ => panic!("no tail"),
        })
        .sum();
    assert_eq!((rows, response.last_seq), (1, 1));
}

#[tokio::test]
async fn a_large_change_is_only_announced() {
    let server = TestServer::start().await;
    let (mut author, chair) = (server.device("p3").await, server.device("p1").await);
    let mut stream = Stream::open(&chair).await;
    stream.next().await;
    let comment = author.comment(&"dài ".repeat(2_200));
    author.push(vec![comment]).await;
    assert!(matches!(stream.next().await, Some(Live::Moved { .. })));
}

#[tokio::test]
async fn delegates_get_at_most_one_event_in_two_seconds_and_the_table_gets_them_at_once() {
    let server = TestServer::start().await;
    let (mut author, chair) = (server.device("p3").await, server.device("p1").await);
    let (mut own, mut table) = (Stream::open(&author).await, Stream::open(&chair).await);
    own.next().await;
    table.next().await;
    let began = Instant::now();
    let mut last = 0;
    for at in 0..3 {
        let comment = author.comment(&format!("{at}"));
        last = author.push(vec![comment]).await.receipts[0].gsn;
        assert!(matches!(table.next().await, Some(Live::Change { .. })));
    }
    let mut events = 0;
    while let Some(Live::Change { response, .. }) = own.next().await {
        events += 1;
        if response.gsn == last {
            break;
        }
    }
    let calm = STREAM_CALM.mul_f32(0.95);
    assert!(began.elapsed() >= calm * (events - 1), "{events} events in {:?}", began.elapsed());
}

#[tokio::test]
async fn a_stream_ends_when_its_device_is_revoked_and_when_the_server_stops() {
    let server = TestServer::start().await;
    let (lost, stays) = (server.device("p3").await, server.device("p4").await);
    let (mut ends, mut open) = (Stream::open(&lost).await, Stream::open(&stays).await);
    assert!(ends.next().await.is_some() && open.next().await.is_some());
    server.store.revoke_person("xa-ben-da", &PersonId::new("p3"), now()).await.unwrap();
    assert_eq!(ends.next().await, None);
    server.app.stop();
    assert_eq!(open.next().await, None);
}

#[tokio::test]
async fn a_device_that_opens_too_many_loses_the_oldest() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let mut first = Stream::open(&device).await;
    first.next().await;
    let mut newer = Vec::new();
    for _ in 0..server::limits::STREAMS_PER_DEVICE_MAX {
        newer.push(Stream::open(&device).await);
    }
    assert_eq!(first.next().await, None);
    assert!(newer[0].next().await.is_some());
}
