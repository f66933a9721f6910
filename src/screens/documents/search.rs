//! The search over all documents on this device: a box above the list, and what it found in place of the list. The
//! words stand in the address, so that one comes back to what was found.

use congress::entities::Document;
use congress::search::Query;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use super::held_texts::{self, HeldBlock, HeldText, Slices};
use crate::i18n::documents::Text;
use crate::memo::Memo;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_view};
use crate::platform::dom;
use crate::platform::timer::{self, Alarm};
use crate::state::{State, t};

/// A person is still typing until nothing comes for so long.
pub const TYPING_MS: u64 = 150;
/// Passages of a document that are shown at first, and how many more at each wish.
const SHOWN: usize = 5;
const MORE: usize = 30;

/// What was found in one document.
struct Found {
    id: String,
    title: String,
    text: HeldText,
    /// Places in the text, those that hold the words as they were written first.
    blocks: Vec<usize>,
    shown: usize,
}

struct Outcome {
    query: Query,
    found: Vec<Found>,
    /// Documents whose text is not on the device.
    missing: usize,
}

#[derive(Clone, Copy)]
struct Search {
    state: State,
    documents: Memo<Vec<Document>>,
    words: RwSignal<String>,
    outcome: StoredValue<Option<Outcome>, LocalStorage>,
    /// Moves when the outcome is another one; 0 while nothing is searched for.
    turn: RwSignal<u32>,
    /// Counts the searches: only the last one is shown.
    asked: StoredValue<u32>,
    reading: RwSignal<bool>,
    typing: StoredValue<Option<Alarm>, LocalStorage>,
}

/// The box, and below it what was found or else `list`.
pub fn search(
    state: State,
    documents: Memo<Vec<Document>>,
    list: fn(State, Memo<Vec<Document>>) -> AnyView,
) -> AnyView {
    let words = t().documents();
    let search = Search {
        state,
        documents,
        words: RwSignal::new(String::new()),
        outcome: StoredValue::new_local(None),
        turn: RwSignal::new(0),
        asked: StoredValue::new(0),
        reading: RwSignal::new(false),
        typing: StoredValue::new_local(None),
    };
    let query = use_query_map();
    let navigate = use_navigate();
    let replace = StoredValue::new_local(move || {
        let mut params = ParamsMap::new();
        params.insert("q", search.words.get_untracked());
        let query =
            if search.words.with_untracked(String::is_empty) { String::new() } else { params.to_query_string() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("/documents{query}"), options);
    });
    effect(move || {
        let asked = query.with(|query| query.get("q").unwrap_or_default());
        if asked != search.words.get_untracked() {
            search.words.set(asked);
            search.run();
        }
    });
    // What is on the device is counted a moment after the start, and grows while texts arrive.
    Effect::new(move |before: Option<usize>| {
        let held = state.held.with(|held| held.hashes.len());
        if before.is_some_and(|before| before != held) && !search.words.with_untracked(String::is_empty) {
            search.run();
        }
        held
    });
    let typed = move |event| {
        search.words.set(event_target_value(&event));
        let run = move || {
            search.run();
            replace.try_with_value(|replace| replace());
        };
        search.typing.set_value(timer::after(TYPING_MS, run));
    };
    let prepare = move |_| spawn_local(held_texts::read(state, documents.get_untracked()));
    let idle = Memo::new(move |_| search.turn.get() == 0);
    let more = move |event: MouseEvent| search.more(&dom::id_at(&event, "button"));
    let results = move || {
        let write = move |html: &mut Html| {
            search.turn.track();
            search.outcome.with_value(|outcome| {
                if let Some(outcome) = outcome {
                    write_outcome(html, words, outcome)
                }
            });
        };
        view! { <div on:click=more>{live_html("stack", write)}</div> }.into_any()
    };
    view! {
        <div class="search" role="search">
            <Icon symbol=Symbol::Search/>
            <input class="input" type="search" enterkeyhint="search" autocomplete="off"
                aria-label=words.search placeholder=words.search
                prop:value=search.words on:input=typed on:focus=prepare/>
        </div>
        <p class="soft small" role="status" hidden=move || !search.reading.get()>{words.searching}</p>
        {live_view(move || if idle.get() { list(state, documents) } else { results() })}
    }
    .into_any()
}

