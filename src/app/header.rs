//! The header: the congress, the sync badge, the sheet behind it, and what must not be missed on any screen.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::client::{Entry, Standing, Status};

use crate::parts::dialog::Dialog;
use crate::parts::icon::{Icon, Symbol};
use crate::platform::{device, dom};
use crate::state::{CommentLine, Phase, Place, State, t, use_state};

#[component]
pub fn Header() -> impl IntoView {
    let state = use_state();
    let congress = state.congress();
    let title = move || congress.get().map_or_else(|| t().enrolment.title.to_owned(), |congress| congress.short_name);
    let open = RwSignal::new(false);
    view! {
        <header class="header">
            <p class="header__title">{title}</p>
            <Show when=move || state.phase.get() == Phase::Enrolled>
                <SyncBadge open/>
            </Show>
        </header>
        <Banners/>
        <SyncSheet open/>
    }
}

/// What the badge says: class, icon, words.
fn badge(state: State, status: &Status, refused: usize) -> (&'static str, Symbol, String) {
    let words = &t().shell;
    match status {
        Status { standing: Standing::Revoked, .. } => {
            ("sync-badge sync-badge--attention", Symbol::Alert, words.revoked.into())
        }
        Status { standing: Standing::UpdateNeeded, .. } => {
            ("sync-badge sync-badge--attention", Symbol::Alert, words.update_needed.into())
        }
        _ if refused > 0 => ("sync-badge sync-badge--attention", Symbol::Alert, (words.attention)(refused)),
        Status { sending: true, reachable: true, .. } => {
            ("sync-badge sync-badge--sending", Symbol::Refresh, words.sending.into())
        }
        Status { reachable: false, waiting: 0, contact_at: None, .. } => {
            ("sync-badge sync-badge--offline", Symbol::CloudOff, words.offline.into())
        }
        Status { reachable: false, waiting: 0, .. } => {
            ("sync-badge sync-badge--offline", Symbol::CloudOff, words.offline.into())
        }
        Status { reachable: false, waiting, .. } => {
            ("sync-badge sync-badge--offline", Symbol::CloudOff, (words.offline_waiting)(*waiting))
        }
        Status { waiting, .. } if *waiting > 0 => {
            ("sync-badge sync-badge--sending", Symbol::Clock, (words.waiting)(*waiting))
        }
        Status { contact_at: Some(at), .. } => {
            ("sync-badge sync-badge--ok", Symbol::Check, (words.synced_at)(&state.moment(*at)))
        }
        _ => ("sync-badge", Symbol::Clock, words.synced_never.into()),
    }
}

#[component]
fn SyncBadge(open: RwSignal<bool>) -> impl IntoView {
    let state = use_state();
    let outbox = state.outbox();
    let refused = Memo::new(move |_| outbox.with(|entries| entries.iter().filter(|entry| !entry.is_waiting()).count()));
    let shown = Memo::new(move |_| state.status().with(|status| badge(state, status, refused.get())));
    view! {
        <button class=move || shown.get().0 aria-haspopup="dialog" on:click=move |_| open.set(true)>
            {move || view! { <Icon symbol=shown.get().1/> }}
            <span class="sync-badge__text" role="status">{move || shown.get().2}</span>
        </button>
    }
}

