//! The state of the app as screens see it: signals with verbs, provided once at the root.

mod account;
mod carrying;
mod condition;
mod documents;
mod enrolment;
mod held;
mod marks;
mod operations;
mod preferences;
mod rescue;
mod search;
mod writing;

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use congress::calendar::{self, Date, TimeOfDay};
use congress::entities::{self, Congress, Entity, Me, Role};
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::client::{Event, Status};
use sync::ids::{Scope, Timestamp};
use sync::order::sort_by;

pub use account::open_account;
pub use documents::{DocumentsHeld, Left, LoadError, Share};
pub use enrolment::{EnrolError, Enrolled, Invitation, LeaveError};
pub use held::Held;
pub use operations::{DeviceSeen, Operations, PersonLine, Report};
pub use preferences::{Preferences, TextSize, Theme, t};
pub use writing::{CommentLine, Place};

use crate::account::Account;
use crate::drafts::{Draft, DraftState};
use crate::engine::Engine;
use crate::foretelling::DeviceRules;
use crate::later::Later;
use crate::memo::Memo;
use crate::platform::indexed_db::Database;
use crate::platform::ledger::{self, Device};
use crate::platform::lifecycle::{self, Moment};
use crate::platform::{device, dom, timer, world};
use crate::ports::StoreError;
use crate::routes::is_of_staff;

/// Those whose devices hold the screens of [`crate::later::StaffScreens`].
pub const STAFF: [Role; 4] = [Role::Presidium, Role::Secretariat, Role::Checkin, Role::Organiser];

pub type AppEngine = dyn Engine;

/// What the app is able to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The device's storage is being read.
    Starting,
    NotEnrolled,
    Enrolled,
    /// What an account needs of the app is not on the device, and nobody answers.
    Incomplete {
        /// It is being asked for once more.
        trying: bool,
    },
    /// The storage of the device cannot be used.
    Broken(StoreError),
}

/// Everything behind the signals.
struct Core {
    ledger: Rc<Database>,
    device: RefCell<Option<Device>>,
    engine: RefCell<Option<Rc<AppEngine>>>,
    rules: DeviceRules,
    /// Whoever owns what outlives the screens.
    root: Owner,
    /// What was read from rows and is worth keeping from one screen to the next, by a name.
    shared: RefCell<BTreeMap<String, Box<dyn Any>>>,
    /// One trigger a kind of row, made when a screen first asks for the kind.
    kinds: RefCell<BTreeMap<&'static str, ArcTrigger>>,
    /// Scroll positions of the screens that were left, by path.
    scroll: RefCell<BTreeMap<String, f64>>,
    told: RefCell<condition::Told>,
    carrying: RefCell<carrying::Carrying>,
    /// What screens do when the app is shown or hidden.
    watchers: RefCell<Vec<Watcher>>,
}

type Watcher = Rc<dyn Fn(Moment)>;

/// The app's state. Cheap to copy; every screen gets it by [`use_state`].
#[derive(Clone, Copy)]
pub struct State {
    core: StoredValue<Rc<Core>, LocalStorage>,
    pub phase: RwSignal<Phase>,
    status: RwSignal<Status>,
    drafts: RwSignal<Vec<Draft>>,
    /// Moves when the ledger changed.
    ledger_moved: Trigger,
    pub held: RwSignal<DocumentsHeld>,
    pub preferences: Preferences,
    /// The hall's clock, moving every few seconds.
    clock: RwSignal<Timestamp>,
    pub update_ready: RwSignal<bool>,
    /// A comment was handed in a moment ago: the next screen says so.
    pub just_saved: RwSignal<bool>,
    /// As the organiser last heard it.
    operations: RwSignal<Option<Operations>>,
    pub later: Later,
}

pub fn use_state() -> State {
    expect_context::<State>()
}

