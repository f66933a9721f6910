//! A field small enough to see through: people put notes into a common book. With a phone that runs the real client
//! machine over a ledger and a cache in memory, and a desk that runs the real server machine.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use sync::client::{
    Answer, Base, CacheWrite, CallId, Client, Effect, Entry, Event, Failure, Fit, Ledger, Request, StreamEvent, writing,
};
use sync::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, RowMap, Rows};
use sync::rules::{Actor, Refusal, Rules, Verdict};
use sync::server::{Batch, Log, LogEntry};
use sync::wire::{Command, Live, PROTOCOL, PullRequest, Receipt};

#[derive(Clone, Copy, Debug)]
pub struct Notebook;

/// The same book at a later build: it understands `new`.
#[derive(Clone, Copy, Debug)]
pub struct NewerNotebook;

impl Rules for NewerNotebook {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        let kind = if command.kind == "new" { "note" } else { &command.kind };
        Notebook.decide(rows, actor, &Command { kind: kind.to_owned(), ..command.clone() }, now)
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        Notebook.predict(rows, actor, command)
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        Notebook.scopes(rows, person)
    }
}

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
    number: Option<Gsn>,
}

pub fn all() -> Scope {
    Scope::new("all")
}

pub fn staff() -> Scope {
    Scope::new("staff")
}

pub fn own(person: &str) -> Scope {
    Scope::new(format!("user:{person}"))
}

impl Rules for Notebook {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        let text = command.payload.as_str().to_owned();
        let id = command.command_id.to_string();
        let place = own(actor.person.as_str());
        let number = Some(now.0.unsigned_abs());
        match command.kind.as_str() {
            // A note whose text is that of a note which is there already is not taken: order matters.
            "note" | "late" if has(rows, &place, &text) => Verdict::Rejected(Refusal::new("there")),
            "note" | "late" => {
                let changes = vec![
                    Change::put(place, "note", id.clone(), &Note { text, number }),
                    Change::put(all(), "line", id, &number),
                ];
                if command.kind == "late" { Verdict::Late(changes) } else { Verdict::Accepted(changes) }
            }
            "clear" => Verdict::Accepted(clear(rows, &place)),
            "no" => Verdict::Rejected(Refusal::new("no")),
            _ => Verdict::Parked,
        }
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        let text = command.payload.as_str().to_owned();
        let place = own(actor.person.as_str());
        match command.kind.as_str() {
            "note" | "late" if !has(rows, &place, &text) => {
                vec![Change::put(place, "note", command.command_id.to_string(), &Note { text, number: None })]
            }
            "clear" => clear(rows, &place),
            _ => Vec::new(),
        }
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        let mut scopes = BTreeSet::from([all(), own(person.as_str())]);
        if rows.get(&Scope::new("registry"), "staff", person.as_str()).is_some() {
            scopes.insert(staff());
        }
        scopes
    }
}

fn notes(rows: &dyn Rows, place: &Scope) -> Vec<(String, Note)> {
    let mut notes = Vec::new();
    rows.each(place, "note", &mut |id, row| {
        notes.push((id.to_owned(), row.data.as_ref().unwrap().read().unwrap()));
    });
    notes
}

fn has(rows: &dyn Rows, place: &Scope, text: &str) -> bool {
    notes(rows, place).iter().any(|(_, note)| note.text == text)
}

fn clear(rows: &dyn Rows, place: &Scope) -> Vec<Change> {
    notes(rows, place).into_iter().map(|(id, _)| Change::remove(place.clone(), "note", id)).collect()
}

/// The server with its log; what is committed survives, what is not does not exist.
pub struct Desk {
    pub log: Log,
    pub entries: Vec<LogEntry>,
    epochs: u128,
}

impl Desk {
    pub fn new() -> Self {
        Self { log: Log::new(Epoch::from_u128(1)), entries: Vec::new(), epochs: 1 }
    }

    pub fn serve(&mut self, person: &str, request: &Request, now: Timestamp) -> Result<Answer, Failure> {
        let person = PersonId::new(person);
        match request {
            Request::Push(push) => {
                let mut batch = Batch::new(&self.log);
                let response = batch.push(&Notebook, &person, push, now).map_err(|_| Failure::Foreign)?;
                let entries = batch.into_entries();
                self.commit(entries);
                Ok(Answer::Push(response))
            }
            Request::Pull(pull) => {
                let scopes = Notebook.scopes(self.log.rows(), &person);
                Ok(Answer::Pull(self.log.pull(&person, &scopes, pull, now)))
            }
            Request::Snapshot { epoch, .. } | Request::Chunk { epoch, .. } if *epoch != self.log.epoch() => {
                Err(Failure::Missing)
            }
            Request::Snapshot { scope, gsn, .. } => {
                self.log.snapshot(scope, *gsn).map(Answer::Snapshot).ok_or(Failure::Missing)
            }
            Request::Chunk { scope, index, .. } => {
                self.log.chunk(scope, *index).map(Answer::Chunk).ok_or(Failure::Missing)
            }
        }
    }

