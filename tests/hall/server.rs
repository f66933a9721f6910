//! The real server machine on a real SQLite file, killed and restored as the seed wants.

use std::collections::BTreeSet;
use std::sync::Arc;

use congress::CongressRules;
use server::hall::{Push, SystemChange, Writer};
use server::store::sqlite::SqliteStore;
use server::store::{CongressRecord, Store};
use sync::client::{Answer, Failure, Request};
use sync::ids::{Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::Change;
use sync::rules::Rules;
use sync::server::LogEntry;
use tempfile::TempDir;

pub const CONGRESS: &str = "hall";

pub struct Server {
    folder: TempDir,
    files: u32,
    store: Arc<dyn Store>,
    pub writer: Writer,
    /// Everything that was committed, in order: the outside list of acknowledgements is checked against it.
    pub entries: Vec<LogEntry>,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    pub fn start(epoch: Epoch) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let (store, writer) = runtime.block_on(open(&folder, 0, Some(epoch)));
        Self { folder, files: 0, store, writer, entries: Vec::new(), runtime }
    }

    /// The process dies; another one reads what was committed.
    pub fn kill(&mut self) {
        let (store, writer) = self.runtime.block_on(open(&self.folder, self.files, None));
        (self.store, self.writer) = (store, writer);
        self.take_down(0);
    }

    /// The database comes back from a backup that ended at `gsn`, as another log.
    pub fn restore(&mut self, gsn: Gsn, epoch: Epoch) {
        self.files += 1;
        let kept: Vec<LogEntry> = self.entries.iter().filter(|entry| entry.gsn <= gsn).cloned().collect();
        let (store, writer) = self.runtime.block_on(async {
            let (store, writer) = open(&self.folder, self.files, Some(epoch)).await;
            drop(writer);
            let mut locked = store.lock(CONGRESS).await.expect("a free lock");
            locked.append(&kept).await.expect("an append");
            locked.commit().await.expect("a commit");
            let writer = Writer::open(Arc::clone(&store), CONGRESS, Arc::new(CongressRules)).await;
            (store, writer.expect("a log"))
        });
        (self.store, self.writer) = (store, writer);
        self.entries = kept;
    }

    pub fn epoch(&self) -> Epoch {
        self.writer.read(sync::server::Log::epoch)
    }

    pub fn gsn(&self) -> Gsn {
        self.writer.gsn()
    }

    pub fn scopes(&self, person: &PersonId) -> BTreeSet<Scope> {
        self.writer.read(|log| CongressRules.scopes(log.rows(), person))
    }

    pub fn system(&mut self, changes: Vec<Change>, now: Timestamp) {
        let before = self.gsn();
        let change = SystemChange { kind: "congress.import", payload: Json::of(&()), changes, blobs: Vec::new() };
        self.runtime.block_on(self.writer.system(now, |_| Some(change))).expect("a commit");
        self.take_down(before);
    }

    pub fn answer(&mut self, person: &PersonId, request: &Request, now: Timestamp) -> Result<Answer, Failure> {
        match request {
            Request::Push(push) => {
                let before = self.gsn();
                let pushes = [Push { person: person.clone(), request: push.clone() }];
                let mut answers = self.runtime.block_on(self.writer.push(&pushes, now)).expect("a commit");
                self.take_down(before);
                answers.remove(0).map(Answer::Push).map_err(|_| Failure::Foreign)
            }
            Request::Pull(pull) => {
                let scopes = self.scopes(person);
                Ok(Answer::Pull(self.writer.read(|log| log.pull(&scopes, pull, now))))
            }
            Request::Snapshot { scope, gsn } => {
                let found = self.writer.read(|log| log.snapshot(scope, *gsn));
                found.map(|snapshot| Answer::Snapshot((*snapshot).clone())).ok_or(Failure::Missing)
            }
            Request::Chunk { scope, index } => {
                self.writer.read(|log| log.chunk(scope, *index)).map(Answer::Chunk).ok_or(Failure::Missing)
            }
        }
    }

    /// Reads from the store what was committed after a gsn.
    fn take_down(&mut self, after: Gsn) {
        let entries = self.runtime.block_on(self.store.entries_after(CONGRESS, after, 100_000)).expect("a log");
        self.entries.retain(|entry| entry.gsn <= after);
        self.entries.extend(entries);
    }
}

async fn open(folder: &TempDir, file: u32, epoch: Option<Epoch>) -> (Arc<dyn Store>, Writer) {
    let store = SqliteStore::open(folder.path().join(format!("hall-{file}.sqlite"))).await.expect("a database");
    let store: Arc<dyn Store> = Arc::new(store);
    if let Some(epoch) = epoch {
        let record =
            CongressRecord { id: CONGRESS.into(), epoch, head: 0, badge_secret: [7; 32], created_at: Timestamp(0) };
        store.create_congress(&record).await.expect("a congress");
    }
    let writer = Writer::open(Arc::clone(&store), CONGRESS, Arc::new(CongressRules)).await.expect("a log");
    (store, writer)
}
