//! The screen "Điều hành": what comes in, who waits, who has the floor. Three panes on a tablet, three tabs on a phone.

mod card;
mod desk;
mod filter;
mod incoming;
mod now;
mod queue;
mod speaker;

use congress::entities::Role;
use congress::limits::REASON_CHARS_MAX;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::parts::dialog::Dialog;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::state::{t, use_state};
use desk::Desk;
use incoming::Incoming;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pane {
    Incoming,
    Queue,
    Now,
}

const PANES: [Pane; 3] = [Pane::Incoming, Pane::Queue, Pane::Now];

#[component]
pub fn Console() -> impl IntoView {
    let me = use_state().me();
    let may_lead =
        Memo::new(move |_| me.with(|me| me.as_ref().map(|me| me.has(Role::Presidium) || me.has(Role::Secretariat))));
    let words = t().console();
    view! {
        <div class="screen screen--wide console">
            <h1 class="screen__title" tabindex="-1">{t().shell().console}</h1>
            {live_view(move || match may_lead.get() {
                Some(true) => panes(),
                Some(false) => empty(Symbol::Mic, words.refused_title, words.refused_text, Some(words.refused_link)),
                None => empty(Symbol::CloudOff, words.empty_title, words.empty_text, None),
            })}
        </div>
    }
}

fn empty(symbol: Symbol, title: &'static str, text: &'static str, link: Option<&'static str>) -> AnyView {
    let link = link.map(|link| view! { <a class="button button--primary" href="/comments">{link}</a> }.into_any());
    view! {
        <div class="empty">
            <Icon symbol/>
            <p class="empty__title">{title}</p>
            <p class="empty__text">{text}</p>
            {link}
        </div>
    }
    .into_any()
}

fn panes() -> AnyView {
    let desk = Desk::set_up();
    let of = Incoming::set_up(desk);
    let open = RwSignal::new(Pane::Incoming);
    view! {
        <div class="panes panes--3">
            {tabs(of, open)}
            {pane(desk, open, Pane::Incoming, incoming::incoming(of))}
            {pane(desk, open, Pane::Queue, queue::queue(desk))}
            {pane(desk, open, Pane::Now, now::now(desk))}
        </div>
        <p class="visually-hidden" role="status">{live_text(move || desk.said.get())}</p>
        {trouble(desk)}
        <Dialog open=desk.is_leaving title=desk.words.remove_title>{leaving(desk)}</Dialog>
        <Dialog open=desk.is_hiding title=desk.words.hide>{hiding(desk)}</Dialog>
    }
    .into_any()
}

fn id_of(pane: Pane) -> &'static str {
    match pane {
        Pane::Incoming => "incoming",
        Pane::Queue => "queue",
        Pane::Now => "now",
    }
}

fn title_of(desk: Desk, pane: Pane) -> &'static str {
    match pane {
        Pane::Incoming => desk.words.incoming,
        Pane::Queue => desk.words.queue,
        Pane::Now => desk.words.now,
    }
}

fn pane(desk: Desk, open: RwSignal<Pane>, pane: Pane, inner: AnyView) -> AnyView {
    let class = move || if open.get() == pane { "pane pane--open" } else { "pane" };
    let title = format!("title-{}", id_of(pane));
    let labelled = title.clone();
    view! {
        <section class=class id=format!("pane-{}", id_of(pane)) tabindex="-1" aria-labelledby=labelled>
            <h2 class="pane__title" id=title>{title_of(desk, pane)}</h2>
            {inner}
        </section>
    }
    .into_any()
}

/// On phones only. Arrow keys go from tab to tab, as in any list of tabs.
fn tabs(of: Incoming, open: RwSignal<Pane>) -> AnyView {
    let go = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => PANES.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let at = PANES.iter().position(|pane| *pane == open.get_untracked()).unwrap_or(0);
        let next = PANES[(at + step) % PANES.len()];
        open.set(next);
        dom::focus(&format!("#tab-{}", id_of(next)));
    };
    view! {
        <div class="tabs panes__tabs" role="tablist" on:keydown=go>
            {PANES.map(|pane| tab(of, open, pane)).collect_view()}
        </div>
    }
    .into_any()
}

