//! The screen "Điều hành".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Console() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().console.title}</h1>
        </div>
    }
}
