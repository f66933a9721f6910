//! Files that came with a document: opened from the device, fetched first where that is still needed.

use congress::entities::Attachment;
use congress::text::number;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::live::live_text;
use crate::platform::dom;
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
    let size = (words.file_size)(&number(file.bytes.div_ceil(1024)));
    let (name, label) = (file.name.clone(), format!("{} {}", words.file_open, file.name));
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
        <li class="list__item">
            <span class="list__body">
                <span class="list__title">{name}</span>
                <span class="list__meta">{size}</span>
                <span class="list__meta" role="status">{live_text(move || said.get().to_owned())}</span>
            </span>
            <button class="button button--small" aria-label=label on:click=open>{words.file_open}</button>
        </li>
    }
    .into_any()
}
