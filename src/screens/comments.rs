//! The screen "Ý kiến": drafts first, then my comments, newest first, each with where it stands.

mod compose;
pub mod names;
mod page;
mod refused;
mod state_line;

use congress::entities::{Anchor, Me};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::drafts::{Draft, DraftState};
use crate::memo::Memo;
use crate::parts::blocks::{button, cards, link, write_empty, write_notice, write_paragraph, write_state_line};
use crate::parts::html::{Html, live_html, live_link};
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::state::{State, t, use_state};

pub use compose::Compose;
pub use page::CommentPage;

use names::{Names, stance_word};
use refused::Refused;
use state_line::{Lines, write_place};

/// Whether the person may write comments; nothing is known before the first sync.
pub fn may_discuss(state: State) -> Signal<Option<bool>> {
    let me = state.me();
    Signal::derive(move || me.with(|me| me.as_ref().map(Me::may_discuss)))
}

#[component]
pub fn Comments() -> impl IntoView {
    let state = use_state();
    let words = t().comments();
    let may = may_discuss(state);
    let names = Names::of(state);
    let gone = RwSignal::new(String::new());
    let write_link = move || {
        if may.get() == Some(true) {
            link("button button--primary", "/comments/new", Some(Symbol::Pen), words.write)
        } else {
            ().into_any()
        }
    };
    view! {
        <div class="screen">
            <div class="screen__head">
                <h1 class="screen__title" tabindex="-1">{t().shell().comments}</h1>
                {live_view(write_link)}
            </div>
            {live_html("", move |html| if may.get() == Some(false) { write_paragraph(html, "soft", words.readers_only) })}
            {said(state, gone)}
            {drafts(state, names, gone)}
            {comments(state, names, may)}
        </div>
    }
    .into_any()
}

