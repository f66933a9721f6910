//! Taking the account off this device: never while something waits, never without a question.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::confirm::confirm;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::state::{LeaveError, State, t};

pub fn leave(state: State) -> AnyView {
    let words = &t().more;
    let asked = RwSignal::new(false);
    let refused = RwSignal::new(None::<LeaveError>);
    let drafts = state.drafts();
    let ask = move |_| match state.status().with_untracked(|status| status.waiting) {
        0 => {
            refused.set(None);
            asked.set(true);
        }
        count => refused.set(Some(LeaveError::Waiting(count))),
    };
    let act = move || {
        spawn_local(async move {
            let done = state.leave().await;
            refused.try_set(done.err());
        });
    };
    // The question is asked anew when the number of drafts changes.
    let question = Memo::new(move |_| match drafts.with(Vec::len) {
        0 => words.leave_text.to_owned(),
        count => format!("{} {}", (words.leave_drafts)(count), words.leave_text),
    });
    view! {
        <section class="stack">
            <button class="button button--danger button--wide" on:click=ask>{words.leave}</button>
            {live_view(move || match refused.get() {
                Some(error) => {
                    let text = match error {
                        LeaveError::Waiting(count) => (words.leave_waiting)(count),
                        LeaveError::Storage(_) => words.leave_failed.to_owned(),
                    };
                    view! { <p class="field__error" role="alert"><Icon symbol=Symbol::Alert/>{text}</p> }.into_any()
                }
                None => ().into_any(),
            })}
            {live_view(move || {
                let text = question.get();
                confirm(asked, (words.leave_title, text), (words.leave, words.keep), act)
            })}
        </section>
    }
    .into_any()
}
