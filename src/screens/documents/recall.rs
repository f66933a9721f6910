//! Taking a document back: for presidium and secretariat, after a question, with a reason that everybody reads.

use congress::commands::RecallDocument;
use congress::entities::{Document, Me, Role};
use congress::limits::REASON_CHARS_MAX;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::memo::Memo;
use crate::parts::blocks::button;
use crate::parts::dialog::Dialog;
use crate::parts::live::{live_text, live_view};
use crate::state::{State, t};

/// Nothing for everybody else.
pub fn recall(state: State, document: &Document) -> AnyView {
    let me = state.me();
    let may = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(may_recall)));
    let document = StoredValue::new(document.clone());
    live_view(move || if may.get() { document.with_value(|document| offered(state, document)) } else { ().into_any() })
}

fn may_recall(me: &Me) -> bool {
    me.has(Role::Presidium) || me.has(Role::Secretariat)
}

fn offered(state: State, document: &Document) -> AnyView {
    let words = t().documents();
    let (open, reason, failed) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(false));
    let reachable = state.is_connected();
    // Offered with a connection only, so that nobody takes it for done.
    let cannot = Memo::new(move |_| {
        if !reachable.get() {
            return Some(t().shell().needs_connection);
        }
        reason.with(|reason| reason.trim().is_empty()).then_some(words.recall_reason_hint)
    });
    let (id, version) = (StoredValue::new(document.id.clone()), document.version);
    let act = move |_| {
        if cannot.get_untracked().is_some() {
            return;
        }
        let action = RecallDocument { document: id.get_value(), version, reason: reason.get_untracked() };
        spawn_local(async move {
            let written = state.write(&action).await;
            failed.try_set(written.is_err());
            if written.is_ok() {
                open.try_set(false);
            }
        });
    };
    let hint = move || {
        let trouble = failed.get().then_some(t().shell().not_saved_broken);
        trouble.or(cannot.get()).unwrap_or(words.recall_reason_hint).to_owned()
    };
    let question = (words.recall_question)(&document.title);
    view! {
        <div class="row">{button("button button--quiet", None, words.recall, move || {
            reason.set(String::new());
            open.set(true);
        })}</div>
        <Dialog open title=words.recall>
            <p class="strong">{question.clone()}</p>
            <p>{words.recall_text}</p>
            <div class="field">
                <label class="field__label" for="recall-reason">{words.recall_reason}</label>
                <input class="input" id="recall-reason" autocomplete="off" maxlength=REASON_CHARS_MAX.to_string()
                    aria-describedby="recall-hint" prop:value=reason
                    on:input=move |event| reason.set(event_target_value(&event))/>
                <p class="field__hint" id="recall-hint">{live_text(hint)}</p>
            </div>
            <div class="row row--end">
                {button("button", None, words.recall_no, move || open.set(false))}
                <button class="button button--danger" aria-describedby="recall-hint"
                    aria-disabled=move || cannot.get().is_some().to_string() on:click=act>{words.recall_yes}</button>
            </div>
        </Dialog>
    }
    .into_any()
}
