//! What may be done with the paragraph that was tapped: comment on it, mark it, copy it with its reference, share it.

use congress::entities::{Document, MarkKind};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::marks::{Marking, anchor_of};
use super::reader::{Reading, Selected};
use super::short_name;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_text;
use crate::platform::dom;
use crate::screens::comments::names;
use crate::state::{State, t};

pub fn action_bar(
    state: State,
    reading: Reading,
    document: &Document,
    selected: Selected,
    may_comment: bool,
) -> AnyView {
    let words = t().documents();
    let said = RwSignal::new("");
    names::choose(anchor_of(document, &selected));
    let marking = Marking::of(state, document, &selected, said);
    let comment = format!("/comments/new?document={}&block={}", document.id, selected.id);
    let note = format!("{comment}&note=1");
    let mut reference = short_name(words, document);
    if !selected.place.is_empty() {
        reference = format!("{reference}, {}", selected.place);
    }
    let quoted = format!("{}\n({reference})", selected.words);
    let address = format!("{}/documents/{}?block={}", dom::origin(), document.id, selected.id);
    let link = (t().notes().link_text)(&reference, &address);
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
        <div class="action-bar action-bar--many" role="toolbar" aria-label=words.selected on:keydown=leave>
            <p class="action-bar__place">
                <span>{reference}</span>
                <span class="strong" role="status">{live_text(move || said.get().to_owned())}</span>
            </p>
            <div class="action-bar__buttons">
                {comment}
                {marking.note_link(note)}
                {marking.toggle(MarkKind::Highlight, Symbol::Highlighter)}
                {marking.toggle(MarkKind::Bookmark, Symbol::Bookmark)}
                {copy_button(said, "button", (Symbol::Copy, words.copy), quoted, t().shell().copied)}
                {copy_button(said, "button elder-less", (Symbol::Link, t().notes().copy_link), link, t().notes().link_copied)}
            </div>
            <button class="button button--icon" aria-label=words.deselect on:click=move |_| reading.select(None)>
                <Icon symbol=Symbol::X/>
            </button>
        </div>
    }
    .into_any()
}

fn copy_button(
    said: RwSignal<&'static str>,
    class: &'static str,
    (symbol, word): (Symbol, &'static str),
    text: String,
    done: &'static str,
) -> AnyView {
    let failed = t().documents().copy_failed;
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let copied = dom::copy(&text).await;
            said.try_set(if copied { done } else { failed });
        });
    };
    view! { <button class=class on:click=copy><Icon symbol/>{word}</button> }.into_any()
}
