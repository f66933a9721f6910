//! Writing a comment: what it is about, the stance, the words, a proposed wording, a request for the floor. Private
//! notes are written here too, with their words only, so that they are as safe as comments.

mod desk;
mod fields;
mod start;

use congress::entities::Anchor;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::may_discuss;
use super::names::{self, Names};
use super::page::not_saved;
use crate::drafts::Draft;
use crate::memo::Memo;
use crate::parts::blocks::{button, link, still, write_paragraph, write_state_line};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::platform::{dom, timer};
use crate::state::{State, t, use_state};
use desk::{Desk, Problem, Saving, Sent};
use start::{About, Wanted};

#[component]
pub fn Compose() -> impl IntoView {
    let state = use_state();
    let may = may_discuss(state);
    let query = use_query_map();
    let names = Names::of(state);
    // The desk is built once for what the address asks; a newer version of a document does not clear it away.
    let wanted = Memo::new(move |_| query.with(Wanted::read));
    let note = Memo::new(move |_| wanted.with(|wanted| wanted.is_note(state)));
    let known = Memo::new(move |before: Option<&(Wanted, Option<bool>)>| {
        let wanted = wanted.get();
        // Whoever has a document may write notes on it.
        let may = if note.get() { Some(true) } else { may.get() };
        let seen = before.is_some_and(|(before, known)| *known == Some(true) && *before == wanted);
        let known = may.map(|may| may && (seen || wanted.about.is_known(state, names)));
        (wanted, known)
    });
    let navigate = use_navigate();
    let go = move |draft: &Draft| {
        // A note is seen at its paragraph.
        let paragraph = draft.note.as_ref().and_then(|_| names::address(&draft.anchor));
        state.just_saved.set(paragraph.is_none());
        let href = paragraph.as_deref().unwrap_or("/comments");
        navigate(href, NavigateOptions { replace: true, ..NavigateOptions::default() });
    };
    let go: Sent = StoredValue::new_local(Box::new(go));
    let body = move || match known.get() {
        (_, None) => ().into_any(),
        (wanted, Some(true)) => untrack(|| editor(state, names, &wanted, go)),
        (wanted, Some(false)) if note.get_untracked() || may.get_untracked() == Some(true) => unknown(&wanted.about),
        (_, Some(false)) => readers_only(),
    };
    let title = move || if note.get() { t().notes().note } else { t().comments().write }.to_owned();
    view! {
        <div class="screen">
            <div class="screen__head">
                <a class="button button--icon" href=move || wanted.get().origin(state) aria-label=t().shell().back>
                    <Icon symbol=Symbol::ArrowLeft/>
                </a>
                <h1 class="screen__title" tabindex="-1">{live_text(title)}</h1>
            </div>
            {live_view(body)}
        </div>
    }
    .into_any()
}

fn readers_only() -> AnyView {
    let words = t().comments();
    view! {
        {still("", |html| write_paragraph(html, "", words.readers_only))}
        <div class="row">{link("button", "/comments", None, words.to_comments)}</div>
    }
    .into_any()
}

fn unknown(about: &About) -> AnyView {
    let words = t().comments();
    let (title, text) = match about {
        About::Draft(_) => (words.draft_missing, words.draft_missing_text),
        About::Note(_) => return note_gone(),
        About::Item(_) => (words.item_missing, words.item_missing_text),
        _ => (words.document_missing, words.document_missing_text),
    };
    let text = still("stack", |html| {
        write_paragraph(html, "strong", title);
        write_paragraph(html, "", text);
    });
    view! {
        {text}
        <div class="row">
            {link("button button--primary", "/comments/new", None, words.write)}
            {link("button", "/comments", None, words.to_comments)}
        </div>
    }
    .into_any()
}

fn note_gone() -> AnyView {
    let words = t().notes();
    view! {
        {still("stack", |html| write_paragraph(html, "strong", words.note_missing))}
        <div class="row">{link("button", "/notes", None, words.title)}</div>
    }
    .into_any()
}

fn editor(state: State, names: Names, wanted: &Wanted, sent: Sent) -> AnyView {
    let Some((draft, stored)) = start::begin(state, names, wanted) else { return unknown(&wanted.about) };
    let desk = Desk::open(state, &draft, stored, sent);
    let is_note = draft.note.is_some();
    let word = if is_note { t().notes().save } else { t().comments().send };
    let send = move || {
        if let Some(problem) = desk.send() {
            focus_soon(fields::of_problem(problem));
        }
    };
    view! {
        <form class="compose" novalidate on:submit=move |event| event.prevent_default()>
            {anchor_view(state, names, desk, &draft)}
            {if is_note { fields::note(desk, &draft.text) } else { comment_fields(state, desk, &draft) }}
            {failure(desk, is_note)}
            <div class="compose__bar">
                <div role="status">{live_html("", move |html| write_saved(html, state, desk))}</div>
                {button("button button--primary", None, word, send)}
            </div>
        </form>
    }
    .into_any()
}

