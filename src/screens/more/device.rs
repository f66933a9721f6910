//! What is on this device, whether the browser keeps it, and when the server was last heard.

use congress::entities::Document;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fact;
use super::size::size;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_text;
use crate::platform::device::{self, StorageState};
use crate::state::{DocumentsHeld, State, t};

pub fn device(state: State) -> AnyView {
    let words = &t().more;
    let documents = state.documents();
    let storage = RwSignal::new(None::<StorageState>);
    // Looked at again when something more is held.
    Effect::new(move |_| {
        state.held.track();
        spawn_local(async move {
            let now = device::storage_state().await;
            storage.try_set(Some(now));
        });
    });
    let count = move |parts: fn(&Document, &DocumentsHeld) -> (usize, usize)| {
        move || {
            let parts = documents.with(|all| {
                state.held.with(|held| all.iter().map(|document| parts(document, held)).collect::<Vec<_>>())
            });
            let (held, all) = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            (words.of)(held, all)
        }
    };
    let texts = count(|document, held| (usize::from(held.has(&document.text_sha256)), 1));
    let files = count(|document, held| {
        (document.files.iter().filter(|file| held.has(&file.sha256)).count(), document.files.len())
    });
    let bytes = move || storage.get().map_or_else(|| "…".to_owned(), |storage| size(storage.used_bytes));
    let kept = move || match storage.get() {
        None => "…".to_owned(),
        Some(StorageState { kept: true, .. }) => words.kept_yes.to_owned(),
        Some(_) => words.kept_no.to_owned(),
    };
    let contact = move || match state.status().with(|status| status.contact_at) {
        Some(at) => state.moment(at),
        None => words.contact_never.to_owned(),
    };
    let waiting = move || match state.status().with(|status| status.waiting) {
        0 => words.waiting_none.to_owned(),
        count => (words.waiting_count)(count),
    };
    view! {
        <section class="card settings">
            <h2 class="section-title">{words.device}</h2>
            <dl class="facts">
                {fact(words.stored_texts, live_text(texts))}
                {fact(words.stored_files, live_text(files))}
                {fact(words.stored_bytes, live_text(bytes))}
                {fact(words.kept, live_text(kept))}
                {fact(words.contact, live_text(contact))}
                {fact(words.waiting, live_text(waiting))}
            </dl>
            <button class="button" on:click=move |_| state.retry_now()><Icon symbol=Symbol::Refresh/>{words.retry}</button>
        </section>
    }
    .into_any()
}
