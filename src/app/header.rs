//! The header: the congress, the sync badge, the sheet behind it, and what must not be missed on any screen.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync::client::{Entry, Standing, Status};

use crate::memo::Memo;
use crate::parts::blocks::{button, write_paragraph};
use crate::parts::dialog::Dialog;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::{device, dom};
use crate::state::{CommentLine, Place, State, t, use_state};

#[component]
pub fn Header() -> impl IntoView {
    let state = use_state();
    let congress = state.congress();
    let title = move || congress.get().map_or_else(|| t().enrolment().title.to_owned(), |congress| congress.short_name);
    let open = RwSignal::new(false);
    view! {
        <header class="header">
            <p class="header__title">{live_text(title)}</p>
            {sync_badge(state, open)}
        </header>
        <Banners/>
        <SyncSheet open/>
    }
}

/// What the badge says: class, icon, words.
fn badge(state: State, status: &Status, refused: usize) -> (&'static str, Symbol, String) {
    let words = t().shell();
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
        Status { lost: true, waiting: 0, .. } => {
            ("sync-badge sync-badge--offline", Symbol::CloudOff, words.offline.into())
        }
        Status { lost: true, waiting, .. } => {
            ("sync-badge sync-badge--offline", Symbol::CloudOff, (words.offline_waiting)(*waiting))
        }
        Status { waiting, .. } if *waiting > 0 => {
            ("sync-badge sync-badge--sending", Symbol::Clock, (words.waiting)(*waiting))
        }
        Status { contact_at: Some(at), .. } => {
            ("sync-badge sync-badge--ok", Symbol::Check, (words.synced_at)(&state.moment(*at)))
        }
        _ => ("sync-badge sync-badge--sending", Symbol::Refresh, words.connecting.into()),
    }
}

fn sync_badge(state: State, open: RwSignal<bool>) -> AnyView {
    let outbox = state.outbox();
    let shown = Memo::new(move |_| {
        let refused = outbox.with(|entries| entries.iter().filter(|entry| !entry.is_waiting()).count());
        state.status().with(|status| badge(state, status, refused))
    });
    let class = Signal::derive(move || shown.with(|shown| shown.0));
    view! {
        <button class=class aria-haspopup="dialog" on:click=move |_| open.set(true)>
            {live_view(move || view! { <Icon symbol=shown.with(|shown| shown.1)/> }.into_any())}
            <span class="sync-badge__text" role="status">{live_text(move || shown.get().2)}</span>
        </button>
    }
    .into_any()
}

/// What waits, since when, and why.
#[component]
fn SyncSheet(open: RwSignal<bool>) -> impl IntoView {
    let state = use_state();
    let outbox = state.outbox();
    let copied = RwSignal::new(false);
    let words = t().shell();
    let said = move || if copied.get() { words.copied.to_owned() } else { String::new() };
    let copy_all = move || {
        let text = outbox.get().iter().map(plain).collect::<Vec<_>>().join("\n\n");
        spawn_local(async move { copied.set(dom::copy(&text).await) });
    };
    let copy_all = move || {
        let shown = !outbox.with(Vec::is_empty);
        if shown { button("button", None, words.copy_all, copy_all) } else { ().into_any() }
    };
    view! {
        <Dialog open title=words.sheet_title>
            {live_html("stack", move |html| write_contact(html, state))}
            {live_html("stack", move |html| outbox.with(|entries| write_outbox(html, state, entries)))}
            <div class="row">
                {button("button button--primary", None, words.retry_now, move || state.retry_now())}
                {live_view(copy_all)}
                <span role="status">{live_text(said)}</span>
            </div>
        </Dialog>
    }
}

fn write_contact(html: &mut Html, state: State) {
    let words = t().shell();
    let (contact_at, retry_at) = state.status().with(|status| (status.contact_at, status.retry_at));
    let contact = contact_at.map(|at| (words.sheet_contact)(&state.moment(at)));
    write_paragraph(html, "", &contact.unwrap_or_else(|| words.sheet_contact_never.to_owned()));
    if let Some(at) = retry_at {
        let seconds = at.since_ms(state.clock().get()).div_ceil(1_000);
        write_paragraph(html, "soft", &(words.sheet_next_try)(seconds));
    }
}

