//! The screen "Ghi chú của tôi": what is being written, what was not accepted, then every mark by document and place.

mod card;
mod export;
mod removal;

use congress::commands::KeepMark;
use congress::entities::{Anchor, Document, ReaderMark};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::client::Entry;
use sync::order::sort_by;

use crate::drafts::Draft;
use crate::memo::Memo;
use crate::parts::blocks::{cards, link, still, write_empty, write_paragraph};
use crate::parts::html::live_link;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::screens::comments::names::Names;
use crate::screens::search::search_link;
use crate::state::{State, t, use_state};
use removal::Removal;

/// The marks on one document, by their places in its text.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Group {
    document: String,
    title: String,
    marks: Vec<ReaderMark>,
}

/// The blocks of a text in their order.
struct Order {
    text_sha256: String,
    blocks: Vec<String>,
}

fn order_of<'o>(orders: &'o [Order], text_sha256: &str) -> Option<&'o [String]> {
    orders.iter().find(|order| order.text_sha256 == text_sha256).map(|order| order.blocks.as_slice())
}

#[derive(Clone, Copy)]
struct Notes {
    state: State,
    names: Names,
    drafts: Memo<Vec<Draft>>,
    /// What waits or was refused.
    not_taken: Memo<Vec<Entry>>,
    refused: Memo<Vec<Refused>>,
    groups: Memo<Vec<Group>>,
    orders: RwSignal<Vec<Order>>,
    removal: Removal,
    /// What came of the last tap.
    said: RwSignal<&'static str>,
}

/// A mark that the server did not accept.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Refused {
    entry: Entry,
    action: KeepMark,
}

impl Notes {
    fn of(state: State) -> Self {
        let (names, marks, documents) = (Names::of(state), state.marks(), state.documents());
        let orders = RwSignal::new(Vec::<Order>::new());
        let (said, not_taken) = (RwSignal::new(""), state.marks_not_taken());
        let groups = move |_: Option<&Vec<Group>>| {
            orders.with(|orders| documents.with(|documents| marks.with(|marks| grouped(documents, marks, orders))))
        };
        let read = |entry: &Entry| entry.payload.read().ok().map(|action| Refused { entry: entry.clone(), action });
        let refused = move |_: Option<&Vec<Refused>>| {
            not_taken.with(|all| all.iter().filter(|entry| !entry.is_waiting()).filter_map(read).collect())
        };
        let notes = Self {
            state,
            names,
            drafts: state.note_drafts(),
            not_taken,
            refused: Memo::new(refused),
            groups: Memo::new(groups),
            orders,
            removal: Removal::new(state, said),
            said,
        };
        effect(move || {
            let marked = |id: &str| marks.with(|marks| marks.iter().any(|mark| document_of(mark) == id));
            let texts: Vec<String> = documents.with(|all| {
                all.iter()
                    .filter(|document| marked(&document.id))
                    .map(|document| document.text_sha256.clone())
                    .collect()
            });
            texts.into_iter().for_each(|text| notes.read_order(text));
        });
        notes
    }

    /// The order comes from the text, once that is on the device.
    fn read_order(self, text_sha256: String) {
        let held = self.state.held.with(|held| held.has(&text_sha256));
        if held && self.orders.with_untracked(|orders| order_of(orders, &text_sha256).is_none()) {
            spawn_local(async move {
                // Without it the marks stand in the order in which they were made.
                if let Ok(read) = self.state.load_text(&text_sha256).await {
                    let blocks = read.blocks.into_iter().map(|block| block.id).collect();
                    self.orders.try_update(|orders| orders.push(Order { text_sha256, blocks }));
                }
            });
        }
    }

    fn mark(self, id: &str) -> Option<ReaderMark> {
        self.groups.with(|groups| groups.iter().flat_map(|group| &group.marks).find(|mark| mark.id == id).cloned())
    }

    /// The version in hand has other paragraphs.
    fn is_gone(self, mark: &ReaderMark) -> bool {
        let Some(document) = self.names.document(document_of(mark)) else { return true };
        self.orders
            .with(|orders| order_of(orders, &document.text_sha256).is_some_and(|ids| place_in(ids, mark).is_none()))
    }

    /// The server has not heard of it yet.
    fn waits(self, mark: &ReaderMark) -> bool {
        self.not_taken.with(|all| all.iter().any(|entry| entry.is_waiting() && entry.command_id == mark.changed_by))
    }

