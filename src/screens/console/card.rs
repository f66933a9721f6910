//! One comment as it came in.

use std::sync::Arc;

use congress::entities::{Anchor, CommentAtDesk, FloorState, Stance};
use leptos::prelude::*;

use super::desk::Desk;
use crate::memo::Memo;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::screens::comments::{names, write_gone};

/// Written and received further apart than this: it was written without a connection.
const APART_MS: u64 = 120_000;
/// Longer texts are folded.
const LETTERS_SHOWN: usize = 300;
const LINES_SHOWN: usize = 6;

/// Words never change once they are received, but they may be hidden; where the comment stands does change.
pub fn card(desk: Desk, comment: Arc<CommentAtDesk>) -> AnyView {
    let id = comment.id.clone();
    let held = comment.clone();
    let newest = Memo::new(move |_| desk.comments.with(|all| all.get(&id).cloned()).unwrap_or_else(|| held.clone()));
    let is_hidden = Memo::new(move |_| newest.with(|comment| comment.redaction.is_some()));
    let class = move || {
        let is_withdrawn = newest.with(|comment| comment.withdrawn_at.is_some());
        if is_withdrawn { "card comment comment--withdrawn" } else { "card comment" }
    };
    view! {
        <li class=class id=format!("comment-{}", comment.id) tabindex="-1">
            {head(desk, &comment)}
            {about(desk, &comment)}
            {live_view(move || if is_hidden.get() { hidden(desk, &newest.get()) } else { told(desk, &newest.get_untracked()) })}
            {live_view(move || signs(desk, &newest.get()))}
            {live_view(move || add_button(desk, newest.get()))}
            {live_view(move || hide_button(desk, newest.get()))}
        </li>
    }
    .into_any()
}

/// What is told of a comment, until its words are hidden.
fn told(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    view! {
        {gone(desk, comment)}
        {names::quote(&comment.anchor).map(|quote| folded_quote(desk, comment, quote))}
        {words(desk, comment)}
    }
    .into_any()
}

fn hidden(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let Some(redaction) = &comment.redaction else { return ().into_any() };
    let words = desk.words;
    let says = if desk.is_waiting_to_hide(&comment.id) {
        words.hiding.to_owned()
    } else {
        (words.hidden)(redaction.office, &comment.redacted_by, &desk.state.moment(redaction.at))
    };
    view! {
        <p class="soft">{says}</p>
        <p class="small soft">{(words.hidden_reason)(&redaction.reason)}</p>
    }
    .into_any()
}

/// For the rare comment that tells what is private of somebody.
fn hide_button(desk: Desk, comment: Arc<CommentAtDesk>) -> AnyView {
    if comment.redaction.is_some() {
        return ().into_any();
    }
    let label = (desk.words.hide_person)(&comment.author.name);
    view! {
        <button class="button button--quiet button--small" aria-label=label on:click=move |_| desk.ask_to_hide(&comment)>
            {desk.words.hide}
        </button>
    }
    .into_any()
}

