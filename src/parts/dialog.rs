//! A modal dialog: the native element, labelled by its title, closed by Escape, its button or the signal.

use leptos::html;
use leptos::prelude::*;

use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_view};
use crate::platform::dialog;
use crate::state::t;

#[component]
pub fn Dialog(open: RwSignal<bool>, title: &'static str, children: ChildrenFn) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let children = StoredValue::new(children);
    effect(move || {
        let wanted = open.get();
        if let Some(element) = node.get() {
            if wanted { dialog::show_modal(&element) } else { dialog::close(&element) }
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-label=title on:close=move |_| open.set(false)>
            <div class="dialog__head">
                <h2 class="dialog__title" tabindex="-1" autofocus>{title}</h2>
                <button class="button button--icon" aria-label=t().shell().close on:click=move |_| open.set(false)>
                    <Icon symbol=Symbol::X/>
                </button>
            </div>
            <div class="dialog__body stack">
                {live_view(move || if open.get() { children.with_value(|children| children()) } else { ().into_any() })}
            </div>
        </dialog>
    }
}
