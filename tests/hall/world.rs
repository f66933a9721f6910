//! The hall: phones, a network that fails, a server that dies, and what must stay true all the while.

use std::collections::{BTreeMap, BTreeSet};

use sync::client::{Answer, Effect, Event, Failure, Request, StreamEvent, Writing};
use sync::ids::{ClientId, CommandId, Epoch, Timestamp};
use sync::wire::{Live, Status};

use crate::chance::Chance;
use crate::people::{PEOPLE, beginning};
use crate::phone::Phone;
use crate::server::Server;

/// A known wrong design, switched on to see that the hall notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sabotage {
    AnswerWithoutStoring,
    RemoveThenSend,
    CursorWithoutRows,
    DropAfterFailures,
}

/// How often each fault strikes, in ten thousand steps or messages. Each seed enables a random half.
pub const FAULTS: [(&str, u64); 18] = [
    ("request lost", 500),
    ("answer lost", 500),
    ("request twice", 300),
    ("answer late", 300),
    ("server busy", 100),
    ("captive portal", 100),
    ("partition", 200),
    ("app killed", 200),
    ("cache write failed", 100),
    ("cache evicted", 30),
    ("append failed", 100),
    ("ledger from an older copy", 20),
    ("second tab", 200),
    ("clock jump", 100),
    ("server killed", 100),
    ("server restored", 20),
    ("role changed", 100),
    ("device revoked", 20),
];

struct Message {
    phone: usize,
    tab: u64,
    call: u64,
    body: Body,
}

enum Body {
    Request(Request, bool),
    Answer(Result<Answer, Failure>),
}

pub struct World {
    pub chance: Chance,
    pub now: Timestamp,
    pub server: Server,
    pub phones: Vec<Phone>,
    messages: BTreeMap<(Timestamp, u64), Message>,
    made: u64,
    enabled: BTreeSet<&'static str>,
    pub calm: bool,
    pub sabotage: Option<Sabotage>,
    /// Times that each fault and each verdict was reached.
    pub sight: BTreeMap<String, u64>,
    /// Ledgers that came back older: what they lost is not held against the design.
    pub exempt: BTreeSet<CommandId>,
    pub trace: u64,
}

impl World {
    pub fn new(seed: u64, sabotage: Option<Sabotage>) -> Self {
        let mut chance = Chance::new(seed);
        let mut server = Server::start(Epoch::from_random(chance.wide()));
        let now = Timestamp(1_795_566_600_000);
        server.system(beginning(), now);
        let enabled = FAULTS.iter().map(|(name, _)| *name).filter(|_| chance.bits().is_multiple_of(2)).collect();
        let mut phones: Vec<Phone> =
            PEOPLE.iter().map(|(name, ..)| Phone::new(name, ClientId::from_random(chance.wide()))).collect();
        for (index, phone) in phones.iter_mut().enumerate() {
            phone.open_tab(index as u64 + 1);
        }
        Self {
            chance,
            now,
            server,
            phones,
            messages: BTreeMap::new(),
            made: 1_000,
            enabled,
            calm: false,
            sabotage,
            sight: BTreeMap::new(),
            exempt: BTreeSet::new(),
            trace: seed,
        }
    }

    /// Whether a fault strikes now.
    pub fn strikes(&mut self, fault: &'static str) -> bool {
        let times = FAULTS.iter().find(|(name, _)| *name == fault).map_or(0, |(_, times)| *times);
        let struck = !self.calm && self.enabled.contains(fault) && self.chance.one_in_ten_thousand(times);
        if struck {
            self.count(fault);
        }
        struck
    }

    pub fn count(&mut self, what: &str) {
        *self.sight.entry(what.to_owned()).or_default() += 1;
    }