fn write_outbox(html: &mut Html, state: State, entries: &[Entry]) {
    let words = t().shell();
    let (waiting, refused): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.is_waiting());
    match waiting.first() {
        None => write_paragraph(html, "", words.sheet_nothing),
        Some(first) => {
            write_paragraph(html, "", &(words.sheet_waiting)(waiting.len(), &state.moment(first.created_at)));
            write_entries(html, &waiting);
            let (why, safe) = state.status().with(why_it_waits);
            write_paragraph(html, "", why);
            write_paragraph(html, "soft", safe);
        }
    }
    if !refused.is_empty() {
        write_paragraph(html, "strong", words.sheet_refused);
        write_entries(html, &refused);
        write_paragraph(html, "soft", words.sheet_refused_next);
    }
}

/// Why something waits, and what becomes of it by itself; a revoked device sends nothing by itself.
fn why_it_waits(status: &Status) -> (&'static str, &'static str) {
    let words = t().shell();
    match status {
        Status { standing: Standing::Revoked, .. } => (words.why_revoked, ""),
        Status { lost: true, .. } => (words.why_no_contact, words.sheet_safe),
        Status { sending: true, .. } => (words.why_sending, words.sheet_safe),
        _ => (words.why_no_answer, words.sheet_safe),
    }
}

fn write_entries(html: &mut Html, entries: &[&Entry]) {
    let words = t().shell();
    html.markup("<ul class=\"list\">");
    for entry in entries {
        html.markup("<li class=\"list__item\"><span class=\"list__body\">");
        html.span("list__title", (words.kinds)(&entry.kind)).span("list__meta", &beginning(&text_of(entry)));
        if let Some(refusal) = entry.verdict.as_ref().and_then(|verdict| verdict.refusal.as_ref()) {
            html.span("list__meta strong", &(words.refusal)(&refusal.code, &refusal.detail));
        }
        html.markup("</span></li>");
    }
    html.markup("</ul>");
}

fn beginning(text: &str) -> String {
    text.chars().take(120).collect()
}

/// The words of a comment or a note.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    text: String,
    #[serde(default)]
    proposal: String,
}

/// What a person wrote; empty where there are no words.
fn text_of(entry: &Entry) -> String {
    match entry.payload.read::<Written>() {
        Ok(Written { text, proposal }) if proposal.is_empty() => text,
        Ok(Written { text, proposal }) => format!("{text}\n{proposal}"),
        Err(_) => String::new(),
    }
}

fn plain(entry: &Entry) -> String {
    let text = text_of(entry);
    if text.is_empty() { (t().shell().kinds)(&entry.kind).to_owned() } else { text }
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
    let called_banner = move || called.get().map_or_else(|| ().into_any(), called_banner);
    let update_banner = move || if state.update_ready.get() { update_banner() } else { ().into_any() };
    view! {
        {live_view(called_banner)}
        {live_view(update_banner)}
    }
}

fn called_banner(comment: String) -> AnyView {
    let words = t().shell();
    view! {
        <div class="banner banner--called" role="alert">
            <Icon symbol=Symbol::Mic/>
            <p class="banner__text"><span class="strong">{words.called}</span>" "{words.called_more}</p>
            <a class="button button--small" href=format!("/comments/{comment}")>{t().shell().comments}</a>
        </div>
    }
    .into_any()
}

fn update_banner() -> AnyView {
    let words = t().shell();
    view! {
        <div class="banner">
            <Icon symbol=Symbol::Refresh/>
            <p class="banner__text">{words.update_ready}</p>
            {button("button button--small", None, words.update_now, || spawn_local(device::activate_update()))}
        </div>
    }
    .into_any()
}