fn head(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let words = desk.words;
    let author = &comment.author;
    let from: Vec<&str> = [&author.delegation, &author.organisation]
        .into_iter()
        .map(String::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    let received = (words.received)(&desk.state.moment(comment.received_at));
    let is_apart = comment.received_at.since_ms(comment.written_at) > APART_MS;
    let written = is_apart.then(|| (words.written)(&desk.state.moment(comment.written_at)));
    let times = [Some((words.number)(comment.number)), Some(received), written];
    view! {
        <div class="stack stack--tight">
            <p class="comment__where">{(words.comrade)(&author.name)}</p>
            <p class="small soft">{from.join(" · ")}</p>
            <p class="small soft">{times.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
        </div>
    }
    .into_any()
}

/// The place first: titles of documents are long, and are cut short.
fn about(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let place = match &comment.anchor {
        Anchor::Document { place, .. } if !place.is_empty() => Some(place.clone()),
        _ => None,
    };
    let anchor = without_place(comment.anchor.clone());
    view! {
        <div class="small">
            {place.map(|place| view! { <p class="strong">{place}</p> })}
            <p class="comment__text--short">{live_text(move || desk.names.place(&anchor))}</p>
        </div>
    }
    .into_any()
}

/// What a comment is about as a whole.
pub fn without_place(anchor: Anchor) -> Anchor {
    match anchor {
        Anchor::Document { document, version, .. } => {
            Anchor::Document { document, version, block: None, place: String::new(), quote: String::new() }
        }
        other => other,
    }
}

/// That its paragraph is no longer there, as far as this device can tell.
fn gone(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let anchor = comment.anchor.clone();
    let write = move |html: &mut Html| {
        if let Some(version) = desk.names.gone_since(&anchor) {
            write_gone(html, version);
        }
    };
    live_html("", write)
}

/// Unfolded where the words cannot be read anywhere else any more.
fn folded_quote(desk: Desk, comment: &CommentAtDesk, quote: String) -> AnyView {
    let anchor = comment.anchor.clone();
    let open = Memo::new(move |_| desk.names.gone_since(&anchor).is_some());
    view! {
        <details class="comment__quote" prop:open=move || open.get()>
            <summary class="comment__fold">{desk.words.quote}</summary>
            <blockquote class="quote quote--whole">{quote}</blockquote>
        </details>
    }
    .into_any()
}

/// Text and proposed wording of a comment.
pub fn words(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let words = desk.words;
    let is_silent = comment.text.trim().is_empty() && comment.proposal.trim().is_empty();
    let proposal = (!comment.proposal.trim().is_empty()).then(|| {
        view! {
            <div class="comment__proposal">
                <p class="small strong">{words.proposal}</p>
                {long_text(desk, comment.proposal.clone())}
            </div>
        }
        .into_any()
    });
    view! {
        {is_silent.then(|| view! { <p class="soft">{words.no_text}</p> }.into_any())}
        {(!comment.text.trim().is_empty()).then(|| long_text(desk, comment.text.clone()))}
        {proposal}
    }
    .into_any()
}

fn long_text(desk: Desk, text: String) -> AnyView {
    let is_long = text.chars().nth(LETTERS_SHOWN).is_some() || text.lines().nth(LINES_SHOWN).is_some();
    if !is_long {
        return view! { <p class="comment__text">{text}</p> }.into_any();
    }
    let words = desk.words;
    let open = RwSignal::new(false);
    let class = move || if open.get() { "comment__text" } else { "comment__text comment__text--folded" };
    view! {
        <p class=class>{text}</p>
        <button class="button button--quiet button--small comment__more" aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)>
            {live_text(move || if open.get() { words.short_text } else { words.whole_text }.to_owned())}
        </button>
    }
    .into_any()
}

/// Stance, request for the floor, and everything else that is said by a word with an icon.
fn signs(desk: Desk, comment: &CommentAtDesk) -> AnyView {
    let words = desk.words;
    let (class, symbol) = match comment.stance {
        Stance::Agree => ("badge badge--ok", Symbol::Check),
        Stance::Partial => ("badge", Symbol::CheckCheck),
        Stance::Disagree => ("badge badge--attention", Symbol::X),
    };
    let mut signs = vec![sign(class, symbol, names::stance_word(comment.stance).to_owned())];
    if comment.minutes > 0 {
        let before = if comment.spoken_before == 0 {
            words.first_time.to_owned()
        } else {
            (words.spoken_before)(comment.spoken_before)
        };
        signs.push(sign("badge badge--next", Symbol::Mic, format!("{}, {before}", (words.asks)(comment.minutes))));
    }
    let floor = (words.floor)(comment.floor);
    if !floor.is_empty() {
        let is_up = matches!(comment.floor, FloorState::Called | FloorState::Speaking);
        signs.push(sign(if is_up { "badge badge--now" } else { "badge" }, Symbol::List, floor.to_owned()));
    }
    if comment.late {
        signs.push(sign("badge badge--attention", Symbol::Clock, words.late.to_owned()));
    }
    if let Some(at) = comment.withdrawn_at {
        signs.push(sign("badge badge--attention", Symbol::Undo, (words.withdrawn)(&desk.state.moment(at))));
    }
    view! { <div class="row comment__signs">{signs}</div> }.into_any()
}

fn sign(class: &'static str, symbol: Symbol, words: String) -> AnyView {
    view! { <span class=class><Icon symbol/>{words}</span> }.into_any()
}

fn add_button(desk: Desk, comment: Arc<CommentAtDesk>) -> AnyView {
    let may = matches!(comment.floor, FloorState::Requested | FloorState::NotReached) && comment.withdrawn_at.is_none();
    if !may {
        return ().into_any();
    }
    let label = (desk.words.add_person)(&comment.author.name);
    view! { <button class="button" aria-label=label on:click=move |_| desk.add(&comment)>{desk.words.add}</button> }
        .into_any()
}
