//! One congress while the server runs: its log in memory, the one writer that decides pushes, and the word that the
//! log moved. Knows no HTTP.

mod release;
mod writer;

pub use writer::{Push, SharedRules, SystemChange, Writer};

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use congress::CongressRules;
use congress::entities::{Entity, Person};
use sync::ids::{ClientId, Epoch, Gsn, PersonId, Scope, Seq, Timestamp};
use sync::row::Rows;
use sync::server::{Log, PushError};
use sync::wire::{Chunk, PullRequest, PullResponse, PushRequest, PushResponse, Snapshot};
use thiserror::Error;
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::clock::{Clock, system_clock};
use crate::limits::{CATCH_UP_WAIT, COMMIT_WAIT, COMPACT_EVERY_MS, GROUP_PUSHES_MAX, POLL_EVERY, QUEUE_PUSHES_MAX};
use crate::store::hints::Hints;
use crate::store::{Result, Store, StoreError};

/// Why a push has no answer from the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum PushFailure {
    /// Too many wait already. Nothing was stored.
    #[error("too many pushes wait")]
    Busy,
    /// It could not be stored, or it is not known whether it was. The device pushes again and finds out.
    #[error("the push was not stored")]
    NotStored,
    #[error("the push was refused: {0:?}")]
    Refused(PushError),
}

/// Where the log stands for one client of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    pub epoch: Epoch,
    pub gsn: Gsn,
    pub last_seq: Seq,
    pub scopes: BTreeSet<Scope>,
}

struct Job {
    push: Push,
    answer: oneshot::Sender<Result<PushResponse, PushFailure>>,
}

