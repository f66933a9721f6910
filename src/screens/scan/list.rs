//! The list itself: only the rows in view are in the page, however long the list is.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::roll::Line;
use super::row::{BUTTON, row};
use super::table::Table;
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::platform::{dom, timer};
use congress::text::number;

const LIST: &str = "scan-list";
/// Rows kept in the page above and below the view, so that a keyboard and a screen reader find the next one.
const ROWS_BEYOND: usize = 4;
/// The page is changed once for so many rows of scrolling.
const ROWS_AT_ONCE: usize = 4;
/// People folded in one step: a slow phone stays answering.
const FOLDED_AT_ONCE: usize = 100;
/// The list is painted before.
const FOLD_AFTER_MS: u64 = 100;
/// Before anything is measured.
const ROWS_FIRST: usize = 16;

/// A stretch of the list: first row, and the one after the last.
type Stretch = (usize, usize);

pub fn list(table: Table) -> AnyView {
    let words = table.words;
    let found = table.found();
    let stretch = RwSignal::new((0, ROWS_FIRST));
    let slice = Memo::new(move |_| {
        let (from, to) = stretch.get();
        found.with(|found| found.get(from.min(found.len())..to.min(found.len())).unwrap_or_default().to_vec())
    });
    let look = move || look(found, stretch);
    let on_scroll = window_event_listener(ev::scroll, move |_| look());
    let on_resize = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || {
        on_scroll.remove();
        on_resize.remove();
    });
    // A list that was asked for begins at its beginning; one that changed by itself stays where it is.
    Effect::new(move |before: Option<()>| {
        for choice in [table.query, table.delegation, table.shown] {
            choice.track();
        }
        table.session.track();
        if before.is_some() && dom::box_of(LIST).is_some_and(|(top, _)| top < 0.0 || top > dom::window_height() / 2.0) {
            dom::scroll_to_id(LIST);
        }
    });
    // It is measured once it stands in the page.
    effect(move || {
        found.track();
        spawn_local(async move {
            timer::sleep(0).await;
            look();
        });
    });
    fold_ahead(table);
    let count = Memo::new(move |_| found.with(Vec::len));
    let rows = move |line: Arc<Line>| {
        let id = line.who.id.clone();
        let place = Signal::derive(move || {
            let at = slice.with(|slice| slice.iter().position(|line| line.who.id == id)).unwrap_or(0);
            stretch.with_untracked(|(from, _)| from + at + 1)
        });
        row(table, line, place, count)
    };
    // A second tap of a hasty finger counts as none: by then another button may lie under it.
    let press = move |event: ev::MouseEvent| {
        let id = dom::id_at(&event, "button");
        if let Some(person) = id.strip_prefix(BUTTON).filter(|_| event.detail() < 2) {
            table.press(person);
        }
    };
    view! {
        <div class="toolbar toolbar--sticky scan__bar">
            <div class="search">
                <Icon symbol=Symbol::Search/>
                <input class="input" type="search" id="scan-search" aria-label=words.search placeholder=words.search_short
                    autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"
                    prop:value=table.query on:input=move |event| table.query.set(event_target_value(&event))/>
            </div>
            <p class="small soft" role="status">{live_text(move || (words.found)(&number(count.get() as u64)))}</p>
        </div>
        <div class="virtual scan__list" id=LIST style:height=move || format!("calc(var(--row-h) * {})", count.get())>
            <ul class="virtual__slice" role="list" aria-label=words.list on:click=press style:top=move || format!("calc(var(--row-h) * {})", stretch.get().0)>
                <For each=move || slice.get() key=|line| line.who.id.0.clone() children=rows/>
            </ul>
        </div>
        {live_view(move || if count.get() == 0 { none(table) } else { ().into_any() })}
    }
    .into_any()
}

/// Makes what a search looks at, a little at a time.
fn fold_ahead(table: Table) {
    effect(move || {
        table.roll.track();
        spawn_local(async move {
            timer::sleep(FOLD_AFTER_MS).await;
            while table.roll.try_with_untracked(|roll| roll.fold_some(FOLDED_AT_ONCE)) == Some(true) {
                timer::turn().await;
            }
        });
    });
}

/// Moves the stretch to where the view is.
fn look(found: Memo<Vec<Arc<Line>>>, stretch: RwSignal<Stretch>) {
    let Some(rows) = found.try_with_untracked(Vec::len).filter(|rows| *rows > 0) else { return };
    let Some((top, height)) = dom::box_of(LIST) else { return };
    let row = (height / rows as f64).max(1.0);
    let above = (-top / row).max(0.0) as usize;
    let in_view = (dom::window_height() / row) as usize + 1;
    let from = above.saturating_sub(ROWS_BEYOND) / ROWS_AT_ONCE * ROWS_AT_ONCE;
    let to = (above + in_view + ROWS_BEYOND).div_ceil(ROWS_AT_ONCE) * ROWS_AT_ONCE;
    if stretch.try_get_untracked().is_some_and(|held| held != (from, to)) {
        stretch.set((from, to));
    }
}

fn none(table: Table) -> AnyView {
    let words = table.words;
    let is_filtered = move || !(table.delegation.with(String::is_empty) && table.shown.with(String::is_empty));
    view! {
        <div class="empty">
            <Icon symbol=Symbol::Search/>
            <p class="empty__title">{words.none_title}</p>
            <p class="empty__text">{words.none_text}</p>
            <Show when=is_filtered>
                <button class="button" on:click=move |_| {
                    table.delegation.set(String::new());
                    table.shown.set(String::new());
                }>{words.show_all}</button>
            </Show>
        </div>
    }
    .into_any()
}
