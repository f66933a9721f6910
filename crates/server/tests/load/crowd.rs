//! A hall full of phones, from the first invitation to the last acknowledgement: what each phase does, and what it
//! leaves in the book.

use std::sync::Arc;
use std::time::Duration;

use ::pack::Pack;
use congress::commands::{Action, RecordPresence, StartItem, SubmitComment};
use congress::entities::{Anchor, PersonKind, PresenceHow, Role, Stance};
use sync::client::Base;
use sync::ids::Gsn;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::book::{Book, Lap};
use crate::phone::{Owner, Phone, Told, World, random};

/// Everyone is back within this time after the network was gone.
const RETURN: Duration = Duration::from_secs(2);
/// Texts that wait on each delegate's phone meanwhile.
const WAITING_TEXTS: usize = 3;
/// How often a reader's phone is taken out of the pocket.
const REOPENED_EVERY: Duration = Duration::from_secs(60);
/// Phases last until everyone is done, and never longer.
const PATIENCE: Duration = Duration::from_secs(180);
/// Delegates get at most one event in this time (sync.md 6).
const COALESCING: Duration = Duration::from_secs(2);

/// What happens beside the reading.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Traffic {
    Reading,
    /// So many check-ins in 20 minutes, at all desks together.
    CheckIns(u32),
    /// Comments in a second, by anybody.
    Comments(f64),
}

pub struct Crowd {
    pub world: Arc<World>,
    pub phones: Vec<Phone>,
    delegates: Vec<usize>,
    desks: Vec<usize>,
    organiser: usize,
    people: Vec<sync::ids::PersonId>,
    session: String,
    items: Vec<String>,
    checked_in: usize,
    begun: usize,
}

/// One phone of the presidium, of the organiser and at each desk, then delegates; and from the start again when there
/// are more phones than people.
pub fn owners(pack: &Pack, phones: usize) -> Vec<sync::ids::PersonId> {
    let has = |role| move |one: &&::pack::PackPerson| one.person.has(role);
    let mut first: Vec<&::pack::PackPerson> = Vec::new();
    first.extend(pack.people.iter().filter(has(Role::Presidium)).take(1));
    first.extend(pack.people.iter().filter(has(Role::Organiser)).take(1));
    first.extend(pack.people.iter().filter(has(Role::Checkin)));
    let is_first = |one: &::pack::PackPerson| first.iter().any(|other| other.person.id == one.person.id);
    let delegates = pack.people.iter().filter(|one| one.person.kind == PersonKind::Official && !is_first(one));
    let others = pack.people.iter().filter(|one| one.person.kind != PersonKind::Official && !is_first(one));
    let all: Vec<_> = first.iter().copied().chain(delegates).chain(others).collect();
    all.iter().cycle().take(phones).map(|one| one.person.id.clone()).collect()
}

impl Crowd {
    /// Everyone opens the invitation within a time, and fetches all there is.
    pub async fn sign_in(world: Arc<World>, pack: &Pack, owners: Vec<Owner>, within: Duration) -> Self {
        let mut arriving = JoinSet::new();
        let many = owners.len();
        for (number, owner) in owners.into_iter().enumerate() {
            let world = Arc::clone(&world);
            arriving.spawn(async move {
                sleep(share(within)).await;
                (number, Phone::sign_in(world, owner).await)
            });
        }
        let mut phones = arriving.join_all().await;
        phones.sort_by_key(|(number, _)| *number);
        let phones: Vec<Phone> = phones.into_iter().map(|(_, phone)| phone).collect();
        everyone(&world.book, Lap::Documents, many).await;
        let of = |wanted: &dyn Fn(&congress::entities::Person) -> bool| -> Vec<usize> {
            let people = &pack.people;
            let fits =
                |phone: &Phone| people.iter().any(|one| one.person.id == phone.owner.person && wanted(&one.person));
            phones.iter().enumerate().filter(|(_, phone)| fits(phone)).map(|(number, _)| number).collect()
        };
        Self {
            delegates: of(&|person| person.kind == PersonKind::Official),
            desks: of(&|person| person.has(Role::Checkin)),
            organiser: of(&|person| person.has(Role::Organiser))[0],
            people: pack.people.iter().map(|one| one.person.id.clone()).collect(),
            session: pack.sessions[0].id.clone(),
            items: pack.items.iter().map(|item| item.id.clone()).collect(),
            checked_in: 0,
            begun: 0,
            phones,
            world,
        }
    }

    /// Readers take their phones out and put them away, and beside it there is traffic at its real rate.
    pub async fn live(&mut self, lasting: Duration, traffic: Traffic) {
        let every_s = match traffic {
            Traffic::Reading => f64::INFINITY,
            Traffic::CheckIns(people) => 20.0 * 60.0 / f64::from(people),
            Traffic::Comments(a_second) => 1.0 / a_second,
        };
        let reopened_s = REOPENED_EVERY.as_secs_f64() / self.phones.len() as f64;
        let (since, mut reopened, mut done) = (Instant::now(), 0_u32, 0_u32);
        let mut tick = interval(Duration::from_millis(20));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while since.elapsed() < lasting {
            tick.tick().await;
            let elapsed_s = since.elapsed().as_secs_f64();
            while f64::from(reopened + 1) * reopened_s <= elapsed_s {
                reopened += 1;
                self.phones[below(self.phones.len())].tell(Told::Nudge);
            }
            while f64::from(done + 1) * every_s <= elapsed_s {
                done += 1;
                match traffic {
                    Traffic::Reading => {}
                    Traffic::CheckIns(_) => self.check_in(),
                    Traffic::Comments(_) => self.comment(self.delegates[below(self.delegates.len())]),
                }
            }
        }
        self.settle().await;
    }

