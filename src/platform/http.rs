//! Requests to the server. Only the server's own words count: whatever else answers (a captive portal, a proxy's error
//! page) is "unreachable".

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sync::client::{Answer, Failure, Request};
use sync::wire::PullResponse;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestCredentials, RequestInit, Response};

use crate::account::Account;
use crate::platform::ledger::Device;
use crate::platform::{device, timer, world};
use crate::ports::Transport;

/// A little shorter than the machine's own patience, so that a dead connection is really closed.
const ANSWER_MAX_MS: u64 = 28_000;
/// What a blob may take at least, and how many bytes a millisecond a weak line carries.
const BLOB_MAX_MS: u64 = 60_000;
const WEAK_LINE_BYTES_PER_MS: u64 = 16;
const ENROLMENTS: &str = "/api/v1/enrolments";

/// The server of one account.
#[derive(Debug)]
pub struct Server {
    api: String,
    /// How this device comes in again by itself.
    renewal: Option<Renewal>,
    renewal_under_way: Cell<bool>,
    /// What became of the last one.
    renewed: Cell<Result<(), Failure>>,
    ahead_ms: Cell<Option<i64>>,
}

/// An enrolment that this device has had before.
#[derive(Clone, Debug, Serialize)]
struct Renewal {
    code: String,
    device_id: String,
    label: String,
    renew: bool,
}

/// An error as the server words it.
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

/// Why a request of the enrolment failed: a code of the server, or none when it could not be reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Denied {
    pub code: Option<String>,
}

impl Server {
    pub fn new(account: &Account, device: Option<&Device>) -> Self {
        let renewal = device.and_then(|Device { device_id, code, .. }| {
            let (code, device_id) = (code.clone()?, device_id.clone());
            Some(Renewal { code, device_id, label: device::label(), renew: true })
        });
        Self {
            api: account.api(),
            renewal,
            renewal_under_way: Cell::new(false),
            renewed: Cell::new(Ok(())),
            ahead_ms: Cell::new(None),
        }
    }

    /// The bytes of a document text or an attachment.
    pub async fn blob(&self, sha256: &str, bytes: u64) -> Result<Response, Failure> {
        let max_ms = BLOB_MAX_MS + bytes / WEAK_LINE_BYTES_PER_MS;
        self.answer("GET", &format!("/blobs/{sha256}"), None, max_ms).await
    }

    /// How far this device's clock is ahead of the server's, if that is known.
    pub fn ahead_ms(&self) -> Option<i64> {
        self.ahead_ms.get()
    }

    /// As it was when the server was last heard.
    pub fn remember_ahead_ms(&self, ahead_ms: i64) {
        self.ahead_ms.set(Some(ahead_ms));
    }

    async fn ask<T: DeserializeOwned>(&self, method: &str, path: &str, body: Option<String>) -> Result<T, Failure> {
        let response = self.answer(method, path, body.as_deref(), ANSWER_MAX_MS).await?;
        json(&response).await.ok_or(Failure::Unreachable)
    }

    /// The server's answer. A device that it does not know comes in again and asks once more.
    async fn answer(&self, method: &str, path: &str, body: Option<&str>, max_ms: u64) -> Result<Response, Failure> {
        let url = format!("{}{path}", self.api);
        match answer(method, &url, body, max_ms).await {
            Err(Failure::Revoked) => {
                self.renew().await?;
                answer(method, &url, body, max_ms).await
            }
            settled => settled,
        }
    }

    /// One at a time: of two new tokens only the later one is good, and the cookie might be the other. Whoever comes
    /// meanwhile waits for the same outcome: a renewal that did not get through is no word about the device.
    async fn renew(&self) -> Result<(), Failure> {
        if self.renewal_under_way.replace(true) {
            while self.renewal_under_way.get() {
                timer::sleep(50).await;
            }
        } else {
            self.renewed.set(self.come_in_again().await);
            self.renewal_under_way.set(false);
        }
        self.renewed.get()
    }

