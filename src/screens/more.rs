//! The screen "Thêm": how the app looks, what is on this device, one's devices, the home screen, leaving.

mod device;
mod devices;
pub mod install;
mod leave;
mod look;
pub mod size;

use congress::entities::{Me, Role};
use leptos::prelude::*;

use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::platform::device::install_way;
use crate::state::{State, t, use_state};

#[component]
pub fn More() -> impl IntoView {
    let state = use_state();
    let words = &t().more;
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{words.title}</h1>
            {badge_link(state)}
            {facts_of_congress(state)}
            {look::look(state)}
            {device::device(state)}
            {devices::devices(state)}
            <section class="card settings">
                <h2 class="section-title">{words.install}</h2>
                {install::steps(install_way())}
            </section>
            {leave::leave(state)}
            <p class="small soft">{(words.version)(env!("CARGO_PKG_VERSION"))}</p>
        </div>
    }
}

/// Those whose tab "Điểm danh" gave way to their work find their badge here.
fn badge_link(state: State) -> AnyView {
    let me = state.me();
    let elsewhere = Memo::new(move |_| {
        let has_tab = |me: &Me| [Role::Presidium, Role::Secretariat, Role::Checkin].iter().any(|role| me.has(*role));
        me.with(|me| me.as_ref().is_some_and(|me| me.badge.is_some() && has_tab(me)))
    });
    live_view(move || {
        if elsewhere.get() {
            view! {
                <a class="button button--wide" href="/check-in"><Icon symbol=Symbol::QrCode/>{t().more.badge}</a>
            }
            .into_any()
        } else {
            ().into_any()
        }
    })
}

fn facts_of_congress(state: State) -> AnyView {
    let words = &t().more;
    let (congress, me) = (state.congress(), state.me());
    live_view(move || {
        let Some(congress) = congress.get() else { return ().into_any() };
        let days = (words.days)(&congress.starts_on.to_string(), &congress.ends_on.to_string());
        let name = me.with(|me| me.as_ref().map(|me| me.name.clone()));
        let facts = [
            name.map(|name| (words.enrolled_as, name)),
            Some((words.dates, days)),
            Some((words.place, congress.place)).filter(|(_, place)| !place.is_empty()),
        ];
        view! {
            <section class="card settings">
                <h2 class="section-title">{congress.name}</h2>
                <dl class="facts">
                    {facts.into_iter().flatten().map(|(name, value)| fact(name, value.into_any())).collect_view()}
                </dl>
            </section>
        }
        .into_any()
    })
}

/// One line of a list of facts.
fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class="facts__row">
            <dt class="facts__name">{name}</dt>
            <dd class="facts__value">{value}</dd>
        </div>
    }
    .into_any()
}
