//! The way between the phones and the server, and all that a network and a server under load do to it.

use std::collections::BTreeSet;

use sync::client::{Answer, Event, Failure, Request, StreamEvent};
use sync::ids::{CommandId, PersonId};
use sync::wire::{Live, PROTOCOL, PullRequest, PushOutcome, Status, Update};

use crate::faults::{Fault, Sabotage};
use crate::store::Break;
use crate::world::World;

/// A box on the way that lets only small requests through: any one command of this hall, and not two of the longest.
const NARROW_BYTES: usize = 1_500;
/// How long it stands there.
const NARROW_MS: u64 = 120_000;

/// What came of two refusals that are no verdicts.
pub const TOO_LARGE: &str = "push too large for a box on the way";
pub const CUT: &str = "push cut to fit, and taken";
pub const SENT_AWAY: &str = "401 heard while texts wait";
pub const CAME_BACK: &str = "texts brought in after a 401";

fn bytes_of(request: &Request) -> usize {
    let Request::Push(push) = request else { return 0 };
    serde_json::to_vec(push).map_or(0, |bytes| bytes.len())
}

/// Something on its way between a page and the server.
pub struct Message {
    pub phone: usize,
    pub tab: u64,
    pub call: u64,
    pub body: Body,
}

pub enum Body {
    /// With the milliseconds that the server has held it already (long poll).
    Request(Request, u64),
    Answer(Result<Answer, Failure>),
}

impl World {
    pub fn arrive(&mut self, message: Message) {
        let Message { phone, tab, call, body } = message;
        match body {
            Body::Request(request, held_ms) => {
                let answer = self.serve(phone, &request);
                self.tells_no_hidden_words(&answer);
                if held_ms > 0 && self.tells_nothing(&request, &answer) {
                    let message = Message { phone, tab, call, body: Body::Request(request, held_ms - 1_000) };
                    return self.post(1_000, message);
                }
                if self.strikes(Fault::AnswerLost) {
                    return;
                }
                let late = if self.strikes(Fault::AnswerLate) { self.chance.below(600_000) } else { 0 };
                let behind = if self.strikes(Fault::Reordered) { self.chance.below(4_000) } else { 0 };
                let delay = 20 + self.chance.below(400) + late + behind;
                self.post(delay as u64, Message { phone, tab, call, body: Body::Answer(answer) });
            }
            Body::Answer(answer) => {
                let answer = self.on_the_way_back(phone, answer);
                self.step(phone, tab, Event::Answered { call, answer });
            }
        }
    }

    /// No answer that knows of a redaction tells what it hides.
    fn tells_no_hidden_words(&mut self, answer: &Result<Answer, Failure>) {
        let Ok(answer) = answer else { return };
        let (gsn, text) = match answer {
            _ if self.hidden.is_empty() => return,
            Answer::Push(_) => return,
            Answer::Pull(pull) => (pull.gsn, serde_json::to_string(pull)),
            Answer::Snapshot(snapshot) => (snapshot.gsn, serde_json::to_string(snapshot)),
            Answer::Chunk(chunk) => (chunk.to, serde_json::to_string(chunk)),
        };
        let text = text.unwrap_or_default();
        if self.hidden.iter().any(|hidden| hidden.since <= gsn && text.contains(&hidden.words)) {
            self.broken = Some(format!("privacy: hidden words were told at {gsn}"));
        }
    }

    /// What a network may do to an answer.
    fn on_the_way_back(&mut self, phone: usize, answer: Result<Answer, Failure>) -> Result<Answer, Failure> {
        if self.phones[phone].cut_off_until > self.now {
            return Err(Failure::Unreachable);
        }
        let answer = answer?;
        if self.strikes(Fault::StaleAnswer) {
            let same = |old: &&Answer| std::mem::discriminant(*old) == std::mem::discriminant(&answer);
            return Ok(self.phones[phone].answers.iter().find(same).cloned().unwrap_or(answer));
        }
        if self.strikes(Fault::DamagedBody) {
            return self.damaged(&answer);
        }
        let kept = &mut self.phones[phone].answers;
        kept.push_front(answer.clone());
        kept.truncate(6);
        Ok(answer)
    }

