//! The presidium at work: what the console looks at, and what it does to the floor.

use std::sync::Arc;

use congress::commands::{
    Action, CallSpeaker, FinishSpeaking, MoveInQueue, QueueComment, RedactComment, RemoveFromQueue, StartSpeaking,
};
use congress::entities::{AgendaItem, CommentAtDesk, Congress, FloorEntry, FloorQueue};
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::client::{Entry, Failure};
use sync::ids::Timestamp;
use sync::wire::Receipt;

use crate::i18n::{console, shell};
use crate::memo::Memo;
use crate::platform::{dom, timer, world};
use crate::ports::StoreError;
use crate::screens::comments::names::Names;
use crate::state::{Held, State, t, use_state};

/// After the server's word the rows follow at once. If they do not, the button comes back.
const ROWS_FOLLOW_MS: u64 = 3_000;

/// What waits for the server's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Call,
    Start,
    Finish,
}

#[derive(Clone, Copy)]
pub struct Desk {
    pub state: State,
    pub words: &'static console::Text,
    shell: &'static shell::Text,
    pub congress: Memo<Option<Congress>>,
    pub items: Memo<Vec<AgendaItem>>,
    pub names: Names,
    pub comments: Memo<Held<CommentAtDesk>>,
    pub queue: Memo<FloorQueue>,
    asked: RwSignal<Option<(Act, String)>>,
    /// What was asked of the server and is not seen in the rows yet, with the comment it is about.
    pub pending: Memo<Option<(Act, String)>>,
    /// For the live region.
    pub said: RwSignal<String>,
    pub trouble: RwSignal<Option<String>>,
    /// How far this device's clock is ahead of the server's, as of the last call.
    pub ahead_ms: RwSignal<i64>,
    /// Who is about to be taken off the queue.
    pub leaving: RwSignal<Option<FloorEntry>>,
    pub is_leaving: RwSignal<bool>,
    /// Whose words are about to be hidden, and why.
    pub private: RwSignal<Option<Arc<CommentAtDesk>>>,
    pub is_hiding: RwSignal<bool>,
    pub reason: RwSignal<String>,
    outbox: Memo<Vec<Entry>>,
}

impl Desk {
    pub fn set_up() -> Self {
        let state = use_state();
        let floor = state.row::<FloorQueue>(scopes::presidium(), "main");
        let queue = Memo::new(move |_| floor.get().unwrap_or_default());
        let asked = RwSignal::new(None::<(Act, String)>);
        let open = move || asked.get().filter(|(act, comment)| queue.with(|queue| !is_done(*act, comment, queue)));
        let pending = Memo::new(move |_| open());
        // When the pressed button is gone, the focus stays in its pane.
        Effect::new(move |before: Option<Option<(Act, String)>>| {
            let now = pending.get();
            if let (Some(Some((act, _))), None) = (before, &now) {
                focus_later(if act == Act::Call { "#pane-queue" } else { "#pane-now" });
            }
            now
        });
        Self {
            state,
            words: t().console(),
            shell: t().shell(),
            congress: state.congress(),
            items: state.rows(scopes::public()),
            names: Names::of(state),
            comments: state.held(scopes::presidium(), Signal::stored(String::new())),
            queue,
            asked,
            pending,
            said: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            ahead_ms: RwSignal::new(0),
            leaving: RwSignal::new(None),
            is_leaving: RwSignal::new(false),
            private: RwSignal::new(None),
            is_hiding: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            outbox: state.outbox(),
        }
    }

    pub fn add(self, comment: &CommentAtDesk) {
        let said = (self.words.added)(&comment.author.name);
        let place = format!("[id=\"comment-{}\"]", comment.id);
        self.write(QueueComment { comment: comment.id.clone() }, said, place);
    }

    /// One place up or down.
    pub fn shift(self, comment: &str, is_up: bool) {
        let entries = self.queue.with_untracked(|queue| queue.entries.clone());
        let Some(at) = entries.iter().position(|entry| entry.comment == comment) else { return };
        let id = |at: usize| entries.get(at).map(|entry| entry.comment.clone());
        let (after, to) = match (is_up, at) {
            (true, 0) => return,
            (true, 1) => (None, 0),
            (true, _) => (id(at - 2), at - 1),
            (false, _) if at + 1 >= entries.len() => return,
            (false, _) => (id(at + 1), at + 1),
        };
        let said = (self.words.moved)(&entries[at].author.name, to + 1);
        let button = format!("[id=\"{}-{comment}\"]", if is_up { "up" } else { "down" });
        self.write(MoveInQueue { comment: comment.to_owned(), after }, said, button);
    }

    /// Asks first.
    pub fn ask_to_remove(self, entry: &FloorEntry) {
        self.leaving.set(Some(entry.clone()));
        self.is_leaving.set(true);
    }

    pub fn remove(self, entry: &FloorEntry) {
        self.is_leaving.set(false);
        let said = (self.words.removed)(&entry.author.name);
        self.write(RemoveFromQueue { comment: entry.comment.clone() }, said, "#pane-queue".to_owned());
    }