    /// Something that the system does.
    pub fn system(&mut self, changes: Vec<Change>) {
        let id = CommandId::from_u128(u128::from(self.log.gsn()) + (self.epochs << 100));
        let kind = "system".to_owned();
        let command = Command { seq: 0, command_id: id, kind, v: 1, created_at: Timestamp(0), payload: Json::of(&()) };
        let mut batch = Batch::new(&self.log);
        batch.system(&command, changes, Timestamp(0));
        let entries = batch.into_entries();
        self.commit(entries);
    }

    /// Started again, by the same build or by a newer one.
    pub fn replay(&mut self, newer: bool) {
        let mut batch = Batch::new(&self.log);
        if newer {
            batch.replay_parked(&NewerNotebook, Timestamp(1));
        } else {
            batch.replay_parked(&Notebook, Timestamp(1));
        }
        let entries = batch.into_entries();
        self.commit(entries);
    }

    fn commit(&mut self, entries: Vec<LogEntry>) {
        entries.iter().for_each(|entry| self.log.apply(entry));
        self.entries.extend(entries);
    }

    /// Put back from a backup: the log ends at a gsn, under another epoch.
    pub fn restore(&mut self, to: Gsn) {
        self.epochs += 1;
        self.entries.retain(|entry| entry.gsn <= to);
        self.log = Log::new(Epoch::from_u128(self.epochs));
        self.entries.iter().for_each(|entry| self.log.apply(entry));
    }

    /// What a live stream tells somebody who holds everything up to a gsn.
    pub fn live(&self, person: &str, client_id: ClientId, from: Gsn) -> Live {
        let scopes = Notebook.scopes(self.log.rows(), &PersonId::new(person));
        let cursors = scopes.iter().map(|scope| (scope.clone(), from)).collect();
        let epoch = Some(self.log.epoch());
        let request =
            PullRequest { protocol: PROTOCOL, client_id, person: None, epoch, cursors, wait_ms: 0, parked: Vec::new() };
        Live::Change { from, response: self.log.pull(&PersonId::new(person), &scopes, &request, Timestamp(0)) }
    }

    pub fn holds(&self, command: CommandId) -> usize {
        self.entries.iter().filter(|entry| entry.command.command_id == command && !entry.repeat).count()
    }
}

pub const PERSON: &str = "an";

/// One device with its stores.
pub struct Phone {
    pub client: Client<Notebook>,
    pub ledger: Ledger,
    pub cache: Base,
    pub sent: VecDeque<(CallId, Request)>,
    pub now: Timestamp,
    pub streaming: bool,
    /// Live commands that came to an end.
    pub done: Vec<Result<Receipt, Failure>>,
    pub requests: usize,
    random: u64,
}

impl Phone {
    pub fn new(seed: u64) -> Self {
        let ledger = Ledger { client_id: ClientId::from_u128(u128::from(seed)), epoch: None, entries: Vec::new() };
        let mut phone = Self {
            client: machine(ledger.clone(), Base::default()),
            ledger,
            cache: Base::default(),
            sent: VecDeque::new(),
            now: Timestamp(1_700_000_000_000),
            streaming: false,
            done: Vec::new(),
            requests: 0,
            random: seed,
        };
        phone.tell(Event::Wake);
        phone
    }

    pub fn tell(&mut self, event: Event) {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        for effect in self.client.step(event, self.now, self.random >> 16) {
            match effect {
                Effect::Append(writing) => {
                    let entry = Entry::new("a", self.ledger.client_id, self.ledger.next_seq(), writing);
                    self.ledger.entries.push(entry.clone());
                    self.tell(Event::Appended(entry));
                }
                Effect::Settle { epoch, receipts } => {
                    self.ledger.epoch = Some(epoch);
                    for receipt in &receipts {
                        self.entry(receipt.command_id).settle(epoch, receipt);
                    }
                }
                Effect::Reopen { epoch, commands } => {
                    self.ledger.epoch = Some(epoch);
                    commands.into_iter().for_each(|command| self.entry(command).reopen());
                }
                Effect::Renumber(client_id) => {
                    self.ledger.renumber(client_id);
                    self.tell(Event::Reloaded(self.ledger.clone()));
                }
                Effect::Reload => self.tell(Event::Reloaded(self.ledger.clone())),
                Effect::SaveCache(write) => match write.fit(&self.cache.state) {
                    Fit::Apply => save(&mut self.cache, write),
                    Fit::Held => {}
                    Fit::Conflict => self.tell(Event::CacheFailed),
                },
                Effect::Send { call, request } => {
                    self.requests += 1;
                    self.sent.push_back((call, request));
                }
                Effect::OpenStream => {
                    self.requests += 1;
                    self.streaming = true;
                }
                Effect::CloseStream => self.streaming = false,
                Effect::CallDone { result, .. } => self.done.push(result),
                Effect::Changed(_) => {}
            }
        }
    }