/// What waits, since when, and why.
#[component]
fn SyncSheet(open: RwSignal<bool>) -> impl IntoView {
    let state = use_state();
    let outbox = state.outbox();
    let copied = RwSignal::new(false);
    let words = &t().shell;
    let waiting = move || outbox.get().into_iter().filter(Entry::is_waiting).collect::<Vec<_>>();
    let refused = move || outbox.get().into_iter().filter(|entry| !entry.is_waiting()).collect::<Vec<_>>();
    let contact = move || match state.status().with(|status| status.contact_at) {
        Some(at) => (words.sheet_contact)(&state.moment(at)),
        None => words.sheet_contact_never.to_owned(),
    };
    let next_try = move || {
        let now = state.clock().get();
        state.status().with(|status| status.retry_at).map(|at| (words.sheet_next_try)(at.since_ms(now).div_ceil(1_000)))
    };
    let copy_all = move |_| {
        let text = outbox.get().iter().map(plain).collect::<Vec<_>>().join("\n\n");
        spawn_local(async move { copied.set(dom::copy(&text).await) });
    };
    view! {
        <Dialog open title=words.sheet_title>
            <p>{contact}</p>
            <p class="soft">{next_try}</p>
            {move || {
                let entries = waiting();
                match entries.first() {
                    None => view! { <p>{words.sheet_nothing}</p> }.into_any(),
                    Some(first) => view! {
                        <p>{(words.sheet_waiting)(entries.len(), &state.moment(first.created_at))}</p>
                        <ul class="list">{entries.iter().map(line).collect_view()}</ul>
                        <p class="soft">{words.sheet_safe}</p>
                    }.into_any(),
                }
            }}
            {move || {
                let entries = refused();
                (!entries.is_empty()).then(|| view! {
                    <p class="strong">{words.sheet_refused}</p>
                    <ul class="list">{entries.iter().map(line).collect_view()}</ul>
                })
            }}
            <div class="row">
                <button class="button button--primary" on:click=move |_| state.retry_now()>{words.retry_now}</button>
                <Show when=move || !outbox.with(Vec::is_empty)>
                    <button class="button" on:click=copy_all>{words.copy_all}</button>
                </Show>
                <span role="status">{move || copied.get().then_some(words.copied)}</span>
            </div>
        </Dialog>
    }
}

fn line(entry: &Entry) -> impl IntoView + use<> {
    let words = &t().shell;
    let refusal = entry.verdict.as_ref().and_then(|verdict| verdict.refusal.as_ref());
    let refusal = refusal.map(|refusal| (words.refusal)(&refusal.code, &refusal.detail));
    let text = text_of(entry);
    view! {
        <li class="list__item">
            <span class="list__body">
                <span class="list__title">{(words.kinds)(&entry.kind)}</span>
                <span class="list__meta">{text}</span>
                <span class="list__meta strong">{refusal}</span>
            </span>
        </li>
    }
}

fn text_of(entry: &Entry) -> String {
    let comment = entry.payload.read::<congress::commands::SubmitComment>().ok();
    comment.map(|comment| comment.text.chars().take(120).collect()).unwrap_or_default()
}

fn plain(entry: &Entry) -> String {
    match entry.payload.read::<congress::commands::SubmitComment>() {
        Ok(comment) if comment.proposal.is_empty() => comment.text,
        Ok(comment) => format!("{}\n{}", comment.text, comment.proposal),
        Err(_) => (t().shell.kinds)(&entry.kind).to_owned(),
    }
}

/// "You have the floor" on every screen, and a waiting update.
#[component]
fn Banners() -> impl IntoView {
    let state = use_state();
    let comments = state.comments();
    let called = Memo::new(move |_| {
        comments.with(|lines: &Vec<CommentLine>| {
            lines.iter().find(|line| line.place == Place::Called).map(|line| line.id.clone())
        })
    });
    let words = &t().shell;
    view! {
        {move || called.get().map(|id| view! {
            <div class="banner banner--called" role="alert">
                <Icon symbol=Symbol::Mic/>
                <p class="banner__text"><span class="strong">{words.called}</span>" "{words.called_more}</p>
                <a class="button button--small" href=format!("/comments/{id}")>{t().comments.title}</a>
            </div>
        })}
        <Show when=move || state.update_ready.get()>
            <div class="banner">
                <Icon symbol=Symbol::Refresh/>
                <p class="banner__text">{words.update_ready}</p>
                <button class="button button--small" on:click=move |_| spawn_local(device::activate_update())>
                    {words.update_now}
                </button>
            </div>
        </Show>
    }
}
