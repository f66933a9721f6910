//! The machine itself: one event in, effects out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::client::base::{Base, CacheWrite};
use crate::client::lane::Lane;
use crate::client::ledger::{Entry, Ledger, Writing};
use crate::client::{Answer, CallId, Effect, Event, Failure, Request, Standing, Status, outbox};
use crate::ids::{ClientId, Epoch, Scope, Seq, Timestamp};
use crate::limits::{LONG_POLL_MS, POLL_MS, PUSH_COMMANDS_MAX, STREAM_SHORT_MAX, STREAM_SHORT_MS, STREAM_SILENCE_MS};
use crate::row::{Key, Layered, Row, RowMap};
use crate::rules::{Actor, Rules};
use crate::wire::{Command, Live, PROTOCOL, PullRequest, PullResponse, PushOutcome, PushRequest, PushResponse, Update};

/// What the live stream reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StreamEvent {
    Opened,
    Message(Live),
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Stream {
    #[default]
    Closed,
    Opening {
        since: Timestamp,
    },
    Open {
        since: Timestamp,
        sign: Timestamp,
    },
}

/// A command that is worth something only now, waiting for its answer.
#[derive(Clone, Debug)]
struct LiveCall {
    ticket: u64,
    writing: Writing,
}

/// One account on one device.
#[derive(Debug)]
pub struct Client<R> {
    rules: R,
    actor: Actor,
    ledger: Ledger,
    base: Base,
    /// What unseen commands will most likely change.
    overlay: RowMap,
    push: Lane,
    pull: Lane,
    live: Lane,
    /// Something on the server is newer than the base, as far as is known.
    stale: bool,
    /// Immutable parts to fetch before the next pull.
    fetches: VecDeque<Request>,
    /// Commands in a push: fewer after one was too large.
    push_max: usize,
    /// The client id of commands that are never stored, and its last seq.
    live_client: Option<(ClientId, Seq)>,
    calls: VecDeque<LiveCall>,
    stream: Stream,
    short_streams: u32,
    hidden: bool,
    cache_dirty: bool,
    last_call: CallId,
    next_poll: Timestamp,
    status: Status,
    /// A gap that the ledger was read again for; the second time it is a copy of another one.
    gap_seen: bool,
}

impl<R: Rules> Client<R> {
    /// A machine for what the device holds. It pulls and pushes at the first event.
    pub fn new(rules: R, actor: Actor, ledger: Ledger, base: Base) -> Self {
        let mut client = Self {
            rules,
            actor,
            ledger,
            base,
            overlay: RowMap::default(),
            push: Lane::default(),
            pull: Lane::default(),
            live: Lane::default(),
            stale: true,
            fetches: VecDeque::new(),
            push_max: PUSH_COMMANDS_MAX,
            live_client: None,
            calls: VecDeque::new(),
            stream: Stream::Closed,
            short_streams: 0,
            hidden: false,
            cache_dirty: false,
            last_call: 0,
            next_poll: Timestamp::default(),
            status: Status::default(),
            gap_seen: false,
        };
        client.own_last_seq();
        client.foretell();
        client
    }

