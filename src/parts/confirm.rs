//! A question before something that cannot be taken back.

use leptos::prelude::*;

use crate::parts::dialog::Dialog;

/// Asks `title` and explains `text`; `yes` and `no` are the words on the buttons.
pub fn confirm(
    open: RwSignal<bool>,
    (title, text): (&'static str, impl Into<String>),
    (yes, no): (&'static str, &'static str),
    act: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let text: String = text.into();
    let act = StoredValue::new(Box::new(act) as Box<dyn Fn() + Send + Sync>);
    view! {
        <Dialog open title>
            <p>{text.clone()}</p>
            <div class="row row--end">
                <button class="button" on:click=move |_| open.set(false)>{no}</button>
                <button
                    class="button button--danger"
                    on:click=move |_| {
                        open.set(false);
                        act.with_value(|act| act());
                    }
                >
                    {yes}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
