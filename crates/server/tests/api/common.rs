//! A server with a small congress in a folder of its own, and devices that talk to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use congress::commands::{Action, SubmitComment};
use congress::entities::{Anchor, Stance};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::clock::{now, random_u128};
use server::store::location::Location;
use server::store::{NewEnrolment, Store};
use server::{App, Config, router, secret};
use sync::ids::{ClientId, CommandId, PersonId, Scope, Seq, Timestamp};
use sync::json::Json;
use sync::wire::{Command, PROTOCOL, PullRequest, PullResponse, PushRequest, PushResponse, Update, WireRow};
use tempfile::TempDir;
use tower::ServiceExt;

pub const CONGRESS: &str = "xa-ben-da";
pub const API: &str = "/api/v1/congresses/xa-ben-da";
/// Presidium, secretariat, two delegates, an alternate, a member of the credentials board, a guest, a desk, an organiser.
pub const EVERYONE: [&str; 9] = ["p1", "p2", "p3", "p4", "p5", "p6", "g1", "s1", "s2"];

pub fn pack_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack")
}

/// A folder, and an empty database of the engine that this run of the tests is for.
pub struct Home {
    folder: TempDir,
    pub database: Location,
}

impl Home {
    pub fn new() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let database = crate::new_database(folder.path());
        Arc::new(Self { folder, database })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

pub struct TestServer {
    pub dir: Arc<Home>,
    pub store: Arc<dyn Store>,
    pub app: Arc<App>,
    pub router: Router,
}

impl TestServer {
    /// A server with the small congress.
    pub async fn start() -> Self {
        let dir = Home::new();
        let store = open_store(&dir).await;
        let pack = pack::read(&pack_folder()).unwrap();
        server::import::import(store, &pack, now()).await.unwrap();
        Self::open(dir, Config::default()).await
    }

    /// A server on data that is there.
    pub async fn open(dir: Arc<Home>, config: Config) -> Self {
        let store = open_store(&dir).await;
        let app = App::open(Arc::clone(&store), config).await.unwrap();
        Self { dir, store, router: router(Arc::clone(&app)), app }
    }

    /// The same data, served by a new process.
    pub async fn restart(self) -> Self {
        self.app.close().await;
        Self::open(self.dir, self.app.config.clone()).await
    }

    pub async fn code(&self, person: &str, devices_max: u32) -> String {
        let code = secret::new_code().unwrap();
        let enrolment = NewEnrolment {
            congress: CONGRESS.to_owned(),
            code_hash: secret::code_hash(&code).unwrap(),
            person: PersonId::new(person),
            devices_max,
            created_at: now(),
        };
        self.store.add_enrolment(&enrolment).await.unwrap();
        code
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        answer(&self.router, request).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(post(path, body.to_string())).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Enrols a new device of a person.
    pub async fn device(&self, person: &str) -> TestDevice {
        let code = self.code(person, 1).await;
        self.device_by_code(&code, uuid::Uuid::from_u128(random_u128().unwrap())).await.unwrap()
    }

    pub async fn device_by_code(&self, code: &str, device_id: uuid::Uuid) -> Result<TestDevice, Answer> {
        let body = json!({ "code": code, "device_id": device_id, "label": "Máy thử" });
        let answer = self.post("/api/v1/enrolments", &body).await;
        if answer.status != StatusCode::OK {
            return Err(answer);
        }
        let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let client = ClientId::from_random(random_u128().unwrap());
        Ok(TestDevice { router: self.router.clone(), cookie, device_id, client, last_seq: 0 })
    }

    /// The same device at a server that was started anew.
    pub fn moved(&self, device: TestDevice) -> TestDevice {
        TestDevice { router: self.router.clone(), ..device }
    }
}

/// One more handle on the data, as another process would have.
pub async fn open_store(dir: &Home) -> Arc<dyn Store> {
    dir.database.open().await.unwrap()
}

#[derive(Clone)]
pub struct TestDevice {
    pub router: Router,
    pub cookie: String,
    pub device_id: uuid::Uuid,
    pub client: ClientId,
    pub last_seq: Seq,
}

impl TestDevice {
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        answer(&self.router, request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        let request = Request::get(format!("{API}{path}"));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        let request = Request::delete(format!("{API}{path}")).header("x-delegate-app", "1");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(post(&format!("{API}{path}"), body.to_owned())).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        let mut request = post(&format!("{API}{path}"), body.to_string());
        *request.method_mut() = Method::PUT;
        self.send(request).await
    }

