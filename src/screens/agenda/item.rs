//! The page of one agenda item: when, who, what belongs to it, and what the person may do about it.

use congress::entities::{AgendaItem, Document, ItemStatus, Me, PersonRef, Script};
use congress::scopes;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::conduct::conduct;
use super::programme::{Mark, Programme};
use super::{day_href, rows};
use crate::i18n::agenda::Text;
use crate::memo::Memo;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::state::{State, t, use_state};

#[component]
pub fn AgendaItemPage() -> impl IntoView {
    let state = use_state();
    let params = use_params_map();
    let programme = Programme::new(state);
    let id = Memo::new(move |_| params.with(|params| params.get("item").unwrap_or_default()));
    let known = Memo::new(move |_| programme.plan.with(|plan| plan.item(&id.get()).is_some()));
    live_view(move || if known.get() { page(state, programme, id.get()) } else { unknown() })
}

fn head(back: Signal<String>, title: impl FnMut() -> String + Send + 'static) -> AnyView {
    view! {
        <div class="screen__head">
            <a class="button button--icon" aria-label=t().shell().back href=back><Icon symbol=Symbol::ArrowLeft/></a>
            <h1 class="screen__title" tabindex="-1">{live_text(title)}</h1>
        </div>
    }
    .into_any()
}

fn unknown() -> AnyView {
    let words = t().agenda();
    view! {
        <div class="screen">
            {head(Signal::stored("/agenda".to_owned()), || words.unknown_title.to_owned())}
            <p>{words.unknown_text}</p>
            <div class="row"><a class="button button--primary" href="/agenda">{t().shell().to_agenda}</a></div>
        </div>
    }
    .into_any()
}

/// Each part follows the item by itself, so that a change elsewhere moves nothing under a finger.
fn page(state: State, programme: Programme, id: String) -> AnyView {
    let words = t().agenda();
    let script = state.row::<Script>(scopes::presidium(), &id);
    let documents = state.documents();
    let me = state.me();
    let conduct = conduct(state, programme, id.clone());
    let id = StoredValue::new(id);
    let item = move || id.with_value(|id| programme.plan.with(|plan| plan.item(id).cloned()));
    let mark = move || id.with_value(|id| programme.marks.with(|marks| marks.of(id)));
    let buttons = move || {
        let may = me.with(|me| me.as_ref().is_some_and(Me::may_discuss));
        if may { id.with_value(|id| buttons(id)) } else { ().into_any() }
    };
    let back = Signal::derive(move || item().map_or("/agenda".to_owned(), |item| day_href(item.date)));
    view! {
        <div class="screen">
            {head(back, move || item().map(|item| item.title).unwrap_or_default())}
            {live_html("", move |html| if let Some(item) = item() { write_facts(html, words, state, &item, mark()) })}
            {live_view(buttons)}
            {conduct}
            {live_html("", move |html| if let Some(item) = item() {
                documents.with(|documents| write_documents(html, words, &item, documents));
            })}
            {live_html("", move |html| script.with(|script| write_script(html, words, script.as_ref())))}
        </div>
    }
    .into_any()
}

/// What a delegate may do: comment, and ask for the floor.
fn buttons(id: &str) -> AnyView {
    let words = t().agenda();
    let comment = format!("/comments/new?item={id}");
    let floor = format!("{comment}&floor=1");
    view! {
        <div class="row">
            <a class="button button--primary" href=comment><Icon symbol=Symbol::MessageSquare/>{words.comment}</a>
            <a class="button" href=floor><Icon symbol=Symbol::Mic/>{words.ask_floor}</a>
        </div>
    }
    .into_any()
}

fn write_facts(html: &mut Html, words: &Text, state: State, item: &AgendaItem, mark: Mark) {
    html.markup("<dl class=\"facts\">");
    let day = rows::day_word(words, item.date);
    let (from, to) = (item.start.to_string(), item.start.plus(item.minutes).to_string());
    write_fact(html, words.time, &(words.time_of)(&day, &from, &to, item.minutes));
    write_name(html, words.actual);
    rows::write_marks(html, words, mark);
    match (item.started_at, item.ended_at, item.status) {
        (_, _, ItemStatus::Dropped) => html.words(words.dropped),
        (Some(from), Some(to), _) => html.words(&format!("{}–{}", state.moment(from), state.local(to).1)),
        (Some(_), None, _) => html.markup(" ").words(&rows::timing(words, state, item, mark)),
        (None, ..) if mark == Mark::None => html.words(words.not_begun),
        (None, ..) => html,
    };
    html.markup("</dd></div>");
    write_fact(html, words.kind_name, (words.kind)(item.kind));
    write_people(html, words, words.chair, item.chair.as_slice());
    write_people(html, words, words.presenters, &item.presenters);
    html.markup("</dl>");
    if !item.note.is_empty() {
        html.markup("<p class=\"quote agenda__note\">").words(&item.note).markup("</p>");
    }
}

fn write_name(html: &mut Html, name: &str) {
    html.markup("<div class=\"facts__row\"><dt class=\"facts__name\">").words(name);
    html.markup("</dt><dd class=\"facts__value\">");
}

fn write_fact(html: &mut Html, name: &str, value: &str) {
    write_name(html, name);
    html.words(value).markup("</dd></div>");
}

fn write_people(html: &mut Html, words: &Text, name: &str, people: &[PersonRef]) {
    if people.is_empty() {
        return;
    }
    write_name(html, name);
    for person in people {
        html.markup("<p>").words(&(words.comrade)(&person.name)).markup("</p>");
        if !person.position.is_empty() {
            html.markup("<p class=\"soft small\">").words(&person.position).markup("</p>");
        }
    }
    html.markup("</dd></div>");
}

/// Links to the documents of the item that the person may read.
fn write_documents(html: &mut Html, words: &Text, item: &AgendaItem, documents: &[Document]) {
    let mut linked = item.documents.iter().filter_map(|id| documents.iter().find(|it| it.id == *id)).peekable();
    if linked.peek().is_none() {
        return;
    }
    html.markup("<h2 class=\"section-title\">").words(words.documents).markup("</h2><ul class=\"list\">");
    for document in linked {
        html.markup("<li class=\"list__item\"><a class=\"list__link\" href=\"/documents/").words(&document.id);
        html.markup("\">").icon(Symbol::FileText).markup("<span class=\"list__body\">");
        html.span("list__title", &document.title).markup("</span></a></li>");
    }
    html.markup("</ul>");
}

/// Kịch bản điều hành, for those who hold it.
fn write_script(html: &mut Html, words: &Text, script: Option<&Script>) {
    let Some(script) = script else { return };
    html.markup("<section class=\"card\"><h2 class=\"section-title\">").words(words.script);
    html.markup("</h2><ol class=\"how\">");
    for line in &script.lines {
        html.markup("<li>").words(line).markup("</li>");
    }
    html.markup("</ol></section>");
}
