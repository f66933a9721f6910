//! What went wrong with a code, what is safe, and what to do.

use leptos::prelude::*;

use super::{alert, code};
use crate::parts::blocks::{button, link, still, write_paragraph};
use crate::parts::icon::Symbol;
use crate::ports::StoreError;
use crate::state::{EnrolError, State, t};

/// Title, text, and whether trying again can help.
fn words_of(error: &EnrolError) -> (&'static str, String, bool) {
    let (words, shell) = (t().enrolment(), t().shell());
    let (title, text, again) = match error {
        EnrolError::Storage(StoreError::Forbidden) => {
            (shell.storage_forbidden_title, shell.storage_forbidden_text, true)
        }
        EnrolError::Storage(_) => (shell.storage_broken_title, shell.storage_broken_text, true),
        EnrolError::Denied(None) => (words.unreachable_title, words.unreachable_text, true),
        EnrolError::Denied(Some(code)) => match code.as_str() {
            "code-unknown" | "not-found" => (words.unknown_title, words.unknown_text, false),
            "code-revoked" => (words.revoked_title, words.revoked_text, false),
            "code-used-up" => (words.used_up_title, words.used_up_text, true),
            "too-many-tries" => (words.too_many_title, words.too_many_text, true),
            "busy" => (words.unreachable_title, words.unreachable_text, true),
            code => return (words.other_error_title, (words.other_error_text)(code), true),
        },
    };
    (title, text.to_owned(), again)
}

/// `retry` does the same once more; `take` gets another code that is entered instead.
pub fn trouble(state: State, error: &EnrolError, retry: Box<dyn Fn()>, take: Box<dyn Fn(String)>) -> AnyView {
    let words = t().enrolment();
    let (title, text, again) = words_of(error);
    let next = if again {
        button("button button--primary", Some(Symbol::Refresh), words.retry, retry)
    } else {
        code::form(take)
    };
    // A code that fails takes nothing away from who is enrolled already.
    let here = state.account().and_then(|_| state.me().get_untracked()).map(|me| {
        let line = format!("{} {}.", words.here_title, (words.here_as)(&me.name));
        view! {
            {still("", |html| write_paragraph(html, "", &line))}
            {link("button", "/agenda", None, words.start)}
        }
        .into_any()
    });
    view! {
        {alert(title, &text)}
        {next}
        {here.unwrap_or_else(|| ().into_any())}
    }
    .into_any()
}
