//! Writing a comment: what it is about, the stance, the words, a proposed wording, a request for the floor.

mod desk;
mod fields;
mod start;

use congress::entities::{Anchor, Me};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::names::{self, Names};
use super::page::not_saved;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::{dom, timer};
use crate::state::{State, t, use_state};
use desk::{Desk, Problem, Saving};
use start::{About, Wanted};

#[component]
pub fn Compose() -> impl IntoView {
    let state = use_state();
    let me = state.me();
    let may = Memo::new(move |_| me.with(|me| me.as_ref().map(Me::may_discuss)));
    let query = use_query_map();
    let names = Names::of(state);
    // The desk is built once for what the address asks; a newer version of a document does not clear it away.
    let wanted = Memo::new(move |_| query.with(Wanted::read));
    let known = Memo::new(move |before: Option<&(Wanted, bool)>| {
        let wanted = wanted.get();
        let seen = before.is_some_and(|(before, known)| *known && *before == wanted);
        let known = seen || wanted.about.is_known(state, names);
        (wanted, known)
    });
    let navigate = use_navigate();
    let go = StoredValue::new_local(move |address: &str| {
        navigate(address, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    let sent = move || {
        state.just_saved.set(true);
        go.with_value(|go| go("/comments"));
    };
    view! {
        <div class="screen">
            <div class="screen__head">
                {live_view(move || back(&wanted.get().about))}
                <h1 class="screen__title" tabindex="-1">{t().comments.write}</h1>
            </div>
            {live_view(move || match (may.get(), known.get()) {
                (None, _) => ().into_any(),
                (Some(false), _) => view! {
                    <p>{t().comments.readers_only}</p>
                    <a class="button" href="/comments">{t().comments.to_comments}</a>
                }.into_any(),
                (Some(true), (wanted, false)) => unknown(&wanted.about),
                (Some(true), (wanted, true)) => untrack(|| editor(state, names, &wanted, sent)),
            })}
        </div>
    }
}

fn back(about: &About) -> AnyView {
    let href = match about {
        About::Item(item) => format!("/agenda/{item}"),
        About::Document { id, block: Some(block) } => format!("/documents/{id}?block={block}"),
        About::Document { id, block: None } => format!("/documents/{id}"),
        About::Congress | About::Draft(_) => "/comments".to_owned(),
    };
    view! {
        <a class="button button--icon" href=href aria-label=t().shell.back><Icon symbol=Symbol::ArrowLeft/></a>
    }
    .into_any()
}

fn unknown(about: &About) -> AnyView {
    let words = &t().comments;
    let (title, text) = match about {
        About::Draft(_) => (words.draft_missing, words.draft_missing_text),
        About::Item(_) => (words.item_missing, words.item_missing_text),
        _ => (words.document_missing, words.document_missing_text),
    };
    view! {
        <p class="strong">{title}</p>
        <p>{text}</p>
        <div class="row">
            <a class="button button--primary" href="/comments/new">{words.write}</a>
            <a class="button" href="/comments">{words.to_comments}</a>
        </div>
    }
    .into_any()
}

fn editor(state: State, names: Names, wanted: &Wanted, sent: impl Fn() + 'static) -> AnyView {
    let Some((draft, stored)) = start::begin(state, names, wanted) else { return unknown(&wanted.about) };
    let desk = Desk::open(state, &draft, stored, sent);
    let send = move || {
        if let Some(problem) = desk.send() {
            // On the next turn, when a folded field has been opened.
            spawn_local(async move {
                timer::sleep(0).await;
                dom::focus_field(fields::of_problem(problem));
            });
        }
    };
    view! {
        <form class="compose" novalidate on:submit=move |event| event.prevent_default()>
            {anchor_view(state, names, desk, &draft.anchor)}
            {fields::stance(desk, draft.stance)}
            {fields::text(desk, &draft.text)}
            {fields::proposal(desk, &draft.proposal)}
            {fields::floor(state, desk, draft.floor_minutes)}
            {failure(desk)}
            <div class="compose__bar">
                {saved_line(state, desk)}
                <button class="button button--primary" type="button" on:click=move |_| send()>{t().comments.send}</button>
            </div>
        </form>
    }
    .into_any()
}

/// What it is about; the quoted words come from the document's text, which is read from the device.
fn anchor_view(state: State, names: Names, desk: Desk, anchor: &Anchor) -> AnyView {
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
    let has_block = matches!(anchor, Anchor::Document { block: Some(_), .. });
    view! {
        <div class="compose__anchor">
            <p class="comment__where comment__where--short">{live_text(move || shown.with(|anchor| names.title(anchor)))}</p>
            {has_block.then(|| view! {
                <p class="compose__place small soft">{live_text(move || shown.with(names::place))}</p>
                <blockquote class="quote" tabindex="0">
                    {live_text(move || match shown.with(names::quote) {
                        Some(quote) => quote,
                        None if missing.get() => t().comments.quote_missing.to_owned(),
                        None => String::new(),
                    })}
                </blockquote>
            })}
        </div>
    }
    .into_any()
}

/// What failed and what is safe; brought into view when it was the handing in.
fn failure(desk: Desk) -> AnyView {
    let words = &t().comments;
    Effect::new(move |_| {
        if desk.not_sent.get() {
            spawn_local(async {
                timer::sleep(0).await;
                dom::focus_field("comment-failure");
            });
        }
    });
    live_view(move || match desk.saving.get() {
        Saving::Failed(error, copied) => view! {
            <div class="notice notice--attention" role="alert" id="comment-failure" tabindex="-1">
                <Icon symbol=Symbol::Alert/>
                <div class="notice__body">
                    {desk.not_sent.get().then(|| view! { <p class="notice__title">{words.not_sent}</p> })}
                    <p>{not_saved(error)}</p>
                    {copied.then(|| view! { <p>{words.rescued}</p> })}
                </div>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    })
}

/// Claims that the draft is saved only when the device has said so.
fn saved_line(state: State, desk: Desk) -> AnyView {
    let words = &t().comments;
    let text = move || match desk.saving.get() {
        Saving::Nothing => words.draft_none.to_owned(),
        Saving::Saved(at) => (words.draft_saved)(&state.moment(at)),
        Saving::Failed(..) => words.not_kept.to_owned(),
    };
    let class = move || match desk.saving.get() {
        Saving::Failed(..) => "state-line state-line--attention",
        _ => "state-line state-line--draft",
    };
    view! {
        <p class=class role="status">
            <Icon symbol=Symbol::Pen/>
            <span class="state-line__text">{live_text(text)}</span>
        </p>
    }
    .into_any()
}

/// What a problem says beside its field.
fn problem_words(problem: Problem) -> String {
    let words = &t().comments;
    let number = |max: usize| congress::text::number(u64::try_from(max).unwrap_or(0));
    match problem {
        Problem::Silent => words.problem_text.to_owned(),
        Problem::StanceNeedsText => words.problem_stance.to_owned(),
        Problem::TextTooLong => (words.problem_long)(&number(congress::limits::COMMENT_CHARS_MAX)),
        Problem::ProposalTooLong => (words.problem_long)(&number(congress::limits::PROPOSAL_CHARS_MAX)),
        Problem::Minutes => (words.problem_minutes)(congress::limits::FLOOR_MINUTES_MAX),
    }
}