/// Makes the state, provides it, and begins to read the device.
pub fn provide_app_state() -> State {
    let core = Core {
        ledger: ledger::database(),
        device: RefCell::new(None),
        engine: RefCell::new(None),
        rules: DeviceRules::default(),
        root: Owner::current().unwrap_or_default(),
        shared: RefCell::new(BTreeMap::new()),
        kinds: RefCell::new(BTreeMap::new()),
        scroll: RefCell::new(BTreeMap::new()),
        told: RefCell::default(),
        carrying: RefCell::default(),
        watchers: RefCell::new(Vec::new()),
    };
    let state = State {
        core: StoredValue::new_local(Rc::new(core)),
        phase: RwSignal::new(Phase::Starting),
        status: RwSignal::new(Status::default()),
        drafts: RwSignal::new(Vec::new()),
        ledger_moved: Trigger::new(),
        held: RwSignal::new(DocumentsHeld::default()),
        preferences: Preferences::load(),
        clock: RwSignal::new(world::now()),
        update_ready: RwSignal::new(false),
        just_saved: RwSignal::new(false),
        operations: RwSignal::new(None),
        later: Later::default(),
    };
    provide_context(state);
    // What is needed next comes while the device's storage is being read; an invitation is shown before.
    let path = dom::path();
    if path != "/e" {
        spawn_local(async move {
            state.later.fetch_screens().await;
        });
    }
    if is_of_staff(&path) {
        state.fetch_staff_screens();
    }
    spawn_local(async move { state.open_device().await });
    spawn_local(async move { state.tick().await });
    lifecycle::watch(move |moment| {
        let watchers = state.core().watchers.borrow().clone();
        watchers.iter().for_each(|watcher| watcher(moment));
        if let Some(engine) = state.engine() {
            engine.handle(if moment == Moment::Awake { Event::Nudge } else { Event::Hide });
        }
        if moment == Moment::Awake {
            state.clock.set(world::now());
            state.open_again();
            spawn_local(device::look_for_update());
        }
    });
    state
}

impl State {
    fn core(&self) -> Rc<Core> {
        self.core.get_value()
    }

    fn engine(&self) -> Option<Rc<AppEngine>> {
        self.core().engine.borrow().clone()
    }

    /// Moves the clock while the app is open.
    async fn tick(self) {
        loop {
            timer::sleep(5_000).await;
            if self.clock.try_set(world::now()).is_some() {
                return;
            }
        }
    }

    async fn open_device(self) {
        match ledger::load_device(&self.core().ledger).await {
            Ok(known) => {
                let account = known.account.clone();
                *self.core().device.borrow_mut() = Some(known);
                match account {
                    Some(account) => self.open_account(account).await,
                    None => {
                        self.phase.set(Phase::NotEnrolled);
                        // They come while the person reads whose invitation it is.
                        self.later.fetch_screens().await;
                    }
                }
            }
            Err(error) => self.phase.set(Phase::Broken(error)),
        }
    }

    async fn open_account(self, account: Account) {
        match self.later.fetch_screens().await {
            Some(screens) => (screens.open)(self, account).await,
            None => self.phase.set(Phase::Incomplete { trying: false }),
        }
    }

    /// Tries again to open the device's account, if what it needs of the app was not there.
    pub fn open_again(self) {
        if self.phase.get_untracked() == (Phase::Incomplete { trying: false }) {
            self.phase.set(Phase::Incomplete { trying: true });
            spawn_local(async move { self.open_device().await });
        }
    }

    /// Reads rows of a kind, and again whenever they change. For use inside memos and views.
    fn track(&self, kind: &'static str) {
        self.core().kinds.borrow_mut().entry(kind).or_default().track();
    }

