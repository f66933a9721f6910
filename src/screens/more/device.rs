//! What is on this device, whether the browser keeps it, and when the server was last heard.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::size::size;
use super::write_title;
use crate::parts::blocks::{button, write_fact};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::effect;
use crate::platform::device::{self, StorageState};
use crate::state::{State, t};

pub fn device(state: State) -> AnyView {
    let words = t().more();
    let storage = RwSignal::new(None::<StorageState>);
    // Looked at again when something more is held.
    effect(move || {
        state.held.track();
        spawn_local(async move {
            let now = device::storage_state().await;
            storage.try_set(Some(now));
        });
    });
    let documents = state.documents();
    let write = move |html: &mut Html| {
        write_title(html, words.device);
        html.markup("<dl class=\"facts\">");
        let (texts, files) = documents.with(|all| state.held.with(|held| (held.texts_of(all), held.files_of(all))));
        write_fact(html, words.stored_texts, &(words.of)(texts.held, texts.all));
        write_fact(html, words.stored_files, &(words.of)(files.held, files.all + files.beyond));
        let (bytes, kept) = match storage.get() {
            None => ("…".to_owned(), "…"),
            Some(storage) => (size(storage.used_bytes), if storage.kept { words.kept_yes } else { words.kept_no }),
        };
        write_fact(html, words.stored_bytes, &bytes);
        write_fact(html, words.kept, kept);
        let (contact, waiting) = state.status().with(|status| (status.contact_at, status.waiting));
        let contact = contact.map_or_else(|| words.contact_never.to_owned(), |at| state.moment(at));
        let waiting = if waiting == 0 { words.waiting_none.to_owned() } else { (words.waiting_count)(waiting) };
        write_fact(html, words.contact, &contact);
        write_fact(html, words.waiting, &waiting);
        html.markup("</dl>");
    };
    view! {
        <section class="card settings">
            {live_html("stack", write)}
            {button("button", Some(Symbol::Refresh), words.retry, move || state.retry_now())}
        </section>
    }
    .into_any()
}
