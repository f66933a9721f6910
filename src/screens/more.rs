//! The screen "Thêm": how the app looks, what is on this device, one's devices, the home screen, leaving.

mod device;
mod devices;
pub mod install;
mod leave;
mod look;
pub mod size;

use congress::entities::{Me, Role};
use leptos::prelude::*;

use crate::parts::blocks::{link, still, write_fact, write_paragraph};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::{below, live_view};
use crate::platform::device::install_way;
use crate::screens::notes::notes_link;
use crate::state::{State, t, use_state};

#[component]
pub fn More() -> impl IntoView {
    let state = use_state();
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().more}</h1>
            {badge_link(state)}
            {notes_link(state)}
            {operations_link(state)}
            {facts_of_congress(state)}
            {look::look(state)}
            {below("/more", move || more(state))}
        </div>
    }
    .into_any()
}

/// Below the first screenful.
fn more(state: State) -> AnyView {
    let home_screen = |html: &mut Html| {
        write_title(html, t().shell().install);
        install::write(html, install_way());
    };
    let version = |html: &mut Html| {
        write_paragraph(html, "small soft", &(t().more().version)(env!("CARGO_PKG_VERSION")));
    };
    view! {
        {device::device(state)}
        {devices::devices(state)}
        {still("card settings", home_screen)}
        {leave::leave(state)}
        {still("", version)}
    }
    .into_any()
}

/// Those whose tab "Điểm danh" gave way to their work find their badge here.
fn badge_link(state: State) -> AnyView {
    let me = state.me();
    let has_tab = |me: &Me| [Role::Presidium, Role::Secretariat, Role::Checkin].iter().any(|role| me.has(*role));
    let elsewhere = move || me.with(|me| me.as_ref().is_some_and(|me| me.badge.is_some() && has_tab(me)));
    live_view(move || {
        if elsewhere() {
            link("button button--wide", "/check-in", Some(Symbol::QrCode), t().more().badge)
        } else {
            ().into_any()
        }
    })
}

/// Organisers look after the devices of all.
fn operations_link(state: State) -> AnyView {
    let me = state.me();
    live_view(move || {
        if me.with(|me| me.as_ref().is_some_and(|me| me.has(Role::Organiser))) {
            link("button button--wide", "/operations", Some(Symbol::Device), t().shell().operations)
        } else {
            ().into_any()
        }
    })
}

fn facts_of_congress(state: State) -> AnyView {
    let words = t().more();
    let (congress, me) = (state.congress(), state.me());
    live_html("card settings", move |html| {
        let Some(congress) = congress.get() else { return };
        write_title(html, &congress.name);
        html.markup("<dl class=\"facts\">");
        if let Some(me) = me.get() {
            write_fact(html, words.enrolled_as, &me.name);
        }
        write_fact(html, words.dates, &(words.days)(&congress.starts_on.to_string(), &congress.ends_on.to_string()));
        if !congress.place.is_empty() {
            write_fact(html, words.place, &congress.place);
        }
        html.markup("</dl>");
    })
}

pub fn write_title(html: &mut Html, title: &str) {
    html.markup("<h2 class=\"section-title\">").words(title).markup("</h2>");
}
