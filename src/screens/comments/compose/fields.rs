//! The fields of a comment. Their values are set once and never written back, so that no keyboard is disturbed.

use congress::entities::Stance;
use congress::limits::{COMMENT_CHARS_MAX, FLOOR_MINUTES_MAX, PROPOSAL_CHARS_MAX};
use congress::text::number;
use leptos::prelude::*;

use super::desk::{Desk, Problem};
use super::problem_words;
use super::start::usual_minutes;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::screens::comments::names::stance_word;
use crate::state::{State, t};

/// The field that has to be mended.
pub fn of_problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Silent | Problem::StanceNeedsText | Problem::TextTooLong => "comment-text",
        Problem::ProposalTooLong => "comment-proposal",
        Problem::Minutes => "comment-minutes",
    }
}

pub fn stance(desk: Desk, chosen: Stance) -> AnyView {
    let options = [Stance::Agree, Stance::Partial, Stance::Disagree].map(|stance| {
        view! {
            <label class="choice__option">
                <input type="radio" name="stance" prop:checked=stance == chosen on:change=move |_| desk.take_stance(stance)/>
                <span class="choice__word">{stance_word(stance)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choice">
            <legend class="choice__legend">{t().comments.stance}</legend>
            <div class="choice__options">{options.into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

pub fn text(desk: Desk, text: &str) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for="comment-text">{t().comments.text}</label>
            {error(desk, "comment-text")}
            <textarea
                class="textarea"
                id="comment-text"
                rows="6"
                aria-describedby="comment-text-error comment-text-count"
                aria-invalid=move || is_wrong(desk, "comment-text")
                prop:value=text.to_owned()
                prop:readOnly=move || desk.sending.get()
                on:input=move |event| desk.write_text(event_target_value(&event))
            ></textarea>
            {count("comment-text", desk.chars, COMMENT_CHARS_MAX)}
        </div>
    }
    .into_any()
}

/// Folded until it is wanted.
pub fn proposal(desk: Desk, proposal: &str) -> AnyView {
    let words = &t().comments;
    let open = RwSignal::new(!proposal.is_empty());
    Effect::new(move |_| {
        if desk.problem.get() == Some(Problem::ProposalTooLong) {
            open.set(true);
        }
    });
    view! {
        <details class="fold" prop:open=move || open.get()>
            <summary class="fold__head">{words.proposal}</summary>
            <div class="field">
                {error(desk, "comment-proposal")}
                <textarea
                    class="textarea"
                    id="comment-proposal"
                    rows="4"
                    aria-label=words.proposal
                    aria-describedby="comment-proposal-error comment-proposal-count"
                    aria-invalid=move || is_wrong(desk, "comment-proposal")
                    prop:value=proposal.to_owned()
                    prop:readOnly=move || desk.sending.get()
                    on:input=move |event| desk.write_proposal(event_target_value(&event))
                ></textarea>
                {count("comment-proposal", desk.proposal_chars, PROPOSAL_CHARS_MAX)}
            </div>
        </details>
    }
    .into_any()
}

pub fn floor(state: State, desk: Desk, asked: Option<u32>) -> AnyView {
    let words = &t().comments;
    let usual = usual_minutes(state.congress().get_untracked().as_ref());
    let minutes = StoredValue::new(asked.unwrap_or(usual));
    let switch = move |event| {
        let on = event_target_checked(&event);
        desk.ask_floor(on.then(|| minutes.get_value()));
    };
    let write = move |event| {
        let value = event_target_value(&event).trim().parse().unwrap_or(0);
        minutes.set_value(value);
        desk.ask_floor(Some(value));
    };
    let asks = Memo::new(move |_| desk.asks_floor.get());
    view! {
        <label class="switch">
            <input class="switch__input" type="checkbox" role="switch" prop:checked=asked.is_some() on:change=switch/>
            <span class="switch__track"></span>
            <span class="switch__text">{words.floor}</span>
        </label>
        {live_view(move || if asks.get() {
            view! {
                <div class="field">
                    <label class="field__label" for="comment-minutes">{words.minutes}</label>
                    {error(desk, "comment-minutes")}
                    <input
                        class="input"
                        id="comment-minutes"
                        type="number"
                        inputmode="numeric"
                        min="1"
                        max=FLOOR_MINUTES_MAX.to_string()
                        aria-describedby="comment-minutes-error comment-minutes-hint"
                        aria-invalid=move || is_wrong(desk, "comment-minutes")
                        prop:value=minutes.get_value().to_string()
                        on:input=write
                    />
                    <p class="field__hint" id="comment-minutes-hint">{(words.minutes_hint)(usual)}</p>
                </div>
            }.into_any()
        } else {
            ().into_any()
        })}
    }
    .into_any()
}

fn is_wrong(desk: Desk, field: &'static str) -> Option<&'static str> {
    desk.problem.get().filter(|problem| of_problem(*problem) == field).map(|_| "true")
}

/// Above its field, where neither the keyboard nor the bar with "Gửi" hides it.
fn error(desk: Desk, field: &'static str) -> AnyView {
    live_view(move || match desk.problem.get().filter(|problem| of_problem(*problem) == field) {
        Some(problem) => view! {
            <p class="field__error" id=format!("{field}-error")>
                <Icon symbol=Symbol::Alert/>{problem_words(problem)}
            </p>
        }
        .into_any(),
        None => ().into_any(),
    })
}

/// The count of letters, once it nears the limit.
fn count(field: &'static str, used: RwSignal<usize>, max: usize) -> AnyView {
    let near = Memo::new(move |_| Some(used.get()).filter(|used| used * 10 >= max * 9));
    let digits = |count: usize| number(u64::try_from(count).unwrap_or(0));
    live_view(move || match near.get() {
        Some(used) => view! {
            <p class="field__hint number" id=format!("{field}-count")>
                {(t().comments.count)(&digits(used), &digits(max))}
            </p>
        }
        .into_any(),
        None => ().into_any(),
    })
}
