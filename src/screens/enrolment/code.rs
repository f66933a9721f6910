//! Entering the code by hand: for phones without a camera app, and for the copy on an iPhone's home screen, which has
//! no address bar and shares nothing with Safari.

use leptos::prelude::*;

use crate::parts::blocks::{still, write_paragraph};
use crate::parts::html::live_html;
use crate::parts::icon::Symbol;
use crate::state::t;

/// A field for the code; `take` gets what was entered.
pub fn form(take: Box<dyn Fn(String)>) -> AnyView {
    let words = t().enrolment();
    let typed = StoredValue::new(String::new());
    let missing = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let code = typed.with_value(|typed| code_of(typed));
        missing.set(code.is_empty());
        if !code.is_empty() {
            take(code);
        }
    };
    let head = still("stack", |html| {
        html.markup("<h2 class=\"section-title\">").words(words.code_title).markup("</h2>");
        write_paragraph(html, "", words.code_text);
    });
    view! {
        {head}
        <form class="stack" novalidate on:submit=submit>
            <div class="field">
                <label class="field__label" for="code">{words.code_label}</label>
                <div id="code-error" role="status">
                    {live_html("", move |html| if missing.get() {
                        html.markup("<p class=\"field__error\">").icon(Symbol::Alert);
                        html.words(words.code_needed).markup("</p>");
                    })}
                </div>
                <input
                    class="input"
                    id="code"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    aria-describedby="code-error code-hint"
                    on:input=move |event| typed.set_value(event_target_value(&event))
                />
                <p class="field__hint" id="code-hint">{words.code_hint}</p>
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