    /// A bit flips, or the end is missing. What is not JSON of the right shape any more never reaches the machine.
    fn damaged(&mut self, answer: &Answer) -> Result<Answer, Failure> {
        let text = match answer {
            Answer::Push(push) => serde_json::to_vec(push),
            Answer::Pull(pull) => serde_json::to_vec(pull),
            Answer::Snapshot(snapshot) => serde_json::to_vec(snapshot),
            Answer::Chunk(chunk) => serde_json::to_vec(chunk),
        };
        let mut bytes = text.map_err(|_| Failure::Unreachable)?;
        let place = self.chance.below(bytes.len());
        if self.chance.bits().is_multiple_of(2) {
            bytes.truncate(place);
        } else {
            bytes[place] ^= 1 << self.chance.below(7);
        }
        let read = match answer {
            Answer::Push(_) => serde_json::from_slice(&bytes).map(Answer::Push),
            Answer::Pull(_) => serde_json::from_slice(&bytes).map(Answer::Pull),
            Answer::Snapshot(_) => serde_json::from_slice(&bytes).map(Answer::Snapshot),
            Answer::Chunk(_) => serde_json::from_slice(&bytes).map(Answer::Chunk),
        };
        if read.is_ok() {
            self.count("damaged body that was still readable");
        }
        read.map_err(|_| Failure::Unreachable)
    }

    fn tells_nothing(&self, request: &Request, answer: &Result<Answer, Failure>) -> bool {
        let (Request::Pull(asked), Ok(Answer::Pull(told))) = (request, answer) else { return false };
        let empty = |update: &Update| matches!(update, Update::Tail { rows, .. } if rows.is_empty());
        asked.epoch == Some(told.epoch)
            && asked.cursors.len() == told.scopes.len()
            && told.scopes.iter().all(|one| asked.cursors.contains_key(&one.scope) && empty(&one.update))
    }

    fn refusal(&mut self, phone: usize, request: &Request) -> Option<Failure> {
        if self.phones[phone].cut_off_until > self.now || self.strikes(Fault::CaptivePortal) {
            return Some(Failure::Unreachable);
        }
        if self.strikes(Fault::Error500) {
            return Some(Failure::Busy { retry_ms: 0 });
        }
        if self.strikes(Fault::Busy503) {
            return Some(Failure::Busy { retry_ms: 1_000 + self.chance.bits() % 4_000 });
        }
        if self.strikes(Fault::TooMany429) {
            return Some(Failure::Busy { retry_ms: 60_000 });
        }
        if self.strikes(Fault::TooLarge413) {
            self.phones[phone].narrow_until = self.now.plus_ms(NARROW_MS);
        }
        if self.phones[phone].narrow_until > self.now && bytes_of(request) > NARROW_BYTES {
            self.count(TOO_LARGE);
            return Some(Failure::TooLarge);
        }
        self.phones[phone].revoked.then_some(Failure::Revoked)
    }

    fn serve(&mut self, phone: usize, request: &Request) -> Result<Answer, Failure> {
        if let Some(refusal) = self.refusal(phone, request) {
            return Err(refusal);
        }
        // The cookie says who is asking; the request, on whose behalf.
        let caller = self.phones[self.cookies[self.phones[phone].device]].person.clone();
        let claimed = match request {
            Request::Push(push) => push.person.as_ref(),
            Request::Pull(pull) => pull.person.as_ref(),
            Request::Snapshot { .. } | Request::Chunk { .. } => None,
        };
        if claimed.is_some_and(|person| *person != caller) && self.sabotage != Some(Sabotage::CookieDecides) {
            self.count("asked under another person's cookie");
            return Err(Failure::Foreign);
        }
        if self.phones[phone].old_app && !matches!(request, Request::Push(_)) {
            return Err(Failure::UpdateNeeded);
        }
        match request {
            Request::Push(_) => self.serve_push(&caller, request),
            Request::Snapshot { scope, .. } | Request::Chunk { scope, .. }
                if !self.server.scopes(&caller).contains(scope) =>
            {
                Err(Failure::Missing)
            }
            _ => {
                let (process, follows) = (self.chance.below(2), self.chance.bits().is_multiple_of(2));
                if matches!(request, Request::Snapshot { .. }) {
                    self.count("snapshot");
                } else if matches!(request, Request::Chunk { .. }) {
                    self.count("chunk");
                }
                self.server.answer(process, follows || self.calm, &caller, request, self.now)
            }
        }
    }

