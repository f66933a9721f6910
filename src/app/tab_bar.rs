//! The five tabs; which ones depends on what the person does at the congress.

use congress::entities::Role;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::state::{State, t, use_state};

#[component]
pub fn TabBar() -> impl IntoView {
    let state = use_state();
    let me = state.me();
    let third = Memo::new(move |_| {
        me.with(|me| {
            let has = |role| me.as_ref().is_some_and(|me| me.has(role));
            if has(Role::Presidium) || has(Role::Secretariat) {
                Third::Console
            } else if has(Role::Checkin) {
                Third::Scan
            } else {
                Third::CheckIn
            }
        })
    });
    view! {
        <nav class="tab-bar" aria-label=t().shell().navigation>
            <Tab href="/agenda" symbol=Symbol::Calendar word=t().agenda().title/>
            <Tab href="/documents" symbol=Symbol::FileText word=t().documents().title/>
            <Tab href="/comments" symbol=Symbol::MessageSquare word=t().comments().title/>
            {live_view(move || match third.get() {
                Third::Console => staff_tab(state, "/console", Symbol::Mic, t().shell().console),
                Third::Scan => staff_tab(state, "/scan", Symbol::QrCode, t().shell().scan),
                Third::CheckIn => {
                    view! { <Tab href="/check-in" symbol=Symbol::QrCode word=t().check_in().title/> }.into_any()
                }
            })}
            <Tab href="/more" symbol=Symbol::Menu word=t().more().title/>
        </nav>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Third {
    CheckIn,
    Console,
    Scan,
}

/// A tab of the staff's app; from the delegate's app the browser loads the other one.
fn staff_tab(state: State, href: &'static str, symbol: Symbol, word: &'static str) -> AnyView {
    if state.edition.for_staff {
        return view! { <Tab href symbol word/> }.into_any();
    }
    view! {
        <a class="tab-bar__tab" href=href rel="external">
            <Icon symbol/>
            <span class="tab-bar__word">{word}</span>
        </a>
    }
    .into_any()
}

#[component]
fn Tab(href: &'static str, symbol: Symbol, word: &'static str) -> impl IntoView {
    view! {
        <A href=href attr:class="tab-bar__tab">
            <Icon symbol/>
            <span class="tab-bar__word">{word}</span>
        </A>
    }
}
