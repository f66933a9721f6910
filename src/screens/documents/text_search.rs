//! The search inside the document that is being read: a box, how many passages were found, and the way from one to the
//! next.

use congress::search::Query;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::reader::Reading;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_text;
use crate::platform::timer::{self, Alarm};
use crate::screens::search::TYPING_MS;
use crate::state::t;

/// Passages that are marked before the screen gets its turn.
const SLICE_BLOCKS: usize = 25;

pub fn search_box(reading: Reading) -> AnyView {
    let words = t().documents();
    let typed_words = RwSignal::new(String::new());
    // Which passage is shown, and how many there are; `None` while nothing is searched for.
    let count = RwSignal::new(None::<(usize, usize)>);
    let typing = StoredValue::new_local(None::<Alarm>);
    let run = move || {
        let query = typed_words.with_untracked(|words| Query::new(words));
        let idle = query.is_too_short();
        if let Some((changed, all)) = reading.update_page(|page| (page.search(query), page.hits.len())) {
            count.set((!idle).then_some((1, all)));
            spawn_local(mark(reading, changed));
        }
    };
    let typed = move |event| {
        typed_words.set(event_target_value(&event));
        typing.set_value(timer::after(TYPING_MS, run));
    };
    let step = move |forward: bool| {
        let moved = reading.update_page(|page| {
            let (all, before) = (page.hits.len().max(1), page.hit);
            page.hit = (before + if forward { 1 } else { all - 1 }) % all;
            (page.hits.get(before).copied(), page.hits.get(page.hit).copied(), page.hit + 1, page.hits.len())
        });
        if let Some((Some(before), Some(now), at, all)) = moved {
            reading.repaint(before);
            reading.repaint(now);
            count.set(Some((at, all)));
            reading.show_hit();
        }
    };
    let by_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            step(!event.shift_key());
        }
    };
    let said = move || match count.get() {
        Some((_, 0)) => words.no_hit.to_owned(),
        Some((at, all)) => (words.hit_of)(at, all),
        None => String::new(),
    };
    let class =
        Signal::derive(move || if count.get().is_some() { "reader__hits" } else { "reader__hits reader__hits--idle" });
    let few = Signal::derive(move || count.get().is_none_or(|(_, all)| all < 2));
    let steps = [(false, words.hit_previous, Symbol::ArrowUp), (true, words.hit_next, Symbol::ArrowDown)];
    let steps = steps.map(|(forward, label, symbol)| {
        view! {
            <button class="button button--icon" aria-label=label disabled=few on:click=move |_| step(forward)>
                <Icon symbol/>
            </button>
        }
        .into_any()
    });
    view! {
        <div class="search" role="search">
            <Icon symbol=Symbol::Search/>
            <input class="input" type="search" enterkeyhint="search" autocomplete="off"
                aria-label=words.search_here placeholder=words.search_short
                prop:value=typed_words on:input=typed on:keydown=by_key/>
        </div>
        <div class=class>
            <p class="row__grow" role="status">{live_text(said)}</p>
            {Vec::from(steps)}
        </div>
    }
    .into_any()
}

/// Marks what was found, the passage that is shown first. It reads what is searched for now, so a search that is
/// overtaken by the next does no harm.
async fn mark(reading: Reading, mut changed: Vec<usize>) {
    if let Some(shown) = reading.update_page(|page| page.hits.get(page.hit).copied()).flatten() {
        reading.repaint(shown);
        changed.retain(|block| *block != shown);
        reading.show_hit();
    }
    for slice in changed.chunks(SLICE_BLOCKS) {
        timer::sleep(0).await;
        slice.iter().for_each(|block| reading.repaint(*block));
    }
}