    /// Asks first, and for the reason.
    pub fn ask_to_hide(self, comment: &Arc<CommentAtDesk>) {
        self.reason.set(String::new());
        self.private.set(Some(Arc::clone(comment)));
        self.is_hiding.set(true);
    }

    /// Why words cannot be hidden at this moment.
    pub fn cannot_hide(self) -> Option<&'static str> {
        if !self.state.is_connected().get() {
            return Some(self.shell.needs_connection);
        }
        self.reason.with(|reason| reason.trim().is_empty()).then_some(self.words.hide_reason_hint)
    }

    pub fn hide(self, comment: &CommentAtDesk) {
        self.is_hiding.set(false);
        let said = (self.words.hid)(&comment.author.name);
        let (place, reason) = (format!("[id=\"comment-{}\"]", comment.id), self.reason.get_untracked());
        self.write(RedactComment { comment: comment.id.clone(), reason }, said, place);
    }

    /// Whether the server has not heard yet that the words of a comment are to be hidden.
    pub fn is_waiting_to_hide(self, comment: &str) -> bool {
        self.outbox.with(|entries| {
            let mut waiting = entries.iter().filter(|entry| entry.is_waiting() && entry.kind == RedactComment::KIND);
            waiting.any(|entry| entry.payload.read::<RedactComment>().is_ok_and(|action| action.comment == comment))
        })
    }

    /// Stores what was done. The focus goes to `place` if the pressed button is gone or has moved.
    fn write<A: Action + 'static>(self, action: A, said: String, place: String) {
        spawn_local(async move {
            let written = self.state.write(&action).await;
            self.written(written, said);
            timer::sleep(0).await;
            dom::focus_if_lost(&place);
        });
    }

    fn written(self, written: Result<(), StoreError>, said: String) {
        let trouble = match written {
            Ok(()) => None,
            Err(StoreError::Full) => Some(self.shell.not_saved_full.to_owned()),
            Err(_) => Some(self.shell.not_saved_broken.to_owned()),
        };
        if trouble.is_none() {
            self.said.try_set(said);
        }
        self.trouble.try_set(trouble);
    }

    /// What needs the server's answer: one at a time.
    pub fn act(self, act: Act, entry: &FloorEntry) {
        if self.pending.with_untracked(Option::is_some) || !self.state.is_connected().get_untracked() {
            return;
        }
        let comment = entry.comment.clone();
        self.trouble.set(None);
        self.asked.set(Some((act, comment.clone())));
        let words = self.words;
        let said = match act {
            Act::Call => words.called,
            Act::Start => words.started,
            Act::Finish => words.finished,
        }(&entry.author.name);
        let asked = (act, comment.clone());
        let done = move |result| self.answered(result, asked, said);
        match act {
            Act::Call => self.state.call_now(&CallSpeaker { comment }, done),
            Act::Start => self.state.call_now(&StartSpeaking { comment }, done),
            Act::Finish => self.state.call_now(&FinishSpeaking { comment }, done),
        }
    }

    fn answered(self, result: Result<Receipt, Failure>, asked: (Act, String), said: String) {
        let trouble = match result {
            Ok(receipt) => {
                self.ahead_ms.try_set(world::now().0 - receipt.at.0);
                receipt.refusal.map(|refusal| (self.shell.refusal)(&refusal.code, &refusal.detail))
            }
            Err(_) => Some(self.shell.call_failed.to_owned()),
        };
        if trouble.is_some() {
            self.asked.try_set(None);
            self.trouble.try_set(trouble);
            return;
        }
        self.said.try_set(said);
        spawn_local(async move {
            timer::sleep(ROWS_FOLLOW_MS).await;
            if self.asked.try_get_untracked().flatten() == Some(asked) {
                self.asked.try_set(None);
            }
        });
    }

    /// Why the floor cannot be given at this moment.
    pub fn obstacle(self) -> Option<String> {
        if !self.state.is_connected().get() {
            return Some(self.shell.needs_connection.to_owned());
        }
        let speaking =
            self.queue.with(|queue| queue.speaking.as_ref().map(|speaking| speaking.entry.author.name.clone()));
        speaking.map(|name| (self.words.floor_taken)(&name))
    }

    pub fn is_pending(self, act: Act, comment: &str) -> bool {
        self.pending.with(|pending| pending.as_ref().is_some_and(|(other, about)| *other == act && about == comment))
    }

    /// This moment by the server's clock.
    pub fn now(self) -> Timestamp {
        Timestamp(world::now().0 - self.ahead_ms.get())
    }
}

fn is_done(act: Act, comment: &str, queue: &FloorQueue) -> bool {
    let speaking = queue.speaking.as_ref().filter(|speaking| speaking.entry.comment == comment);
    match act {
        Act::Call => speaking.is_some(),
        Act::Start => speaking.is_some_and(|speaking| speaking.started_at.is_some()),
        Act::Finish => speaking.is_none(),
    }
}

fn focus_later(place: &'static str) {
    spawn_local(async move {
        timer::sleep(0).await;
        dom::focus_if_lost(place);
    });
}
