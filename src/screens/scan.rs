//! The screen "Quét thẻ".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Scan() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().scan.title}</h1>
        </div>
    }
}
