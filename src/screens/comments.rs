//! The screen "Ý kiến".

use leptos::prelude::*;

use crate::state::t;

#[component]
pub fn Comments() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().comments.title}</h1>
        </div>
    }
}

#[component]
pub fn CommentPage() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().comments.title}</h1>
        </div>
    }
}

#[component]
pub fn Compose() -> impl IntoView {
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().comments.title}</h1>
        </div>
    }
}
