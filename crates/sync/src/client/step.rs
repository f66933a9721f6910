//! The machine itself: one event in, effects out.

mod answers;
mod live;

use std::collections::{BTreeSet, VecDeque};

use crate::client::base::{Base, CacheState, CacheWrite};
use crate::client::lane::Lane;
use crate::client::ledger::{Entry, Ledger, Writing};
use crate::client::{CallId, Effect, Event, Failure, Request, Standing, Status, outbox};
use crate::ids::{ClientId, Epoch, Gsn, Scope, Seq, Timestamp};
use crate::limits::{LONG_POLL_MS, POLL_MS, PUSH_COMMANDS_MAX, STREAM_SHORT_MAX, STREAM_SILENCE_MS};
use crate::row::{Key, Layered, Row, RowMap};
use crate::rules::{Actor, Rules};
use crate::wire::{Live, PROTOCOL, PullRequest};

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

/// What the device took for true when it asked. An answer that comes after it has learned better is read with care.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Asked {
    client_id: Option<ClientId>,
    epoch: Option<Epoch>,
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
    /// On whose behalf the push and the pull that are on their way were sent.
    push_asked: Asked,
    pull_asked: Asked,
    /// Something on the server is newer than the base, as far as is known.
    stale: bool,
    /// The newest place of the log that was heard of since the pull on its way departed.
    heard: Option<(Epoch, Gsn)>,
    /// Answers in a row that left the base where it was though it is stale, and those that lay behind the base.
    idle_pulls: u32,
    behind_pulls: u32,
    /// Answers to pushes in a row that led to a new client id.
    renumbered_pushes: u32,
    /// Immutable parts to fetch before the next pull.
    fetches: VecDeque<Request>,
    /// Commands in a push: fewer after one was too large.
    push_max: usize,
    /// The client id of commands that are never stored, and its last seq.
    live_client: Option<(ClientId, Seq)>,
    calls: VecDeque<LiveCall>,
    stream: Stream,
    /// Paces the opening of streams.
    streaming: Lane,
    short_streams: u32,
    hidden: bool,
    cache_dirty: bool,
    /// The cache as this machine last saw or wrote it.
    cached: CacheState,
    last_call: CallId,
    /// The last call before a person asked for everything to be tried again.
    nudged: CallId,
    next_poll: Timestamp,
    /// The time of the last step.
    clock: Timestamp,
    status: Status,
    /// The ledger was just read: whatever waits in it must be under its client id.
    ledger_read: bool,
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
            push_asked: Asked::default(),
            pull_asked: Asked::default(),
            stale: true,
            heard: None,
            idle_pulls: 0,
            behind_pulls: 0,
            renumbered_pushes: 0,
            fetches: VecDeque::new(),
            push_max: PUSH_COMMANDS_MAX,
            live_client: None,
            calls: VecDeque::new(),
            stream: Stream::Closed,
            streaming: Lane::default(),
            short_streams: 0,
            hidden: false,
            cache_dirty: false,
            cached: CacheState::default(),
            last_call: 0,
            nudged: 0,
            next_poll: Timestamp::default(),
            clock: Timestamp::default(),
            status: Status::default(),
            ledger_read: true,
            gap_seen: false,
        };
        client.cached = client.base.state.clone();
        client.ledger.date_verdicts();
        client.cache_dirty = client.base.drop_strays();
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
        let waiting = || self.ledger.entries.iter().filter(|entry| entry.is_waiting());
        Status {
            waiting: waiting().count(),
            waiting_since: waiting().map(|entry| entry.created_at).min(),
            sending: self.push.in_flight() && waiting().next().is_some(),
            current: !self.stale && self.fetches.is_empty(),
            retry_at: if self.status.lost && !self.is_asking() { self.wake_at() } else { None },
            ..self.status
        }
    }

    fn is_asking(&self) -> bool {
        [&self.push, &self.pull, &self.live].into_iter().any(Lane::in_flight)
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
            Stream::Closed => self.streaming.wake_at(self.wants_stream()),
            Stream::Opening { since } => Some(since.plus_ms(STREAM_SILENCE_MS)),
            Stream::Open { sign, .. } => Some(sign.plus_ms(STREAM_SILENCE_MS)),
        };
        let polling = (!self.hidden).then_some(self.next_poll);
        [pushing, pulling, calling, watching, polling].into_iter().flatten().min()
    }

    /// Takes one event. `random` is fresh each time.
    pub fn step(&mut self, event: Event, now: Timestamp, random: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.read_clock(now);
        match event {
            Event::Write(writing) => effects.push(Effect::Append(writing)),
            Event::Appended(entry) => {
                if entry.client_id != self.ledger.client_id {
                    // Another tab took a new client id.
                    effects.push(Effect::Reload);
                }
                self.ledger.put(entry);
                self.push.hasten(now);
                self.changed(BTreeSet::new(), &mut effects);
            }
            Event::Reloaded(ledger) => {
                self.ledger = ledger;
                self.ledger.date_verdicts();
                self.ledger_read = true;
                self.met_client(&mut effects);
                self.changed(BTreeSet::new(), &mut effects);
            }
            Event::CallNow { ticket, .. } if self.status.standing == Standing::Revoked => {
                effects.push(Effect::CallDone { ticket, result: Err(Failure::Revoked) });
            }
            Event::CallNow { ticket, writing } => self.calls.push_back(LiveCall { ticket, writing }),
            Event::Answered { call, answer } => self.answered(call, answer, now, random, &mut effects),
            Event::Stream(event) => self.streamed(event, now, random, &mut effects),
            Event::CacheFailed => self.cache_dirty = true,
            Event::Nudge => {
                self.hidden = false;
                self.stale = true;
                self.short_streams = 0;
                self.nudged = self.last_call;
                for lane in [&mut self.push, &mut self.pull, &mut self.live, &mut self.streaming] {
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
        if self.ledger_read && self.ledger.has_orphans() {
            self.renumber(random, &mut effects);
            self.changed(BTreeSet::new(), &mut effects);
        }
        self.ledger_read = false;
        self.watch(now, random, &mut effects);
        self.pump(now, &mut effects);
        effects
    }

    /// A clock that was set back takes every time that was set before with it.
    fn read_clock(&mut self, now: Timestamp) {
        let back_ms = self.clock.since_ms(now);
        self.clock = now;
        for lane in [&mut self.push, &mut self.pull, &mut self.live, &mut self.streaming] {
            lane.set_back(back_ms);
        }
        self.next_poll = self.next_poll.minus_ms(back_ms);
        self.stream = match self.stream {
            Stream::Closed => Stream::Closed,
            Stream::Opening { since } => Stream::Opening { since: since.minus_ms(back_ms) },
            Stream::Open { since, sign } => {
                Stream::Open { since: since.minus_ms(back_ms), sign: sign.minus_ms(back_ms) }
            }
        };
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
            && let Some(request) = outbox::next_push(&self.ledger, &self.actor.person, self.push_max)
        {
            let call = self.next_call();
            self.push.depart(call, now);
            self.push_asked = self.asked();
            effects.push(Effect::Send { call, request: Request::Push(request) });
        }
        if !self.hidden && now >= self.next_poll {
            self.next_poll = now.plus_ms(POLL_MS);
            self.stale |= !matches!(self.stream, Stream::Open { .. }) && !self.must_poll();
        }
        if self.pull.is_free(now) && self.wants_pull() {
            let request = self.fetches.front().cloned().unwrap_or_else(|| self.next_pull());
            let call = self.next_call();
            self.pull.depart(call, now);
            self.pull_asked = self.asked();
            self.heard = None;
            effects.push(Effect::Send { call, request });
        }
        if self.stream == Stream::Closed && self.wants_stream() && self.streaming.is_free(now) {
            self.stream = Stream::Opening { since: now };
            effects.push(Effect::OpenStream);
        }
    }

    fn wants_stream(&self) -> bool {
        let can = self.status.reachable && self.status.standing == Standing::Enrolled;
        can && !self.stale && !self.hidden && !self.must_poll()
    }

    fn asked(&self) -> Asked {
        Asked { client_id: Some(self.ledger.client_id), epoch: self.ledger.epoch }
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
            person: Some(self.actor.person.clone()),
            epoch: self.base.state.epoch,
            cursors: self.base.state.cursors.clone(),
            wait_ms,
            parked: outbox::parked(&self.ledger),
        })
    }

    fn next_call(&mut self) -> CallId {
        self.last_call += 1;
        self.last_call
    }

    /// The ledger has another client id: what the server tells about the earlier one is of no use any more.
    fn met_client(&mut self, effects: &mut Vec<Effect>) {
        if self.base.state.client_id != Some(self.ledger.client_id) {
            self.own_last_seq();
            self.drop_stream(effects);
            self.stale = true;
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
        let state = self.base.state.clone();
        let follows = std::mem::replace(&mut self.cached, state.clone());
        effects.push(Effect::SaveCache(CacheWrite { follows, replace, dropped, rows, state }));
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
        for entry in outbox::unseen(&self.ledger, &self.base.state) {
            let view = Layered { below: &self.base.rows, above: &overlay };
            let mut changes = self.rules.predict(&view, &self.actor, &entry.command());
            changes.retain(|change| !outbox::is_seen(entry, &self.base.state, &change.key.scope));
            changes.iter().for_each(|change| overlay.overlay(change));
        }
        self.overlay = overlay;
    }

    /// Everything that is held of what each person wrote, newest last.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.ledger.entries.iter()
    }
}

fn kinds_in(rows: &[(Key, Row)]) -> BTreeSet<String> {
    rows.iter().map(|(key, _)| key.kind.clone()).collect()
}

fn overlaid(overlay: &RowMap) -> BTreeSet<String> {
    overlay.scopes().flat_map(|scope| overlay.kinds_of(scope).cloned()).collect()
}