    fn check_in(&mut self) {
        let desk = self.desks[self.checked_in % self.desks.len()];
        let person = self.people[self.checked_in % self.people.len()].clone();
        self.checked_in += 1;
        let fact = RecordPresence { session: self.session.clone(), person, how: PresenceHow::Scan };
        self.phones[desk].tell(Told::Write(RecordPresence::KIND, fact.payload()));
    }

    fn comment(&self, phone: usize) {
        self.phones[phone].tell(Told::Write(SubmitComment::KIND, comment().payload()));
    }

    /// The organiser starts an item so many times, and every phone sees it. Returns on how many it was seen each time.
    pub async fn spread(&mut self, times: u32) -> Vec<usize> {
        let mut seen = Vec::new();
        for _ in 0..times {
            let item = self.items[self.begun % self.items.len()].clone();
            self.begun += 1;
            let (answer, answered) = tokio::sync::oneshot::channel();
            let since = Instant::now();
            self.phones[self.organiser].tell(Told::Call(StartItem::KIND, StartItem { item }.payload(), answer));
            let gsn = answered.await.unwrap().unwrap().gsn;
            let all = async {
                while self.seen(gsn).len() < self.phones.len() {
                    sleep(Duration::from_millis(20)).await;
                }
            };
            let _ = timeout(PATIENCE, all).await;
            let moments = self.seen(gsn);
            seen.push(moments.len());
            let beyond = moments.iter().map(|(at, event_before)| {
                let due = event_before.map_or(since, |event| since.max(event + COALESCING));
                at.saturating_duration_since(due)
            });
            self.world.book.open().laps.entry(Lap::Spread).or_default().extend(beyond);
            // Now within the window of the last event, now long after it.
            sleep(share(2 * COALESCING)).await;
        }
        seen
    }

    /// When each phone saw an item of this revision.
    fn seen(&self, gsn: Gsn) -> Vec<(Instant, Option<Instant>)> {
        let pages = self.world.book.open();
        let mut seen: Vec<_> = pages.seen.iter().filter(|(rev, ..)| *rev == gsn).collect();
        // The item that ended and the one that began have the same revision.
        seen.sort_by_key(|(_, phone, ..)| *phone);
        seen.dedup_by_key(|(_, phone, ..)| *phone);
        seen.into_iter().map(|(_, _, at, before)| (*at, *before)).collect()
    }

    /// The network is gone for everybody; they write on, and are all back within two seconds.
    pub async fn storm(&mut self) {
        let before = self.world.book.count(Lap::CaughtUp);
        self.world.book.open().stormy = true;
        self.phones.iter().for_each(|phone| phone.tell(Told::Cut));
        for delegate in &self.delegates {
            (0..WAITING_TEXTS).for_each(|_| self.comment(*delegate));
        }
        let mut moments: Vec<(Duration, usize)> = (0..self.phones.len()).map(|phone| (share(RETURN), phone)).collect();
        moments.sort();
        let since = Instant::now();
        for (moment, phone) in moments {
            sleep(moment.saturating_sub(since.elapsed())).await;
            self.phones[phone].tell(Told::Back);
        }
        everyone(&self.world.book, Lap::CaughtUp, before + self.phones.len()).await;
        self.settle().await;
        self.world.book.open().stormy = false;
    }

    /// Waits until the presidium has every comment that was written.
    async fn settle(&self) {
        let all_seen = async {
            while !self.world.book.open().written.is_empty() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, all_seen).await.expect("the presidium never saw a comment");
    }

    /// What every phone holds once nothing waits and everything was fetched.
    pub async fn show(&self) -> Vec<(Base, usize)> {
        let before = self.world.book.count(Lap::CaughtUp);
        self.phones.iter().for_each(|phone| phone.tell(Told::Back));
        everyone(&self.world.book, Lap::CaughtUp, before + self.phones.len()).await;
        let mut held = Vec::with_capacity(self.phones.len());
        for phone in &self.phones {
            let (answer, answered) = tokio::sync::oneshot::channel();
            phone.tell(Told::Show(answer));
            held.push(answered.await.unwrap());
        }
        held
    }
}

pub fn is_delegate(one: &::pack::PackPerson) -> bool {
    one.person.kind == PersonKind::Official
}

/// A text of the usual length.
pub fn comment() -> SubmitComment {
    const TEXT: &str = "Đề nghị làm rõ nguồn lực và lộ trình thực hiện chỉ tiêu này; bổ sung trách nhiệm của người đứng \
        đầu và cơ chế kiểm tra, giám sát hằng quý. ";
    SubmitComment {
        id: uuid::Uuid::from_u128(random()).to_string(),
        anchor: Anchor::Congress,
        stance: Stance::Partial,
        text: TEXT.repeat(2),
        proposal: String::new(),
        floor_minutes: None,
    }
}

async fn everyone(book: &Book, lap: Lap, many: usize) {
    let all = async {
        while book.count(lap) < many {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let done = timeout(PATIENCE, all).await;
    assert!(done.is_ok(), "{lap:?}: {} of {many} after {PATIENCE:?}; {:?}", book.count(lap), book.open().failures);
}

pub fn below(bound: usize) -> usize {
    usize::try_from(random() % bound as u128).unwrap()
}

/// A random part of a time.
fn share(of: Duration) -> Duration {
    of.mul_f64(below(1_000_000) as f64 / 1_000_000.0)
}
