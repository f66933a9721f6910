//! Drives the client machine with the ports: takes its effects, brings back what came of them.
//! The only place where the machine meets the world; nothing here decides anything.

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use leptos::task::spawn_local;
use sync::client::{Answer, Client, Effect, Event, Failure, Ledger, Request, StreamEvent, Writing};
use sync::ids::CommandId;
use sync::rules::{Actor, Rules};

use crate::account::Account;
use crate::drafts::Draft;
use crate::engine::{CallBack, Machine};
use crate::platform::stream::LiveStream;
use crate::platform::tabs::Tabs;
use crate::platform::timer::{self, Alarm};
use crate::platform::world::World;
use crate::ports::{CacheStore, Clock, LedgerStore, Random, StoreError, Transport};

type Job = Pin<Box<dyn Future<Output = ()>>>;
type Listener = Box<dyn Fn(&BTreeSet<String>)>;

/// One account at work.
pub struct Driver<L, C, T> {
    account: Account,
    machine: RefCell<Machine>,
    ledger: L,
    cache: C,
    transport: T,
    world: World,
    stream: RefCell<Option<LiveStream>>,
    alarm: RefCell<Option<Alarm>>,
    calls: RefCell<BTreeMap<u64, CallBack>>,
    last_ticket: Cell<u64>,
    /// Storage jobs, one after the other in the order of their effects.
    jobs: RefCell<VecDeque<Job>>,
    working: Cell<bool>,
    on_change: Listener,
    tabs: RefCell<Option<Tabs>>,
    own: RefCell<Weak<Self>>,
}

