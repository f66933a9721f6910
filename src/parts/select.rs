//! A labelled list from which one is chosen.

use leptos::prelude::*;

use crate::parts::live::live_view;

type Choose = Box<dyn Fn(String)>;

/// The options are pairs of value and words. They may change: the choice is kept by its value.
pub fn select_field(
    id: &'static str,
    label: &'static str,
    chosen: Signal<String>,
    choose: impl Fn(String) + 'static,
    options: impl Fn() -> Vec<(String, String)> + Send + 'static,
) -> AnyView {
    let options = live_view(move || options().into_iter().map(|line| option(line, chosen)).collect_view().into_any());
    field(id, label, Box::new(choose), options)
}

fn field(id: &'static str, label: &'static str, choose: Choose, options: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <select class="select" id=id on:change=move |event| choose(event_target_value(&event))>{options}</select>
        </div>
    }
    .into_any()
}

fn option((value, words): (String, String), chosen: Signal<String>) -> AnyView {
    let own = value.clone();
    let selected = Signal::derive(move || chosen.with(|chosen| *chosen == own));
    view! { <option value=value prop:selected=selected>{words}</option> }.into_any()
}
