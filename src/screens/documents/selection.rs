//! What may be done with the paragraph that was tapped: comment on it, copy it with its reference.

use congress::entities::Document;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reader::{Reading, Selected};
use super::short_name;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_text;
use crate::platform::dom;
use crate::state::t;

pub fn action_bar(reading: Reading, document: &Document, selected: Selected, may_comment: bool) -> AnyView {
    let (words, shell) = (t().documents(), t().shell());
    let said = RwSignal::new("");
    let comment = format!("/comments/new?document={}&block={}", document.id, selected.id);
    let mut reference = short_name(words, document);
    if !selected.place.is_empty() {
        reference = format!("{reference}, {}", selected.place);
    }
    let copied = format!("{}\n({reference})", selected.words);
    let copy = move |_| {
        let copied = copied.clone();
        spawn_local(async move {
            let done = dom::copy(&copied).await;
            said.try_set(if done { shell.copied } else { words.copy_failed });
        });
    };
    let leave = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            reading.select(None);
            dom::focus(&format!("#b-{}", selected.id));
        }
    };
    let comment = if may_comment {
        view! {
            <a class="button button--primary" href=comment><Icon symbol=Symbol::MessageSquare/>{words.comment}</a>
        }
        .into_any()
    } else {
        ().into_any()
    };
    view! {
        <div class="action-bar" role="toolbar" aria-label=words.selected on:keydown=leave>
            <p class="action-bar__place">
                <span>{reference}</span>
                <span class="strong" role="status">{live_text(move || said.get().to_owned())}</span>
            </p>
            {comment}
            <button class="button" on:click=copy><Icon symbol=Symbol::Copy/>{words.copy}</button>
            <button class="button button--icon" aria-label=words.deselect on:click=move |_| reading.select(None)>
                <Icon symbol=Symbol::X/>
            </button>
        </div>
    }
    .into_any()
}
