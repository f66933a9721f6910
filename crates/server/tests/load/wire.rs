//! HTTP/1.1 as a phone speaks it: connections that stay open, a cookie, compressed answers, server-sent events. What an
//! answer means to the machine is read here in the same way as in the app.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::client::{Answer, Failure};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// As patient as the app.
const ANSWER_WAIT: Duration = Duration::from_secs(28);

/// The connections of one phone: whoever asks takes one that is idle, or opens another, as browsers do.
pub struct Pool {
    port: u16,
    idle: Mutex<Vec<Line>>,
}

impl Pool {
    pub fn new(port: u16) -> Self {
        Self { port, idle: Mutex::new(Vec::new()) }
    }

    /// A request and its whole answer.
    pub async fn ask(&self, method: Method, path: &str, cookie: &str, body: Option<String>) -> Result<Reply> {
        let idle = self.idle().pop();
        let mut line = idle.unwrap_or_else(|| Line::new(self.port));
        let reply = line.ask(method, path, cookie, body).await;
        self.idle().push(line);
        reply
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Line>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection to the server, opened when it is needed and kept.
pub struct Line {
    port: u16,
    link: Option<Link>,
}

struct Link {
    send: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
}

/// The socket closes with it, whatever was on its way.
impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub struct Reply {
    pub status: StatusCode,
    pub head: header::HeaderMap,
    pub body: Bytes,
}

impl Line {
    pub fn new(port: u16) -> Self {
        Self { port, link: None }
    }

    /// A request and its whole answer.
    pub async fn ask(&mut self, method: Method, path: &str, cookie: &str, body: Option<String>) -> Result<Reply> {
        let exchange = async {
            let response = self.send(method, path, cookie, body).await?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(Error::other)?.to_bytes();
            Ok(Reply { status: head.status, head: head.headers, body })
        };
        let reply = timeout(ANSWER_WAIT, exchange).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
        if reply.is_err() {
            self.link = None;
        }
        reply
    }

    /// A request whose answer is read piece by piece.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        cookie: &str,
        body: Option<String>,
    ) -> Result<Response<Incoming>> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        request = request.header("x-delegate-app", "1").header(header::COOKIE, cookie);
        request = request.header(header::ACCEPT_ENCODING, "gzip, br");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::from(body.unwrap_or_default())).map_err(Error::other)?;
        let held = self.link.take_if(|link| link.send.is_closed());
        drop(held);
        let link = match &mut self.link {
            Some(link) => link,
            None => self.link.insert(connect(self.port).await?),
        };
        link.send.ready().await.map_err(Error::other)?;
        link.send.send_request(request).await.map_err(Error::other)
    }
}

async fn connect(port: u16) -> Result<Link> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (send, connection) = handshake(TokioIo::new(stream)).await.map_err(Error::other)?;
    let task = tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(Link { send, task })
}

impl Reply {
    /// The bytes as they were before they were packed.
    pub fn text(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        match self.head.get(header::CONTENT_ENCODING).map(|name| name.as_bytes()) {
            Some(b"gzip") => flate2::read::GzDecoder::new(&*self.body).read_to_end(&mut text).map(|_| text),
            Some(b"br") => brotli::Decompressor::new(&*self.body, 4_096).read_to_end(&mut text).map(|_| text),
            _ => Ok(self.body.to_vec()),
        }
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.text()?).map_err(Error::other)
    }

    /// What the machine is told of an answer to a request of `read`'s kind.
    pub fn answer<T: DeserializeOwned>(&self, read: fn(T) -> Answer) -> std::result::Result<Answer, Failure> {
        if self.status == StatusCode::OK {
            self.json().map(read).map_err(|_| Failure::Unreachable)
        } else {
            Err(self.failure())
        }
    }

    fn failure(&self) -> Failure {
        let error = self.json::<Value>().ok().and_then(|body| body["error"].as_str().map(str::to_owned));
        match (self.status.as_u16(), error.as_deref()) {
            (401, _) => Failure::Revoked,
            (403, Some("foreign-client")) => Failure::Foreign,
            (404, _) => Failure::Missing,
            (413, _) => Failure::TooLarge,
            (426, _) => Failure::UpdateNeeded,
            (429 | 500..=599, _) => Failure::Busy { retry_ms: self.retry_ms() },
            _ => Failure::Unreachable,
        }
    }

    pub fn retry_ms(&self) -> u64 {
        let seconds = self.head.get(header::RETRY_AFTER).and_then(|text| text.to_str().ok()?.parse::<u64>().ok());
        seconds.unwrap_or(0).min(60) * 1_000
    }
}

/// The data of server-sent events, out of the pieces in which they come.
#[derive(Default)]
pub struct Events {
    rest: Vec<u8>,
}

impl Events {
    pub fn take(&mut self, piece: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(piece);
        let mut data = Vec::new();
        while let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
            let event: Vec<u8> = self.rest.drain(..end + 2).collect();
            let event = String::from_utf8_lossy(&event);
            data.extend(event.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned));
        }
        data
    }
}
