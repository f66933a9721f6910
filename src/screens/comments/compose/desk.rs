//! The desk at which a comment or a note is written: holds the draft, saves it by itself, hands it in once.
//! One worker saves and sends in turn, so that a late save can never follow the sending.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use congress::entities::{Anchor, Stance};
use congress::limits::{COMMENT_CHARS_MAX, FLOOR_MINUTES_MAX, NOTE_CHARS_MAX, PROPOSAL_CHARS_MAX};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::ids::Timestamp;

use crate::drafts::Draft;
use crate::platform::lifecycle::Moment;
use crate::platform::timer::{self, Alarm};
use crate::platform::world;
use crate::ports::StoreError;
use crate::state::State;

/// Silence after typing before the draft is saved.
const AUTOSAVE_MS: u64 = 500;
/// A save that failed is tried again after this.
const RETRY_MS: u64 = 5_000;

/// What must be mended before the comment can be handed in. The same rules as `congress::rules`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Nothing is said at all.
    Silent,
    /// The stance needs words.
    StanceNeedsText,
    TextTooLong,
    ProposalTooLong,
    Minutes,
    /// A note without words.
    NoteEmpty,
    NoteTooLong,
}

/// What comes after the handing in.
pub type Sent = StoredValue<Box<dyn Fn(&Draft)>, LocalStorage>;

/// Whether the device holds what the screen shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Saving {
    Nothing,
    Saved(Timestamp),
    /// With a copy in the emergency slot, or without.
    Failed(StoreError, bool),
}

struct Work {
    draft: RefCell<Draft>,
    /// The ledger lacks something that the draft has.
    dirty: Cell<bool>,
    send: Cell<bool>,
    working: Cell<bool>,
    /// The ledger has this draft in some form.
    stored: Cell<bool>,
    sent: Cell<bool>,
    alarm: RefCell<Option<Alarm>>,
}

#[derive(Clone, Copy)]
pub struct Desk {
    state: State,
    work: StoredValue<Rc<Work>, LocalStorage>,
    sent: Sent,
    pub saving: RwSignal<Saving>,
    /// The last try to hand in failed.
    pub not_sent: RwSignal<bool>,
    pub problem: RwSignal<Option<Problem>>,
    /// On its way into the ledger: nothing more can be written.
    pub sending: RwSignal<bool>,
    pub chars: RwSignal<usize>,
    pub proposal_chars: RwSignal<usize>,
    pub asks_floor: RwSignal<bool>,
}

impl Desk {
    /// Begins with a draft, new or continued. Saves when the app is hidden and when the screen is left.
    pub fn open(state: State, draft: &Draft, stored: bool, sent: Sent) -> Self {
        let work = Work {
            draft: RefCell::new(draft.clone()),
            dirty: Cell::new(false),
            send: Cell::new(false),
            working: Cell::new(false),
            stored: Cell::new(stored),
            sent: Cell::new(false),
            alarm: RefCell::new(None),
        };
        let desk = Self {
            state,
            work: StoredValue::new_local(Rc::new(work)),
            sent,
            saving: RwSignal::new(if stored { Saving::Saved(draft.updated_at) } else { Saving::Nothing }),
            not_sent: RwSignal::new(false),
            problem: RwSignal::new(None),
            sending: RwSignal::new(false),
            chars: RwSignal::new(draft.text.chars().count()),
            proposal_chars: RwSignal::new(draft.proposal.chars().count()),
            asks_floor: RwSignal::new(draft.floor_minutes.is_some()),
        };
        state.on_moment(move |moment| {
            if moment == Moment::Hidden {
                desk.leave(true);
            }
        });
        on_cleanup(move || desk.leave(false));
        desk
    }

    pub fn write_text(&self, text: String) {
        self.chars.set(text.chars().count());
        self.change(|draft| draft.text = text);
    }

    pub fn write_proposal(&self, text: String) {
        self.proposal_chars.set(text.chars().count());
        self.change(|draft| draft.proposal = text);
    }

    pub fn take_stance(&self, stance: Stance) {
        self.change(|draft| draft.stance = stance);
    }

    /// `None`: no request for the floor. Minutes that are no number count as 0, which cannot be handed in.
    pub fn ask_floor(&self, minutes: Option<u32>) {
        self.asks_floor.set(minutes.is_some());
        self.change(|draft| draft.floor_minutes = minutes);
    }

