//! The screen "Sổ tay Đại biểu".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Enrolment() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().enrolment.title}</h1>
        </div>
    }
}
