//! The screen "Ý kiến": drafts first, then my comments, newest first, each with where it stands.

mod compose;
pub mod names;
mod page;
mod state_line;

use congress::entities::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::drafts::{Draft, DraftState};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::state::{CommentLine, State, t, use_state};

pub use compose::Compose;
pub use page::CommentPage;

use names::{Names, stance_word};
use state_line::{StandsAt, refused_buttons, state_line, withdrawals_waiting};

#[component]
pub fn Comments() -> impl IntoView {
    let state = use_state();
    let words = &t().comments;
    let me = state.me();
    let may = Memo::new(move |_| me.with(|me| me.as_ref().map(Me::may_discuss)));
    let gone = RwSignal::new(None::<Draft>);
    view! {
        <div class="screen">
            <div class="screen__head">
                <h1 class="screen__title" tabindex="-1">{words.title}</h1>
                {live_view(move || match may.get() {
                    Some(true) => view! {
                        <a class="button button--primary" href="/comments/new"><Icon symbol=Symbol::Pen/>{words.write}</a>
                    }.into_any(),
                    _ => ().into_any(),
                })}
            </div>
            {live_view(move || match may.get() {
                Some(false) => view! { <p class="soft">{words.readers_only}</p> }.into_any(),
                _ => ().into_any(),
            })}
            {said(state, gone)}
            {drafts(state, gone)}
            {comments(state, may)}
        </div>
    }
}

/// Says once that the comment handed in a moment ago is safe, and lets a discarded draft come back.
fn said(state: State, gone: RwSignal<Option<Draft>>) -> AnyView {
    let words = &t().comments;
    let saved = RwSignal::new(false);
    // Set after the region is there, so that a screen reader hears it.
    Effect::new(move |_| {
        if state.just_saved.get_untracked() {
            state.just_saved.set(false);
            saved.set(true);
        }
    });
    let bring_back = move |_| {
        if let Some(draft) = gone.get_untracked() {
            gone.set(None);
            spawn_local(async move {
                // A draft that cannot be stored now is kept as every unsaved draft is.
                let _ = state.save_draft(Draft { state: DraftState::Open, ..draft }).await;
            });
        }
    };
    let saved_line = move || {
        saved.get().then(|| {
            view! {
                <div class="notice notice--ok">
                    <Icon symbol=Symbol::Check/>
                    <div class="notice__body"><p>{words.saved_now}</p></div>
                </div>
            }
        })
    };
    let gone_line = move || {
        gone.with(Option::is_some).then(|| {
            view! {
                <div class="banner">
                    <p class="banner__text">{words.draft_discarded}</p>
                    <button class="button button--small" on:click=bring_back>
                        <Icon symbol=Symbol::Undo/>{words.undo}
                    </button>
                </div>
            }
        })
    };
    view! {
        <div class="said stack" role="status">
            {live_view(move || saved_line().into_any())}
            {live_view(move || gone_line().into_any())}
        </div>
    }
    .into_any()
}

fn drafts(state: State, gone: RwSignal<Option<Draft>>) -> AnyView {
    let words = &t().comments;
    let drafts = state.drafts();
    let names = Names::of(state);
    let any = Memo::new(move |_| drafts.with(|drafts| !drafts.is_empty()));
    live_view(move || {
        if any.get() {
            view! {
                <section class="stack" aria-labelledby="drafts-title">
                    <h2 class="section-title" id="drafts-title">{words.drafts}</h2>
                    <ul class="list list--cards">
                        <For
                            each=move || drafts.get()
                            key=|draft| (draft.id.clone(), draft.updated_at.0)
                            children=move |draft| draft_card(state, names, gone, draft)
                        />
                    </ul>
                </section>
            }
            .into_any()
        } else {
            ().into_any()
        }
    })
}