    fn entry(&mut self, id: CommandId) -> &mut Entry {
        self.ledger.entries.iter_mut().find(|entry| entry.command_id == id).unwrap()
    }

    pub fn write(&mut self, kind: &str, text: &str) -> CommandId {
        let id = CommandId::from_time(self.now, (u128::from(self.random) << 64) | self.ledger.entries.len() as u128);
        self.tell(Event::Write(writing(id, kind, 1, self.now, Json::of(text))));
        id
    }

    /// Time passes, and the machine is woken whenever it wants to be.
    pub fn wait(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        let mut wakes = 0;
        while let Some(at) = self.client.wake_at().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.tell(Event::Wake);
            wakes += 1;
            assert!(wakes < 10_000, "the machine wants to be woken without end");
        }
        self.now = until;
    }

    /// Answers the oldest request.
    pub fn answer(&mut self, desk: &mut Desk) -> bool {
        let Some((call, request)) = self.sent.pop_front() else { return false };
        let answer = desk.serve(PERSON, &request, self.now);
        self.tell(Event::Answered { call, answer });
        true
    }

    /// The oldest request fails; `served` says that the server did its part.
    pub fn fail(&mut self, desk: &mut Desk, served: bool, failure: Failure) {
        let Some((call, request)) = self.sent.pop_front() else { return };
        if served {
            let _ = desk.serve(PERSON, &request, self.now);
        }
        self.tell(Event::Answered { call, answer: Err(failure) });
    }

    /// Answers everything until nothing is asked any more.
    pub fn settle(&mut self, desk: &mut Desk) {
        for _ in 0..200 {
            if !self.answer(desk) {
                return;
            }
        }
        panic!("the machine asks without end");
    }

    /// The app starts again from what is stored.
    pub fn restart(&mut self) {
        self.sent.clear();
        self.streaming = false;
        self.client = machine(self.ledger.clone(), self.cache.clone());
        self.tell(Event::Wake);
    }

    pub fn hear(&mut self, live: Live) {
        self.stream(StreamEvent::Message(live));
    }

    pub fn stream(&mut self, event: StreamEvent) {
        if event == StreamEvent::Closed {
            self.streaming = false;
        }
        self.tell(Event::Stream(event));
    }

    /// Open notes as the screen shows them.
    pub fn shown(&self) -> Vec<String> {
        let mut texts: Vec<String> = notes(&self.client.view(), &own(PERSON)).into_iter().map(|n| n.1.text).collect();
        texts.sort();
        texts
    }
}

fn machine(ledger: Ledger, base: Base) -> Client<Notebook> {
    Client::new(Notebook, Actor { person: PersonId::new(PERSON) }, ledger, base)
}

pub fn save(cache: &mut Base, write: CacheWrite) {
    if write.replace {
        cache.rows = RowMap::default();
    }
    write.dropped.iter().for_each(|scope| cache.rows.remove_scope(scope));
    for (key, row) in write.rows {
        cache.rows.put(&key, row);
    }
    cache.state = write.state;
}

/// A desk with something for everyone and something for staff.
pub fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.system(vec![Change::put(all(), "line", "first", &1), Change::put(staff(), "plan", "p", &1)]);
    desk
}

/// A phone that holds all there is, with its stream open.
pub fn settled(desk: &mut Desk) -> Phone {
    let mut phone = Phone::new(1);
    phone.settle(desk);
    phone.wait(5_000);
    phone.settle(desk);
    phone.stream(StreamEvent::Opened);
    assert!(phone.streaming && phone.client.status().current);
    phone
}

pub fn set_staff(desk: &mut Desk, yes: bool) {
    let place = Scope::new("registry");
    desk.system(vec![match yes {
        true => Change::put(place, "staff", PERSON, &true),
        false => Change::remove(place, "staff", PERSON),
    }]);
}