fn tab(of: Incoming, open: RwSignal<Pane>, pane: Pane) -> AnyView {
    let (desk, words) = (of.desk, of.desk.words);
    let hint = move || match pane {
        Pane::Incoming if of.fresh.get() > 0 => (words.fresh)(of.fresh.get()),
        Pane::Incoming => of.all.get().to_string(),
        Pane::Queue => desk.queue.with(|queue| queue.entries.len()).to_string(),
        Pane::Now => {
            match desk.queue.with(|queue| queue.speaking.as_ref().map(|speaking| speaking.started_at.is_some())) {
                Some(true) => words.speaking.to_owned(),
                Some(false) => words.called_short.to_owned(),
                None => "–".to_owned(),
            }
        }
    };
    let is_open = move || open.get() == pane;
    let choose = move |_| {
        if !is_open() {
            open.set(pane);
            dom::scroll_to(0.0);
        }
    };
    view! {
        <button class="tabs__tab" role="tab" id=format!("tab-{}", id_of(pane)) aria-controls=format!("pane-{}", id_of(pane))
            aria-selected=move || is_open().to_string() tabindex=move || if is_open() { "0" } else { "-1" } on:click=choose>
            <span class="tabs__word">{title_of(desk, pane)}</span>
            <span class="tabs__hint">{live_text(hint)}</span>
        </button>
    }
    .into_any()
}

/// Why something was not done. It floats, so that nothing moves, and stays until the next try or until it is closed.
fn trouble(desk: Desk) -> AnyView {
    live_view(move || {
        match desk.trouble.get() {
        None => ().into_any(),
        Some(words) => view! {
            <div class="notice notice--attention notice--floating" role="alert">
                <Icon symbol=Symbol::Alert/>
                <p class="notice__body">{words}</p>
                <button class="button button--icon" aria-label=t().shell().close on:click=move |_| desk.trouble.set(None)>
                    <Icon symbol=Symbol::X/>
                </button>
            </div>
        }
        .into_any(),
    }
    })
}

fn leaving(desk: Desk) -> AnyView {
    let words = desk.words;
    live_view(move || {
        let Some(entry) = desk.leaving.get() else { return ().into_any() };
        view! {
            <p class="strong">{(words.remove_question)(&entry.author.name)}</p>
            <p>{words.remove_text}</p>
            <div class="row row--end">
                <button class="button" on:click=move |_| desk.is_leaving.set(false)>{words.remove_no}</button>
                <button class="button button--danger" on:click=move |_| desk.remove(&entry)>{words.remove_yes}</button>
            </div>
        }
        .into_any()
    })
}

/// What is lost, what stays, and the reason that the author will read.
fn hiding(desk: Desk) -> AnyView {
    let words = desk.words;
    let cannot = Memo::new(move |_| desk.cannot_hide());
    live_view(move || {
        let Some(comment) = desk.private.get() else { return ().into_any() };
        let question = (words.hide_question)(&comment.author.name, comment.number);
        let hide = move |_| {
            if cannot.get_untracked().is_none() {
                desk.hide(&comment);
            }
        };
        view! {
            <p class="strong">{question}</p>
            <p>{words.hide_text}</p>
            <div class="field">
                <label class="field__label" for="hide-reason">{words.hide_reason}</label>
                <input class="input" id="hide-reason" autocomplete="off" maxlength=REASON_CHARS_MAX.to_string()
                    aria-describedby="hide-hint" prop:value=desk.reason
                    on:input=move |event| desk.reason.set(event_target_value(&event))/>
                <p class="field__hint" id="hide-hint">{live_text(move || cannot.get().unwrap_or(words.hide_reason_hint).to_owned())}</p>
            </div>
            <div class="row row--end">
                <button class="button" on:click=move |_| desk.is_hiding.set(false)>{words.hide_no}</button>
                <button class="button button--danger" aria-describedby="hide-hint"
                    aria-disabled=move || cannot.get().is_some().to_string() on:click=hide>{words.hide_yes}</button>
            </div>
        }
        .into_any()
    })
}
