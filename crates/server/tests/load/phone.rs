//! One headless device: the real client machine with the real rules over real connections. Its ledger and its cache are
//! the machine's own memory; what a strict write costs is the browser's matter and measured there.

use std::sync::Arc;
use std::time::Duration;

use congress::CongressRules;
use congress::commands::{Action, SubmitComment};
use congress::entities::{AgendaItem, CommentAtDesk, Document, Entity, read_all};
use congress::scopes;
use server::clock::{now, random_u128};
use sync::client::{
    Answer, Base, CacheWrite, Client, Effect, Entry, Event, Failure, Ledger, Request, StreamEvent, Writing, writing,
};
use sync::ids::{ClientId, CommandId, PersonId};
use sync::json::Json;
use sync::rules::Actor;
use sync::wire::{Live, Receipt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use crate::book::{Book, Lap};
use crate::errands::{ask, enrol, fetch, listen};
use crate::wire::Pool;

/// What all phones of a hall share.
pub struct World {
    pub port: u16,
    pub congress: String,
    pub book: Book,
}

/// Who a phone belongs to.
#[derive(Clone)]
pub struct Owner {
    pub person: PersonId,
    pub number: usize,
    pub code: String,
    pub delegate: bool,
    /// One phone of the presidium is looked at: when does a comment appear on it?
    pub watches: bool,
}

/// What may happen to a phone.
pub enum Told {
    Write(&'static str, Json),
    /// The answer comes back once the server has given its word.
    Call(&'static str, Json, oneshot::Sender<Result<Receipt, Failure>>),
    /// The app is shown again.
    Nudge,
    /// The network is gone, and back.
    Cut,
    Back,
    /// What it holds, and how much waits.
    Show(oneshot::Sender<(Base, usize)>),
    Live(u64, StreamEvent),
}

/// A handle to a phone that runs.
pub struct Phone {
    pub owner: Owner,
    pub cookie: Arc<str>,
    inbox: UnboundedSender<Told>,
}

impl Phone {
    pub fn tell(&self, told: Told) {
        self.inbox.send(told).unwrap_or_else(|_| panic!("the phone of {} has ended", self.owner.person));
    }

    /// Opens the invitation and starts.
    pub async fn sign_in(world: Arc<World>, owner: Owner) -> Self {
        let since = Instant::now();
        let lines = Arc::new(Pool::new(world.port));
        let cookie: Arc<str> = enrol(&world, &lines, &owner).await.into();
        world.book.lap(Lap::Enrolled, since);
        let (sender, inbox) = unbounded_channel();
        let actor = Actor { person: owner.person.clone() };
        let ledger = Ledger { client_id: ClientId::from_random(random()), epoch: None, entries: Vec::new() };
        let running = Running {
            api: format!("/api/v1/congresses/{}", world.congress),
            lines,
            cookie: Arc::clone(&cookie),
            owner: owner.clone(),
            own: sender.clone(),
            machine: Client::new(CongressRules, actor, ledger.clone(), Base::default()),
            next_seq: 1,
            client_id: ledger.client_id,
            requests: JoinSet::new(),
            sent: Vec::new(),
            calls: Vec::new(),
            stream: None,
            streams: 0,
            online: true,
            event_before: None,
            last_event: None,
            readying: Some(since),
            returning: None,
            world,
        };
        tokio::spawn(running.run(inbox));
        Self { owner, cookie, inbox: sender }
    }
}

pub fn random() -> u128 {
    random_u128().unwrap()
}

struct Running {
    world: Arc<World>,
    owner: Owner,
    api: String,
    cookie: Arc<str>,
    own: UnboundedSender<Told>,
    machine: Client<CongressRules>,
    client_id: ClientId,
    next_seq: u64,
    lines: Arc<Pool>,
    requests: JoinSet<Done>,
    /// Requests under way: the call, and when a push left.
    sent: Vec<(u64, Option<Instant>)>,
    calls: Vec<oneshot::Sender<Result<Receipt, Failure>>>,
    stream: Option<JoinHandle<()>>,
    streams: u64,
    online: bool,
    /// When the server last told something, and when it did so before that.
    last_event: Option<Instant>,
    event_before: Option<Instant>,
    /// Since when it fetches all there is for the first time, and since when again after the network was gone.
    readying: Option<Instant>,
    returning: Option<Returning>,
}

#[derive(Clone, Copy)]
struct Returning {
    since: Instant,
    drained: bool,
}

enum Done {
    /// The call, its answer, and whether there was a network.
    Answer(u64, Result<Answer, Failure>, bool),
    Documents(Instant, Result<(), Failure>),
}

impl Running {
    async fn run(mut self, mut inbox: UnboundedReceiver<Told>) {
        self.step(Event::Nudge);
        loop {
            let wake = self.machine.wake_at().map(|at| Duration::from_millis(at.since_ms(now()).max(20)));
            let wake_at = Instant::now() + wake.unwrap_or(Duration::from_secs(3_600));
            tokio::select! {
                told = inbox.recv() => match told {
                    Some(told) => self.hear(told),
                    None => return,
                },
                Some(done) = self.requests.join_next() => match done {
                    Ok(Done::Answer(call, answer, online)) => self.answered(call, answer, online),
                    Ok(Done::Documents(since, Ok(()))) => self.world.book.lap(Lap::Documents, since),
                    Ok(Done::Documents(_, Err(failure))) => panic!("no documents: {failure:?}"),
                    Err(error) => assert!(error.is_cancelled(), "{error}"),
                },
                () = sleep_until(wake_at) => self.step(Event::Wake),
            }
        }
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Write(kind, payload) => self.write(kind, payload),
            Told::Call(kind, payload, answer) => {
                self.calls.push(answer);
                let writing = self.writing(kind, payload);
                self.step(Event::CallNow { ticket: self.calls.len() as u64, writing });
            }
            Told::Nudge => self.step(Event::Nudge),
            Told::Cut => self.cut(),
            Told::Back => {
                self.online = true;
                self.returning = Some(Returning { since: Instant::now(), drained: false });
                self.step(Event::Nudge);
            }
            Told::Show(answer) => {
                let _ = answer.send((self.machine.base().clone(), self.machine.status().waiting));
            }
            Told::Live(stream, event) if stream == self.streams && self.stream.is_some() => {
                if matches!(&event, StreamEvent::Message(Live::Change { .. } | Live::Moved { .. })) {
                    self.event_before = self.last_event.replace(Instant::now());
                }
                self.step(Event::Stream(event));
            }
            Told::Live(..) => {}
        }
    }

    fn writing(&self, kind: &str, payload: Json) -> Writing {
        writing(CommandId::from_time(now(), random()), kind, 1, now(), payload)
    }

    fn write(&mut self, kind: &'static str, payload: Json) {
        if kind == SubmitComment::KIND
            && let Ok(comment) = payload.read::<SubmitComment>()
        {
            self.world.book.open().written.insert(comment.id, Instant::now());
        }
        let entry = Entry::new("", self.client_id, self.next_seq, self.writing(kind, payload));
        self.next_seq += 1;
        self.step(Event::Appended(entry));
    }

    /// Every connection breaks in the same moment.
    fn cut(&mut self) {
        self.online = false;
        self.requests = JoinSet::new();
        self.lines = Arc::new(Pool::new(self.world.port));
        self.hang_up();
        self.step(Event::Stream(StreamEvent::Closed));
        for (call, _) in std::mem::take(&mut self.sent) {
            self.step(Event::Answered { call, answer: Err(Failure::Unreachable) });
        }
    }

    fn hang_up(&mut self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }

    fn answered(&mut self, call: u64, answer: Result<Answer, Failure>, online: bool) {
        let sent = self.sent.iter().position(|(id, _)| *id == call).map(|at| self.sent.remove(at).1);
        match (sent, &answer) {
            (Some(Some(since)), Ok(_)) => self.world.book.push_answered(since),
            (Some(Some(_)), Err(failure)) if online => self.world.book.failed("push", *failure),
            (_, Err(failure)) if online => self.world.book.failed("pull", *failure),
            _ => {}
        }
        self.step(Event::Answered { call, answer });
    }

    fn step(&mut self, event: Event) {
        let bits = u64::try_from(random() & u128::from(u64::MAX)).unwrap_or(0);
        for effect in self.machine.step(event, now(), bits) {
            self.perform(effect);
        }
        self.look();
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send { call, request } => self.send(call, request),
            Effect::OpenStream => self.open_stream(),
            Effect::CloseStream => self.hang_up(),
            Effect::Settle { receipts, .. } => self.world.book.open().acknowledged.extend(receipts),
            Effect::SaveCache(write) => self.note(&write),
            Effect::CallDone { result, .. } => {
                self.world.book.open().acknowledged.extend(result.iter().cloned());
                let _ = self.calls.remove(0).send(result);
            }
            Effect::Changed(_) => {}
            // A server that forgets nothing gives no reason for these.
            lost @ (Effect::Append(_) | Effect::Reopen { .. } | Effect::Renumber(_) | Effect::Reload) => {
                panic!("{}: {lost:?}", self.owner.person)
            }
        }
    }

    fn note(&self, write: &CacheWrite) {
        for (key, row) in &write.rows {
            if self.owner.watches && key.kind == CommentAtDesk::KIND {
                self.world.book.comment_seen(&key.id);
            } else if key.kind == AgendaItem::KIND {
                let seen = (row.rev, self.owner.number, Instant::now(), self.event_before);
                self.world.book.open().seen.push(seen);
            }
        }
    }

    /// Whether something is done that was begun.
    fn look(&mut self) {
        let status = self.machine.status();
        if status.current
            && status.reachable
            && let Some(since) = self.readying.take()
        {
            self.world.book.lap(Lap::Ready, since);
            self.fetch_documents(since);
        }
        if let Some(returning) = &mut self.returning
            && status.waiting == 0
        {
            if !std::mem::replace(&mut returning.drained, true) {
                self.world.book.lap(Lap::Drained, returning.since);
            }
            if status.current && status.reachable {
                self.world.book.lap(Lap::CaughtUp, returning.since);
                self.returning = None;
            }
        }
    }

    fn send(&mut self, call: u64, request: Request) {
        let is_push = matches!(request, Request::Push(_));
        self.sent.push((call, is_push.then(Instant::now)));
        let (lines, cookie) = (Arc::clone(&self.lines), Arc::clone(&self.cookie));
        let (api, online) = (self.api.clone(), self.online);
        self.requests.spawn(async move {
            let answer = if online { ask(&lines, &api, &cookie, request).await } else { Err(Failure::Unreachable) };
            Done::Answer(call, answer, online)
        });
    }

    fn fetch_documents(&mut self, since: Instant) {
        let documents = read_all::<Document>(&self.machine.view(), &scopes::delegates());
        let (lines, cookie, api) = (Arc::clone(&self.lines), Arc::clone(&self.cookie), self.api.clone());
        self.requests.spawn(async move {
            for document in documents {
                if let Err(failure) = fetch(&lines, &api, &cookie, &document.text_sha256).await {
                    return Done::Documents(since, Err(failure));
                }
            }
            Done::Documents(since, Ok(()))
        });
    }

    fn open_stream(&mut self) {
        self.hang_up();
        self.streams += 1;
        let (own, number, world) = (self.own.clone(), self.streams, Arc::clone(&self.world));
        let path = format!("{}/sync/stream?client_id={}&person={}", self.api, self.client_id, self.owner.person);
        let (cookie, online) = (Arc::clone(&self.cookie), self.online);
        self.stream = Some(tokio::spawn(async move {
            let tell = |event| own.send(Told::Live(number, event)).is_ok();
            if online {
                listen(world.port, &path, &cookie, tell).await;
                world.book.failed("stream", Failure::Unreachable);
            }
            tell(StreamEvent::Closed);
        }));
    }
}
