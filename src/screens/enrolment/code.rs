//! Entering the code by hand: for phones without a camera app, and for the copy on an iPhone's home screen, which has
//! no address bar and shares nothing with Safari.

use leptos::prelude::*;

use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::state::t;

/// A field for the code; `take` gets what was entered.
pub fn form(take: impl Fn(String) + 'static) -> AnyView {
    let words = &t().enrolment;
    let typed = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let code = typed.with_untracked(|typed| code_of(typed));
        missing.set(code.is_empty());
        if !code.is_empty() {
            take(code);
        }
    };
    view! {
        <h2 class="section-title">{words.code_title}</h2>
        <p>{words.code_text}</p>
        <form class="stack" novalidate on:submit=submit>
            <div class="field">
                <label class="field__label" for="code">{words.code_label}</label>
                <input
                    class="input"
                    id="code"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    aria-describedby="code-hint code-error"
                    aria-invalid=move || missing.get().then_some("true")
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <p class="field__hint" id="code-hint">{words.code_hint}</p>
                <div id="code-error" role="status">
                    {live_view(move || if missing.get() {
                        view! { <p class="field__error"><Icon symbol=Symbol::Alert/>{words.code_needed}</p> }.into_any()
                    } else {
                        ().into_any()
                    })}
                </div>
            </div>
            <button class="button button--primary" type="submit">{words.code_next}</button>
        </form>
    }
    .into_any()
}

/// What stands after the last `#` of a link, or the code as typed; only letters and digits are left.
fn code_of(typed: &str) -> String {
    let code = typed.rsplit('#').next().unwrap_or_default();
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}