    pub fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Lets time pass: messages arrive, alarms ring.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while let Some(entry) = self.messages.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), message) = entry.remove_entry();
            self.now = self.now.max(at);
            self.arrive(message);
        }
        self.now = until;
        for phone in 0..self.phones.len() {
            for tab in self.tabs_of(phone) {
                let now = self.phones[phone].now(self.now);
                let due = self.tab(phone, tab).and_then(|index| self.phones[phone].tabs[index].client.wake_at());
                if due.is_some_and(|due| due <= now) {
                    self.step(phone, tab, Event::Wake);
                }
            }
        }
    }

    pub fn tabs_of(&self, phone: usize) -> Vec<u64> {
        self.phones[phone].tabs.iter().map(|tab| tab.incarnation).collect()
    }

    fn tab(&self, phone: usize, incarnation: u64) -> Option<usize> {
        self.phones[phone].tabs.iter().position(|tab| tab.incarnation == incarnation)
    }

    fn arrive(&mut self, message: Message) {
        let Message { phone, tab, call, body } = message;
        match body {
            Body::Request(request, may_be_lost) => {
                let answer = self.serve(phone, &request);
                if may_be_lost && self.strikes("answer lost") {
                    return;
                }
                let late = self.strikes("answer late");
                let delay = if late { self.chance.below(600_000) } else { 20 + self.chance.below(400) };
                self.post(delay as u64, Message { phone, tab, call, body: Body::Answer(answer) });
            }
            Body::Answer(answer) => {
                let cut_off = self.phones[phone].cut_off_until > self.now;
                let answer = if cut_off { Err(Failure::Unreachable) } else { answer };
                self.step(phone, tab, Event::Answered { call, answer });
            }
        }
    }

    fn serve(&mut self, phone: usize, request: &Request) -> Result<Answer, Failure> {
        if self.phones[phone].cut_off_until > self.now || self.strikes("captive portal") {
            return Err(Failure::Unreachable);
        }
        if self.strikes("server busy") {
            return Err(Failure::Busy { retry_ms: self.chance.bits() % 5_000 });
        }
        if self.phones[phone].revoked {
            return Err(Failure::Revoked);
        }
        let person = self.phones[phone].person.clone();
        let head = self.server.gsn();
        let answer = if self.sabotage == Some(Sabotage::AnswerWithoutStoring) && matches!(request, Request::Push(_)) {
            let answer = self.server.answer(&person, request, self.now);
            let epoch = self.server.epoch();
            self.server.restore(head, epoch);
            answer
        } else {
            self.server.answer(&person, request, self.now)
        };
        if let Ok(Answer::Push(response)) = &answer {
            for receipt in &response.receipts {
                self.count(match receipt.status {
                    Status::Accepted => "verdict accepted",
                    Status::Late => "verdict late",
                    Status::Rejected => "verdict rejected",
                    Status::Parked => "verdict parked",
                });
                self.trace = self.trace.rotate_left(7) ^ receipt.gsn ^ (receipt.status as u64) << 32;
            }
        }
        if self.server.gsn() != head {
            self.tell_streams(head);
        }
        answer
    }

    /// The log moved: every open stream hears of it, with the change or without.
    pub fn tell_streams(&mut self, from: u64) {
        let (epoch, gsn) = (self.server.epoch(), self.server.gsn());
        for phone in 0..self.phones.len() {
            for tab in self.tabs_of(phone) {
                let Some(index) = self.tab(phone, tab).filter(|index| self.phones[phone].tabs[*index].streaming) else {
                    continue;
                };
                let inline = self.chance.bits().is_multiple_of(2);
                let scopes = self.server.scopes(&self.phones[phone].person);
                let client_id = self.phones[phone].tabs[index].client.ledger().client_id;
                let cursors = scopes.iter().map(|scope| (scope.clone(), from)).collect();
                let since = sync::wire::PullRequest {
                    protocol: sync::wire::PROTOCOL,
                    client_id,
                    epoch: Some(epoch),
                    cursors,
                    wait_ms: 0,
                };
                let response = self.server.writer.read(|log| log.pull(&scopes, &since, self.now));
                let live = if inline { Live::Change { from, response } } else { Live::Moved { epoch, gsn } };
                if self.phones[phone].cut_off_until <= self.now {
                    self.step(phone, tab, Event::Stream(StreamEvent::Message(live)));
                }
            }
        }
    }

    fn post(&mut self, delay_ms: u64, message: Message) {
        let order = self.next();
        self.messages.insert((self.now.plus_ms(delay_ms), order), message);
    }

    /// Stores what a person did, as the app's driver does, and hands it to the tab.
    pub fn write(&mut self, phone: usize, tab: u64, writing: Writing) {
        if self.strikes("append failed") {
            return; // the text stays on the screen, and nothing was claimed
        }
        let owner = &mut self.phones[phone];
        let account = owner.account.clone();
        let entry = owner.stored.append(&account, writing);
        owner.saved.push(entry.command_id);
        self.step(phone, tab, Event::Appended(entry));
        self.tell_other_tabs(phone, tab);
    }

    fn tell_other_tabs(&mut self, phone: usize, tab: u64) {
        for other in self.tabs_of(phone) {
            if other != tab {
                let ledger = self.phones[phone].stored.ledger.clone();
                self.step(phone, other, Event::Reloaded(ledger));
            }
        }
    }

    /// One event into one tab, and its effects into the world.
    pub fn step(&mut self, phone: usize, tab: u64, event: Event) {
        let Some(index) = self.tab(phone, tab) else { return };
        let (now, random) = (self.phones[phone].now(self.now), self.chance.bits());
        let effects = self.phones[phone].tabs[index].client.step(event, now, random);
        for effect in effects {
            self.perform(phone, tab, effect);
        }
    }

    fn perform(&mut self, phone: usize, tab: u64, effect: Effect) {
        match effect {
            Effect::Settle { epoch, receipts } => {
                self.phones[phone].stored.settle(epoch, &receipts);
                self.tell_other_tabs(phone, tab);
            }
            Effect::Reopen { epoch, commands } => {
                self.phones[phone].stored.reopen(epoch, &commands);
                self.tell_other_tabs(phone, tab);
            }
            Effect::Renumber(client_id) => {
                let ledger = self.phones[phone].stored.renumber(client_id);
                self.count("ledger renumbered");
                self.step(phone, tab, Event::Reloaded(ledger));
                self.tell_other_tabs(phone, tab);
            }
            Effect::Reload => {
                let ledger = self.phones[phone].stored.ledger.clone();
                self.step(phone, tab, Event::Reloaded(ledger));
            }
            Effect::SaveCache(write) => {
                if self.sabotage == Some(Sabotage::CursorWithoutRows) {
                    self.phones[phone].stored.save_cursor_only(write);
                } else if self.strikes("cache write failed") {
                    self.step(phone, tab, Event::CacheFailed);
                } else {
                    self.phones[phone].stored.save(write);
                }
            }
            Effect::Send { call, request } => self.send(phone, tab, call, request),
            Effect::OpenStream => {
                if let Some(index) = self.tab(phone, tab) {
                    self.phones[phone].tabs[index].streaming = true;
                }
                self.step(phone, tab, Event::Stream(StreamEvent::Opened));
            }
            Effect::CloseStream => {
                if let Some(index) = self.tab(phone, tab) {
                    self.phones[phone].tabs[index].streaming = false;
                }
            }
            Effect::CallDone { result, .. } => {
                self.count(if result.is_ok() { "call answered" } else { "call not answered" });
            }
            Effect::Append(writing) => self.write(phone, tab, writing),
            Effect::Changed(_) => {}
        }
    }

    fn send(&mut self, phone: usize, tab: u64, call: u64, request: Request) {
        if self.sabotage == Some(Sabotage::RemoveThenSend)
            && let Request::Push(push) = &request
        {
            let sent: BTreeSet<CommandId> = push.commands.iter().map(|command| command.command_id).collect();
            self.phones[phone].stored.ledger.entries.retain(|entry| !sent.contains(&entry.command_id));
        }
        if self.sabotage == Some(Sabotage::DropAfterFailures) && self.phones[phone].cut_off_until > self.now {
            self.phones[phone].stored.ledger.entries.retain(|entry| !entry.is_waiting());
        }
        if self.strikes("request lost") {
            return;
        }
        if self.strikes("request twice") {
            let delay = 50 + self.chance.below(20_000) as u64;
            let body = Body::Request(request.clone(), true);
            self.post(delay, Message { phone, tab, call, body });
        }
        let delay = 20 + self.chance.below(400) as u64;
        self.post(delay, Message { phone, tab, call, body: Body::Request(request, true) });
    }
}
