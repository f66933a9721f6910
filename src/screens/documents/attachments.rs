//! Files that came with a document: opened from the device, fetched first where that is still needed; kept on it or let
//! go, as its owner wishes.

use congress::carrying::Wish;
use congress::entities::Attachment;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::carried;
use crate::memo::Memo;
use crate::parts::html::{Html, live_html};
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::screens::more::size::size;
use crate::state::{State, t};

/// Nothing when there are none.
pub fn attachments(state: State, files: Vec<Attachment>) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let rows: Vec<AnyView> = files.into_iter().map(|file| row(state, file)).collect();
    view! {
        <section class="stack stack--tight">
            <h2 class="section-title">{t().documents().files}</h2>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(state: State, file: Attachment) -> AnyView {
    let words = t().documents();
    let said = RwSignal::new("");
    let (name, label) = (file.name.clone(), format!("{} {}", words.file_open, file.name));
    let shown = file.clone();
    let where_it_is = move |html: &mut Html| {
        let (symbol, text) = state.held.with(|held| carried::of_file(words, state, held, &shown));
        html.span("", &size(shown.bytes)).markup("<span class=\"badge badge--quiet\">");
        html.icon(symbol).words(&text).markup("</span>");
    };
    let wish = wish_button(state, file.clone());
    let open = move |_| {
        said.set(words.file_opening);
        let file = file.clone();
        spawn_local(async move {
            let address = state.attachment_address(&file).await;
            if let Some(address) = &address {
                dom::open(address);
            }
            said.try_set(if address.is_some() { "" } else { words.file_missing });
        });
    };
    view! {
        <li class="list__item list__item--wrap">
            <span class="list__body">
                <span class="list__title">{name}</span>
                {live_html("list__meta", where_it_is)}
                <span class="list__meta" role="status">{live_text(move || said.get().to_owned())}</span>
            </span>
            <span class="row">
                {wish}
                <button class="button button--small" aria-label=label on:click=open>{words.file_open}</button>
            </span>
        </li>
    }
    .into_any()
}

/// To let go what is here or is coming, to keep what stays on the server.
fn wish_button(state: State, file: Attachment) -> AnyView {
    let words = t().documents();
    let sha256 = file.sha256.clone();
    let left = Memo::new(move |_| state.held.with(|held| held.left.contains_key(&sha256)));
    live_view(move || {
        let (word, wish) = if left.get() { (words.file_keep, Wish::Keep) } else { (words.file_free, Wish::Free) };
        let label = format!("{word}: {}", file.name);
        let file = file.clone();
        let act = move |_| {
            let file = file.clone();
            spawn_local(async move { state.wish_for_file(&file, wish).await });
        };
        view! { <button class="button button--quiet button--small" aria-label=label on:click=act>{word}</button> }
            .into_any()
    })
}
