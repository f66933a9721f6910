//! The screen "Văn kiện": the set with what is on this device, and the search over all of it. The reader is next door.

mod attachments;
mod carried;
mod marks;
mod page;
mod reader;
mod recall;
mod recalled;
mod selection;
mod text_search;

use congress::entities::{Attachment, Document, DocumentKind};
use congress::reading::minutes;
use leptos::prelude::*;

use crate::i18n::documents::Text;
use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{below, live_text, live_view};
use crate::parts::rows::{Row, row_list};
use crate::screens::notes::notes_link;
use crate::screens::search::search;
use crate::state::{DocumentsHeld, State, t, use_state};

pub use reader::Reader;

#[component]
pub fn Documents() -> impl IntoView {
    let state = use_state();
    let documents = state.documents();
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().documents}</h1>
            {search(state, documents, set)}
        </div>
    }
}

fn set(state: State, documents: Memo<Vec<Document>>) -> AnyView {
    let recalled = state.recalled();
    let empty = Memo::new(move |_| documents.with(Vec::is_empty) && recalled.with(Vec::is_empty));
    live_view(move || if empty.get() { nothing(state) } else { list(state, documents) })
}

fn nothing(state: State) -> AnyView {
    let words = t().documents();
    view! {
        <div class="empty">
            <Icon symbol=Symbol::FileText/>
            <p class="empty__title">{words.empty_title}</p>
            <p class="empty__text">{words.empty_text}</p>
            <button class="button" on:click=move |_| state.retry_now()>{t().shell().retry_now}</button>
        </div>
    }
    .into_any()
}

fn list(state: State, documents: Memo<Vec<Document>>) -> AnyView {
    let words = t().documents();
    let count = move || state.held.with(|held| documents.with(|all| carried::total(words, held, all)));
    let read = move || {
        state.held.with(|held| documents.with(|all| all.iter().map(|document| row(state, held, document)).collect()))
    };
    let files = move || {
        let files: Vec<Attachment> = documents.with(|all| all.iter().flat_map(|one| one.files.clone()).collect());
        attachments::attachments(state, files)
    };
    view! {
        <div class="row">
            <p class="soft small row__grow">{live_text(count)}</p>
            {notes_link(state)}
        </div>
        {row_list("documents".into(), "list", "list__link", read)}
        {below("/documents", move || {
            view! {
                {live_view(files)}
                {recalled::list(state, state.recalled())}
            }
            .into_any()
        })}
    }
    .into_any()
}

fn row(state: State, held: &DocumentsHeld, document: &Document) -> Row {
    let words = t().documents();
    let mut html = Html::default();
    html.markup("<span class=\"list__body\">").span("list__title", &document.title);
    html.markup("<span class=\"list__meta\">");
    write_meta(&mut html, words, state, document);
    carried::write(&mut html, words, state, held, document);
    html.markup("</span></span>");
    Row { class: "list__item", current: false, href: format!("/documents/{}", document.id), html }
}

/// Kind, version, pages, minutes, released, until when.
fn write_meta(html: &mut Html, words: &Text, state: State, document: &Document) {
    html.span("", (words.kind)(document.kind)).span("", &(words.version)(document.version));
    html.span("", &(words.pages)(document.pages)).span("", &(words.minutes)(minutes(document.words)));
    html.span("", &(words.released)(&state.local(document.released_at).0.to_string()));
    if let Some(at) = document.expires_at {
        html.span("", &(words.expires)(&state.moment(at)));
    }
}

/// What a document is called in a reference: its kind, or its title where there are several of the kind.
fn short_name(words: &Text, document: &Document) -> String {
    match document.kind {
        DocumentKind::Paper | DocumentKind::Speech | DocumentKind::Guide => document.title.clone(),
        kind => (words.kind)(kind).to_owned(),
    }
}