fn comment_fields(state: State, desk: Desk, draft: &Draft) -> AnyView {
    view! {
        {fields::stance(desk, draft.stance)}
        {fields::text(desk, &draft.text)}
        {fields::proposal(desk, &draft.proposal)}
        {fields::floor(state, desk, draft.floor_minutes)}
    }
    .into_any()
}

/// On the next turn, when what was folded or hidden is there.
fn focus_soon(id: &'static str) {
    spawn_local(async move {
        timer::sleep(0).await;
        dom::focus_field(id);
    });
}

/// What it is about; the quoted words come from the document's text, which is read from the device.
fn anchor_view(state: State, names: Names, desk: Desk, draft: &Draft) -> AnyView {
    let (anchor, is_note) = (&draft.anchor, draft.note.is_some());
    let shown = RwSignal::new(anchor.clone());
    let missing = RwSignal::new(false);
    if let Anchor::Document { document, block: Some(block), quote, .. } = anchor
        && quote.is_empty()
        && let Some(held) = names.document(document)
    {
        let (document, block) = (document.clone(), block.clone());
        spawn_local(async move {
            match state.load_text(&held.text_sha256).await {
                Ok(text) => {
                    let found = start::quoted(&document, &block, &text);
                    desk.anchor_found(found.clone());
                    shown.try_set(found);
                }
                Err(_) => {
                    missing.try_set(true);
                }
            }
        });
    }
    let write_head = move |html: &mut Html| {
        shown.with(|anchor| {
            write_paragraph(html, "comment__where comment__where--short", &names.title(anchor));
            write_paragraph(html, "small soft", &names::place(anchor));
        });
    };
    let quote = move || match shown.with(names::quote) {
        Some(quote) => quote,
        None if missing.get() && is_note => t().notes().quote_missing.to_owned(),
        None if missing.get() => t().comments().quote_missing.to_owned(),
        None => String::new(),
    };
    let has_block = matches!(anchor, Anchor::Document { block: Some(_), .. });
    let quote = has_block.then(|| view! { <blockquote class="quote" tabindex="0">{live_text(quote)}</blockquote> });
    let class = if has_block { "compose__anchor compose__anchor--quoted" } else { "compose__anchor" };
    view! {
        <div class=class>
            {live_html("stack stack--tight", write_head)}
            {quote.map(IntoAny::into_any)}
        </div>
    }
    .into_any()
}

/// What failed and what is safe; brought into view when it was the handing in.
fn failure(desk: Desk, is_note: bool) -> AnyView {
    let words = t().comments();
    let title = if is_note { t().notes().not_saved } else { words.not_sent };
    effect(move || {
        if desk.not_sent.get() {
            focus_soon("comment-failure");
        }
    });
    let write = move |html: &mut Html| {
        let Saving::Failed(error, copied) = desk.saving.get() else { return };
        html.markup("<div class=\"notice notice--attention\" id=\"comment-failure\" tabindex=\"-1\">");
        html.icon(Symbol::Alert).markup("<div class=\"notice__body\">");
        if desk.not_sent.get() {
            write_paragraph(html, "notice__title", title);
        }
        write_paragraph(html, "", not_saved(error));
        if copied {
            write_paragraph(html, "", words.rescued);
        }
        html.markup("</div></div>");
    };
    view! { <div role="alert">{live_html("", write)}</div> }.into_any()
}

/// Claims that the draft is saved only when the device has said so.
fn write_saved(html: &mut Html, state: State, desk: Desk) {
    let words = t().comments();
    match desk.saving.get() {
        Saving::Nothing => write_state_line(html, "draft", Symbol::Pen, words.draft_none),
        Saving::Saved(at) => write_state_line(html, "draft", Symbol::Pen, &(words.draft_saved)(&state.moment(at))),
        Saving::Failed(..) => write_state_line(html, "attention", Symbol::Alert, words.not_kept),
    }
}

/// What a problem says beside its field.
fn problem_words(problem: Problem) -> String {
    let words = t().comments();
    let number = |max: usize| congress::text::number(u64::try_from(max).unwrap_or(0));
    match problem {
        Problem::Silent => words.problem_text.to_owned(),
        Problem::StanceNeedsText => words.problem_stance.to_owned(),
        Problem::TextTooLong => (words.problem_long)(&number(congress::limits::COMMENT_CHARS_MAX)),
        Problem::ProposalTooLong => (words.problem_long)(&number(congress::limits::PROPOSAL_CHARS_MAX)),
        Problem::Minutes => (words.problem_minutes)(congress::limits::FLOOR_MINUTES_MAX),
        Problem::NoteEmpty => t().notes().problem_empty.to_owned(),
        Problem::NoteTooLong => (t().notes().problem_long)(&number(congress::limits::NOTE_CHARS_MAX)),
    }
}
