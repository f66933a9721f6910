//! The screen for an address that leads nowhere.

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().not_found_title}</h1>
            <p>{t().shell().not_found_text}</p>
            <a class="button button--primary" href="/agenda">{t().shell().to_agenda}</a>
        </div>
    }
}
