//! Taking the account off this device: never while something waits, never without a question.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::blocks::button;
use crate::parts::confirm::confirm;
use crate::parts::html::live_html;
use crate::parts::icon::Symbol;
use crate::parts::live::live_view;
use crate::state::{LeaveError, State, t};

pub fn leave(state: State) -> AnyView {
    let words = t().more();
    let asked = RwSignal::new(false);
    // Why not, in words; empty while nothing stands against it.
    let refused = RwSignal::new(String::new());
    let ask = move || {
        let waiting = state.status().with_untracked(|status| status.waiting);
        refused.set(if waiting > 0 { (words.leave_waiting)(waiting) } else { String::new() });
        asked.set(waiting == 0);
    };
    let act = move || {
        spawn_local(async move {
            let why = match state.leave().await {
                Ok(()) => return,
                Err(LeaveError::Waiting(count)) => (words.leave_waiting)(count),
                Err(LeaveError::Storage(_)) => words.leave_failed.to_owned(),
            };
            refused.try_set(why);
        });
    };
    let (drafts, notes) = (state.drafts(), state.note_drafts());
    let question = move || {
        let text = match drafts.with(Vec::len) + notes.with(Vec::len) {
            0 => words.leave_text.to_owned(),
            count => format!("{} {}", (words.leave_drafts)(count), words.leave_text),
        };
        confirm(asked, (words.leave_title, text), (words.leave, words.keep), act)
    };
    view! {
        <section class="stack">
            {button("button button--danger button--wide", None, words.leave, ask)}
            <div role="alert">
                {live_html("", move |html| refused.with(|why| if !why.is_empty() {
                    html.markup("<p class=\"field__error\">").icon(Symbol::Alert).words(why).markup("</p>");
                }))}
            </div>
            {live_view(question)}
        </section>
    }
    .into_any()
}