    fn is_empty(self) -> bool {
        self.groups.with(Vec::is_empty) && self.drafts.with(Vec::is_empty) && self.refused.with(Vec::is_empty)
    }
}

fn document_of(mark: &ReaderMark) -> &str {
    match &mark.anchor {
        Anchor::Document { document, .. } => document,
        Anchor::Congress | Anchor::Item { .. } => "",
    }
}

fn place_in(ids: &[String], mark: &ReaderMark) -> Option<usize> {
    let Anchor::Document { block: Some(block), .. } = &mark.anchor else { return None };
    ids.iter().position(|id| id == block)
}

/// In the order of the set; what is about documents that are no longer there comes last.
fn grouped(documents: &[Document], marks: &[ReaderMark], orders: &[Order]) -> Vec<Group> {
    let group = |document: &str, title: &str, ids: Option<&[String]>| {
        let mut marks: Vec<ReaderMark> = marks.iter().filter(|mark| document_of(mark) == document).cloned().collect();
        sort_by(&mut marks, |mark| {
            let place = ids.and_then(|ids| place_in(ids, mark)).and_then(|at| i64::try_from(at).ok());
            (place.unwrap_or(i64::MAX), mark.changed_at.0)
        });
        Group { document: document.to_owned(), title: title.to_owned(), marks }
    };
    let in_set = documents.iter().map(|it| group(&it.id, &it.title, order_of(orders, &it.text_sha256)));
    let mut groups: Vec<Group> = in_set.filter(|group| !group.marks.is_empty()).collect();
    for mark in marks {
        if groups.iter().all(|group| group.document != document_of(mark)) {
            groups.push(group(document_of(mark), t().comments().unknown_document, None));
        }
    }
    groups
}

#[component]
pub fn NotesPage() -> impl IntoView {
    let state = use_state();
    let words = t().notes();
    let notes = Notes::of(state);
    let empty = Memo::new(move |_| notes.is_empty());
    view! {
        <div class="screen notes">
            <div class="screen__head">
                <a class="button button--icon" aria-label=t().shell().back href="/documents">
                    <Icon symbol=Symbol::ArrowLeft/>
                </a>
                <h1 class="screen__title" tabindex="-1">{words.title}</h1>
                {search_link()}
            </div>
            {still("", |html| write_paragraph(html, "small soft", words.private))}
            {live_view(move || if empty.get() { nothing() } else { export::tools(notes) })}
            <p class="strong said" role="status">{live_text(move || notes.said.get().to_owned())}</p>
            {card::drafts(notes)}
            {card::refused(notes)}
            {groups(notes)}
            {notes.removal.question()}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    let words = t().notes();
    view! {
        {still("", |html| write_empty(html, Symbol::Note, words.empty_title, words.empty_text))}
        <div class="row row--middle">{link("button", "/documents", None, words.empty_documents)}</div>
    }
    .into_any()
}

fn groups(notes: Notes) -> AnyView {
    let documents = Memo::new(move |_| {
        let head = |group: &Group| (group.document.clone(), group.title.clone());
        notes.groups.with(|groups| groups.iter().map(head).collect::<Vec<_>>())
    });
    live_view(move || {
        let sections = documents.get().into_iter().map(|(document, title)| section(notes, document, title));
        sections.collect::<Vec<_>>().into_any()
    })
}

fn section(notes: Notes, document: String, title: String) -> AnyView {
    let ids = move || {
        notes.groups.with(|groups| {
            let own = groups.iter().find(|group| group.document == document);
            own.map(|group| group.marks.iter().map(|mark| mark.id.clone()).collect()).unwrap_or_default()
        })
    };
    view! {
        <section class="stack" aria-label=title.clone()>
            <h2 class="section-title">{title.clone()}</h2>
            {cards(ids, move |id| card::mark(notes, id))}
        </section>
    }
    .into_any()
}

/// The way here from other screens, with how many marks there are.
pub fn notes_link(state: State) -> AnyView {
    let marks = state.marks();
    live_link(Signal::stored("button"), Signal::stored("/notes".to_owned()), move |html| {
        html.icon(Symbol::Note).words(&(t().notes().link)(marks.with(Vec::len)));
    })
}
