//! A question before something that cannot be taken back.

use leptos::prelude::*;

use crate::parts::blocks::button;
use crate::parts::dialog::Dialog;

type Act = Box<dyn Fn() + Send + Sync>;

/// Asks `title` and explains `text`; `yes` and `no` are the words on the buttons.
pub fn confirm(
    open: RwSignal<bool>,
    (title, text): (&'static str, impl Into<String>),
    words: (&'static str, &'static str),
    act: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    ask(open, title, text.into(), words, Box::new(act))
}

fn ask(
    open: RwSignal<bool>,
    title: &'static str,
    text: String,
    (yes, no): (&'static str, &'static str),
    act: Act,
) -> AnyView {
    let act = StoredValue::new(act);
    let agree = move || {
        open.set(false);
        act.with_value(|act| act());
    };
    view! {
        <Dialog open title>
            <p>{text.clone()}</p>
            <div class="row row--end">
                {button("button", None, no, move || open.set(false))}
                {button("button button--danger", None, yes, agree)}
            </div>
        </Dialog>
    }
    .into_any()
}
