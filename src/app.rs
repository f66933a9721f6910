//! The shell: contexts, router, header, tab bar. Decides whether there is anything to show yet.

pub mod header;
pub mod tab_bar;

use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

use crate::i18n::Language;
use crate::later::{not_fetched, on_its_way};
use crate::memo::Memo;
use crate::parts::live::{effect, live_view};
use crate::platform::{device, dom};
use crate::ports::StoreError;
use crate::routes::routes;
use crate::state::{Phase, State, provide_app_state, t, use_state};

/// Mounts the app into the page. A panic from here on shows the lifeboat.
pub fn mount() {
    std::panic::set_hook(Box::new(|info| {
        dom::report(&info.to_string());
        dom::failed();
    }));
    dom::name_first_screen("/agenda");
    dom::follow_scroll();
    let Some(parent) = dom::mount_point() else { return dom::failed() };
    leptos::mount::mount_to(parent, move || view! { <App/> }).forget();
}

#[component]
pub fn App() -> impl IntoView {
    let state = provide_app_state();
    leptos::task::spawn_local(device::register_worker(move || state.update_ready.set(true)));
    // The whole view is made anew when the language changes, so that texts need no signals.
    let language = Memo::new(move |_| state.preferences.language().get());
    live_view(move || {
        let _: Language = language.get();
        view! { <Shell/> }.into_any()
    })
}

#[component]
fn Shell() -> impl IntoView {
    let state = use_state();
    // Enrolling and leaving change what the frame holds; they never build it anew around the screen that does so.
    let phase = Memo::new(move |_| match state.phase.get() {
        Phase::NotEnrolled => Phase::Enrolled,
        other => other,
    });
    view! {
        <Router>
            <Navigation/>
            {live_view(move || match phase.get() {
                Phase::Starting => ().into_any(),
                Phase::Broken(error) => view! { <Broken error/> }.into_any(),
                Phase::Incomplete { trying: true } => alone(on_its_way()),
                Phase::Incomplete { trying: false } => alone(not_fetched(move || state.open_again())),
                Phase::NotEnrolled | Phase::Enrolled => view! { <Frame/> }.into_any(),
            })}
        </Router>
    }
}

/// The frame around every screen.
#[component]
fn Frame() -> impl IntoView {
    let state = use_state();
    let location = use_location();
    let enrolling = Memo::new(move |_| location.pathname.get() == "/e");
    let lost = Memo::new(move |_| state.phase.get() == Phase::NotEnrolled && !enrolling.get());
    let later = state.later;
    let enrolled = Memo::new(move |_| state.phase.get() == Phase::Enrolled);
    let tabs = Memo::new(move |_| !enrolling.get() && !lost.get());
    let header = move || match later.screens().filter(|_| enrolled.get()) {
        Some(screens) => (screens.header)(),
        None => plain_header(),
    };
    let tab_bar = move || match later.screens().filter(|_| tabs.get()) {
        Some(screens) => (screens.tab_bar)(),
        None => ().into_any(),
    };
    effect(dom::ready);
    view! {
        <div class="app">
            <a class="skip-link" href="#main">{t().shell().skip}</a>
            {live_view(header)}
            {live_view(tab_bar)}
            <main class="app__main" id="main" tabindex="-1">
                {live_view(move || if lost.get() { view! { <NotEnrolled/> }.into_any() } else { routes() })}
            </main>
        </div>
    }
}

/// While no account is open.
fn plain_header() -> AnyView {
    view! { <header class="header"><p class="header__title">{t().enrolment().title}</p></header> }.into_any()
}

/// A screen without the frame, because there is nothing else to show.
fn alone(screen: AnyView) -> AnyView {
    effect(dom::ready);
    view! { <div class="app"><main class="app__main" id="main" tabindex="-1">{screen}</main></div> }.into_any()
}

#[component]
fn NotEnrolled() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().not_enrolled_title}</h1>
            <p>{t().shell().not_enrolled_text}</p>
            <a class="button" href="/e">{t().enrolment().enter_code}</a>
        </div>
    }
}

#[component]
fn Broken(error: StoreError) -> impl IntoView {
    let words = t().shell();
    let (title, text) = match error {
        StoreError::Forbidden => (words.storage_forbidden_title, words.storage_forbidden_text),
        StoreError::Full | StoreError::Broken => (words.storage_broken_title, words.storage_broken_text),
    };
    alone(
        view! {
            <div class="screen">
                <h1 class="screen__title" tabindex="-1">{title}</h1>
                <p>{text}</p>
                <button class="button button--primary" on:click=move |_| dom::reload()>{words.retry_now}</button>
            </div>
        }
        .into_any(),
    )
}

/// Follows the address: remembers and restores scroll positions, moves the focus to the new heading.
#[component]
fn Navigation() -> impl IntoView {
    let state = use_state();
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if let Some(before) = before.filter(|before| *before != path) {
            follow(state, &before, path.clone());
        }
        path
    });
}

fn follow(state: State, before: &str, path: String) {
    state.remember_scroll(before, dom::last_scroll());
    leptos::task::spawn_local(async move {
        crate::platform::timer::sleep(0).await;
        // A document finds its place by itself, as soon as its text is there.
        if !path.starts_with("/documents/") {
            dom::scroll_to(state.remembered_scroll(&path));
        }
        dom::focus("h1");
    });
}
