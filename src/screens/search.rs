//! The search over everything on this device: a box above a list, and what it found in place of the list. The words stand
//! in the address, so that one comes back to what was found. A key press changes as little of the page as it can: the
//! best of what was found; all else waits until the person stops typing.

mod held;
mod results;
mod sources;

use congress::entities::Document;
use congress::search::Terms;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use crate::i18n::search::Text;
use crate::memo::Memo;
use crate::parts::blocks::link;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::platform::dom;
use crate::platform::lifecycle::Moment;
use crate::platform::timer::{self, Alarm};
use crate::state::{State, t};
use results::{Outcome, PARTS};
use sources::{Source, Sources};

const PATH: &str = "/documents";
/// A person is still typing until nothing comes for so long.
pub const TYPING_MS: u64 = 150;
/// What was found is read out, and the words go into the address, when nothing was typed for so long: longer than a slow
/// finger takes from key to key.
const RESTING_MS: u64 = 1_000;
/// The parts of the rest come one after the other, each in a frame of its own.
const PART_MS: u64 = 16;

#[derive(Clone, Copy)]
struct Search {
    state: State,
    texts: &'static Text,
    sources: Sources,
    words: RwSignal<String>,
    outcome: StoredValue<Option<Outcome>, LocalStorage>,
    /// Moves when the outcome is another one; 0 while nothing is searched for.
    turn: RwSignal<u32>,
    /// The turn that each part of the rest shows; while a person types only the best is shown.
    parts: [RwSignal<u32>; PARTS],
    reading: RwSignal<bool>,
    /// Something is being read, and then looked for.
    waits: StoredValue<bool>,
    said: RwSignal<String>,
    saying: StoredValue<Option<Alarm>, LocalStorage>,
    /// Puts the words into the address.
    keep: StoredValue<Box<dyn Fn(String)>, LocalStorage>,
    /// The words in the address are older ones.
    is_unkept: StoredValue<bool>,
    typing: StoredValue<Option<Alarm>, LocalStorage>,
    resting: StoredValue<Option<Alarm>, LocalStorage>,
}

/// The box, and below it what was found or else `list`.
pub fn search(
    state: State,
    documents: Memo<Vec<Document>>,
    list: fn(State, Memo<Vec<Document>>) -> AnyView,
) -> AnyView {
    let words = t().search();
    let navigate = use_navigate();
    let keep = move |words: String| {
        // The box loses the focus also when it leaves the page: whoever has gone stays where they are.
        if dom::path() != PATH {
            return;
        }
        let mut params = ParamsMap::new();
        let query = if words.is_empty() {
            String::new()
        } else {
            params.insert("q", words);
            params.to_query_string()
        };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{PATH}{query}"), options);
    };
    let search = Search {
        state,
        texts: words,
        sources: Sources::of(state, documents),
        words: RwSignal::new(String::new()),
        outcome: StoredValue::new_local(None),
        turn: RwSignal::new(0),
        parts: std::array::from_fn(|_| RwSignal::new(0)),
        reading: RwSignal::new(false),
        waits: StoredValue::new(false),
        said: RwSignal::new(String::new()),
        saying: StoredValue::new_local(None),
        keep: StoredValue::new_local(Box::new(keep)),
        is_unkept: StoredValue::new(false),
        typing: StoredValue::new_local(None),
        resting: StoredValue::new_local(None),
    };
    let query = use_query_map();
    effect(move || {
        let asked = query.with(|query| query.get("q").unwrap_or_default());
        if asked != search.words.get_untracked() {
            search.words.set(asked);
            search.run(false);
        }
    });
    // What is on the device is counted a moment after the start, and grows while texts arrive.
    Effect::new(move |before: Option<usize>| {
        let held = state.held.with(|held| held.hashes.len());
        if before.is_some_and(|before| before != held) && !search.words.with_untracked(String::is_empty) {
            search.run(false);
        }
        held
    });
    let typed = move |event| {
        search.words.set(event_target_value(&event));
        search.run(true);
        search.is_unkept.set_value(true);
        search.typing.set_value(timer::after(TYPING_MS, move || search.show_all()));
        search.resting.set_value(timer::after(RESTING_MS, move || search.keep_words()));
    };
    // Whoever goes elsewhere comes back to these words.
    let touched = window_event_listener(ev::pointerdown, move |_| search.keep_words());
    on_cleanup(move || touched.remove());
    state.on_moment(move |moment| {
        if moment == Moment::Hidden {
            search.keep_words();
        }
    });
    let idle = Memo::new(move |_| search.turn.get() == 0);
    // The list stays in the page while something is searched for: to take it away and to make it anew would cost a slow
    // phone more than all that is found.
    let listed = Memo::new(move |before| before == Some(&true) || idle.get());
    let behind = move || if listed.get() { list(state, documents) } else { ().into_any() };
    // One note in the place of the other: the list below stays where it is.
    let hint = move || if search.reading.get() { "soft small search__hint--away" } else { "soft small" };
    let tapped = move |event: MouseEvent| {
        search.keep_words();
        search.show_all();
        search.show_more(&dom::id_at(&event, "button"));
    };
    let first = move |html: &mut Html| {
        if search.turn.get() > 0 {
            search.outcome.with_value(|outcome| _ = outcome.as_ref().map(|outcome| outcome.write_first(html)));
        }
    };
    let rest = search.parts.into_iter().enumerate().map(|(at, part)| search.part_view(at, part)).collect_view();
    // Until a person stops typing there is more to come.
    let busy = move || (search.parts[PARTS - 1].get() != search.turn.get()).to_string();
    view! {
        <div class="search" role="search">
            <Icon symbol=Symbol::Search/>
            <input class="input" type="search" enterkeyhint="search" autocomplete="off" autocapitalize="off" spellcheck="false"
                id="search" aria-label=words.search aria-describedby="search-hint" placeholder=words.search
                prop:value=search.words on:input=typed on:focus=move |_| search.read()
                on:blur=move |_| search.keep_words()/>
        </div>
        <div class="search__notes" hidden=move || !idle.get() && !search.reading.get()>
            <p class=hint id="search-hint" hidden=move || !idle.get()>{words.hint}</p>
            <p class="soft small" role="status" hidden=move || !search.reading.get()>{words.searching}</p>
        </div>
        <p class="visually-hidden" role="status">{live_text(move || search.said.get())}</p>
        <div class="stack" hidden=move || !idle.get()>{live_view(behind)}</div>
        <div class="stack" hidden=move || idle.get() aria-busy=busy on:click=tapped>
            {live_html("stack", first)}{rest}
        </div>
    }
    .into_any()
}

