//! The live stream, and commands that are worth something only now.

use crate::client::step::{Client, LiveCall, Stream, StreamEvent};
use crate::client::{Answer, Effect, Failure, Request, Writing};
use crate::ids::{ClientId, Timestamp};
use crate::limits::{STREAM_GOOD_MS, STREAM_SHORT_MS};
use crate::rules::Rules;
use crate::wire::{Command, Live, PROTOCOL, PullResponse, PushRequest, Receipt};

impl<R: Rules> Client<R> {
    pub(super) fn streamed(&mut self, event: StreamEvent, now: Timestamp, random: u64, effects: &mut Vec<Effect>) {
        match (event, self.stream) {
            (_, Stream::Closed) => {}
            (StreamEvent::Opened, _) => self.stream = Stream::Open { since: now, sign: now },
            (StreamEvent::Closed, Stream::Open { since, .. } | Stream::Opening { since }) => {
                let life_ms = now.since_ms(since);
                self.short_streams = if life_ms < STREAM_SHORT_MS { self.short_streams + 1 } else { 0 };
                if life_ms >= STREAM_GOOD_MS {
                    self.streaming.arrive();
                }
                self.streaming.fail(now, random, 0);
                self.stream = Stream::Closed;
                self.stale = true;
            }
            (StreamEvent::Message(live), stream) => {
                let since = if let Stream::Open { since, .. } = stream { since } else { now };
                self.stream = Stream::Open { since, sign: now };
                self.made_contact(now);
                match live {
                    Live::Moved { epoch, gsn } => self.hear(epoch, gsn),
                    Live::Beat => {}
                    Live::Change { from, response } => self.live_change(from, response, effects),
                }
            }
        }
    }

    /// A change that came by itself. It is taken only if nothing is missing before it; else it is a reason to pull.
    fn live_change(&mut self, from: u64, response: PullResponse, effects: &mut Vec<Effect>) {
        let (epoch, gsn) = (response.epoch, response.gsn);
        if self.base.state.epoch == Some(epoch) && gsn < self.base.head() {
            return;
        }
        let follows = response.is_whole()
            && self.base.state.epoch == Some(epoch)
            && response.scopes.iter().all(|update| self.base.cursor(&update.scope) >= from);
        if !(follows && self.fetches.is_empty() && self.take(response, effects)) {
            self.stale = true;
            self.heard = Some((epoch, gsn));
        }
    }

    pub(super) fn drop_stream(&mut self, effects: &mut Vec<Effect>) {
        if self.stream != Stream::Closed {
            self.stream = Stream::Closed;
            effects.push(Effect::CloseStream);
        }
    }

    pub(super) fn send_call(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(LiveCall { writing, .. }) = self.calls.front().cloned() else { return };
        // The id of the command names the client id too: fresh for each page, unguessable, never stored.
        let (client_id, last_seq) = self.live_client.unwrap_or((ClientId(writing.command_id.0), 0));
        self.live_client = Some((client_id, last_seq));
        let Writing { command_id, kind, v, created_at, payload, .. } = writing;
        let command = Command { seq: last_seq + 1, command_id, kind, v, created_at, payload };
        let (person, epoch) = (Some(self.actor.person.clone()), self.ledger.epoch);
        let request = PushRequest { protocol: PROTOCOL, client_id, person, epoch, commands: vec![command] };
        let call = self.next_call();
        self.live.depart(call, now);
        effects.push(Effect::Send { call, request: Request::Push(request) });
    }

    pub(super) fn call_answered(&mut self, answer: Result<Answer, Failure>, now: Timestamp, effects: &mut Vec<Effect>) {
        let result = match answer {
            Ok(Answer::Push(response)) => {
                self.made_contact(now);
                let receipt = response.receipts.into_iter().next();
                if let Some(receipt) = &receipt {
                    self.hear(response.epoch, receipt.gsn);
                }
                receipt.ok_or(Failure::Unreachable)
            }
            Ok(_) => Err(Failure::Unreachable),
            Err(failure) => Err(failure),
        };
        let failure = result.as_ref().err().copied();
        self.finish_call(result, effects);
        if let Some(failure) = failure {
            self.failed(failure, effects);
        }
    }

    /// An unknown outcome ends the live client id too, so that a number is never used for two commands.
    pub(super) fn finish_call(&mut self, result: Result<Receipt, Failure>, effects: &mut Vec<Effect>) {
        self.live.arrive();
        self.live_client = match (&result, self.live_client) {
            (Ok(_), Some((client_id, seq))) => Some((client_id, seq + 1)),
            _ => None,
        };
        if let Some(call) = self.calls.pop_front() {
            effects.push(Effect::CallDone { ticket: call.ticket, result });
        }
    }
}
