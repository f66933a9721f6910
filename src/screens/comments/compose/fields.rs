//! The fields of a comment or a note. Their values are set once and never written back, so that no keyboard is disturbed.

use congress::entities::Stance;
use congress::limits::{COMMENT_CHARS_MAX, FLOOR_MINUTES_MAX, NOTE_CHARS_MAX, PROPOSAL_CHARS_MAX};
use congress::text::number;
use leptos::prelude::*;

use super::desk::{Desk, Problem};
use super::problem_words;
use super::start::usual_minutes;
use crate::memo::Memo;
use crate::parts::blocks::{choice, write_paragraph};
use crate::parts::html::live_html;
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::screens::comments::names::stance_word;
use crate::state::{State, t};

const TEXT: &str = "comment-text";
const PROPOSAL: &str = "comment-proposal";
const MINUTES: &str = "comment-minutes";
const STANCES: [Stance; 3] = [Stance::Agree, Stance::Partial, Stance::Disagree];

/// The field that has to be mended.
pub fn of_problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Silent | Problem::StanceNeedsText | Problem::TextTooLong => TEXT,
        Problem::NoteEmpty | Problem::NoteTooLong => TEXT,
        Problem::ProposalTooLong => PROPOSAL,
        Problem::Minutes => MINUTES,
    }
}

pub fn stance(desk: Desk, chosen: Stance) -> AnyView {
    let chosen = STANCES.iter().position(|stance| *stance == chosen);
    let take = move |at: usize| desk.take_stance(STANCES[at.min(2)]);
    choice("stance", t().comments().stance, &STANCES.map(stance_word), chosen, take)
}

pub fn text(desk: Desk, text: &str) -> AnyView {
    words(desk, t().comments().text, text, COMMENT_CHARS_MAX)
}

/// The words of a private note.
pub fn note(desk: Desk, text: &str) -> AnyView {
    words(desk, t().notes().text, text, NOTE_CHARS_MAX)
}

fn words(desk: Desk, label: &'static str, text: &str, max: usize) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for=TEXT>{label}</label>
            {error(desk, TEXT)}
            {area(desk, TEXT, label, text)}
            {count(desk.chars, max)}
        </div>
    }
    .into_any()
}

/// Folded until it is wanted.
pub fn proposal(desk: Desk, proposal: &str) -> AnyView {
    let words = t().comments();
    let open = RwSignal::new(!proposal.is_empty());
    effect(move || {
        if desk.problem.get() == Some(Problem::ProposalTooLong) {
            open.set(true);
        }
    });
    view! {
        <details class="fold" prop:open=open>
            <summary class="fold__head">{words.proposal}</summary>
            <div class="field">
                {error(desk, PROPOSAL)}
                {area(desk, PROPOSAL, words.proposal, proposal)}
                {count(desk.proposal_chars, PROPOSAL_CHARS_MAX)}
            </div>
        </details>
    }
    .into_any()
}

fn area(desk: Desk, id: &'static str, label: &'static str, text: &str) -> AnyView {
    let write = move |event| {
        let text = event_target_value(&event);
        if id == TEXT { desk.write_text(text) } else { desk.write_proposal(text) }
    };
    view! {
        <textarea
            class="textarea"
            id=id
            rows="5"
            aria-label=label
            aria-describedby=format!("{id}-error")
            aria-invalid=invalid(desk, id)
            prop:value=text.to_owned()
            prop:readOnly=desk.sending
            on:input=write
        ></textarea>
    }
    .into_any()
}

pub fn floor(state: State, desk: Desk, asked: Option<u32>) -> AnyView {
    let words = t().comments();
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
    let field = move || {
        if !asks.get() {
            return ().into_any();
        }
        view! {
            <div class="field">
                <label class="field__label" for=MINUTES>{words.minutes}</label>
                {error(desk, MINUTES)}
                <input
                    class="input"
                    id=MINUTES
                    type="number"
                    inputmode="numeric"
                    min="1"
                    max=FLOOR_MINUTES_MAX.to_string()
                    aria-describedby="comment-minutes-error comment-minutes-hint"
                    aria-invalid=invalid(desk, MINUTES)
                    prop:value=minutes.get_value().to_string()
                    on:input=write
                />
                <p class="field__hint" id="comment-minutes-hint">{(words.minutes_hint)(usual)}</p>
            </div>
        }
        .into_any()
    };
    view! {
        <label class="switch">
            <input class="switch__input" type="checkbox" role="switch" prop:checked=asked.is_some() on:change=switch/>
            <span class="switch__track"></span>
            <span class="switch__text">{words.floor}</span>
        </label>
        {live_view(field)}
    }
    .into_any()
}

/// What is wrong with a field.
fn problem_of(desk: Desk, field: &'static str) -> Option<Problem> {
    desk.problem.get().filter(|problem| of_problem(*problem) == field)
}

fn invalid(desk: Desk, field: &'static str) -> Signal<Option<&'static str>> {
    Signal::derive(move || problem_of(desk, field).map(|_| "true"))
}

/// Above its field, where neither the keyboard nor the bar with "Gửi" hides it.
fn error(desk: Desk, field: &'static str) -> AnyView {
    let write = live_html("", move |html| {
        if let Some(problem) = problem_of(desk, field) {
            html.markup("<p class=\"field__error\">").icon(Symbol::Alert).words(&problem_words(problem)).markup("</p>");
        }
    });
    view! { <div id=format!("{field}-error")>{write}</div> }.into_any()
}

/// The count of letters, once it nears the limit.
fn count(used: RwSignal<usize>, max: usize) -> AnyView {
    let digits = |count: usize| number(u64::try_from(count).unwrap_or(0));
    live_html("", move |html| {
        let used = used.get();
        if used * 10 >= max * 9 {
            write_paragraph(html, "field__hint number", &(t().comments().count)(&digits(used), &digits(max)));
        }
    })
}
