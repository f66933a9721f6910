//! What an answer, or the lack of one, does to the machine.

use std::collections::BTreeSet;

use crate::client::lane::Lane;
use crate::client::step::{Asked, Client, kinds_in};
use crate::client::{Answer, Base, CallId, Effect, Entry, Failure, Request, Standing, outbox};
use crate::ids::{ClientId, Epoch, Gsn, Scope, Seq, Timestamp};
use crate::limits::{BEHIND_PULLS_MAX, IDLE_PULLS_MAX, LONG_POLL_PAUSE_MS, PUSH_COMMANDS_MAX};
use crate::row::{Key, Row};
use crate::rules::Rules;
use crate::wire::{Chunk, PullResponse, PushOutcome, PushResponse, Receipt, Snapshot, Update};

impl<R: Rules> Client<R> {
    pub(super) fn answered(
        &mut self,
        call: CallId,
        answer: Result<Answer, Failure>,
        now: Timestamp,
        random: u64,
        effects: &mut Vec<Effect>,
    ) {
        let answer = match answer {
            // Asked before the device was enrolled again, perhaps; whoever asks now will know.
            Err(Failure::Revoked) if call <= self.nudged => Err(Failure::Busy { retry_ms: 0 }),
            answer => answer,
        };
        if self.live.carries(call) {
            return self.call_answered(answer, now, effects);
        }
        let lane = [&mut self.push, &mut self.pull].into_iter().find(|lane| lane.carries(call));
        let Some(lane) = lane else { return };
        match answer {
            Ok(answer) => {
                lane.land();
                self.made_contact(now);
                let before = (self.base.state.epoch, self.base.state.cursors.clone());
                let good = match answer {
                    Answer::Push(response) => {
                        // An answer that brings nothing is paced like a failure, whoever gave it.
                        if self.pushed(response, random, effects) {
                            self.push.arrive();
                        } else {
                            self.push.fail(now, random, 0);
                        }
                        return;
                    }
                    Answer::Pull(response) => self.pulled(response, random, effects),
                    Answer::Snapshot(snapshot) => self.fetched_snapshot(snapshot, effects),
                    Answer::Chunk(chunk) => self.fetched_chunk(chunk, effects),
                };
                let moved = before != (self.base.state.epoch, self.base.state.cursors.clone());
                self.idle_pulls = if moved || !self.stale { 0 } else { self.idle_pulls + 1 };
                if !good || self.idle_pulls > IDLE_PULLS_MAX {
                    self.pull.fail(now, random, 0);
                } else if self.fetches.is_empty() && !self.stale {
                    self.pull.arrive();
                    if self.must_poll() {
                        self.pull.rest(now, LONG_POLL_PAUSE_MS);
                    }
                }
            }
            Err(failure) => {
                lane.fail(now, random, if let Failure::Busy { retry_ms } = failure { retry_ms } else { 0 });
                self.failed(failure, effects);
            }
        }
    }

    /// Takes an immutable part that a pull named. Returns whether it is what it should be. A part may be older than what
    /// is held of other scopes: until the next whole answer, no own command counts as contained.
    fn fetched_snapshot(&mut self, snapshot: Snapshot, effects: &mut Vec<Effect>) -> bool {
        let Snapshot { epoch, scope, gsn, checksum, rows } = snapshot;
        let asked = self.fetches.pop_front();
        self.stale = true;
        let got = Request::Snapshot { epoch, scope: scope.clone(), gsn };
        if asked != Some(got) || self.base.state.epoch != Some(epoch) {
            return false;
        }
        let mut kinds = self.kinds_of(&scope);
        let mut rows = self.base.restore(&scope, gsn, rows);
        let good = self.base.agrees(&scope, gsn, checksum);
        if !good {
            self.status.mismatches += 1;
            self.base.drop_scope(&scope);
            rows.clear();
        }
        kinds.extend(kinds_in(&rows));
        self.base.state.last_seq = 0;
        self.save(vec![scope], rows, effects);
        self.changed(kinds, effects);
        good
    }

    fn fetched_chunk(&mut self, chunk: Chunk, effects: &mut Vec<Effect>) -> bool {
        let asked = self.fetches.pop_front();
        self.stale = true;
        let is_asked = matches!(asked, Some(Request::Chunk { epoch, scope, .. }) if (epoch, &scope) == (chunk.epoch, &chunk.scope));
        if !is_asked || self.base.state.epoch != Some(chunk.epoch) {
            return false;
        }
        let Some(rows) = self.base.apply(&chunk.scope, chunk.from, chunk.to, chunk.rows) else { return false };
        let kinds = kinds_in(&rows);
        self.base.state.last_seq = 0;
        self.save(Vec::new(), rows, effects);
        self.changed(kinds, effects);
        true
    }

