//! The five tabs; which ones depends on what the person does at the congress.

use congress::entities::Role;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::state::{t, use_state};

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
    let words = t().shell();
    view! {
        <nav class="tab-bar" aria-label=words.navigation>
            {tab("/agenda", Symbol::Calendar, words.agenda)}
            {tab("/documents", Symbol::FileText, words.documents)}
            {tab("/comments", Symbol::MessageSquare, words.comments)}
            {live_view(move || match third.get() {
                Third::Console => tab("/console", Symbol::Mic, words.console),
                Third::Scan => tab("/scan", Symbol::QrCode, words.scan),
                Third::CheckIn => tab("/check-in", Symbol::QrCode, words.check_in),
            })}
            {tab("/more", Symbol::Menu, words.more)}
        </nav>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Third {
    CheckIn,
    Console,
    Scan,
}

fn tab(href: &'static str, symbol: Symbol, word: &'static str) -> AnyView {
    view! {
        <A href=href attr:class="tab-bar__tab">
            <Icon symbol/>
            <span class="tab-bar__word">{word}</span>
        </A>
    }
    .into_any()
}