    /// What screens read: the base with everything foretold on top.
    pub fn view(&self) -> Layered<'_> {
        Layered { below: &self.base.rows, above: &self.overlay }
    }

    pub fn base(&self) -> &Base {
        &self.base
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub fn status(&self) -> Status {
        let waiting = outbox::waiting(&self.ledger);
        Status {
            waiting: waiting.len(),
            waiting_since: waiting.iter().map(|entry| entry.created_at).min(),
            sending: self.push.in_flight() && !waiting.is_empty(),
            current: !self.stale && self.fetches.is_empty(),
            retry_at: if self.status.reachable { None } else { self.wake_at() },
            ..self.status
        }
    }

    /// When the driver must send [`Event::Wake`] at the latest. There is no state in which something waits and this
    /// is `None`.
    pub fn wake_at(&self) -> Option<Timestamp> {
        if self.status.standing == Standing::Revoked {
            return None;
        }
        let pushing = self.push.wake_at(!outbox::waiting(&self.ledger).is_empty());
        let pulling = self.pull.wake_at(self.wants_pull());
        let calling = self.live.wake_at(!self.calls.is_empty());
        let watching = match self.stream {
            Stream::Closed => None,
            Stream::Opening { since } => Some(since.plus_ms(STREAM_SILENCE_MS)),
            Stream::Open { sign, .. } => Some(sign.plus_ms(STREAM_SILENCE_MS)),
        };
        let polling = (!self.hidden).then_some(self.next_poll);
        [pushing, pulling, calling, watching, polling].into_iter().flatten().min()
    }

    /// Takes one event. `random` is fresh each time.
    pub fn step(&mut self, event: Event, now: Timestamp, random: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Write(writing) => effects.push(Effect::Append(writing)),
            Event::Appended(entry) => {
                self.ledger.entries.push(entry);
                self.push.nudge();
                self.changed(BTreeSet::new(), &mut effects);
            }
            Event::Reloaded(ledger) => {
                self.ledger = ledger;
                self.own_last_seq();
                self.changed(BTreeSet::new(), &mut effects);
            }
            Event::CallNow { ticket, writing } => self.calls.push_back(LiveCall { ticket, writing }),
            Event::Answered { call, answer } => self.answered(call, answer, now, random, &mut effects),
            Event::Stream(event) => self.streamed(event, now, &mut effects),
            Event::CacheFailed => self.cache_dirty = true,
            Event::Nudge => {
                self.hidden = false;
                self.stale = true;
                self.short_streams = 0;
                for lane in [&mut self.push, &mut self.pull, &mut self.live] {
                    lane.nudge();
                }
                self.drop_stream(&mut effects);
                if self.status.standing == Standing::Revoked {
                    self.status.standing = Standing::Enrolled;
                }
            }
            Event::Hide => {
                self.hidden = true;
                self.drop_stream(&mut effects);
            }
            Event::Wake => {}
        }
        self.watch(now, random, &mut effects);
        self.pump(now, &mut effects);
        effects
    }

    /// Gives up what has been silent for too long.
    fn watch(&mut self, now: Timestamp, random: u64, effects: &mut Vec<Effect>) {
        let mut lost = false;
        for lane in [&mut self.push, &mut self.pull] {
            if lane.is_overdue(now) {
                lane.fail(now, random, 0);
                lost = true;
            }
        }
        if self.live.is_overdue(now) {
            self.finish_call(Err(Failure::Unreachable), effects);
            lost = true;
        }
        if lost {
            self.lost_contact(effects);
        }
        let silent_since = match self.stream {
            Stream::Closed => return,
            Stream::Opening { since } => since,
            Stream::Open { sign, .. } => sign,
        };
        if now.since_ms(silent_since) >= STREAM_SILENCE_MS {
            self.drop_stream(effects);
            self.stale = true;
        }
    }

    /// Sends whatever is due.
    fn pump(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.status.standing == Standing::Revoked {
            return;
        }
        if self.live.is_free(now) && !self.calls.is_empty() {
            self.send_call(now, effects);
        }
        if self.push.is_free(now)
            && let Some(request) = outbox::next_push(&self.ledger, self.ledger.epoch, self.push_max)
        {
            let call = self.next_call();
            self.push.depart(call, now);
            effects.push(Effect::Send { call, request: Request::Push(request) });
        }
        if !self.hidden && now >= self.next_poll {
            self.next_poll = now.plus_ms(POLL_MS);
            self.stale |= !matches!(self.stream, Stream::Open { .. });
        }
        if self.pull.is_free(now) && self.wants_pull() {
            let request = self.fetches.front().cloned().unwrap_or_else(|| self.next_pull());
            let call = self.next_call();
            self.pull.depart(call, now);
            effects.push(Effect::Send { call, request });
        }
        let may_stream = self.status.reachable && !self.stale && !self.hidden && !self.must_poll();
        if self.stream == Stream::Closed && may_stream && self.status.standing == Standing::Enrolled {
            self.stream = Stream::Opening { since: now };
            effects.push(Effect::OpenStream);
        }
    }

    fn must_poll(&self) -> bool {
        self.short_streams >= STREAM_SHORT_MAX
    }

    fn wants_pull(&self) -> bool {
        if self.status.standing != Standing::Enrolled {
            return false;
        }
        self.stale || !self.fetches.is_empty() || (self.must_poll() && !self.hidden && self.status.reachable)
    }

    fn next_pull(&self) -> Request {
        let wait_ms = if self.must_poll() && !self.stale { LONG_POLL_MS } else { 0 };
        Request::Pull(PullRequest {
            protocol: PROTOCOL,
            client_id: self.ledger.client_id,
            epoch: self.base.state.epoch,
            cursors: self.base.state.cursors.clone(),
            wait_ms,
        })
    }

    fn next_call(&mut self) -> CallId {
        self.last_call += 1;
        self.last_call
    }

    fn answered(
        &mut self,
        call: CallId,
        answer: Result<Answer, Failure>,
        now: Timestamp,
        random: u64,
        effects: &mut Vec<Effect>,
    ) {
        if self.live.carries(call) {
            return self.call_answered(answer, now, effects);
        }
        let lane = [&mut self.push, &mut self.pull].into_iter().find(|lane| lane.carries(call));
        let Some(lane) = lane else { return };
        match answer {
            Ok(answer) => {
                lane.arrive();
                self.made_contact(now);
                match answer {
                    Answer::Push(response) => self.pushed(response, random, effects),
                    Answer::Pull(response) => {
                        if !self.pulled(response, effects) {
                            self.pull.fail(now, random, 0);
                        }
                    }
                    Answer::Snapshot(snapshot) => {
                        self.fetches.pop_front();
                        self.stale = true;
                        if self.base.state.epoch == Some(snapshot.epoch) {
                            let mut kinds = self.kinds_of(&snapshot.scope);
                            let rows = self.base.restore(&snapshot.scope, snapshot.gsn, snapshot.rows);
                            kinds.extend(kinds_in(&rows));
                            self.save(vec![snapshot.scope], rows, effects);
                            self.changed(kinds, effects);
                        }
                    }
                    Answer::Chunk(chunk) => {
                        self.fetches.pop_front();
                        self.stale = true;
                        if self.base.state.epoch == Some(chunk.epoch)
                            && let Some(rows) = self.base.apply(&chunk.scope, chunk.from, chunk.to, chunk.rows)
                        {
                            let kinds = kinds_in(&rows);
                            self.save(Vec::new(), rows, effects);
                            self.changed(kinds, effects);
                        }
                    }
                }
            }
            Err(failure) => {
                lane.fail(now, random, if let Failure::Busy { retry_ms } = failure { retry_ms } else { 0 });
                self.failed(failure, effects);
            }
        }
    }

    fn failed(&mut self, failure: Failure, effects: &mut Vec<Effect>) {
        match failure {
            Failure::Unreachable => self.lost_contact(effects),
            Failure::Busy { .. } | Failure::Foreign => {}
            Failure::Missing => {
                self.fetches.clear();
                self.stale = true;
            }
            Failure::TooLarge => self.push_max = (self.push_max / 2).max(1),
            Failure::Revoked => self.revoked(effects),
            Failure::UpdateNeeded => self.status.standing = Standing::UpdateNeeded,
        }
        self.changed(BTreeSet::new(), effects);
    }

    /// What the server gave leaves the device; what the person wrote stays.
    fn revoked(&mut self, effects: &mut Vec<Effect>) {
        self.status.standing = Standing::Revoked;
        let kinds = self.all_kinds();
        self.base = Base::default();
        self.fetches.clear();
        self.drop_stream(effects);
        self.cache_dirty = true;
        self.save(Vec::new(), Vec::new(), effects);
        self.changed(kinds, effects);
    }

    fn made_contact(&mut self, now: Timestamp) {
        self.status.reachable = true;
        self.status.contact_at = Some(now);
        if self.status.standing == Standing::Revoked {
            self.status.standing = Standing::Enrolled;
        }
    }

    fn lost_contact(&mut self, effects: &mut Vec<Effect>) {
        self.status.reachable = false;
        self.stale = true;
        self.drop_stream(effects);
        self.changed(BTreeSet::new(), effects);
    }

    fn pushed(&mut self, response: PushResponse, random: u64, effects: &mut Vec<Effect>) {
        self.met_epoch(response.epoch, response.last_seq, effects);
        let news = outbox::settle(&mut self.ledger, &response.receipts);
        if !news.is_empty() {
            effects.push(Effect::Settle { epoch: response.epoch, receipts: news });
        }
        match response.outcome {
            PushOutcome::Done => {
                self.push_max = PUSH_COMMANDS_MAX;
                self.gap_seen = false;
                self.stale |= self.base.state.last_seq < response.last_seq;
            }
            PushOutcome::Gap => self.gap(response.epoch, response.last_seq, random, effects),
            PushOutcome::Forked => self.renumber(random, effects),
        }
        self.changed(BTreeSet::new(), effects);
    }

    /// The server misses a seq below the oldest that waits: push again what it has forgotten, or read what another
    /// tab wrote, or, when nobody has it, go on under a new client id.
    fn gap(&mut self, epoch: Epoch, last_seq: Seq, random: u64, effects: &mut Vec<Effect>) {
        self.reopen_after(epoch, last_seq, effects);
        if outbox::waiting(&self.ledger).first().is_some_and(|entry| entry.seq <= last_seq + 1) {
            self.gap_seen = false;
        } else if self.gap_seen {
            self.gap_seen = false;
            self.renumber(random, effects);
        } else {
            self.gap_seen = true;
            effects.push(Effect::Reload);
        }
    }

    fn renumber(&mut self, random: u64, effects: &mut Vec<Effect>) {
        let bits = (u128::from(random) << 64) | u128::from(random.rotate_left(32) ^ 0x9e37_79b9_7f4a_7c15);
        let client_id = ClientId::from_random(bits);
        self.ledger.renumber(client_id);
        self.own_last_seq();
        effects.push(Effect::Renumber(client_id));
    }

    /// Another epoch means that the server was restored: what it has forgotten is pushed again.
    fn met_epoch(&mut self, epoch: Epoch, last_seq: Seq, effects: &mut Vec<Effect>) {
        if self.ledger.epoch.is_some_and(|known| known != epoch) {
            self.reopen_after(epoch, last_seq, effects);
        }
        self.ledger.epoch = Some(epoch);
    }

    fn reopen_after(&mut self, epoch: Epoch, last_seq: Seq, effects: &mut Vec<Effect>) {
        let client_id = self.ledger.client_id;
        let forgotten = self
            .ledger
            .entries
            .iter_mut()
            .filter(|entry| !entry.is_waiting() && entry.client_id == client_id && entry.seq > last_seq);
        let commands: Vec<_> = forgotten
            .map(|entry| {
                entry.reopen();
                entry.command_id
            })
            .collect();
        if !commands.is_empty() {
            effects.push(Effect::Reopen { epoch, commands });
        }
    }

    /// Takes an answer to a pull. Returns whether it made sense: if not, the next pull waits like after a failure.
    fn pulled(&mut self, response: PullResponse, effects: &mut Vec<Effect>) -> bool {
        self.stale = false;
        self.met_epoch(response.epoch, response.last_seq, effects);
        if self.base.state.epoch != Some(response.epoch) {
            self.cache_dirty = true;
            let kinds = self.all_kinds();
            self.base = Base::default();
            self.base.state.epoch = Some(response.epoch);
            self.changed(kinds, effects);
        }
        self.take(response, effects)
    }

    /// Applies an answer or a live change of the log that the base belongs to. Returns whether it fitted.
    fn take(&mut self, response: PullResponse, effects: &mut Vec<Effect>) -> bool {
        let named: BTreeSet<&Scope> = response.scopes.iter().map(|update| &update.scope).collect();
        let mut dropped: Vec<Scope> =
            self.base.state.cursors.keys().filter(|scope| !named.contains(scope)).cloned().collect();
        let mut changed = BTreeSet::new();
        for scope in &dropped {
            changed.extend(self.kinds_of(scope));
            self.base.drop_scope(scope);
        }
        let mut rows: Vec<(Key, Row)> = Vec::new();
        let (mut complete, mut fitted) = (true, true);
        for update in response.scopes {
            let scope = update.scope;
            match update.update {
                Update::Tail { from, to, rows: tail, checksum } => {
                    let Some(applied) = self.base.apply(&scope, from, to, tail) else {
                        (complete, fitted) = (false, false);
                        continue;
                    };
                    if self.base.agrees(&scope, to, checksum) {
                        changed.extend(kinds_in(&applied));
                        rows.extend(applied);
                    } else {
                        self.status.mismatches += 1;
                        changed.extend(self.kinds_of(&scope));
                        self.base.drop_scope(&scope);
                        dropped.push(scope);
                        (complete, fitted) = (false, false);
                    }
                }
                Update::Snapshot { gsn, .. } => {
                    self.fetches.push_back(Request::Snapshot { scope, gsn });
                    complete = false;
                }
                Update::Chunk { index } => {
                    self.fetches.push_back(Request::Chunk { scope, index });
                    complete = false;
                }
            }
        }
        let state = &mut self.base.state;
        let last_seq_before = state.last_seq;
        if complete {
            state.client_id = Some(self.ledger.client_id);
            state.last_seq = state.last_seq.max(response.last_seq);
        } else {
            self.stale = true;
        }
        let seen_more = self.base.state.last_seq != last_seq_before;
        self.save(dropped, rows, effects);
        if !changed.is_empty() || seen_more {
            self.changed(changed, effects);
        }
        fitted
    }

    fn streamed(&mut self, event: StreamEvent, now: Timestamp, effects: &mut Vec<Effect>) {
        match (event, self.stream) {
            (_, Stream::Closed) => {}
            (StreamEvent::Opened, _) => self.stream = Stream::Open { since: now, sign: now },
            (StreamEvent::Closed, Stream::Open { since, .. } | Stream::Opening { since }) => {
                let short = now.since_ms(since) < STREAM_SHORT_MS;
                self.short_streams = if short { self.short_streams + 1 } else { 0 };
                self.stream = Stream::Closed;
                self.stale = true;
            }
            (StreamEvent::Message(live), stream) => {
                let since = if let Stream::Open { since, .. } = stream { since } else { now };
                self.stream = Stream::Open { since, sign: now };
                self.made_contact(now);
                match live {
                    Live::Moved { epoch, gsn } => {
                        let behind = self.base.state.cursors.values().any(|cursor| *cursor < gsn);
                        self.stale |= behind || self.base.state.epoch != Some(epoch);
                    }
                    Live::Change { from, response } => self.live_change(from, response, effects),
                }
            }
        }
    }

    /// A change that came by itself. It is taken only if nothing is missing before it; else it is a reason to pull.
    fn live_change(&mut self, from: u64, response: PullResponse, effects: &mut Vec<Effect>) {
        let follows = self.base.state.epoch == Some(response.epoch)
            && response.scopes.iter().all(|update| self.base.cursor(&update.scope) >= from);
        let taken = follows && self.fetches.is_empty() && self.take(response, effects);
        self.stale |= !taken;
    }

    fn drop_stream(&mut self, effects: &mut Vec<Effect>) {
        if self.stream != Stream::Closed {
            self.stream = Stream::Closed;
            effects.push(Effect::CloseStream);
        }
    }

    fn send_call(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(LiveCall { writing, .. }) = self.calls.front().cloned() else { return };
        // The id of the command names the client id too: fresh for each page, unguessable, never stored.
        let (client_id, last_seq) = self.live_client.unwrap_or((ClientId(writing.command_id.0), 0));
        self.live_client = Some((client_id, last_seq));
        let Writing { command_id, kind, v, created_at, payload, .. } = writing;
        let command = Command { seq: last_seq + 1, command_id, kind, v, created_at, payload };
        let request = PushRequest { protocol: PROTOCOL, client_id, epoch: self.ledger.epoch, commands: vec![command] };
        let call = self.next_call();
        self.live.depart(call, now);
        effects.push(Effect::Send { call, request: Request::Push(request) });
    }

    fn call_answered(&mut self, answer: Result<Answer, Failure>, now: Timestamp, effects: &mut Vec<Effect>) {
        let result = match answer {
            Ok(Answer::Push(response)) => {
                self.made_contact(now);
                self.stale = true;
                response.receipts.into_iter().next().ok_or(Failure::Unreachable)
            }
            Ok(_) => Err(Failure::Unreachable),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = &result {
            self.failed(*failure, effects);
        }
        self.finish_call(result, effects);
    }

    /// An unknown outcome ends the live client id too, so that a number is never used for two commands.
    fn finish_call(&mut self, result: Result<crate::wire::Receipt, Failure>, effects: &mut Vec<Effect>) {
        self.live.arrive();
        self.live_client = match (&result, self.live_client) {
            (Ok(_), Some((client_id, seq))) => Some((client_id, seq + 1)),
            _ => None,
        };
        if let Some(call) = self.calls.pop_front() {
            effects.push(Effect::CallDone { ticket: call.ticket, result });
        }
    }

    /// `last_seq` counts the commands of one client id; under another one nothing has been seen yet.
    fn own_last_seq(&mut self) {
        if self.base.state.client_id != Some(self.ledger.client_id) {
            self.base.state.client_id = Some(self.ledger.client_id);
            self.base.state.last_seq = 0;
        }
    }

    fn save(&mut self, dropped: Vec<Scope>, rows: Vec<(Key, Row)>, effects: &mut Vec<Effect>) {
        let replace = std::mem::take(&mut self.cache_dirty);
        let rows = if replace { self.base.all_rows() } else { rows };
        let dropped = if replace { Vec::new() } else { dropped };
        effects.push(Effect::SaveCache(CacheWrite { replace, dropped, rows, state: self.base.state.clone() }));
    }

    /// Foretells anew and tells the screens, once a step.
    fn changed(&mut self, mut kinds: BTreeSet<String>, effects: &mut Vec<Effect>) {
        kinds.extend(overlaid(&self.overlay));
        self.foretell();
        kinds.extend(overlaid(&self.overlay));
        for effect in effects.iter_mut() {
            if let Effect::Changed(known) = effect {
                known.append(&mut kinds);
                return;
            }
        }
        effects.push(Effect::Changed(kinds));
    }

    fn all_kinds(&self) -> BTreeSet<String> {
        self.base.rows.scopes().flat_map(|scope| self.kinds_of(scope)).collect()
    }

    fn kinds_of(&self, scope: &Scope) -> BTreeSet<String> {
        self.base.rows.kinds_of(scope).cloned().collect()
    }

    /// Replays what the base does not contain yet on top of it.
    fn foretell(&mut self) {
        let mut overlay = RowMap::default();
        for entry in outbox::unseen(&self.ledger, self.base.state.last_seq) {
            let view = Layered { below: &self.base.rows, above: &overlay };
            for change in self.rules.predict(&view, &self.actor, &entry.command()) {
                overlay.overlay(&change);
            }
        }
        self.overlay = overlay;
    }

    /// Everything that is held of what each person wrote, newest last.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.ledger.entries.iter()
    }

    /// Texts that the server did not take, by id of the command.
    pub fn refused(&self) -> BTreeMap<crate::ids::CommandId, &Entry> {
        let refused = self.ledger.entries.iter().filter(|entry| !entry.is_waiting() && !entry.is_taken());
        refused.map(|entry| (entry.command_id, entry)).collect()
    }
}

fn kinds_in(rows: &[(Key, Row)]) -> BTreeSet<String> {
    rows.iter().map(|(key, _)| key.kind.clone()).collect()
}

fn overlaid(overlay: &RowMap) -> BTreeSet<String> {
    overlay.scopes().flat_map(|scope| overlay.kinds_of(scope).cloned()).collect()
}
