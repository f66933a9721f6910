//! The screen "Chương trình".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Agenda() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().agenda.title}</h1>
        </div>
    }
}

#[component]
pub fn AgendaItemPage() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().agenda.title}</h1>
        </div>
    }
}
