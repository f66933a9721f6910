//! The screen "Thêm".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn More() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().more.title}</h1>
        </div>
    }
}
