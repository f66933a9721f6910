//! What went wrong with a code, what is safe, and what to do.

use leptos::prelude::*;

use super::code;
use crate::parts::icon::{Icon, Symbol};
use crate::ports::StoreError;
use crate::state::{EnrolError, State, t};

/// Title, text, and whether trying again can help.
fn words_of(error: &EnrolError) -> (&'static str, String, bool) {
    let (words, shell) = (&t().enrolment, &t().shell);
    match error {
        EnrolError::Storage(StoreError::Forbidden) => {
            (shell.storage_forbidden_title, shell.storage_forbidden_text.to_owned(), true)
        }
        EnrolError::Storage(_) => (shell.storage_broken_title, shell.storage_broken_text.to_owned(), true),
        EnrolError::Denied(None) => (words.unreachable_title, words.unreachable_text.to_owned(), true),
        EnrolError::Denied(Some(code)) => match code.as_str() {
            "code-unknown" | "not-found" => (words.unknown_title, words.unknown_text.to_owned(), false),
            "code-revoked" => (words.revoked_title, words.revoked_text.to_owned(), false),
            "code-used-up" => (words.used_up_title, words.used_up_text.to_owned(), true),
            "too-many-tries" | "too-many-requests" => (words.too_many_title, words.too_many_text.to_owned(), true),
            "busy" => (words.unreachable_title, words.unreachable_text.to_owned(), true),
            code => (words.other_error_title, (words.other_error_text)(code), true),
        },
    }
}

/// `retry` does the same once more; `take` gets another code that is entered instead.
pub fn trouble(
    state: State,
    error: &EnrolError,
    retry: impl Fn() + 'static,
    take: impl Fn(String) + 'static,
) -> AnyView {
    let words = &t().enrolment;
    let (title, text, again) = words_of(error);
    let other = (!again).then(|| code::form(take));
    let again = again.then(|| {
        view! {
            <button class="button button--primary" on:click=move |_| retry()>
                <Icon symbol=Symbol::Refresh/>{words.retry}
            </button>
        }
    });
    // A code that fails takes nothing away from who is enrolled already.
    let here = state.account().and_then(|_| state.me().get_untracked()).map(|me| {
        view! {
            <p>{format!("{} {}.", words.here_title, (words.here_as)(&me.name))}</p>
            <a class="button" href="/agenda">{words.start}</a>
        }
    });
    view! {
        <div class="notice notice--attention" role="alert">
            <Icon symbol=Symbol::Alert/>
            <div class="notice__body">
                <p class="notice__title">{title}</p>
                <p>{text}</p>
                {again}
            </div>
        </div>
        {other}
        {here}
    }
    .into_any()
}