    /// A command with the next number.
    pub fn command(&mut self, kind: &str, payload: Json) -> Command {
        self.last_seq += 1;
        let at = Timestamp(1_000);
        let command_id = CommandId::from_time(at, random_u128().unwrap());
        Command { seq: self.last_seq, command_id, kind: kind.to_owned(), v: 1, created_at: at, payload }
    }

    /// A command that hands in a comment.
    pub fn comment(&mut self, text: &str) -> Command {
        let comment = SubmitComment {
            id: uuid::Uuid::from_u128(random_u128().unwrap()).to_string(),
            anchor: Anchor::Congress,
            stance: Stance::Agree,
            text: text.to_owned(),
            proposal: String::new(),
            floor_minutes: None,
        };
        self.command(SubmitComment::KIND, comment.payload())
    }

    pub fn push_request(&self, commands: Vec<Command>) -> PushRequest {
        PushRequest { protocol: PROTOCOL, client_id: self.client, person: None, epoch: None, commands }
    }

    pub async fn push(&self, commands: Vec<Command>) -> PushResponse {
        let body = serde_json::to_string(&self.push_request(commands)).unwrap();
        self.post("/sync/push", &body).await.ok()
    }

    pub fn pull_request(&self) -> PullRequest {
        PullRequest {
            protocol: PROTOCOL,
            client_id: self.client,
            person: None,
            epoch: None,
            cursors: BTreeMap::new(),
            wait_ms: 0,
            parked: Vec::new(),
        }
    }

    pub async fn pull(&self, request: &PullRequest) -> PullResponse {
        self.post("/sync/pull", &serde_json::to_string(request).unwrap()).await.ok()
    }

    /// Everything that this device may hold, as tails from the beginning.
    pub async fn pull_all(&self) -> PullResponse {
        self.pull(&self.pull_request()).await
    }

    /// A request that holds all that `response` brought.
    pub fn after(&self, response: &PullResponse) -> PullRequest {
        let cursors = response.scopes.iter().map(|update| (update.scope.clone(), response.gsn)).collect();
        PullRequest { epoch: Some(response.epoch), cursors, ..self.pull_request() }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body of a success.
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// (status, code) of an error, which must carry a sentence for the person and be kept by nobody.
    pub fn error(&self) -> (u16, String) {
        let body: Value = self.json();
        assert!(body["message"].as_str().is_some_and(|message| message.ends_with('.')), "{self:?}");
        assert_eq!(self.header(header::CACHE_CONTROL), "no-store");
        (self.status.as_u16(), body["error"].as_str().unwrap().to_owned())
    }
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub fn post(path: &str, body: String) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri(path).header("x-delegate-app", "1");
    request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()
}

async fn answer(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 26).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

/// The rows of all tails of an answer, with their scopes.
pub fn rows(response: &PullResponse) -> Vec<(Scope, WireRow)> {
    let mut all = Vec::new();
    for update in &response.scopes {
        let Update::Tail { rows, .. } = &update.update else { panic!("no tail: {update:?}") };
        all.extend(rows.iter().map(|row| (update.scope.clone(), row.clone())));
    }
    all
}

pub fn scopes(response: &PullResponse) -> BTreeSet<String> {
    response.scopes.iter().map(|update| update.scope.0.clone()).collect()
}

/// Asks until something is there; fails after ten seconds.
pub async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(10), asking).await;
    found.unwrap_or_else(|_| panic!("{what} did not happen"))
}
