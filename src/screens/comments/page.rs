//! The page of one comment: its words in full, where it stands, and taking it back.

use congress::commands::WithdrawComment;
use congress::entities::{Anchor, OwnComment};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use super::names::{self, Names, stance_word};
use super::state_line::{StandsAt, copy_button, plain_text, refused_buttons, state_line, withdrawals_waiting};
use crate::parts::confirm::confirm;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::ports::StoreError;
use crate::state::{CommentLine, Place, State, t, use_state};

#[component]
pub fn CommentPage() -> impl IntoView {
    let state = use_state();
    let words = &t().comments;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let lines = state.comments();
    let line = Memo::new(move |_| id.with(|id| lines.with(|all| all.iter().find(|line| line.id == *id).cloned())));
    // Rebuilt for another comment only; what changes in one follows by itself.
    let shown = Memo::new(move |_| line.with(|line| line.as_ref().map(|line| line.id.clone())));
    let row = own_row(state, id);
    view! {
        <div class="screen">
            <div class="screen__head">
                <a class="button button--icon" href="/comments" aria-label=t().shell.back>
                    <Icon symbol=Symbol::ArrowLeft/>
                </a>
                <h1 class="screen__title" tabindex="-1">
                    {live_text(move || match row.with(|row| row.as_ref().and_then(|row| row.number)) {
                        Some(number) => (words.numbered)(number),
                        None => words.title.to_owned(),
                    })}
                </h1>
            </div>
            {live_view(move || match shown.get().and_then(|_| line.get_untracked()) {
                Some(found) => comment(state, found, line, row),
                None => view! {
                    <p class="strong">{words.missing_title}</p>
                    <p class="soft">{words.missing_text}</p>
                    <a class="button" href="/comments">{words.to_comments}</a>
                }.into_any(),
            })}
        </div>
    }
}

/// What the server's row knows beyond the line: number and times.
fn own_row(state: State, id: Memo<String>) -> Memo<Option<OwnComment>> {
    let rows = state.own_scope().map(|scope| state.rows::<OwnComment>(scope));
    Memo::new(move |_| rows.and_then(|rows| rows.with(|all| all.iter().find(|row| row.id == id.get()).cloned())))
}

fn comment(state: State, line: CommentLine, live: Memo<Option<CommentLine>>, row: Memo<Option<OwnComment>>) -> AnyView {
    let words = &t().comments;
    let withdrawing = withdrawals_waiting(state);
    let id = line.id.clone();
    let stands = Memo::new(move |_| {
        let place = live.with(|line| line.as_ref().map(|line| line.place.clone()));
        place.map(|place| StandsAt { place, withdrawal_waits: withdrawing.with(|ids| ids.contains(&id)) })
    });
    let refused = Memo::new(move |_| {
        stands.with(|stands| stands.as_ref().is_some_and(|stands| matches!(stands.place, Place::Refused { .. })))
    });
    let called = Memo::new(move |_| stands.with(|s| s.as_ref().is_some_and(|s| s.place == Place::Called)));
    let proposal = (!line.proposal.is_empty()).then(|| {
        view! {
            <h2 class="section-title">{words.proposal}</h2>
            <p class="comment__proposal">{line.proposal.clone()}</p>
        }
    });
    view! {
        <div role="status" class="stack">
            {live_view(move || stands.get().map(|stands| state_line(state, &stands)).into_any())}
            {live_view(move || if called.get() {
                view! { <p class="strong">{words.called_more}</p> }.into_any()
            } else {
                ().into_any()
            })}
        </div>
        {about(state, &line.anchor)}
        <p class="strong">{stance_word(line.stance)}</p>
        {(!line.text.is_empty()).then(|| view! { <p class="comment__text">{line.text.clone()}</p> })}
        {proposal}
        {live_view({
            let line = line.clone();
            move || facts(state, &line, live.get().as_ref(), row.get().as_ref())
        })}
        {live_view({
            let line = line.clone();
            move || if refused.get() {
                ().into_any()
            } else {
                let copy = copy_button(plain_text(&line));
                view! { <div class="row">{copy}{withdraw(state, line.id.clone(), stands)}</div> }.into_any()
            }
        })}
        {refused_buttons(state, stands, line)}
    }
    .into_any()
}

