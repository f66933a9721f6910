//! The screen "Chương trình": the days as tabs, the items of a day in their order, what goes on at the top. It shows
//! what the device holds and never waits.

mod conduct;
mod item;
mod programme;
pub mod rows;

use std::cell::Cell;

use congress::calendar::Date;
use congress::entities::ItemKind;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::parts::rows::row_list;
use crate::platform::{dom, timer};
use crate::screens::agenda::programme::{Plan, Programme};
use crate::state::{State, t, use_state};

pub use item::AgendaItemPage;

type Choose = StoredValue<Box<dyn Fn(Date)>, LocalStorage>;
type Click = Box<dyn FnMut(MouseEvent)>;

thread_local! {
    /// The day chosen last, and the day on which it was chosen: the tab bar leads back to it until midnight.
    static CHOSEN: Cell<Option<(Date, Date)>> = const { Cell::new(None) };
}

/// The kinds in the order of their chips.
const KINDS: [ItemKind; 10] = [
    ItemKind::Ceremony,
    ItemKind::Opening,
    ItemKind::Report,
    ItemKind::Paper,
    ItemKind::DirectingSpeech,
    ItemKind::Discussion,
    ItemKind::Vote,
    ItemKind::Election,
    ItemKind::Announcement,
    ItemKind::Break,
];

#[component]
pub fn Agenda() -> impl IntoView {
    let state = use_state();
    let programme = Programme::new(state);
    let empty = Memo::new(move |_| programme.plan.with(|plan| plan.items.is_empty()));
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().agenda}</h1>
            {live_view(move || if empty.get() { nothing(state) } else { days(state, programme) })}
        </div>
    }
}

fn nothing(state: State) -> AnyView {
    view! {
        <div class="empty">
            <Icon symbol=Symbol::Calendar/>
            <p class="empty__title">{t().agenda().empty_title}</p>
            <p class="empty__text">{t().agenda().empty_text}</p>
            <button class="button" on:click=move |_| state.retry_now()>{t().shell().retry_now}</button>
        </div>
    }
    .into_any()
}

/// `2026-11-26`, as it stands in the address.
fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// The address of a day in the programme.
fn day_href(date: Date) -> String {
    format!("/agenda?day={}", iso(date))
}

/// The day to open with: today, the day on which something goes on, the nearest to come, the last.
fn first_day(plan: &Plan, days: &[Date], today: Date) -> Option<Date> {
    let exact = days.iter().find(|day| **day == today);
    let coming = days.iter().find(|day| **day > today).or(days.last());
    exact.copied().or_else(|| plan.running().map(|item| item.date)).or(coming.copied())
}

fn days(state: State, programme: Programme) -> AnyView {
    let words = t().agenda();
    let query = use_query_map();
    let navigate = use_navigate();
    let days = Memo::new(move |_| {
        let mut days: Vec<Date> = programme.plan.with(|plan| plan.items.iter().map(|item| item.date).collect());
        days.dedup();
        days
    });
    let day = Memo::new(move |_| {
        let asked = query.with(|query| query.get_str("day").and_then(|day| day.parse::<Date>().ok()));
        let remembered = CHOSEN.get().filter(|(_, on)| *on == state.today()).map(|(day, _)| day);
        days.with(|days| {
            let known = |day: &Date| days.contains(day);
            let first = || programme.plan.with(|plan| first_day(plan, days, state.today()));
            asked.filter(known).or(remembered.filter(known)).or_else(first)
        })
    });
    let choose: Choose = StoredValue::new_local(Box::new(move |date| {
        CHOSEN.set(Some((date, state.today())));
        navigate(&day_href(date), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }));
    let by_key = move |event: KeyboardEvent| {
        let days = days.get_untracked();
        let at = day.get_untracked().and_then(|day| days.iter().position(|d| *d == day)).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at.wrapping_sub(1),
            "Home" => 0,
            "End" => days.len().saturating_sub(1),
            _ => return,
        };
        if let Some(date) = days.get(to) {
            event.prevent_default();
            choose.with_value(|choose| choose(*date));
            dom::focus(&format!("#day-{}", iso(*date)));
        }
    };
    // The tab of the chosen day may lie outside of a narrow screen.
    effect(move || {
        if let Some(day) = day.get() {
            leptos::task::spawn_local(async move {
                timer::sleep(0).await;
                dom::bring_into_row(&format!("day-{}", iso(day)));
            });
        }
    });
    let tabs =
        move || days.get().into_iter().map(|date| day_tab(state, date, day, choose)).collect::<Vec<_>>().into_any();
    view! {
        {rows::now_card(state, programme)}
        <div class="tabs" role="tablist" aria-label=words.days on:keydown=by_key>{live_view(tabs)}</div>
        {day_panel(state, programme, day)}
    }
    .into_any()
}

