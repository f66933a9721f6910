//! A check-in desk at work: what it looks at, and the two things it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::commands::{Action, RecordPresence, RetractPresence};
use congress::entities::{AgendaItem, Attendee, Congress, PersonKind, Presence, PresenceFact, PresenceHow, Session};
use congress::{scopes, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::ids::PersonId;

use super::roll::{Line, Roll};
use super::session;
use crate::i18n::{scan, shell};
use crate::memo::Memo;
use crate::platform::{dom, timer};
use crate::ports::StoreError;
use crate::state::{State, t, use_state};

/// Values of [`Table::shown`]; anything else shows everyone.
pub const NOT_SEEN: &str = "not-seen";
pub const SEEN: &str = "seen";

#[derive(Clone, Copy)]
pub struct Table {
    pub state: State,
    pub words: &'static scan::Text,
    shell: &'static shell::Text,
    pub congress: Memo<Option<Congress>>,
    pub sessions: Memo<Vec<Session>>,
    /// By the programme and the clock.
    pub running: Memo<Option<String>>,
    /// Chosen by hand.
    pub chosen: RwSignal<Option<String>>,
    /// The session for which presence is recorded.
    pub session: Memo<Option<String>>,
    pub roll: Memo<Roll>,
    /// Facts of the session by person.
    pub marks: Memo<BTreeMap<PersonId, Arc<Presence>>>,
    pub query: RwSignal<String>,
    pub delegation: RwSignal<String>,
    /// Whom the list shows by presence.
    pub shown: RwSignal<String>,
    /// Whose presence is about to be taken back.
    pub asked: RwSignal<Option<Arc<Line>>>,
    pub asking: RwSignal<bool>,
    pub said: RwSignal<String>,
    pub trouble: RwSignal<Option<&'static str>>,
    /// Who is being written down at this moment.
    writing: StoredValue<Vec<PersonId>>,
}

impl Table {
    pub fn set_up() -> Self {
        let state = use_state();
        let (clock, congress) = (state.clock(), state.congress());
        let held = state.rows::<Session>(scopes::public());
        let sessions = Memo::new(move |_| session::in_order(held.get()));
        let items = state.rows::<AgendaItem>(scopes::public());
        let running = Memo::new(move |_| {
            let now = state.local(clock.get());
            sessions.with(|sessions| items.with(|items| session::current(sessions, items, now)))
        });
        let chosen = RwSignal::new(None::<String>);
        let session = Memo::new(move |_| chosen.get().or_else(|| running.get()));
        let attendees = state.held::<Attendee>(scopes::checkin(), Signal::stored(String::new()));
        let of_session =
            Signal::derive(move || Presence::row_id(&session.get().unwrap_or_default(), &PersonId::new("")));
        let facts = state.held::<Presence>(scopes::checkin(), of_session);
        Self {
            state,
            words: t().scan(),
            shell: t().shell(),
            congress,
            sessions,
            running,
            chosen,
            session,
            roll: Memo::new(move |_| attendees.with(Roll::of)),
            marks: Memo::new(move |_| {
                facts.with(|facts| facts.iter().map(|row| (row.person.clone(), row.clone())).collect())
            }),
            query: RwSignal::new(String::new()),
            delegation: RwSignal::new(String::new()),
            shown: RwSignal::new(String::new()),
            asked: RwSignal::new(None),
            asking: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            writing: StoredValue::new(Vec::new()),
        }
    }

    /// Present and expected people of a kind.
    pub fn count(&self, kind: PersonKind) -> (u32, u32) {
        let (roll, marks) = (self.roll, self.marks);
        roll.with(|roll| {
            marks.with(|marks| {
                let of_kind = roll.lines.iter().filter(|line| line.who.kind == kind);
                of_kind.fold((0, 0), |(present, all), line| {
                    let seen = marks.get(&line.who.id).is_some_and(|mark| mark.is_present());
                    (present + u32::from(seen), all + 1)
                })
            })
        })
    }

    /// The facts by which a person counts as present.
    pub fn standing(&self, person: &PersonId) -> Vec<PresenceFact> {
        let stands = |fact: &&PresenceFact| fact.retracted.is_none() && !fact.flagged;
        self.marks.with(|marks| {
            marks.get(person).map(|mark| mark.facts.iter().filter(stands).cloned().collect()).unwrap_or_default()
        })
    }

    /// Somebody recorded this person who was no desk any more.
    pub fn is_flagged(&self, person: &PersonId) -> bool {
        let flagged = |fact: &PresenceFact| fact.retracted.is_none() && fact.flagged;
        self.marks.with(|marks| marks.get(person).is_some_and(|mark| mark.facts.iter().any(flagged)))
    }

    /// Those to be listed. Who is present is looked at only when something else changes: nobody may vanish from under
    /// a finger because a desk, this one or another, has just recorded them.
    pub fn found(&self) -> Memo<Vec<Arc<Line>>> {
        let table = *self;
        Memo::new(move |_| {
            table.session.track();
            let (query, delegation, shown) =
                (text::fold(&table.query.get()), table.delegation.get(), table.shown.get());
            let is_present = |who: &Attendee| {
                table.marks.with_untracked(|marks| marks.get(&who.id).is_some_and(|mark| mark.is_present()))
            };
            table.roll.with(|roll| {
                roll.search(&query, |who| {
                    (delegation.is_empty() || who.delegation == delegation)
                        && match shown.as_str() {
                            NOT_SEEN => !is_present(who),
                            SEEN => is_present(who),
                            _ => true,
                        }
                })
            })
        })
    }

    /// The button of a row: records who is not recorded, asks before it takes back.
    pub fn press(self, person: &str) {
        let found =
            self.roll.with_untracked(|roll| roll.lines.iter().find(|line| line.who.id.as_str() == person).cloned());
        let Some(line) = found else { return };
        if self.standing(&line.who.id).is_empty() {
            self.record(&line);
        } else {
            self.asked.set(Some(line));
            self.asking.set(true);
        }
    }

    fn record(self, line: &Line) {
        let Some(session) = self.session.get_untracked() else { return };
        if self.writing.with_value(|writing| writing.contains(&line.who.id)) {
            return;
        }
        let typed = text::fold(&self.query.get_untracked());
        let how = if line.is_coded(&typed) { PresenceHow::Code } else { PresenceHow::Search };
        if !typed.is_empty() {
            // At once, as long as this is the person's own gesture: only then a phone keeps its keyboard open.
            dom::focus("#scan-search");
        }
        let said = (self.words.marked)(&line.who.name);
        let action = RecordPresence { session, person: line.who.id.clone(), how };
        self.write(action, line.who.id.clone(), said, !typed.is_empty());
    }

    pub fn retract(self, line: &Line) {
        let Some(session) = self.session.get_untracked() else { return };
        let facts = self.standing(&line.who.id).iter().map(|fact| fact.id).collect();
        self.asking.set(false);
        let said = (self.words.unmarked)(&line.who.name);
        let action = RetractPresence { session, person: line.who.id.clone(), facts };
        self.write(action, line.who.id.clone(), said, false);
    }

    /// Stores what the desk did; then comes the next person, or the button in place of the one that was pressed.
    fn write<A: Action + 'static>(self, action: A, person: PersonId, said: String, is_next: bool) {
        self.writing.update_value(|writing| writing.push(person.clone()));
        spawn_local(async move {
            let written = self.state.write(&action).await;
            self.written(written, &person);
            if written.is_err() {
                return;
            }
            self.said.try_set(said);
            if is_next {
                self.query.try_set(String::new());
            } else {
                timer::sleep(0).await;
                dom::focus_if_lost(&format!("[id=\"mark-{person}\"]"));
            }
        });
    }

    fn written(self, written: Result<(), StoreError>, person: &PersonId) {
        self.writing.try_update_value(|writing| writing.retain(|other| other != person));
        self.trouble.try_set(match written {
            Ok(()) => None,
            Err(StoreError::Full) => Some(self.shell.not_saved_full),
            Err(_) => Some(self.shell.not_saved_broken),
        });
    }
}
