//! The screen "Văn kiện".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Documents() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().documents.title}</h1>
        </div>
    }
}

#[component]
pub fn Reader() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().documents.title}</h1>
        </div>
    }
}