fn day_tab(state: State, date: Date, day: Memo<Option<Date>>, choose: Choose) -> AnyView {
    let words = t().agenda();
    let chosen = move |yes: &'static str, no: &'static str| {
        Signal::derive(move || if day.get() == Some(date) { yes } else { no })
    };
    let word = move || if date == state.today() { words.today } else { rows::weekday(words, date) }.to_owned();
    let click: Click = Box::new(move |_| choose.with_value(|choose| choose(date)));
    view! {
        <button class="tabs__tab" role="tab" id=format!("day-{}", iso(date)) aria-controls="agenda-day"
            aria-selected=chosen("true", "false") tabindex=chosen("0", "-1") on:click=click>
            <span class="tabs__word">{live_text(word)}</span>
            <span class="tabs__hint">{format!("{:02}/{:02}", date.day(), date.month())}</span>
        </button>
    }
    .into_any()
}

/// The rows of a day by session: which ones they are, not what they say. It changes with the day, the filter and the
/// programme itself, and stays when an item begins or ends.
#[derive(Clone, PartialEq, Eq)]
struct Rows {
    session: String,
    title: String,
    hours: String,
    items: Vec<String>,
}

fn rows_of(plan: &Plan, day: Option<Date>, kind: Option<ItemKind>) -> Vec<Rows> {
    let mut rows = Vec::new();
    for session in &plan.sessions {
        let of_session = plan.items.iter().filter(|item| item.session == session.id && Some(item.date) == day);
        let shown = of_session.filter(|item| kind.is_none_or(|kind| item.kind == kind));
        let items: Vec<String> = shown.map(|item| item.id.clone()).collect();
        if !items.is_empty() {
            rows.push(Rows {
                session: session.id.clone(),
                title: session.title.clone(),
                hours: format!("{}–{}", session.start, session.end),
                items,
            });
        }
    }
    rows
}

fn day_panel(state: State, programme: Programme, day: Memo<Option<Date>>) -> AnyView {
    let words = t().agenda();
    let chosen = RwSignal::new(None::<ItemKind>);
    let kinds = Memo::new(move |_| {
        let day = day.get();
        programme.plan.with(|plan| {
            let of_day = |kind: ItemKind| plan.items.iter().any(|item| item.kind == kind && Some(item.date) == day);
            KINDS.map(|kind| of_day(kind).then_some(kind))
        })
    });
    // A kind that the day does not have filters nothing.
    let kind = Memo::new(move |_| chosen.get().filter(|kind| kinds.with(|kinds| kinds.contains(&Some(*kind)))));
    let rows = Memo::new(move |_| programme.plan.with(|plan| rows_of(plan, day.get(), kind.get())));
    let chips = move || {
        let chips = std::iter::once(None).chain(kinds.get().into_iter().flatten().map(Some));
        chips.map(|of| kind_chip(of, kind, chosen)).collect::<Vec<_>>().into_any()
    };
    let sessions =
        move || rows.get().into_iter().map(|rows| session(state, programme, rows)).collect::<Vec<_>>().into_any();
    let labelled_by = Signal::derive(move || day.get().map(|day| format!("day-{}", iso(day))));
    view! {
        <div class="chips agenda__kinds" role="group" aria-label=words.filter>{live_view(chips)}</div>
        <div class="stack" role="tabpanel" id="agenda-day" aria-labelledby=labelled_by>{live_view(sessions)}</div>
    }
    .into_any()
}

fn kind_chip(of: Option<ItemKind>, kind: Memo<Option<ItemKind>>, chosen: RwSignal<Option<ItemKind>>) -> AnyView {
    let pressed = Signal::derive(move || if kind.get() == of { "true" } else { "false" });
    let click: Click = Box::new(move |_| chosen.set(of));
    view! {
        <button class="chip" aria-pressed=pressed on:click=click>{of.map_or(t().agenda().all, t().agenda().kind)}</button>
    }
    .into_any()
}

fn session(state: State, programme: Programme, rows: Rows) -> AnyView {
    let items = rows.items;
    let read = move || {
        programme.marks.with(|marks| {
            programme.plan.with(|plan| {
                let shown = items.iter().filter_map(|id| plan.item(id));
                shown.map(|item| rows::row(state, item, marks.of(&item.id))).collect()
            })
        })
    };
    view! {
        <section class="stack stack--tight">
            <h2 class="agenda__session">{rows.title}" "<span class="soft small">{rows.hours}</span></h2>
            {row_list(format!("session-{}", rows.session), "agenda", "agenda__link", read)}
        </section>
    }
    .into_any()
}