/// A handle to one congress. Its writer runs until [`Hall::close`].
pub struct Hall {
    congress: String,
    log: Arc<RwLock<Log>>,
    rules: SharedRules,
    clock: Clock,
    queue: mpsc::Sender<Job>,
    head: watch::Receiver<Gsn>,
    access: watch::Receiver<u64>,
    healthy: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Hall {
    /// Reads the whole log of a congress and starts its writer, with the rules of a congress and the machine's clock.
    pub async fn open(store: Arc<dyn Store>, congress: &str) -> Result<Arc<Self>> {
        Self::open_with(store, congress, Arc::new(CongressRules), system_clock()).await
    }

    pub async fn open_with(
        store: Arc<dyn Store>,
        congress: &str,
        rules: SharedRules,
        clock: Clock,
    ) -> Result<Arc<Self>> {
        let mut writer = Writer::open(Arc::clone(&store), congress, rules.clone()).await?;
        writer.replay_parked(clock()).await?;
        writer.compact(clock());
        let log = writer.log();
        let gsn = writer.gsn();
        let (queue, jobs) = mpsc::channel(QUEUE_PUSHES_MAX);
        let (head_sender, head) = watch::channel(gsn);
        let (access_sender, access) = watch::channel(0);
        let (healthy_sender, healthy) = watch::channel(true);
        let (stop, stopped) = watch::channel(false);
        let desk = Desk {
            hints: store.hints(congress),
            writer,
            clock: clock.clone(),
            compacted_at: clock(),
            jobs,
            head: head_sender,
            access: access_sender,
            healthy: healthy_sender,
        };
        let task = Mutex::new(Some(tokio::spawn(desk.run(stopped))));
        let congress = congress.to_owned();
        Ok(Arc::new(Self { congress, log, rules, clock, queue, head, access, healthy, stop, task }))
    }

    pub fn congress(&self) -> &str {
        &self.congress
    }

    pub fn epoch(&self) -> Epoch {
        self.read(Log::epoch)
    }

    /// Follows the gsn of the last entry.
    pub fn head(&self) -> watch::Receiver<Gsn> {
        self.head.clone()
    }

    /// Follows revocations: whoever holds a stream open looks again whether its device is still welcome.
    pub fn access(&self) -> watch::Receiver<u64> {
        self.access.clone()
    }

    /// Whether the database answered the last time it was asked.
    pub fn is_healthy(&self) -> bool {
        *self.healthy.borrow()
    }

    /// Hands a push to the writer and waits for its commit.
    pub async fn push(&self, person: &PersonId, request: PushRequest) -> Result<PushResponse, PushFailure> {
        let (answer, answered) = oneshot::channel();
        let push = Push { person: person.clone(), request };
        self.queue.try_send(Job { push, answer }).map_err(|_| PushFailure::Busy)?;
        match timeout(COMMIT_WAIT, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(PushFailure::NotStored),
        }
    }

    pub fn pull(&self, person: &PersonId, request: &PullRequest) -> PullResponse {
        let now = (self.clock)();
        self.read(|log| log.pull(person, &self.rules.scopes(log.rows(), person), request, now))
    }

    /// Waits until this replica knows what a device heard from another one, so that its answer takes nobody back. Not
    /// for long: what never comes was never in this log.
    pub async fn catch_up(&self, gsn: Gsn) {
        let mut head = self.head();
        let _ = timeout(CATCH_UP_WAIT, head.wait_for(|head| *head >= gsn)).await;
    }

    /// Where the log stands for one client, without any rows.
    pub fn position(&self, person: &PersonId, client: ClientId) -> Position {
        self.read(|log| Position {
            epoch: log.epoch(),
            gsn: log.gsn(),
            last_seq: log.last_seq(person, client),
            scopes: self.rules.scopes(log.rows(), person),
        })
    }

    /// Whether nothing is to be told to whom everything was told up to a position.
    pub fn is_silent(&self, person: &PersonId, client: ClientId, told: &Position) -> bool {
        self.read(|log| {
            log.epoch() == told.epoch
                && !told.scopes.iter().any(|scope| log.has_moved(scope, told.gsn))
                && log.last_seq(person, client) == told.last_seq
                && self.rules.scopes(log.rows(), person) == told.scopes
        })
    }

    /// The scopes whose rows a person receives now.
    pub fn scopes(&self, person: &PersonId) -> BTreeSet<Scope> {
        self.read(|log| self.rules.scopes(log.rows(), person))
    }

    pub fn has_snapshot(&self, scope: &Scope, gsn: Gsn) -> bool {
        self.read(|log| log.has_snapshot(scope, gsn))
    }

    pub fn snapshot(&self, scope: &Scope, gsn: Gsn) -> Option<Snapshot> {
        self.read(|log| log.snapshot(scope, gsn))
    }

    pub fn has_chunk(&self, scope: &Scope, index: u64) -> bool {
        self.read(|log| log.has_chunk(scope, index))
    }

    pub fn chunk(&self, scope: &Scope, index: u64) -> Option<Chunk> {
        self.read(|log| log.chunk(scope, index))
    }

    /// A person of the register.
    pub fn person(&self, person: &PersonId) -> Option<Person> {
        self.entity(&congress::scopes::registry(), person.as_str())
    }

    pub fn entity<T: Entity>(&self, scope: &Scope, id: &str) -> Option<T> {
        self.read(|log| congress::entities::read(log.rows(), scope, id))
    }

    /// Looks at the log. Short: pushes wait meanwhile.
    pub fn read<T>(&self, look: impl FnOnce(&Log) -> T) -> T {
        look(&self.log.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn rows<T>(&self, look: impl FnOnce(&dyn Rows) -> T) -> T {
        self.read(|log| look(log.rows()))
    }

    /// Decides what waits already, then ends the writer. Later pushes are turned away.
    pub async fn close(&self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer ended badly");
        }
    }
}

/// Where the writer sits.
struct Desk {
    hints: Hints,
    writer: Writer,
    clock: Clock,
    compacted_at: Timestamp,
    jobs: mpsc::Receiver<Job>,
    head: watch::Sender<Gsn>,
    access: watch::Sender<u64>,
    healthy: watch::Sender<bool>,
}

impl Desk {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut tick = interval(POLL_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting = Vec::with_capacity(GROUP_PUSHES_MAX);
        loop {
            tokio::select! {
                count = self.jobs.recv_many(&mut waiting, GROUP_PUSHES_MAX) => {
                    if count == 0 {
                        return;
                    }
                    self.decide(std::mem::take(&mut waiting)).await;
                }
                _ = tick.tick() => self.look_around().await,
                () = self.hints.next() => self.look_around().await,
                // What waits already is still decided; `recv_many` says 0 after the last.
                () = told_to(&mut stopped), if !self.jobs.is_closed() => self.jobs.close(),
            }
        }
    }

    async fn decide(&mut self, jobs: Vec<Job>) {
        let (pushes, answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.push, job.answer)).unzip();
        let began = Instant::now();
        let result = self.writer.push(&pushes, (self.clock)()).await;
        tracing::debug!(pushes = pushes.len(), ms = began.elapsed().as_millis(), "decided");
        self.announce(result.as_ref().err());
        match result {
            Ok(responses) => {
                for (response, answer) in responses.into_iter().zip(answers) {
                    // Whoever asked may have gone; what was decided is stored all the same.
                    let _ = answer.send(response.map_err(PushFailure::Refused));
                }
            }
            Err(_) => answers.into_iter().for_each(|answer| {
                let _ = answer.send(Err(PushFailure::NotStored));
            }),
        }
    }

    /// Follows what other processes wrote, and the times of documents.
    async fn look_around(&mut self) {
        let result = self.follow().await;
        self.announce(result.as_ref().err());
    }

    async fn follow(&mut self) -> Result<()> {
        let pulse = self.writer.follow().await?;
        self.access.send_if_modified(|known| std::mem::replace(known, pulse.access_rev) != pulse.access_rev);
        let now = (self.clock)();
        if now.since_ms(self.compacted_at) >= COMPACT_EVERY_MS {
            self.compacted_at = now;
            self.writer.compact(now);
        }
        release::follow_times(&mut self.writer, now).await
    }

    /// Tells those who wait how far the log is and whether the database answers.
    fn announce(&self, error: Option<&StoreError>) {
        let gsn = self.writer.gsn();
        self.head.send_if_modified(|known| std::mem::replace(known, gsn) != gsn);
        if let Some(error) = error {
            tracing::error!(%error, "the log could not be written or read");
        }
        let healthy = error.is_none();
        self.healthy.send_if_modified(|known| std::mem::replace(known, healthy) != healthy);
    }
}

/// Returns when a switch is on, or nobody is left who could turn it on.
pub(crate) async fn told_to(switch: &mut watch::Receiver<bool>) {
    let _ = switch.wait_for(|on| *on).await;
}
