//! Which session counts at this moment: the one that goes on, else the one of now by the clock, else the next.

use congress::calendar::{Date, TimeOfDay};
use congress::entities::{AgendaItem, ItemStatus, Session};
use congress::scopes;
use leptos::prelude::*;

use crate::state::State;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    pub id: String,
    pub title: String,
    /// It goes on or is over; otherwise it is still to come.
    pub begun: bool,
}

/// Every session in the order of time.
pub fn all(state: State) -> Memo<Vec<Session>> {
    let rows = state.rows::<Session>(scopes::public());
    Memo::new(move |_| {
        let mut sessions = rows.get();
        sessions.sort_by_key(|session| (session.date, session.start));
        sessions
    })
}

pub fn shown(state: State) -> Memo<Option<Shown>> {
    let (sessions, items) = (all(state), state.rows::<AgendaItem>(scopes::public()));
    Memo::new(move |_| {
        let now = state.local(state.clock().get());
        let running = items
            .with(|items| items.iter().find(|item| item.status == ItemStatus::Now).map(|item| item.session.clone()));
        sessions.with(|sessions| pick(sessions, running.as_deref(), now))
    })
}

fn pick(sessions: &[Session], running: Option<&str>, (today, time): (Date, TimeOfDay)) -> Option<Shown> {
    let show = |session: &Session, begun| Shown { id: session.id.clone(), title: session.title.clone(), begun };
    let goes_on = sessions.iter().find(|session| Some(session.id.as_str()) == running);
    let by_clock = || sessions.iter().find(|s| s.date == today && s.start <= time && time <= s.end);
    let next = || sessions.iter().find(|session| (session.date, session.start) > (today, time));
    match goes_on.or_else(by_clock) {
        Some(session) => Some(show(session, true)),
        None => next().map(|session| show(session, false)).or_else(|| sessions.last().map(|last| show(last, true))),
    }
}
