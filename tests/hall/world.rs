//! The hall: phones, a network that fails, a server that dies. Time runs from one event to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sync::client::{Answer, CacheWrite, Effect, Event, Failure, Writing};
use sync::ids::{ClientId, CommandId, Epoch, Gsn, PersonId, Timestamp};
use sync::json::Json;
use sync::wire::{PushOutcome, PushResponse};

use crate::chance::Chance;
use crate::faults::{Fault, Faults, Sabotage};
use crate::network::{self, Message};
use crate::people::{PEOPLE, SHARING, beginning};
use crate::phone::Phone;
use crate::server::Server;
use crate::store::Kind;

/// One hall to be played.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub steps: u32,
    /// `None`: the half that the seed enables.
    pub faults: Option<Faults>,
    pub store: Kind,
    pub sabotage: Option<Sabotage>,
    /// How many times as often as usual faults strike.
    pub harder: u64,
    /// Write down everything that happens, as a hash.
    pub traced: bool,
}

/// Words that must not be told any more.
#[derive(Clone)]
pub struct Hidden {
    pub comment: String,
    pub words: String,
    pub since: Gsn,
}

pub struct World {
    pub chance: Chance,
    pub now: Timestamp,
    pub began: Timestamp,
    pub server: Server,
    pub phones: Vec<Phone>,
    /// For each device, the phone whose person was enrolled there last.
    pub cookies: Vec<usize>,
    pub messages: BTreeMap<(Timestamp, u64), Message>,
    made: u64,
    pub faults: Faults,
    pub calm: bool,
    pub sabotage: Option<Sabotage>,
    harder: u64,
    /// Times that each fault and each verdict was reached.
    pub sight: BTreeMap<&'static str, u64>,
    /// Who wrote what.
    pub written: BTreeMap<CommandId, (PersonId, Json)>,
    /// The words of each comment, and those comments that somebody wanted hidden.
    pub words: BTreeMap<String, String>,
    pub private: BTreeSet<String>,
    /// What is hidden by the log as it stands: words, and since when.
    pub hidden: Vec<Hidden>,
    /// What the server acknowledged, and in which log.
    pub acknowledged: Vec<(Epoch, CommandId)>,
    /// Ledgers that came back older or not at all: what they lost is not held against the design.
    pub exempt: BTreeSet<CommandId>,
    /// The server lost something, or may have.
    pub server_troubled: bool,
    /// A promise broken in the middle of a step.
    pub broken: Option<String>,
    trace: Option<u64>,
}

impl World {
    pub fn new(plan: Plan) -> Self {
        let mut chance = Chance::new(plan.seed);
        let faults = Faults::half(chance.bits());
        let faults = plan.faults.unwrap_or(faults);
        let processes = if faults.has(Fault::Replica) { 2 } else { 1 };
        let sabotaged = |sabotage| plan.sabotage == Some(sabotage);
        let (lazy, mixed) = (sabotaged(Sabotage::SynchronousNormal), sabotaged(Sabotage::GsnFromSequence));
        let mut server = Server::start(plan.store, processes, Epoch::from_random(chance.wide()), lazy, mixed);
        let now = Timestamp(1_795_566_600_000);
        server.system(beginning(), now);
        let phone = |(index, (name, ..)): (usize, &(&str, _, _))| {
            let device = if SHARING.contains(&index) { SHARING[0] } else { index };
            Phone::new(name, device, ClientId::from_random(chance.wide()))
        };
        let mut phones: Vec<Phone> = PEOPLE.iter().enumerate().map(phone).collect();
        for (index, phone) in phones.iter_mut().enumerate() {
            phone.stored.one_epoch = sabotaged(Sabotage::EpochOfLedger);
            if index != SHARING[1] {
                phone.open_tab(index as u64 + 1, false);
            }
        }
        Self {
            chance,
            now,
            began: now,
            server,
            cookies: (0..phones.len()).collect(),
            phones,
            messages: BTreeMap::new(),
            made: 1_000,
            faults,
            calm: false,
            sabotage: plan.sabotage,
            harder: plan.harder,
            sight: BTreeMap::new(),
            written: BTreeMap::new(),
            words: BTreeMap::new(),
            private: BTreeSet::new(),
            hidden: Vec::new(),
            acknowledged: Vec::new(),
            exempt: BTreeSet::new(),
            server_troubled: true,
            broken: None,
            trace: plan.traced.then_some(plan.seed),
        }
    }