impl<L, C, T> Driver<L, C, T>
where
    L: LedgerStore + 'static,
    C: CacheStore + 'static,
    T: Transport + 'static,
{
    /// Reads what the device holds and starts. `on_change` is told which kinds of rows changed.
    pub async fn start(
        account: Account,
        rules: Box<dyn Rules>,
        (ledger, cache, transport): (L, C, T),
        on_change: impl Fn(&BTreeSet<String>) + 'static,
    ) -> Result<(Rc<Self>, Vec<Draft>), StoreError> {
        let (written, given) = futures_util::future::join(ledger.load(), cache.load()).await;
        let (held, drafts) = written?;
        // A cache that cannot be read is an empty one: everything comes again from the server.
        let base = given.unwrap_or_default();
        let actor = Actor { person: account.person.clone() };
        let engine = Rc::new(Self {
            machine: RefCell::new(Client::new(rules, actor, held, base)),
            account,
            ledger,
            cache,
            transport,
            world: World,
            stream: RefCell::new(None),
            alarm: RefCell::new(None),
            calls: RefCell::new(BTreeMap::new()),
            last_ticket: Cell::new(0),
            jobs: RefCell::new(VecDeque::new()),
            working: Cell::new(false),
            on_change: Box::new(on_change),
            tabs: RefCell::new(None),
            own: RefCell::new(Weak::new()),
        });
        *engine.own.borrow_mut() = Rc::downgrade(&engine);
        let listening = Rc::downgrade(&engine);
        let tabs = Tabs::join(&engine.account.key(), move || {
            if let Some(engine) = listening.upgrade() {
                engine.queue(|engine| async move { engine.reload().await });
            }
        });
        *engine.tabs.borrow_mut() = Some(tabs);
        Ok((engine, drafts))
    }

    /// The rules know more than before.
    pub fn foretell_anew(&self) {
        self.queue(|engine| async move { engine.reload().await });
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    pub fn cache(&self) -> &C {
        &self.cache
    }

    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// To be looked at and let go at once.
    pub fn machine(&self) -> Ref<'_, Machine> {
        self.machine.borrow()
    }

    /// Stores what a person did. When this returns without an error it is saved for good.
    pub async fn write(&self, writing: Writing, draft: Option<Draft>) -> Result<(), StoreError> {
        let appended = self.ledger.append(writing, draft).await;
        if appended.is_err() {
            // A transaction that was given up on may have been done all the same: then it is to be sent.
            self.queue(|engine| async move { engine.reload().await });
        }
        let entry = appended?;
        self.tell_tabs();
        self.handle(Event::Appended(entry));
        Ok(())
    }

    /// Sends what is worth something only now, and calls back with the server's word.
    pub fn call_now(&self, writing: Writing, done: CallBack) {
        let ticket = self.last_ticket.get() + 1;
        self.last_ticket.set(ticket);
        self.calls.borrow_mut().insert(ticket, done);
        self.handle(Event::CallNow { ticket, writing });
    }

    /// Removes refused texts that their author has discarded.
    pub async fn discard(&self, commands: Vec<CommandId>) -> Result<(), StoreError> {
        self.ledger.forget_settled(sync::ids::Timestamp(0), commands).await?;
        self.reload().await;
        self.tell_tabs();
        Ok(())
    }

    /// One event into the machine, its effects into the world.
    pub fn handle(&self, event: Event) {
        let (now, random) = (self.world.now(), self.world.bits());
        let effects = self.machine.borrow_mut().step(event, now, random);
        for effect in effects {
            self.perform(effect);
        }
        self.set_alarm();
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Append(writing) => self.queue(|engine| async move {
                if let Ok(entry) = engine.ledger.append(writing, None).await {
                    engine.handle(Event::Appended(entry));
                }
            }),
            // What the ledger does not take down now is asked from the server again after the next start.
            Effect::Settle { epoch, receipts } => self.queue(move |engine| async move {
                let _ = engine.ledger.settle(epoch, receipts).await;
                engine.tell_tabs();
            }),
            Effect::Reopen { epoch, commands } => self.queue(move |engine| async move {
                let _ = engine.ledger.reopen(epoch, commands).await;
                engine.tell_tabs();
            }),
            Effect::Renumber(client_id) => self.queue(move |engine| async move {
                if let Ok(ledger) = engine.ledger.renumber(client_id).await {
                    engine.handle(Event::Reloaded(ledger));
                }
            }),
            Effect::Reload => self.queue(|engine| async move { engine.reload().await }),
            Effect::SaveCache(write) => self.queue(move |engine| async move {
                if engine.cache.save(write).await.is_err() {
                    engine.handle(Event::CacheFailed);
                }
            }),
            Effect::Send { call, request } => self.send(call, request),
            Effect::OpenStream => self.open_stream(),
            Effect::CloseStream => *self.stream.borrow_mut() = None,
            Effect::CallDone { ticket, result } => {
                let done = self.calls.borrow_mut().remove(&ticket);
                if let Some(done) = done {
                    done(result);
                }
            }
            Effect::Changed(kinds) => (self.on_change)(&kinds),
        }
    }

    fn send(&self, call: u64, request: Request) {
        let Some(engine) = self.own.borrow().upgrade() else { return };
        spawn_local(async move {
            let answer: Result<Answer, Failure> = engine.transport.send(&request).await;
            engine.handle(Event::Answered { call, answer });
            (engine.on_change)(&BTreeSet::new());
        });
    }

    fn open_stream(&self) {
        let weak = self.own.borrow().clone();
        let url = self.stream_url();
        let stream = LiveStream::open(&url, move |event| {
            // Told on the next turn, since the stream may be replaced while it speaks.
            let weak = weak.clone();
            spawn_local(async move {
                if let Some(engine) = weak.upgrade() {
                    engine.handle(Event::Stream(event));
                }
            });
        });
        let opened = stream.is_some();
        *self.stream.borrow_mut() = stream;
        if !opened {
            self.handle(Event::Stream(StreamEvent::Closed));
        }
    }

    fn stream_url(&self) -> String {
        let machine = self.machine.borrow();
        let after = machine.base().state.cursors.values().min().copied().unwrap_or(0);
        let (api, client_id) = (self.account.api(), machine.ledger().client_id);
        format!("{api}/sync/stream?client_id={client_id}&person={}&after={after}", self.account.person)
    }

    fn set_alarm(&self) {
        let wake_at = self.machine.borrow().wake_at();
        let weak = self.own.borrow().clone();
        let alarm = wake_at.and_then(|at| {
            timer::after(at.since_ms(self.world.now()).max(20), move || {
                if let Some(engine) = weak.upgrade() {
                    engine.handle(Event::Wake);
                }
            })
        });
        // The alarm that is ringing now must not be dropped while its own call runs.
        let rung = self.alarm.replace(alarm);
        spawn_local(async move { drop(rung) });
    }

    async fn reload(&self) {
        if let Ok((ledger, _)) = self.ledger.load().await {
            let ledger: Ledger = ledger;
            self.handle(Event::Reloaded(ledger));
        }
    }

    fn tell_tabs(&self) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.tell();
        }
    }

    fn queue<F>(&self, job: impl FnOnce(Rc<Self>) -> F + 'static)
    where
        F: Future<Output = ()> + 'static,
    {
        let Some(engine) = self.own.borrow().upgrade() else { return };
        self.jobs.borrow_mut().push_back(Box::pin(job(engine.clone())));
        if !self.working.replace(true) {
            spawn_local(async move {
                loop {
                    let next = engine.jobs.borrow_mut().pop_front();
                    let Some(job) = next else { break };
                    job.await;
                }
                engine.working.set(false);
            });
        }
    }
}
