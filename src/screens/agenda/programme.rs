//! The programme as its screens need it: items in order, the one of now, the next one, and how late they are.

use congress::calendar::Date;
use congress::entities::{AgendaItem, ItemStatus, Session};
use congress::scopes;
use leptos::prelude::*;
use sync::ids::Timestamp;

use crate::memo::Memo;
use crate::state::State;

const MINUTE_MS: u64 = 60_000;
/// An item that begins on another day was put off; its minutes say nothing.
const LATE_MINUTES_MAX: u64 = 12 * 60;

/// Minutes by which something is behind the plan; 0 is in time.
pub type Late = u64;

/// What everyone has been told of the programme, by start.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Plan {
    pub items: Vec<AgendaItem>,
    pub sessions: Vec<Session>,
}

impl Plan {
    pub fn item(&self, id: &str) -> Option<&AgendaItem> {
        self.items.iter().find(|item| item.id == id)
    }

    pub fn running(&self) -> Option<&AgendaItem> {
        self.items.iter().find(|item| is_now(item))
    }
}

/// What is pointed out. It changes once a minute at most.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Marks {
    pub now: Option<(String, Late)>,
    pub next: Option<(String, Late)>,
}

/// How one item is pointed out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    None,
    Now(Late),
    Next(Late),
}

impl Marks {
    pub fn of(&self, item: &str) -> Mark {
        match (&self.now, &self.next) {
            (Some((id, late)), _) if id == item => Mark::Now(*late),
            (_, Some((id, late))) if id == item => Mark::Next(*late),
            _ => Mark::None,
        }
    }
}

#[derive(Clone, Copy)]
pub struct Programme {
    pub plan: Memo<Plan>,
    pub marks: Memo<Marks>,
}

impl Programme {
    pub fn new(state: State) -> Self {
        let (items, sessions) = (state.rows::<AgendaItem>(scopes::public()), state.rows::<Session>(scopes::public()));
        let plan = Memo::new(move |_| Plan {
            items: in_order(items.get(), |item| (item.date, item.start.0)),
            sessions: in_order(sessions.get(), |session| (session.date, session.start.0)),
        });
        let congress = state.congress();
        let marks = Memo::new(move |_| {
            let offset =
                congress.with(|congress| congress.as_ref().map_or(420, |congress| congress.utc_offset_minutes));
            let now = state.clock().get();
            plan.with(|plan| mark(&plan.items, offset, now, state.today()))
        });
        Self { plan, marks }
    }
}

/// Puts each row behind those that come before it: the sorting of the library would weigh more than everything else
/// here.
fn in_order<T>(rows: Vec<T>, place: fn(&T) -> (Date, u32)) -> Vec<T> {
    let mut ordered: Vec<T> = Vec::with_capacity(rows.len());
    for row in rows {
        let at = ordered.partition_point(|before| place(before) <= place(&row));
        ordered.insert(at, row);
    }
    ordered
}

pub fn is_now(item: &AgendaItem) -> bool {
    item.status == ItemStatus::Now
}

/// Minutes left of the planned ones, negative when they are used up.
pub fn minutes_left(item: &AgendaItem, now: Timestamp) -> i64 {
    let ends = item.started_at.unwrap_or(now).plus_ms(u64::from(item.minutes) * MINUTE_MS);
    let whole = |ms: u64| i64::try_from(ms / MINUTE_MS).unwrap_or(i64::MAX);
    // The server's clock may be a little ahead of this one.
    let left = whole(ends.since_ms(now) + MINUTE_MS - 1).min(i64::from(item.minutes));
    if ends > now { left } else { -whole(now.since_ms(ends)) }
}

/// The item of now, and the first planned one after it (or after the last one that is done). Before anything has
/// begun, the first one whose time is not over.
fn mark(items: &[AgendaItem], offset: i32, now: Timestamp, today: Date) -> Marks {
    let planned_at = |item: &AgendaItem| item.date.at(item.start, offset);
    let planned_end = |item: &AgendaItem| planned_at(item).plus_ms(u64::from(item.minutes) * MINUTE_MS);
    let late = |at: Timestamp, item: &AgendaItem| match at.since_ms(planned_at(item)) / MINUTE_MS {
        minutes if minutes <= LATE_MINUTES_MAX => minutes,
        _ => 0,
    };

    let running = items.iter().position(is_now);
    let reached = running.or_else(|| items.iter().rposition(|item| item.status == ItemStatus::Done));
    let still_to_come = |item: &&AgendaItem| match reached.map(|at| &items[at]) {
        Some(last) => item.date == last.date || item.date >= today,
        None => planned_end(item) > now,
    };
    let rest = items.get(reached.map_or(0, |at| at + 1)..).unwrap_or_default();
    let next = rest.iter().filter(|item| item.status == ItemStatus::Planned).find(still_to_come);

    let running = running.map(|at| &items[at]);
    let next_late = |next: &AgendaItem| match running {
        Some(item) if item.date == next.date => {
            let ends = item.started_at.map_or(planned_end(item), |at| at.plus_ms(u64::from(item.minutes) * MINUTE_MS));
            late(ends.max(now), next)
        }
        None if next.date == today => late(now, next),
        _ => 0,
    };
    Marks {
        now: running.map(|item| (item.id.clone(), item.started_at.map_or(0, |at| late(at, item)))),
        next: next.map(|item| (item.id.clone(), next_late(item))),
    }
}
