//! The screen "Điểm danh".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn CheckIn() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().check_in.title}</h1>
        </div>
    }
}
