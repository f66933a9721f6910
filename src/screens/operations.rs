//! The screen "Vận hành": how the devices of the congress stand, for the organiser. The server is asked when the screen
//! opens, when the connection is back and when a person asks: a list never moves by itself under a finger.

mod attention;
mod list;
mod readiness;

use congress::entities::{Document, Role};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::memo::Memo;
use crate::parts::blocks::{button, link, still, write_empty, write_notice};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::state::{State, t, use_state};

#[component]
pub fn OperationsPage() -> impl IntoView {
    let state = use_state();
    let me = state.me();
    let is_organiser = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.has(Role::Organiser))));
    view! {
        <div class="screen screen--wide">
            <h1 class="screen__title" tabindex="-1">{t().shell().operations}</h1>
            {live_view(move || if is_organiser.get() { devices(state) } else { refused() })}
        </div>
    }
}

fn refused() -> AnyView {
    let words = t().operations();
    view! {
        {still("stack", |html| write_empty(html, Symbol::Device, words.refused_title, words.refused_text))}
        {link("button button--primary", "/more", None, t().shell().more)}
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Asking {
    state: State,
    under_way: RwSignal<bool>,
    failed: RwSignal<bool>,
}

fn devices(state: State) -> AnyView {
    let asking = Asking { state, under_way: RwSignal::new(false), failed: RwSignal::new(false) };
    let (congress, documents) = (state.congress(), state.documents());
    let titles = Memo::new(move |_| {
        let named = |one: &Document| (one.id.clone(), one.title.clone());
        documents.with(|all| all.iter().map(named).collect::<readiness::Titles>())
    });
    let reachable = state.is_connected();
    let reachable = Memo::new(move |_| reachable.get());
    effect(move || {
        reachable.track();
        asking.ask();
    });
    view! {
        <div role="status">{live_html("stack", move |html| asking.write(html, reachable))}</div>
        <div class="row">{button("button", Some(Symbol::Refresh), t().operations().ask_again, move || asking.ask())}</div>
        {live_html("stack", move |html| list::write(html, state, congress, titles))}
    }
    .into_any()
}

impl Asking {
    fn ask(self) {
        if self.under_way.get_untracked() {
            return;
        }
        self.under_way.set(true);
        spawn_local(async move {
            let answered = self.state.ask_operations().await;
            self.failed.try_set(!answered);
            self.under_way.try_set(false);
        });
    }

    /// Whether there is an answer, and from when it is.
    fn write(self, html: &mut Html, reachable: Memo<bool>) {
        let words = t().operations();
        let at = self.state.operations().with(|known| known.as_ref().map(|known| self.state.moment(known.at)));
        // While the answer is on its way nobody knows.
        let offline = self.failed.get() || !(reachable.get() || self.under_way.get());
        match at {
            None if offline => write_empty(html, Symbol::CloudOff, words.offline_title, words.offline_nothing),
            None => {
                html.markup("<p>").words(words.asking).markup("</p>");
            }
            Some(at) if offline => {
                let text = (words.offline_last)(&at);
                write_notice(html, "attention", Symbol::CloudOff, words.offline_title, &text);
            }
            Some(at) => {
                html.markup("<p class=\"strong\">").words(&(words.as_of)(&at)).markup("</p>");
            }
        }
    }
}
