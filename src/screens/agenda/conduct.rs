//! Starting and finishing an item: for secretariat and organiser, and only while the server answers.

use congress::commands::{FinishItem, StartItem};
use congress::entities::Role;
use leptos::prelude::*;
use sync::client::Failure;
use sync::wire::{Receipt, Status};

use super::programme::{Programme, is_now};
use crate::i18n::shell;
use crate::memo::Memo;
use crate::parts::confirm::confirm;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::state::{State, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Start,
    StartAgain,
    Finish,
}

pub fn conduct(state: State, programme: Programme, id: String) -> AnyView {
    let me = state.me();
    live_view(move || {
        let may = me.with(|me| me.as_ref().is_some_and(|me| me.has(Role::Secretariat) || me.has(Role::Organiser)));
        if may { buttons(state, programme, id.clone()) } else { ().into_any() }
    })
}

fn buttons(state: State, programme: Programme, id: String) -> AnyView {
    // Taken here, since a callback has no owner to ask.
    let (words, shell) = (t().agenda(), t().shell());
    let connected = state.is_connected();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let id = StoredValue::new(id);
    let step = Memo::new(move |_| {
        id.with_value(|id| {
            programme.plan.with(|plan| match plan.item(id) {
                Some(item) if is_now(item) => Step::Finish,
                Some(item) if item.started_at.is_some() => Step::StartAgain,
                _ => Step::Start,
            })
        })
    });
    let other = move || programme.plan.with(|plan| plan.running().map(|item| item.title.clone()));
    let call = move || {
        busy.set(true);
        problem.set(String::new());
        let item = id.get_value();
        let done = move |outcome| {
            // The page may be gone by now; the outcome is seen in the programme all the same.
            busy.try_set(false);
            problem.try_set(trouble(shell, outcome));
        };
        match step.get_untracked() {
            Step::Finish => state.call_now(&FinishItem { item }, done),
            Step::Start | Step::StartAgain => state.call_now(&StartItem { item }, done),
        }
    };
    let press = move |_| {
        let interrupts = step.get_untracked() != Step::Finish && untrack(other).is_some();
        if interrupts { asking.set(true) } else { call() }
    };
    let word = move || match step.get() {
        Step::Start => words.start,
        Step::StartAgain => words.start_again,
        Step::Finish => words.finish,
    };
    let symbol = move || {
        let symbol = if step.get() == Step::Finish { Symbol::Stop } else { Symbol::Play };
        view! { <Icon symbol/> }.into_any()
    };
    let question = move || {
        let text = other().map(|title| (words.confirm_text)(&title)).unwrap_or_default();
        confirm(asking, (words.confirm_title, text), (word(), words.cancel), call)
    };
    let disabled = Signal::derive(move || busy.get() || !connected.get());
    view! {
        <section class="card">
            <h2 class="section-title">{words.conduct}</h2>
            <div class="row">
                <button class="button" disabled=disabled aria-describedby="conduct-hint" on:click=press>
                    {live_view(symbol)}
                    {live_text(move || word().to_owned())}
                </button>
            </div>
            <p class="field__hint" id="conduct-hint">
                {live_text(move || if connected.get() { String::new() } else { shell.needs_connection.to_owned() })}
            </p>
            <p class="field__error" role="alert">{live_text(move || problem.get())}</p>
        </section>
        {live_view(question)}
    }
    .into_any()
}

/// What to say about an outcome; nothing when it went well.
fn trouble(words: &shell::Text, outcome: Result<Receipt, Failure>) -> String {
    match outcome {
        Ok(Receipt { status: Status::Rejected, refusal: Some(refusal), .. }) => {
            let said = (words.refusal)(&refusal.code, &refusal.detail);
            let mut letters = said.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
        }
        Ok(Receipt { status: Status::Rejected, .. }) | Err(_) => words.call_failed.to_owned(),
        Ok(_) => String::new(),
    }
}