    async fn come_in_again(&self) -> Result<(), Failure> {
        let body = self.renewal.as_ref().and_then(to_json).ok_or(Failure::Revoked)?;
        match answer("POST", ENROLMENTS, Some(&body), ANSWER_MAX_MS).await {
            // A server of another congress says nothing about this device.
            Err(Failure::Missing) => Err(Failure::Unreachable),
            settled => settled.map(drop),
        }
    }
}

impl Transport for Server {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        match request {
            Request::Push(push) => self.ask("POST", "/sync/push", to_json(push)).await.map(Answer::Push),
            Request::Pull(pull) => {
                let answer: PullResponse = self.ask("POST", "/sync/pull", to_json(pull)).await?;
                self.ahead_ms.set(Some(world::now().0 - answer.server_time.0));
                Ok(Answer::Pull(answer))
            }
            Request::Snapshot { epoch, scope, gsn } => {
                let path = format!("/sync/scopes/{scope}/snapshots/{gsn}?epoch={epoch}");
                self.ask("GET", &path, None).await.map(Answer::Snapshot)
            }
            Request::Chunk { epoch, scope, index } => {
                let path = format!("/sync/scopes/{scope}/chunks/{index}?epoch={epoch}");
                self.ask("GET", &path, None).await.map(Answer::Chunk)
            }
        }
    }
}

/// A request outside of any account (enrolment, own devices).
pub async fn call<B: Serialize, T: DeserializeOwned>(method: &str, path: &str, body: Option<&B>) -> Result<T, Denied> {
    let unreachable = Denied { code: None };
    let body = body.and_then(to_json);
    let Some(response) = fetch(method, path, body.as_deref(), ANSWER_MAX_MS).await else { return Err(unreachable) };
    if response.ok() {
        return json(&response).await.ok_or(unreachable);
    }
    Err(Denied { code: json::<ErrorBody>(&response).await.map(|body| body.error) })
}

fn to_json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

async fn answer(method: &str, url: &str, body: Option<&str>, max_ms: u64) -> Result<Response, Failure> {
    let response = fetch(method, url, body, max_ms).await.ok_or(Failure::Unreachable)?;
    if response.ok() { Ok(response) } else { Err(failure(&response).await) }
}

/// `None` when nothing answered in time.
async fn fetch(method: &str, url: &str, body: Option<&str>, max_ms: u64) -> Option<Response> {
    let controller = AbortController::new().ok()?;
    let headers = Headers::new().ok()?;
    headers.set("x-delegate-app", "1").ok()?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&controller.signal()));
    init.set_credentials(RequestCredentials::SameOrigin);
    if let Some(body) = body {
        headers.set("content-type", "application/json").ok()?;
        init.set_body(&body.into());
    }
    // What the device keeps lies in its own stores. The browser's would keep words that were hidden since, and the rows of
    // a device that was sent away.
    init.set_cache(RequestCache::NoStore);
    init.set_headers(&headers);
    let promise = web_sys::window()?.fetch_with_str_and_init(url, &init);
    let alarm = timer::after(max_ms, move || controller.abort());
    let response = JsFuture::from(promise).await;
    drop(alarm);
    response.ok()?.dyn_into().ok()
}

async fn json<T: DeserializeOwned>(response: &Response) -> Option<T> {
    let kind = response.headers().get("content-type").ok().flatten()?;
    if !kind.starts_with("application/json") {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

async fn failure(response: &Response) -> Failure {
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let retry_ms = retry_after.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0).min(60) * 1_000;
    let status = response.status();
    let Some(ErrorBody { error }) = json(response).await else {
        return if matches!(status, 429 | 500..=599) { Failure::Busy { retry_ms } } else { Failure::Unreachable };
    };
    match (status, error.as_str()) {
        (401, _) | (_, "code-unknown" | "code-revoked" | "code-used-up") => Failure::Revoked,
        (403, "foreign-client") => Failure::Foreign,
        (404, _) => Failure::Missing,
        (413, _) => Failure::TooLarge,
        (426, _) => Failure::UpdateNeeded,
        (429 | 500..=599, _) => Failure::Busy { retry_ms },
        _ => Failure::Unreachable,
    }
}