impl Search {
    fn run(self) {
        self.asked.update_value(|asked| *asked += 1);
        let query = self.words.with_untracked(|words| Query::new(words));
        if query.is_too_short() {
            self.reading.set(false);
            self.turn.set(0);
            return;
        }
        let documents = self.documents.get_untracked();
        let asked = self.asked.get_value();
        self.reading.set(!held_texts::are_read(self.state, &documents));
        spawn_local(async move {
            held_texts::read(self.state, documents.clone()).await;
            let outcome = find(self.state, query, documents).await;
            if self.asked.try_get_value() == Some(asked) {
                self.reading.set(false);
                self.outcome.set_value(Some(outcome));
                self.turn.set(asked);
            }
        });
    }

    /// Shows more of what was found in one document.
    fn more(self, button_id: &str) {
        let group = button_id.strip_prefix("more-").and_then(|group| group.parse::<usize>().ok());
        let Some(group) = group else { return };
        self.outcome.update_value(|outcome| {
            if let Some(found) = outcome.as_mut().and_then(|outcome| outcome.found.get_mut(group)) {
                found.shown += MORE;
            }
        });
        self.turn.update(|_| {});
    }
}

async fn find(state: State, query: Query, documents: Vec<Document>) -> Outcome {
    let mut slices = Slices::default();
    let mut outcome = Outcome { query, found: Vec::new(), missing: 0 };
    for document in documents {
        let Some(text) = held_texts::get(state, &document) else {
            outcome.missing += 1;
            continue;
        };
        let (mut blocks, mut in_other_order) = (Vec::new(), Vec::new());
        for (at, block) in text.iter().enumerate() {
            // Looking is much quicker than folding.
            slices.done(block.folded.len() / 8).await;
            if outcome.query.matches_as_written(&block.folded) {
                blocks.push(at);
            } else if outcome.query.matches(&block.folded) {
                in_other_order.push(at);
            }
        }
        blocks.append(&mut in_other_order);
        if !blocks.is_empty() {
            outcome.found.push(Found { id: document.id, title: document.title, text, blocks, shown: SHOWN });
        }
    }
    outcome
}

fn write_outcome(html: &mut Html, words: &Text, outcome: &Outcome) {
    if outcome.found.is_empty() {
        html.markup("<div class=\"empty\">").icon(Symbol::Search);
        html.markup("<p class=\"empty__title\" role=\"status\">").words(words.found_nothing);
        html.markup("</p><p class=\"empty__text\">").words(words.found_nothing_text).markup("</p></div>");
    } else {
        let count = outcome.found.iter().map(|found| found.blocks.len()).sum();
        html.markup("<p class=\"soft small\" role=\"status\">");
        html.words(&(words.found)(count, outcome.found.len())).markup("</p>");
    }
    if outcome.missing > 0 {
        html.markup("<p class=\"soft small\">").words(&(words.not_searched)(outcome.missing)).markup("</p>");
    }
    for (group, found) in outcome.found.iter().enumerate() {
        html.markup("<section class=\"stack stack--tight\"><h2 class=\"section-title\">").words(&found.title);
        html.markup("</h2><p class=\"soft small\">").words(&(words.found_in)(found.blocks.len()));
        html.markup("</p><ul class=\"list\">");
        for at in found.blocks.iter().take(found.shown) {
            write_hit(html, &found.id, &found.text[*at], &outcome.query);
        }
        html.markup("</ul>");
        let rest = found.blocks.len().saturating_sub(found.shown);
        if rest > 0 {
            html.markup("<div><button class=\"button button--small\" id=\"more-").words(&group.to_string());
            html.markup("\">").words(&(words.more)(rest.min(MORE))).markup("</button></div>");
        }
        html.markup("</section>");
    }
}

fn write_hit(html: &mut Html, document: &str, block: &HeldBlock, query: &Query) {
    html.markup("<li class=\"list__item\"><a class=\"list__link\" href=\"/documents/").words(document);
    html.markup("?block=").words(&block.id).markup("\"><span class=\"list__body\"><span>");
    for (marked, words) in query.snippet(&block.text) {
        let (open, close) = if marked { ("<mark>", "</mark>") } else { ("", "") };
        html.markup(open).words(words).markup(close);
    }
    html.markup("</span>").span("list__meta", &block.place).markup("</span></a></li>");
}