    pub(super) fn failed(&mut self, failure: Failure, effects: &mut Vec<Effect>) {
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
        // What is still on its way was sent before, and is not taken any more.
        self.push = Lane::default();
        self.pull = Lane::default();
        while !self.calls.is_empty() {
            self.finish_call(Err(Failure::Revoked), effects);
        }
        self.cache_dirty = true;
        self.save(Vec::new(), Vec::new(), effects);
        self.changed(kinds, effects);
    }

    pub(super) fn made_contact(&mut self, now: Timestamp) {
        (self.status.reachable, self.status.lost) = (true, false);
        self.status.contact_at = Some(now);
        if self.status.standing == Standing::Revoked {
            self.status.standing = Standing::Enrolled;
        }
    }

    pub(super) fn lost_contact(&mut self, effects: &mut Vec<Effect>) {
        (self.status.reachable, self.status.lost) = (false, true);
        self.stale = true;
        self.drop_stream(effects);
        self.changed(BTreeSet::new(), effects);
    }

    /// Whether an answer can be read as it stands: it speaks of the client id of now, and not of a log that this device
    /// knows to be gone.
    fn is_timely(&self, asked: Asked, epoch: Epoch) -> bool {
        let from_the_past = asked.epoch != self.ledger.epoch && asked.epoch == Some(epoch);
        asked.client_id == Some(self.ledger.client_id) && !from_the_past
    }

    /// Takes an answer to a push. Returns whether it brought anything: if not, the next push waits like after a failure.
    fn pushed(&mut self, response: PushResponse, random: u64, effects: &mut Vec<Effect>) -> bool {
        if !self.is_timely(self.push_asked, response.epoch) {
            // Whatever was acknowledged is pushed again at once, and the server knows it.
            return true;
        }
        let before = (self.ledger.epoch, self.ledger.client_id);
        self.met_epoch(response.epoch, random, effects);
        if let Some(newest) = response.receipts.iter().map(|receipt| receipt.gsn).max() {
            self.hear(response.epoch, newest);
        }
        let has_news = self.settle(response.epoch, &response.receipts, effects);
        match response.outcome {
            PushOutcome::Done => {
                self.push_max = PUSH_COMMANDS_MAX;
                self.gap_seen = false;
            }
            PushOutcome::Gap => self.gap(response.epoch, response.last_seq, random, effects),
            PushOutcome::Forked => self.renumber(random, effects),
        }
        self.changed(BTreeSet::new(), effects);
        let renumbered = before.1 != self.ledger.client_id;
        self.renumbered_pushes = if renumbered { self.renumbered_pushes + 1 } else { 0 };
        // A new client id is a reason to push at once, but a server that finds fault with every one is not.
        has_news || before.0 != self.ledger.epoch || self.renumbered_pushes == 1
    }

