//! Which session counts at this moment: the one that goes on, else the one of now by the clock, else the next.

use congress::calendar::{Date, TimeOfDay};
use congress::entities::{AgendaItem, ItemStatus, Session};
use congress::scopes;
use leptos::prelude::*;
use sync::order::sort_by;

use crate::memo::Memo;
use crate::state::State;

#[derive(Clone, Copy)]
pub struct Sessions {
    state: State,
    sessions: Memo<Vec<Session>>,
    items: Memo<Vec<AgendaItem>>,
}

impl Sessions {
    pub fn of(state: State) -> Self {
        Self { state, sessions: state.rows(scopes::public()), items: state.rows(scopes::public()) }
    }

    /// In the order of time.
    pub fn all(self) -> Vec<Session> {
        let mut sessions = self.sessions.get();
        sort_by(&mut sessions, |session| (session.date.at(session.start, 0).0, 0));
        sessions
    }

    /// The session that counts, and whether it has begun.
    pub fn shown(self) -> Option<(Session, bool)> {
        let now = self.state.local(self.state.clock().get());
        let running = |item: &&AgendaItem| item.status == ItemStatus::Now;
        let running = self.items.with(|items| items.iter().find(running).map(|item| item.session.clone()));
        pick(self.all(), running.as_deref(), now)
    }
}

fn pick(sessions: Vec<Session>, running: Option<&str>, now: (Date, TimeOfDay)) -> Option<(Session, bool)> {
    let (today, time) = now;
    let goes_on = sessions.iter().position(|session| Some(session.id.as_str()) == running);
    let by_clock = || sessions.iter().position(|s| s.date == today && s.start <= time && time <= s.end);
    let next = sessions.iter().position(|session| (session.date, session.start) > now);
    let (at, begun) = match (goes_on.or_else(by_clock), next) {
        (Some(at), _) => (at, true),
        (None, Some(at)) => (at, false),
        (None, None) => (sessions.len().checked_sub(1)?, true),
    };
    sessions.into_iter().nth(at).map(|session| (session, begun))
}
