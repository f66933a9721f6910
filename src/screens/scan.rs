//! The screen "Quét thẻ": who is expected in a session, who is present, and a button that says so. Works offline.
//! It does not read badges with the camera.

mod head;
mod list;
pub mod roll;
mod row;
pub mod session;
mod table;

use congress::entities::Role;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::parts::dialog::Dialog;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::state::{t, use_state};
use table::Table;

#[component]
pub fn Scan() -> impl IntoView {
    let me = use_state().me();
    let is_desk = Memo::new(move |_| me.with(|me| me.as_ref().map(|me| me.has(Role::Checkin))));
    view! {
        <div class="screen screen--wide">
            <h1 class="screen__title" tabindex="-1">{t().shell().scan}</h1>
            {live_view(move || match is_desk.get() {
                Some(true) => desk(),
                Some(false) => refused(),
                None => nothing_yet(),
            })}
        </div>
    }
}

fn desk() -> AnyView {
    let table = Table::set_up();
    let is_ready =
        Memo::new(move |_| table.session.with(Option::is_some) && !table.roll.with(|roll| roll.lines.is_empty()));
    live_view(move || if is_ready.get() { ready(table) } else { nothing_yet() })
}

fn ready(table: Table) -> AnyView {
    view! {
        <div class="scan">
            {head::head(table)}
            {list::list(table)}
            <p class="visually-hidden" role="status">{live_text(move || table.said.get())}</p>
            {trouble(table)}
            <Dialog open=table.asking title=t().scan().unmark>{take_back(table)}</Dialog>
        </div>
    }
    .into_any()
}

/// What could not be stored. It stays until the next try, and moves nothing.
fn trouble(table: Table) -> AnyView {
    live_view(move || match table.trouble.get() {
        None => ().into_any(),
        Some(words) => view! {
            <div class="notice notice--attention notice--floating" role="alert">
                <Icon symbol=Symbol::Alert/>
                <p class="notice__body">{words}</p>
            </div>
        }
        .into_any(),
    })
}

fn take_back(table: Table) -> AnyView {
    let words = t().scan();
    live_view(move || {
        let Some(line) = table.asked.get() else { return ().into_any() };
        let count = table.standing(&line.who.id).len();
        let question = (words.unmark_question)(&line.who.name, &(words.recorded_times)(count));
        view! {
            <p>{question}</p>
            <p class="soft">{words.unmark_others}</p>
            <div class="row row--end">
                <button class="button" on:click=move |_| table.asking.set(false)>{words.keep}</button>
                <button class="button button--danger" on:click=move |_| table.retract(&line)>{words.unmark}</button>
            </div>
        }
        .into_any()
    })
}

fn refused() -> AnyView {
    let words = t().scan();
    view! {
        <div class="empty">
            <Icon symbol=Symbol::QrCode/>
            <p class="empty__title">{words.refused_title}</p>
            <p class="empty__text">{words.refused_text}</p>
            <a class="button button--primary" href="/check-in">{words.refused_link}</a>
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let words = t().scan();
    view! {
        <div class="empty">
            <Icon symbol=Symbol::CloudOff/>
            <p class="empty__title">{words.empty_title}</p>
            <p class="empty__text">{words.empty_text}</p>
        </div>
    }
    .into_any()
}