    /// Every row of a kind in a scope. Read once for all screens, and again when rows of the kind have changed.
    pub fn rows<T: Entity + PartialEq + Send + Sync + 'static>(&self, scope: Scope) -> Memo<Vec<T>> {
        let state = *self;
        self.shared(format!("{} {scope}", T::KIND), || {
            Memo::new(move |_| {
                state.phase.track();
                state.track(T::KIND);
                let read = |engine: Rc<AppEngine>| engine.with_view(|rows| entities::read_all(rows, &scope));
                state.engine().map(read).unwrap_or_default()
            })
        })
    }

    /// What was made under this name, made now if nobody has asked before. It stays when the screen that asked is gone.
    fn shared<M: Copy + 'static>(&self, name: String, make: impl FnOnce() -> M) -> M {
        let core = self.core();
        let known = core.shared.borrow().get(&name).and_then(|known| known.downcast_ref::<M>().copied());
        known.unwrap_or_else(|| {
            let made = core.root.with(make);
            core.shared.borrow_mut().insert(name, Box::new(made));
            made
        })
    }

    /// One row.
    pub fn row<T: Entity + PartialEq + Send + Sync + 'static>(&self, scope: Scope, id: &str) -> Memo<Option<T>> {
        let (state, id) = (*self, id.to_owned());
        Memo::new(move |_| {
            state.phase.track();
            state.track(T::KIND);
            state.engine().and_then(|engine| engine.with_view(|rows| entities::read(rows, &scope, &id)))
        })
    }

    pub fn congress(&self) -> Memo<Option<Congress>> {
        self.row(scopes::public(), "main")
    }

    pub fn me(&self) -> Memo<Option<Me>> {
        let state = *self;
        Memo::new(move |_| {
            state.phase.track();
            state.track(Me::KIND);
            let engine = state.engine()?;
            engine.with_view(|rows| entities::read(rows, &scopes::user(&engine.account().person), "main"))
        })
    }

    /// The scope of the person's own rows.
    pub fn own_scope(&self) -> Option<Scope> {
        self.engine().map(|engine| scopes::user(&engine.account().person))
    }

    pub fn account(&self) -> Option<Account> {
        self.engine().map(|engine| engine.account().clone())
    }

    pub fn status(&self) -> Signal<Status> {
        self.status.into()
    }

    pub fn clock(&self) -> Signal<Timestamp> {
        self.clock.into()
    }

    /// Calls whenever the app is shown or hidden, for as long as the current screen is there.
    pub fn on_moment(&self, call: impl Fn(Moment) + 'static) {
        let state = *self;
        let watcher: Watcher = Rc::new(call);
        self.core().watchers.borrow_mut().push(watcher.clone());
        let own = StoredValue::new_local(watcher);
        on_cleanup(move || {
            let own = own.get_value();
            state.core().watchers.borrow_mut().retain(|other| !Rc::ptr_eq(other, &own));
        });
    }

    /// Brings what staff need of the app; from then on the device foretells their commands too.
    pub fn fetch_staff_screens(self) {
        self.later.fetch_staff_screens(move |screens| {
            self.core().rules.learn((screens.rules)());
            self.foretell_anew();
        });
    }

    /// The rules know more than before; that matters to who has written something.
    fn foretell_anew(self) {
        let has_written = |engine: &Rc<AppEngine>| engine.with_entries(|entries| entries.next().is_some());
        if let Some(engine) = self.engine().filter(has_written) {
            engine.foretell_anew();
        }
    }

    /// Tries everything at once, because a person asks.
    pub fn retry_now(&self) {
        if let Some(engine) = self.engine() {
            engine.handle(Event::Nudge);
        }
        self.prefetch_anew();
    }

    /// Offset of the hall's time zone, in minutes; that of Vietnam before the congress is known.
    fn utc_offset_minutes(&self) -> i32 {
        let read = |engine: Rc<AppEngine>| {
            engine.with_view(|rows| entities::read::<Congress>(rows, &scopes::public(), "main"))
        };
        self.engine().and_then(read).map_or(420, |congress| congress.utc_offset_minutes)
    }

    /// A moment by the hall's clock.
    pub fn local(&self, at: Timestamp) -> (Date, TimeOfDay) {
        calendar::local(at, self.utc_offset_minutes())
    }

    /// `09:14` today, `25/11 09:14` on another day.
    pub fn moment(&self, at: Timestamp) -> String {
        let ((date, time), (today, _)) = (self.local(at), self.local(world::now()));
        if date == today { time.to_string() } else { format!("{:02}/{:02} {time}", date.day(), date.month()) }
    }

    pub fn today(&self) -> Date {
        self.local(self.clock.get()).0
    }

    pub fn remember_scroll(&self, path: &str, top: f64) {
        self.core().scroll.borrow_mut().insert(path.to_owned(), top);
    }

    pub fn remembered_scroll(&self, path: &str) -> f64 {
        self.core().scroll.borrow().get(path).copied().unwrap_or(0.0)
    }

    /// Open drafts of comments, newest first.
    pub fn drafts(&self) -> Memo<Vec<Draft>> {
        self.open_drafts(false)
    }

    fn open_drafts(&self, notes: bool) -> Memo<Vec<Draft>> {
        let drafts = self.drafts;
        Memo::new(move |_| {
            let mut open: Vec<Draft> = drafts.get().into_iter().filter(|d| d.state == DraftState::Open).collect();
            open.retain(|draft| !draft.is_blank() && draft.note.is_some() == notes);
            sort_by(&mut open, |draft| (-draft.updated_at.0, 0));
            open
        })
    }
}