/// What the comment is about, with the quoted words and the way there.
fn about(state: State, anchor: &Anchor) -> AnyView {
    let words = &t().comments;
    let names = Names::of(state);
    let see = match anchor {
        Anchor::Document { .. } => words.see_document,
        _ => words.see_item,
    };
    let version = match anchor {
        Anchor::Document { version, .. } => Some((words.version)(*version)),
        _ => None,
    };
    let link = names::address(anchor).map(|href| {
        view! {
            <div class="row">
                <a class="button button--small" href=href><Icon symbol=Symbol::FileText/>{see}</a>
            </div>
        }
    });
    let quote = names::quote(anchor).map(|quote| view! { <blockquote class="quote quote--whole">{quote}</blockquote> });
    let place = Some(names::place(anchor)).filter(|place| !place.is_empty());
    let lines = place.into_iter().chain(version).collect::<Vec<_>>().join(" · ");
    let anchor = anchor.clone();
    view! {
        <div class="card">
            <p class="strong">{live_text(move || names.title(&anchor))}</p>
            {(!lines.is_empty()).then(|| view! { <p class="small soft">{lines}</p> })}
            {quote}
            {link}
        </div>
    }
    .into_any()
}

fn facts(state: State, line: &CommentLine, live: Option<&CommentLine>, row: Option<&OwnComment>) -> AnyView {
    let words = &t().comments;
    let mut facts = vec![(words.written_at, state.moment(line.written_at))];
    let received = row.and_then(|row| row.received_at).or_else(|| match live.map(|live| &live.place) {
        Some(Place::Received { at, .. }) => Some(*at),
        _ => None,
    });
    let asked = (line.minutes > 0).then(|| (words.floor, (words.minutes_value)(line.minutes)));
    let place = match live.map(|live| &live.place) {
        Some(Place::Queued { place }) => Some((words.place, (words.place_value)(*place))),
        _ => None,
    };
    facts.extend(received.map(|at| (words.received_at, state.moment(at))));
    facts.extend(asked);
    facts.extend(place);
    facts.extend(row.and_then(|row| row.floor.called_at).map(|at| (words.called_at, state.moment(at))));
    facts.extend(row.and_then(|row| row.withdrawn_at).map(|at| (words.withdrawn_at, state.moment(at))));
    let rows = facts.into_iter().map(|(name, value)| {
        view! {
            <div class="facts__row">
                <dt class="facts__name">{name}</dt>
                <dd class="facts__value">{value}</dd>
            </div>
        }
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

/// Taking it back: until it is spoken or withdrawn already.
fn withdraw(state: State, id: String, stands: Memo<Option<StandsAt>>) -> AnyView {
    let words = &t().comments;
    let asked = RwSignal::new(false);
    let failed = RwSignal::new(None::<StoreError>);
    let allowed = Memo::new(move |_| {
        stands.with(|stands| {
            stands.as_ref().is_some_and(|stands| {
                !matches!(
                    stands.place,
                    Place::Speaking | Place::Spoken | Place::Withdrawn { .. } | Place::Refused { .. } | Place::Parked
                )
            })
        })
    });
    let act = move || {
        let comment = id.clone();
        spawn_local(async move {
            let done = state.write(&WithdrawComment { comment }).await;
            failed.try_set(done.err());
        });
    };
    view! {
        <Show when=move || allowed.get()>
            <button class="button button--small button--danger" on:click=move |_| asked.set(true)>
                <Icon symbol=Symbol::Undo/>{words.withdraw}
            </button>
        </Show>
        {confirm(asked, (words.withdraw_title, words.withdraw_text), (words.withdraw, words.keep), act)}
        {live_view(move || match failed.get() {
            Some(error) => view! { <p class="field__error" role="alert">{not_saved(error)}</p> }.into_any(),
            None => ().into_any(),
        })}
    }
    .into_any()
}

/// What happened and what is safe, when the device did not store something.
pub fn not_saved(error: StoreError) -> &'static str {
    match error {
        StoreError::Full => t().shell.not_saved_full,
        StoreError::Forbidden | StoreError::Broken => t().shell.not_saved_broken,
    }
}