    /// Whether a fault strikes now. Asking costs the same chance whatever is enabled, so that a hall with fewer faults
    /// stays close to the one it was shrunk from.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let dice = self.chance.one_in_ten_thousand(fault.times() * self.harder);
        let struck = dice && !self.calm && self.faults.has(fault);
        if struck {
            self.count(fault.text());
        }
        struck
    }

    pub fn count(&mut self, what: &'static str) {
        *self.sight.entry(what).or_default() += 1;
    }

    pub fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// A number that is the same only if everything happened in the same way.
    pub fn trace(&self) -> Option<u64> {
        self.trace
    }

    fn note(&mut self, what: &dyn std::fmt::Debug) {
        let Some(trace) = &mut self.trace else { return };
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = write!(text, "{what:?}");
        for byte in text.bytes() {
            *trace = (*trace ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Lets time pass: messages arrive, alarms ring, frozen pages thaw.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        for _ in 0..5_000 {
            let message = self.messages.first_key_value().map(|((at, _), _)| *at);
            let alarm = self.next_alarm();
            let next = [message, alarm.map(|(at, ..)| at)].into_iter().flatten().min();
            let Some(at) = next.filter(|at| *at <= until) else {
                self.now = until;
                return;
            };
            self.now = self.now.max(at);
            match alarm.filter(|(at, ..)| message.is_none_or(|message| *at <= message)) {
                Some((_, phone, tab)) => self.ring(phone, tab),
                None => {
                    if let Some((_, message)) = self.messages.pop_first() {
                        self.arrive(message);
                    }
                }
            }
        }
        self.broken = Some("loop: five thousand events in two seconds".into());
    }

    /// The earliest time at which a page wants to be woken or thaws, by true time.
    fn next_alarm(&self) -> Option<(Timestamp, usize, u64)> {
        let mut first: Option<(Timestamp, usize, u64)> = None;
        for (index, phone) in self.phones.iter().enumerate() {
            for tab in &phone.tabs {
                let due = tab.wake_at.map(|at| Timestamp(at.0 - phone.skew_ms));
                let thaw = Some(tab.frozen_until).filter(|at| at.0 > 0);
                let Some(at) = thaw.or(due) else { continue };
                if first.is_none_or(|(earliest, ..)| at < earliest) {
                    first = Some((at, index, tab.incarnation));
                }
            }
        }
        first
    }

    fn ring(&mut self, phone: usize, tab: u64) {
        let Some(index) = self.tab(phone, tab) else { return };
        let page = &mut self.phones[phone].tabs[index];
        if page.frozen_until.0 == 0 {
            return self.step(phone, tab, Event::Wake);
        }
        page.frozen_until = Timestamp(0);
        for event in std::mem::take(&mut page.unheard) {
            self.step(phone, tab, event);
        }
        self.nudge(phone, tab);
    }

    /// The page is shown, or its owner asks for everything to be tried again.
    pub fn nudge(&mut self, phone: usize, tab: u64) {
        if let Some(index) = self.tab(phone, tab) {
            self.phones[phone].tabs[index].asked_at.clear();
        }
        self.step(phone, tab, Event::Nudge);
    }

    pub fn tabs_of(&self, phone: usize) -> Vec<u64> {
        self.phones[phone].tabs.iter().map(|tab| tab.incarnation).collect()
    }

    pub fn tab(&self, phone: usize, incarnation: u64) -> Option<usize> {
        self.phones[phone].tabs.iter().position(|tab| tab.incarnation == incarnation)
    }

    /// Stores what a person did, as the app's driver does, and hands it to the page.
    pub fn write(&mut self, phone: usize, tab: u64, writing: Writing) {
        let works = self.phones[phone].storage_works(self.now);
        if self.strikes(Fault::AppendAborted) || !works {
            return; // the text stays on the screen, and nothing was claimed
        }
        let hung = self.strikes(Fault::AppendHung);
        let owner = &mut self.phones[phone];
        self.written.insert(writing.command_id, (owner.person.clone(), writing.payload.clone()));
        let account = owner.account.clone();
        let entry = owner.stored.append(&account, writing);
        owner.touched = true;
        if hung {
            // Stored, and reported as failed: the text stays on the screen too, and the driver looks what the ledger holds.
            return self.reload(phone, tab);
        }
        let command = entry.command_id;
        owner.saved.push(command);
        if let Some(page) = owner.tabs.iter_mut().find(|page| page.incarnation == tab) {
            page.seen.insert(command);
        }
        self.step(phone, tab, Event::Appended(entry));
        self.tell_other_tabs(phone, tab);
    }

    fn tell_other_tabs(&mut self, phone: usize, tab: u64) {
        if self.phones[phone].tabs.len() < 2 {
            return;
        }
        for other in self.tabs_of(phone) {
            if other != tab {
                self.reload(phone, other);
            }
        }
    }

    fn reload(&mut self, phone: usize, tab: u64) {
        if self.phones[phone].storage_dead_until <= self.now {
            let ledger = self.phones[phone].stored.read_ledger();
            self.step(phone, tab, Event::Reloaded(ledger));
        }
    }

    /// One event into one page, and its effects into the world.
    pub fn step(&mut self, phone: usize, tab: u64, event: Event) {
        let Some(index) = self.tab(phone, tab) else { return };
        let now = self.phones[phone].now(self.now);
        let random = self.chance.bits();
        self.phones[phone].touched = true;
        let page = &mut self.phones[phone].tabs[index];
        if page.frozen_until.0 > 0 {
            page.unheard.push(event);
            return;
        }
        match &event {
            Event::Answered { answer: Ok(answer), .. } => {
                page.asked_at.clear();
                page.failed_pushes = 0;
                if let Answer::Push(push) = answer {
                    self.pushed(phone, index, push);
                }
            }
            Event::Answered { answer: Err(failure), .. } => self.failed(phone, index, *failure),
            _ => {}
        }
        let page = &mut self.phones[phone].tabs[index];
        let effects = page.client.step(event, now, random);
        page.wake_at = page.client.wake_at();
        for effect in effects {
            if self.trace.is_some() {
                self.note(&(phone, self.now, &effect));
            }
            if self.tab(phone, tab).is_none() {
                return;
            }
            let is_write = matches!(effect, Effect::Settle { .. } | Effect::Reopen { .. } | Effect::SaveCache(_));
            self.perform(phone, tab, effect);
            if is_write && self.strikes(Fault::KilledBetween) {
                self.kill_app(phone);
                return;
            }
        }
    }

    /// A push that was taken after the device had been refused: what it held back came through.
    fn pushed(&mut self, phone: usize, tab: usize, push: &PushResponse) {
        let page = &mut self.phones[phone].tabs[tab];
        if push.outcome != PushOutcome::Done || push.receipts.is_empty() {
            return;
        }
        let cut = std::mem::take(&mut page.was_too_large) && page.client.status().waiting > push.receipts.len();
        let back = std::mem::take(&mut page.was_sent_away);
        for (happened, what) in [(cut, network::CUT), (back, network::CAME_BACK)] {
            if happened {
                self.count(what);
            }
        }
    }

    /// What comes of a failure, and what wrong designs do about it.
    fn failed(&mut self, phone: usize, tab: usize, failure: Failure) {
        let page = &mut self.phones[phone].tabs[tab];
        page.failed_pushes += 1;
        page.was_too_large |= failure == Failure::TooLarge;
        if failure == Failure::Revoked && page.client.status().waiting > 0 {
            page.was_sent_away = true;
            self.count(network::SENT_AWAY);
        }
        let refused =
            matches!(failure, Failure::TooLarge | Failure::Foreign | Failure::Revoked | Failure::UpdateNeeded);
        if refused && self.sabotage == Some(Sabotage::DropOnClientError) {
            self.phones[phone].stored.ledger.entries.retain(|entry| !entry.is_waiting());
        }
    }

    /// The system ends the app; relaxed writes of the last moments may be lost.
    pub fn kill_app(&mut self, phone: usize) {
        let owner = &mut self.phones[phone];
        owner.tabs.clear();
        owner.touched = true;
        let unflushed = owner.stored.unflushed();
        if self.chance.bits().is_multiple_of(2) {
            let kept = self.chance.below(unflushed + 1);
            self.phones[phone].stored.lose_cache_after(kept);
        }
    }

    fn ledger_takes(&mut self, phone: usize) -> bool {
        let works = self.phones[phone].storage_works(self.now);
        !self.strikes(Fault::LedgerWriteFailed) && works
    }

    fn perform(&mut self, phone: usize, tab: u64, effect: Effect) {
        match effect {
            Effect::Settle { epoch, receipts } => {
                if self.ledger_takes(phone) {
                    self.phones[phone].stored.settle(epoch, &receipts);
                }
                self.tell_other_tabs(phone, tab);
            }
            Effect::Reopen { epoch, commands } => {
                if self.ledger_takes(phone) {
                    self.phones[phone].stored.reopen(epoch, &commands);
                }
                self.tell_other_tabs(phone, tab);
            }
            Effect::Renumber(client_id) => {
                self.count("ledger renumbered");
                if self.ledger_takes(phone) {
                    let ledger = self.phones[phone].stored.renumber(client_id);
                    self.step(phone, tab, Event::Reloaded(ledger));
                    self.tell_other_tabs(phone, tab);
                }
            }
            Effect::Reload => self.reload(phone, tab),
            Effect::SaveCache(write) => self.save_cache(phone, tab, write),
            Effect::Send { call, request } => self.send(phone, tab, call, request),
            Effect::OpenStream => self.open_stream(phone, tab),
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

    fn save_cache(&mut self, phone: usize, tab: u64, write: CacheWrite) {
        let works = self.phones[phone].storage_works(self.now);
        if self.strikes(Fault::CacheWriteFailed) || !works {
            return self.step(phone, tab, Event::CacheFailed);
        }
        let stored = &mut self.phones[phone].stored;
        if self.sabotage == Some(Sabotage::CursorBeforeRows) {
            let state = write.state.clone();
            let follows = write.follows.clone();
            stored.save(CacheWrite { follows, replace: false, dropped: Vec::new(), rows: Vec::new(), state });
            stored.save(CacheWrite { follows: write.state.clone(), ..write });
        } else if !stored.save(write) {
            self.count("cache written by two pages");
            self.step(phone, tab, Event::CacheFailed);
        }
    }
}