    /// The place and the quoted words have come from the document. No change of the person's, so nothing new to save.
    /// A note stays at its paragraph, also when that is not in this version.
    pub fn anchor_found(&self, anchor: Anchor) {
        let Some(work) = self.work.try_get_value() else { return };
        let is_note = work.draft.borrow().note.is_some();
        if !is_note || matches!(anchor, Anchor::Document { block: Some(_), .. }) {
            work.draft.borrow_mut().anchor = anchor;
            work.dirty.set(work.dirty.get() || work.stored.get());
        }
    }

    fn change(&self, change: impl FnOnce(&mut Draft)) {
        let Some(work) = self.work.try_get_value() else { return };
        change(&mut work.draft.borrow_mut());
        work.dirty.set(true);
        if self.problem.get_untracked().is_some() {
            self.problem.set(None);
        }
        self.work_after(&work, AUTOSAVE_MS);
    }

    fn work_after(self, work: &Rc<Work>, ms: u64) {
        let alarm = timer::after(ms, move || self.work_now());
        *work.alarm.borrow_mut() = alarm;
    }

    /// Saves at once: the app is hidden, or the screen is left.
    fn leave(self, keep_copy: bool) {
        let Some(work) = self.work.try_get_value() else { return };
        let is_stored = !work.dirty.get() && !work.working.get();
        if !is_stored && !work.sent.get() {
            // The transaction may not end before the browser freezes the page; localStorage has taken it at once.
            let blank = work.draft.borrow().is_blank() && !work.stored.get();
            if keep_copy && !blank {
                self.state.rescue(&work.draft.borrow());
            }
            self.work_now();
        }
    }

    /// Looks whether it may be handed in, then hands it in. A second tap while the first is at work does nothing.
    pub fn send(self) -> Option<Problem> {
        let work = self.work.try_get_value()?;
        let problem = problem_of(&work.draft.borrow());
        self.problem.set(problem);
        if problem.is_none() && !work.sent.get() {
            work.send.set(true);
            self.sending.set(true);
            self.work_now();
        }
        problem
    }

    fn work_now(self) {
        let Some(work) = self.work.try_get_value() else { return };
        if !work.working.replace(true) {
            spawn_local(self.work(work));
        }
    }

    async fn work(self, work: Rc<Work>) {
        while !work.sent.get() {
            let draft = work.draft.borrow().clone();
            if work.send.replace(false) {
                work.dirty.set(false);
                let handed_in = self.state.submit_draft(&draft).await;
                self.not_sent.try_set(handed_in.is_err());
                match handed_in {
                    Ok(()) => work.sent.set(true),
                    Err(error) => return self.failed(&work, error),
                }
            } else if work.dirty.replace(false) {
                if draft.is_blank() && !work.stored.get() {
                    continue;
                }
                match self.state.save_draft(draft).await {
                    Ok(()) => {
                        work.stored.set(true);
                        self.not_sent.try_set(false);
                        self.saving.try_set(Saving::Saved(world::now()));
                    }
                    Err(error) => return self.failed(&work, error),
                }
            } else {
                work.working.set(false);
                return;
            }
        }
        work.alarm.replace(None);
        // Who has gone to another screen meanwhile stays there.
        if self.work.try_get_value().is_some() {
            self.sent.try_with_value(|sent| sent(&work.draft.borrow()));
        }
    }

    fn failed(self, work: &Rc<Work>, error: StoreError) {
        work.dirty.set(true);
        work.send.set(false);
        work.working.set(false);
        let copied = self.state.rescue(&work.draft.borrow());
        self.sending.try_set(false);
        self.saving.try_set(Saving::Failed(error, copied));
        if self.work.try_get_value().is_some() {
            self.work_after(work, RETRY_MS);
        }
    }
}

fn problem_of(draft: &Draft) -> Option<Problem> {
    if draft.note.is_some() {
        return match draft.text.trim().chars().count() {
            0 => Some(Problem::NoteEmpty),
            count => (count > NOTE_CHARS_MAX).then_some(Problem::NoteTooLong),
        };
    }
    if draft.text.trim().chars().count() > COMMENT_CHARS_MAX {
        return Some(Problem::TextTooLong);
    }
    if draft.proposal.trim().chars().count() > PROPOSAL_CHARS_MAX {
        return Some(Problem::ProposalTooLong);
    }
    if draft.floor_minutes.is_some_and(|minutes| !(1..=FLOOR_MINUTES_MAX).contains(&minutes)) {
        return Some(Problem::Minutes);
    }
    match (draft.is_blank(), draft.stance) {
        (true, Stance::Agree) if draft.floor_minutes.is_none() => Some(Problem::Silent),
        (true, Stance::Partial | Stance::Disagree) => Some(Problem::StanceNeedsText),
        _ => None,
    }
}