/// Says once that the comment handed in a moment ago is safe, and lets a discarded draft come back.
fn said(state: State, gone: RwSignal<String>) -> AnyView {
    let words = t().comments();
    let saved = RwSignal::new(false);
    // Set after the region is there, so that a screen reader hears it.
    effect(move || {
        if state.just_saved.get_untracked() {
            state.just_saved.set(false);
            saved.set(true);
        }
    });
    let bring_back = move || {
        let draft = state.draft(&gone.get_untracked());
        gone.set(String::new());
        spawn_local(async move {
            if let Some(draft) = draft {
                // A draft that cannot be stored now is kept as every unsaved draft is.
                let _ = state.save_draft(Draft { state: DraftState::Open, ..draft }).await;
            }
        });
    };
    let undo = move || {
        if gone.with(String::is_empty) {
            return ().into_any();
        }
        view! {
            <div class="banner">
                <p class="banner__text">{words.draft_discarded}</p>
                {button("button button--small", Some(Symbol::Undo), words.undo, bring_back)}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="said stack" role="status">
            {live_html("", move |html| if saved.get() { write_notice(html, "ok", Symbol::Check, "", words.saved_now) })}
            {live_view(undo)}
        </div>
    }
    .into_any()
}

fn drafts(state: State, names: Names, gone: RwSignal<String>) -> AnyView {
    let words = t().comments();
    let drafts = state.drafts();
    let any = Memo::new(move |_| drafts.with(|drafts| !drafts.is_empty()));
    let ids = move || drafts.with(|drafts| drafts.iter().map(|draft| draft.id.clone()).collect());
    live_view(move || {
        if !any.get() {
            return ().into_any();
        }
        view! {
            <section class="stack" aria-label=words.drafts>
                <h2 class="section-title">{words.drafts}</h2>
                {cards(ids, move |id| draft_card(state, names, gone, id))}
            </section>
        }
        .into_any()
    })
}

fn draft_card(state: State, names: Names, gone: RwSignal<String>, id: String) -> AnyView {
    let words = t().comments();
    let drafts = state.drafts();
    let href = Signal::stored(format!("/comments/new?draft={id}"));
    let own = StoredValue::new(id);
    let draft = move || drafts.with(|all| own.with_value(|id| all.iter().find(|draft| draft.id == *id).cloned()));
    let discard = move || {
        let id = own.get_value();
        spawn_local(async move {
            if state.discard_draft(&id).await.is_ok() {
                gone.try_set(id);
            }
        });
    };
    let write = move |html: &mut Html| {
        let Some(draft) = draft() else { return };
        write_about(html, names, &draft.anchor, "");
        let first = if draft.text.trim().is_empty() { &draft.proposal } else { &draft.text };
        html.span("comment__text comment__text--short", first);
    };
    let write_saved = move |html: &mut Html| {
        let saved = draft().map(|draft| state.moment(draft.updated_at)).unwrap_or_default();
        write_state_line(html, "draft", Symbol::Pen, &(words.draft_at)(&saved));
    };
    view! {
        <li class="card comment">
            {live_link(Signal::stored("comment__link stack stack--tight"), href, write)}
            <div class="row">
                {live_html("row__grow", write_saved)}
                {button("button button--small button--quiet", Some(Symbol::Trash), words.draft_discard, discard)}
            </div>
        </li>
    }
    .into_any()
}

/// What a card is about, with a time at the right if there is one.
fn write_about(html: &mut Html, names: Names, anchor: &Anchor, time: &str) {
    html.markup("<span class=\"comment__head\">");
    html.span("comment__where comment__where--short", &names.title(anchor));
    if !time.is_empty() {
        html.span("small soft number", time);
    }
    html.markup("</span>");
    let place = names::place(anchor);
    if !place.is_empty() {
        html.span("small soft", &place);
    }
}

/// Says that the paragraph whose words follow is no longer there.
pub fn write_gone(html: &mut Html, version: u32) {
    html.markup("<span class=\"state-line state-line--attention\">").icon(Symbol::Info);
    html.span("state-line__text", &(t().comments().gone)(version)).markup("</span>");
}

fn comments(state: State, names: Names, may: Signal<Option<bool>>) -> AnyView {
    let words = t().comments();
    let lines = Lines::of(state);
    let any = Memo::new(move |_| lines.comments.with(|lines| !lines.is_empty()));
    let drafts = state.drafts();
    let refused = Refused::of(state, lines);
    let list = move || {
        if any.get() {
            view! {
                <section class="stack" aria-label=words.mine>
                    <h2 class="section-title">{words.mine}</h2>
                    {cards(move || lines.ids(), move |id| comment_card(state, names, lines, refused, id))}
                </section>
                {refused.question()}
            }
            .into_any()
        } else if may.get() == Some(true) && drafts.with(Vec::is_empty) {
            view! {
                {live_html("", move |html| {
                    write_empty(html, Symbol::MessageSquare, words.empty_title, words.empty_text);
                })}
                <div class="row row--middle">{link("button", "/documents", None, words.empty_documents)}</div>
            }
            .into_any()
        } else {
            ().into_any()
        }
    };
    live_view(list)
}

fn comment_card(state: State, names: Names, lines: Lines, refused: Refused, id: String) -> AnyView {
    let words = t().comments();
    let href = Signal::stored(format!("/comments/{id}"));
    let own = StoredValue::new(id.clone());
    let line = move || own.with_value(|id| lines.find(id));
    let write = move |html: &mut Html| {
        let Some(line) = line() else { return };
        write_about(html, names, &line.anchor, &state.moment(line.written_at));
        if let Some(version) = names.gone_since(&line.anchor) {
            write_gone(html, version);
        }
        if let Some(quote) = names::quote(&line.anchor) {
            html.span("quote", &quote);
        }
        let first = if line.text.is_empty() { &line.proposal } else { &line.text };
        html.span("comment__text comment__text--short", first);
        if line.redaction.is_some() {
            html.span("soft", words.hidden_short);
        }
        html.markup("<span class=\"row small\">").span("strong", stance_word(line.stance));
        if line.minutes > 0 {
            html.span("soft", &(words.about_floor)(line.minutes));
        }
        html.markup("</span>");
    };
    let write_line = move |html: &mut Html| {
        if let Some(line) = line() {
            write_place(html, state, &line.place, lines.withdrawal_waits(&line.id));
        }
    };
    view! {
        <li class="card comment">
            {live_link(Signal::stored("comment__link stack stack--tight"), href, write)}
            {live_html("", write_line)}
            {refused.buttons(id)}
        </li>
    }
    .into_any()
}