    /// Writes the server's words down, in the ledger before anything else. Returns whether any was news.
    fn settle(&mut self, epoch: Epoch, receipts: &[Receipt], effects: &mut Vec<Effect>) -> bool {
        let news = outbox::settle(&mut self.ledger, epoch, receipts);
        let has_news = !news.is_empty();
        if has_news {
            effects.push(Effect::Settle { epoch, receipts: news });
        }
        has_news
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

    pub(super) fn renumber(&mut self, random: u64, effects: &mut Vec<Effect>) {
        let bits = (u128::from(random) << 64) | u128::from(random.rotate_left(32) ^ 0x9e37_79b9_7f4a_7c15);
        let client_id = ClientId::from_random(bits);
        self.ledger.renumber(client_id);
        effects.push(Effect::Renumber(client_id));
        self.met_client(effects);
    }

    /// A verdict of another log is worth nothing: the server was restored. Which commands it has forgotten is not known:
    /// its count of this client id may be that of a copy of this ledger. So everything is pushed again, and it knows what
    /// it holds. Each verdict names its log, since another tab may have written one down after this one had learned better.
    fn met_epoch(&mut self, epoch: Epoch, random: u64, effects: &mut Vec<Effect>) {
        self.ledger.epoch = Some(epoch);
        let reopened = self.reopen(epoch, |entry| entry.epoch != Some(epoch), effects);
        if reopened && self.ledger.has_orphans() {
            self.renumber(random, effects);
        }
    }

    fn reopen_after(&mut self, epoch: Epoch, last_seq: Seq, effects: &mut Vec<Effect>) {
        let own = self.ledger.client_id;
        self.reopen(epoch, |entry| entry.client_id == own && entry.seq > last_seq, effects);
    }

    /// Returns whether anything was forgotten.
    fn reopen(&mut self, epoch: Epoch, is_forgotten: impl Fn(&Entry) -> bool, effects: &mut Vec<Effect>) -> bool {
        let forgotten = self.ledger.entries.iter_mut().filter(|entry| !entry.is_waiting() && is_forgotten(entry));
        let commands: Vec<_> = forgotten
            .map(|entry| {
                entry.reopen();
                entry.command_id
            })
            .collect();
        let any = !commands.is_empty();
        if any {
            effects.push(Effect::Reopen { epoch, commands });
        }
        any
    }

    /// The log has reached a gsn: a reason to pull for whoever holds less, even if an answer is on its way that was
    /// made before.
    pub(super) fn hear(&mut self, epoch: Epoch, gsn: Gsn) {
        let same_log = self.base.state.epoch == Some(epoch);
        if !same_log || self.base.state.cursors.values().any(|cursor| *cursor < gsn) {
            self.stale = true;
            self.heard = match self.heard {
                Some((known, newest)) if known == epoch => Some((epoch, newest.max(gsn))),
                _ => Some((epoch, gsn)),
            };
        }
    }

    /// Takes an answer to a pull. Returns whether it made sense: if not, the next pull waits like after a failure.
    fn pulled(&mut self, mut response: PullResponse, random: u64, effects: &mut Vec<Effect>) -> bool {
        if !response.is_whole() {
            self.stale = true;
            return false;
        }
        if !self.is_timely(self.pull_asked, response.epoch) {
            self.stale = true;
            return true;
        }
        if self.base.state.epoch == Some(response.epoch) && response.gsn < self.base.head() {
            // Something newer is held, which came by the stream or from another replica. If nobody ever knows of it,
            // it does not exist.
            self.stale = true;
            self.behind_pulls += 1;
            if self.behind_pulls > BEHIND_PULLS_MAX {
                self.start_base(response.epoch, effects);
            }
            return false;
        }
        self.behind_pulls = 0;
        self.stale = self.heard.is_some_and(|(epoch, gsn)| epoch != response.epoch || gsn > response.gsn);
        self.met_epoch(response.epoch, random, effects);
        if self.settle(response.epoch, &response.verdicts, effects) {
            self.changed(BTreeSet::new(), effects);
        }
        response.client_id = response.client_id.or(self.pull_asked.client_id);
        if self.base.state.epoch != Some(response.epoch) {
            self.start_base(response.epoch, effects);
        }
        self.take(response, effects)
    }

    /// Begins the base anew; the next write replaces the cache. Nothing of the ledger is touched.
    fn start_base(&mut self, epoch: Epoch, effects: &mut Vec<Effect>) {
        self.cache_dirty = true;
        self.behind_pulls = 0;
        let kinds = self.all_kinds();
        self.base = Base::default();
        self.base.state.epoch = Some(epoch);
        self.changed(kinds, effects);
    }

    /// Applies an answer or a live change of the log that the base belongs to. Returns whether it fitted.
    pub(super) fn take(&mut self, response: PullResponse, effects: &mut Vec<Effect>) -> bool {
        let is_named = |scope: &&Scope| response.scopes.iter().any(|update| update.scope == **scope);
        let mut dropped: Vec<Scope> =
            self.base.state.cursors.keys().filter(|scope| !is_named(scope)).cloned().collect();
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
                    let applied = (to == response.gsn).then(|| self.base.apply(&scope, from, to, tail)).flatten();
                    let Some(applied) = applied else {
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
                // The answer is one to an older question: more than this snapshot is held.
                Update::Snapshot { gsn, .. } if gsn <= self.base.cursor(&scope) => (complete, fitted) = (false, false),
                Update::Snapshot { gsn, .. } => {
                    self.fetches.push_back(Request::Snapshot { epoch: response.epoch, scope, gsn });
                    complete = false;
                }
                Update::Chunk { index } => {
                    self.fetches.push_back(Request::Chunk { epoch: response.epoch, scope, index });
                    complete = false;
                }
            }
        }
        let state = &mut self.base.state;
        let last_seq_before = state.last_seq;
        if complete {
            state.client_id = Some(self.ledger.client_id);
            if response.client_id.is_none_or(|client_id| client_id == self.ledger.client_id) {
                state.last_seq = state.last_seq.max(response.last_seq);
            }
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
}
