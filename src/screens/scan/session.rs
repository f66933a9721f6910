//! Which session it is.

use congress::calendar::{Date, TimeOfDay};
use congress::entities::{AgendaItem, ItemStatus, Session};
use sync::order::sort_by;

/// In the order of time.
pub fn in_order(mut sessions: Vec<Session>) -> Vec<Session> {
    sort_by(&mut sessions, |session| (session.date.at(session.start, 0).0, 0));
    sessions
}

/// The session of the item that is going on; without one, by the clock: the first that has not ended, else the last.
/// Takes sessions in the order of time.
pub fn current(sessions: &[Session], items: &[AgendaItem], (date, time): (Date, TimeOfDay)) -> Option<String> {
    let running = items.iter().find(|item| item.status == ItemStatus::Now).map(|item| item.session.as_str());
    let going_on = running.and_then(|running| sessions.iter().find(|session| session.id == running));
    let by_clock = || sessions.iter().find(|session| (session.date, session.end) > (date, time));
    going_on.or_else(by_clock).or_else(|| sessions.last()).map(|session| session.id.clone())
}