/// The way here from other screens.
pub fn search_link() -> AnyView {
    link("button button--small", "/documents", Some(Symbol::Search), t().search().search)
}

impl Search {
    fn terms(self) -> Terms {
        self.words.with_untracked(|words| Terms::new(words))
    }

    fn run(self, is_typing: bool) {
        if self.terms().is_too_short() {
            self.reading.set(false);
            self.turn.set(0);
            self.show_rest(0);
            self.say(String::new());
            return;
        }
        // While something is being read, its end waits for the words that stand in the box by then.
        if !self.waits.get_value() {
            let sources = self.sources.all();
            if held::are_read(&sources) {
                return self.find(&sources, is_typing);
            }
        }
        self.reading.set(true);
        self.read();
    }

    /// The screen was left.
    fn is_gone(self) -> bool {
        self.words.try_with_untracked(|_| ()).is_none()
    }

    /// A person searches or is about to: reads what is missing, and looks for the words if they asked meanwhile.
    fn read(self) {
        if self.waits.get_value() {
            return;
        }
        self.waits.set_value(true);
        spawn_local(async move {
            // The key press or tap that led here is answered first. Each of these steps leaves the screen a turn.
            timer::turn().await;
            if self.is_gone() {
                return;
            }
            let sources = self.sources.all();
            timer::turn().await;
            // A screen that was left a moment ago may still be reading.
            while !held::read(self.state, &sources).await {
                timer::sleep(TYPING_MS).await;
            }
            timer::turn().await;
            if self.is_gone() {
                return;
            }
            self.waits.set_value(false);
            if self.reading.get_untracked() {
                self.reading.set(false);
                self.find(&self.sources.all(), true);
                self.typing.set_value(timer::after(TYPING_MS, move || self.show_all()));
            }
        });
    }

    fn find(self, sources: &[Source], is_typing: bool) {
        let outcome = held::search(self.texts, &self.terms(), sources);
        self.say(outcome.summary());
        self.outcome.set_value(Some(outcome));
        self.turn.update(|turn| *turn += 1);
        self.show_rest(if is_typing { 0 } else { self.turn.get_untracked() });
    }

    fn say(self, words: String) {
        let say = move || _ = self.said.try_set(words);
        self.saying.set_value(timer::after(RESTING_MS, say));
    }

    /// The words go into the address.
    fn keep_words(self) {
        if self.is_unkept.try_update_value(std::mem::take) == Some(true) {
            let words = self.words.get_untracked();
            self.keep.with_value(|keep| keep(words));
        }
    }

    fn part_view(self, at: usize, part: RwSignal<u32>) -> AnyView {
        live_html("stack", move |html| {
            if part.get() > 0 {
                self.outcome.with_value(|outcome| _ = outcome.as_ref().map(|outcome| outcome.write_rest(at, html)));
            }
        })
    }

    /// What was found beyond the best, unless more is typed meanwhile.
    fn show_all(self) {
        let Some(turn) = self.turn.try_get_untracked() else { return };
        spawn_local(async move {
            for part in self.parts {
                if self.turn.try_get_untracked() != Some(turn) {
                    return;
                }
                if part.get_untracked() != turn {
                    part.set(turn);
                    timer::sleep(PART_MS).await;
                }
            }
        });
    }

    /// All parts of the rest at once; those of turn 0 are empty.
    fn show_rest(self, turn: u32) {
        for part in self.parts {
            if part.get_untracked() != turn {
                part.set(turn);
            }
        }
    }

    fn show_more(self, button_id: &str) {
        let shown = self.outcome.try_update_value(|outcome| outcome.as_mut()?.show_more(button_id)).flatten();
        if let Some(id) = shown {
            self.turn.update(|turn| *turn += 1);
            self.show_rest(self.turn.get_untracked());
            spawn_local(async move {
                // The button that had the focus was written anew.
                timer::sleep(0).await;
                dom::focus(&format!("[id=\"{id}\"]"));
            });
        }
    }
}
