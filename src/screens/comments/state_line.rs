//! The line under a comment that says where it is, as far as this device knows, and what to do with a refused one.

use std::collections::BTreeSet;

use congress::commands::{Action, WithdrawComment};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::confirm::confirm;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::platform::dom;
use crate::state::{CommentLine, Place, State, t};

/// Where a comment is, and whether the server has heard yet that it was withdrawn.
#[derive(Clone, PartialEq, Eq)]
pub struct StandsAt {
    pub place: Place,
    pub withdrawal_waits: bool,
}

/// Comments whose withdrawal has not reached the server.
pub fn withdrawals_waiting(state: State) -> Memo<BTreeSet<String>> {
    let outbox = state.outbox();
    Memo::new(move |_| {
        outbox.with(|entries| {
            let waiting = entries.iter().filter(|entry| entry.is_waiting() && entry.kind == WithdrawComment::KIND);
            waiting.filter_map(|entry| entry.payload.read::<WithdrawComment>().ok()).map(|act| act.comment).collect()
        })
    })
}

pub fn state_line(state: State, stands: &StandsAt) -> AnyView {
    let words = &t().comments;
    let at = |at| state.moment(at);
    let (kind, symbol, text) = match &stands.place {
        Place::Saved => ("saved", Symbol::Device, words.saved.to_owned()),
        Place::Sending => ("sending", Symbol::Refresh, words.sending.to_owned()),
        Place::Received { number, at: time, late: false } => {
            ("received", Symbol::CheckCheck, (words.received)(*number, &at(*time)))
        }
        Place::Received { number, at: time, late: true } => {
            ("received", Symbol::CheckCheck, (words.received_late)(*number, &at(*time)))
        }
        Place::Queued { place } => ("received", Symbol::Clock, (words.queued)(*place)),
        Place::Called => ("called", Symbol::Mic, words.called.to_owned()),
        Place::Speaking => ("called", Symbol::Mic, words.speaking.to_owned()),
        Place::Spoken => ("received", Symbol::CheckCheck, words.spoken.to_owned()),
        Place::NotReached => ("received", Symbol::FileText, words.not_reached.to_owned()),
        Place::Withdrawn { .. } if stands.withdrawal_waits => {
            ("saved", Symbol::Device, words.withdrawn_waiting.to_owned())
        }
        Place::Withdrawn { .. } => ("saved", Symbol::Undo, words.withdrawn.to_owned()),
        Place::Refused { refusal, .. } => {
            let reason = (t().shell.refusal)(&refusal.code, &refusal.detail);
            ("attention", Symbol::Alert, (words.refused)(&reason))
        }
        Place::Parked => ("saved", Symbol::Clock, words.parked.to_owned()),
    };
    view! {
        <p class=format!("state-line state-line--{kind}")>
            <Icon symbol/>
            <span class="state-line__text">{text}</span>
        </p>
    }
    .into_any()
}

/// The words of a comment as its author may need them elsewhere.
pub fn plain_text(line: &CommentLine) -> String {
    let proposal = (!line.proposal.is_empty()).then(|| format!("{}: {}", t().comments.proposal, line.proposal));
    let text = (!line.text.is_empty()).then(|| line.text.clone());
    text.into_iter().chain(proposal).collect::<Vec<_>>().join("\n")
}

pub fn copy_button(text: String) -> AnyView {
    let words = &t().comments;
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let done = dom::copy(&text).await;
            copied.try_set(done);
        });
    };
    view! {
        <button class="button button--small" on:click=copy><Icon symbol=Symbol::Copy/>{words.copy}</button>
        <span class="small" role="status">{move || copied.get().then_some(words.copied)}</span>
    }
    .into_any()
}

/// For a text that was not accepted: copy it, or let it go after a question.
pub fn refused_buttons(state: State, stands: Memo<Option<StandsAt>>, line: CommentLine) -> AnyView {
    let words = &t().comments;
    let asked = RwSignal::new(false);
    let refused = Memo::new(move |_| match stands.get().map(|stands| stands.place) {
        Some(Place::Refused { command, .. }) => Some(command),
        _ => None,
    });
    let remove = move || {
        if let Some(command) = refused.get_untracked() {
            spawn_local(async move {
                // What could not be removed is still there to be seen and removed again.
                let _ = state.discard_refused(command).await;
            });
        }
    };
    live_view(move || {
        if refused.get().is_none() {
            return ().into_any();
        }
        view! {
            <div class="row">
                {copy_button(plain_text(&line))}
                <button class="button button--small button--quiet" on:click=move |_| asked.set(true)>
                    <Icon symbol=Symbol::Trash/>{words.remove}
                </button>
            </div>
            {confirm(asked, (words.remove_title, words.remove_text), (words.remove, words.keep), remove)}
        }
        .into_any()
    })
}