    fn serve_push(&mut self, caller: &PersonId, request: &Request) -> Result<Answer, Failure> {
        let (head, epoch) = (self.server.gsn(), self.server.epoch());
        let killed = self.strikes(Fault::KilledAtStatement);
        if killed {
            let places = [Break::AtLock, Break::AtAppend, Break::BeforeCommit, Break::AfterCommit];
            self.server.break_at(places[self.chance.below(4)]);
        } else if self.strikes(Fault::DiskFull) {
            self.server.break_at(Break::AtAppend);
        } else if self.strikes(Fault::CommitUnknown) {
            self.server.break_at(Break::AfterCommit);
        }
        let answer = self.server.answer(self.chance.below(2), false, caller, request, self.now);
        self.server.heal_store();
        if self.sabotage == Some(Sabotage::AnswerWithoutStoring) {
            self.server.restore(head, epoch);
        }
        if killed {
            self.server.kill(self.now);
        }
        if let Ok(Answer::Push(response)) = &answer {
            for receipt in &response.receipts {
                self.count(match receipt.status {
                    Status::Accepted => "verdict accepted",
                    Status::Late => "verdict late",
                    Status::Rejected => "verdict rejected",
                    Status::Parked => "verdict parked",
                });
                self.acknowledged.push((response.epoch, receipt.command_id));
            }
            self.count(match response.outcome {
                PushOutcome::Done => "push done",
                PushOutcome::Gap => "push gap",
                PushOutcome::Forked => "push forked",
            });
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
                if self.phones[phone].cut_off_until > self.now {
                    continue;
                }
                let inline = self.chance.bits().is_multiple_of(2);
                let live = if inline { self.change_for(phone, index, from) } else { Live::Moved { epoch, gsn } };
                self.step(phone, tab, Event::Stream(StreamEvent::Message(live)));
            }
        }
    }

    fn change_for(&self, phone: usize, tab: usize, from: u64) -> Live {
        let person = &self.phones[phone].person;
        let scopes = self.server.scopes(person);
        let since = PullRequest {
            protocol: PROTOCOL,
            client_id: self.phones[phone].tabs[tab].client.ledger().client_id,
            person: None,
            epoch: Some(self.server.epoch()),
            cursors: scopes.iter().map(|scope| (scope.clone(), from)).collect(),
            wait_ms: 0,
            parked: Vec::new(),
        };
        let log = self.server.truth();
        Live::Change { from, response: log.pull(person, &scopes, &since, self.now) }
    }

    pub fn post(&mut self, delay_ms: u64, message: Message) {
        let order = self.next();
        self.messages.insert((self.now.plus_ms(delay_ms), order), message);
    }

    pub fn open_stream(&mut self, phone: usize, tab: u64) {
        self.asks(phone, tab);
        let mine = self.phones[self.cookies[self.phones[phone].device]].person == self.phones[phone].person;
        let refused = self.strikes(Fault::StreamRefused) || self.phones[phone].cut_off_until > self.now || !mine;
        let Some(index) = self.tab(phone, tab) else { return };
        if refused || self.phones[phone].revoked {
            return self.step(phone, tab, Event::Stream(StreamEvent::Closed));
        }
        self.phones[phone].tabs[index].streaming = true;
        self.step(phone, tab, Event::Stream(StreamEvent::Opened));
        let (epoch, gsn) = (self.server.epoch(), self.server.gsn());
        self.step(phone, tab, Event::Stream(StreamEvent::Message(Live::Moved { epoch, gsn })));
    }

    /// Counts a request of a page that has had no success lately (calm).
    fn asks(&mut self, phone: usize, tab: u64) {
        let now = self.now;
        let Some(index) = self.tab(phone, tab) else { return };
        let asked = &mut self.phones[phone].tabs[index].asked_at;
        while asked.front().is_some_and(|at| now.since_ms(*at) >= 60_000) {
            asked.pop_front();
        }
        asked.push_back(now);
        if asked.len() > 20 && self.sabotage.is_none() {
            self.broken = Some(format!("calm: {} requests in a minute without a success", asked.len()));
        }
    }

    pub fn send(&mut self, phone: usize, tab: u64, call: u64, request: Request) {
        self.asks(phone, tab);
        let tries = self.tab(phone, tab).map_or(0, |index| self.phones[phone].tabs[index].failed_pushes);
        if let Request::Push(push) = &request {
            if self.sabotage == Some(Sabotage::RemoveThenSend) {
                let sent: BTreeSet<CommandId> = push.commands.iter().map(|command| command.command_id).collect();
                self.phones[phone].stored.ledger.entries.retain(|entry| !sent.contains(&entry.command_id));
            }
            if self.sabotage == Some(Sabotage::GiveUpAfterRetries) && tries >= 3 {
                let sent: BTreeSet<CommandId> = push.commands.iter().map(|command| command.command_id).collect();
                self.phones[phone].stored.ledger.entries.retain(|entry| !sent.contains(&entry.command_id));
            }
        }
        if self.strikes(Fault::RequestLost) {
            return;
        }
        let held_ms = if let Request::Pull(pull) = &request { pull.wait_ms } else { 0 };
        if self.strikes(Fault::RequestTwice) {
            let delay = 50 + self.chance.below(20_000) as u64;
            let body = Body::Request(request.clone(), held_ms);
            self.post(delay, Message { phone, tab, call, body });
        }
        let behind = if self.strikes(Fault::Reordered) { self.chance.below(4_000) } else { 0 };
        let delay = (20 + self.chance.below(400) + behind) as u64;
        self.post(delay, Message { phone, tab, call, body: Body::Request(request, held_ms) });
    }
}