fn draft_card(state: State, names: Names, gone: RwSignal<Option<Draft>>, draft: Draft) -> AnyView {
    let words = &t().comments;
    let anchor = draft.anchor.clone();
    let place = Some(names::place(&anchor)).filter(|place| !place.is_empty());
    let first = if draft.text.trim().is_empty() { draft.proposal.clone() } else { draft.text.clone() };
    let (href, saved) = (format!("/comments/new?draft={}", draft.id), state.moment(draft.updated_at));
    let discard = move |_| {
        let draft = draft.clone();
        spawn_local(async move {
            if state.discard_draft(&draft.id).await.is_ok() {
                gone.try_set(Some(draft));
            }
        });
    };
    view! {
        <li class="card comment">
            <a class="comment__link stack stack--tight" href=href>
                <span class="comment__head">
                    <span class="comment__where comment__where--short">{live_text(move || names.title(&anchor))}</span>
                </span>
                {place.map(|place| view! { <span class="small soft">{place}</span> })}
                <span class="comment__text comment__text--short">{first}</span>
            </a>
            <div class="row">
                <p class="state-line state-line--draft row__grow">
                    <Icon symbol=Symbol::Pen/>
                    <span class="state-line__text">{(words.draft_at)(&saved)}</span>
                </p>
                <button class="button button--small button--quiet" on:click=discard>
                    <Icon symbol=Symbol::Trash/>{words.draft_discard}
                </button>
            </div>
        </li>
    }
    .into_any()
}

fn comments(state: State, may: Memo<Option<bool>>) -> AnyView {
    let words = &t().comments;
    let lines = state.comments();
    let names = Names::of(state);
    let withdrawing = withdrawals_waiting(state);
    let any = Memo::new(move |_| lines.with(|lines| !lines.is_empty()));
    let drafts = state.drafts();
    live_view(move || match (any.get(), may.get()) {
        (true, _) => view! {
            <section class="stack" aria-labelledby="mine-title">
                <h2 class="section-title" id="mine-title">{words.mine}</h2>
                <ul class="list list--cards">
                    <For
                        each=move || lines.get()
                        key=|line| line.id.clone()
                        children=move |line| comment_card(state, names, lines, withdrawing, line)
                    />
                </ul>
            </section>
        }
        .into_any(),
        (false, Some(true)) if drafts.with(Vec::is_empty) => view! {
            <div class="empty">
                <Icon symbol=Symbol::MessageSquare/>
                <p class="empty__title">{words.empty_title}</p>
                <p class="empty__text">{words.empty_text}</p>
                <a class="button" href="/documents">{words.empty_documents}</a>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    })
}

fn comment_card(
    state: State,
    names: Names,
    lines: Memo<Vec<CommentLine>>,
    withdrawing: Memo<std::collections::BTreeSet<String>>,
    line: CommentLine,
) -> AnyView {
    let id = line.id.clone();
    let stands = Memo::new(move |_| {
        let place = lines.with(|all| all.iter().find(|line| line.id == id).map(|line| line.place.clone()));
        place.map(|place| StandsAt { place, withdrawal_waits: withdrawing.with(|ids| ids.contains(&id)) })
    });
    let (anchor, quote) = (line.anchor.clone(), names::quote(&line.anchor));
    let place = Some(names::place(&anchor)).filter(|place| !place.is_empty());
    let href = format!("/comments/{}", line.id);
    let asks = (line.minutes > 0).then(|| (t().comments.about_floor)(line.minutes));
    let first = if line.text.is_empty() { line.proposal.clone() } else { line.text.clone() };
    let written = state.moment(line.written_at);
    view! {
        <li class="card comment">
            <a class="comment__link stack stack--tight" href=href>
                <span class="comment__head">
                    <span class="comment__where comment__where--short">{live_text(move || names.title(&anchor))}</span>
                    <span class="small soft number">{written}</span>
                </span>
                {place.map(|place| view! { <span class="small soft">{place}</span> })}
                {quote.map(|quote| view! { <span class="quote">{quote}</span> })}
                <span class="comment__text comment__text--short">{first}</span>
                <span class="row small">
                    <span class="strong">{stance_word(line.stance)}</span>
                    {asks.map(|asks| view! { <span class="soft">{asks}</span> })}
                </span>
            </a>
            {live_view(move || stands.get().map(|stands| state_line(state, &stands)).into_any())}
            {refused_buttons(state, stands, line)}
        </li>
    }
    .into_any()
}
