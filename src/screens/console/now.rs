//! The pane "Diễn đàn": who has the floor, the item that is going on with the time left, who is present, the script.

use congress::entities::{AgendaItem, Attendance, ItemKind, ItemStatus, Script, Session};
use congress::text::number;
use congress::{percent, scopes};
use leptos::prelude::*;
use sync::ids::Timestamp;

use super::desk::Desk;
use super::speaker::speaker;
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::screens::scan::session;

/// Minutes between two speakers (domain.md T-4).
const CHANGEOVER_MINUTES: u32 = 1;

pub fn now(desk: Desk) -> AnyView {
    let item =
        Memo::new(move |_| desk.items.with(|items| items.iter().find(|item| item.status == ItemStatus::Now).cloned()));
    view! {
        {speaker(desk)}
        {live_view(move || match item.get() {
            Some(item) => running(desk, item),
            None => nothing(desk),
        })}
        <p class="small soft">{live_text(move || next_item(desk, item.get().as_ref()))}</p>
        {attendance(desk)}
        {live_view(move || item.get().map_or_else(|| ().into_any(), |item| script(desk, &item)))}
    }
    .into_any()
}

fn nothing(desk: Desk) -> AnyView {
    view! {
        <div class="card">
            <p class="strong">{desk.words.no_item_title}</p>
            <p class="soft">{desk.words.no_item_text}</p>
        </div>
    }
    .into_any()
}

fn running(desk: Desk, item: AgendaItem) -> AnyView {
    let words = desk.words;
    let chair = item.chair.as_ref().map(|chair| (words.chair)(&chair.name));
    let (title, address) = (item.title.clone(), format!("/agenda/{}", item.id));
    let planned = (words.ends)(&item.start.to_string(), &item.start.plus(item.minutes).to_string());
    let late = late_start(desk, &item);
    let documents = documents(desk, &item);
    view! {
        <section class="card console__item">
            <p class="badge badge--now"><Icon symbol=Symbol::Play/>{words.running}</p>
            <h3><a href=address>{title}</a></h3>
            <div class="small">
                {[Some(planned), late, chair].into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
            {live_view(move || time_left(desk, &item))}
            {documents}
        </section>
    }
    .into_any()
}

/// Only on the planned day: a rehearsal on another day is not late.
fn late_start(desk: Desk, item: &AgendaItem) -> Option<String> {
    let started_at = item.started_at?;
    let (date, time) = desk.state.local(started_at);
    let minutes = time.0.checked_sub(item.start.0).filter(|minutes| *minutes > 0 && date == item.date)?;
    Some((desk.words.ends_late)(&time.to_string(), u64::from(minutes)))
}

/// Minutes left of the time that the item was given, from its actual start, and how many speakers still fit
/// (domain.md T-4).
fn time_left(desk: Desk, item: &AgendaItem) -> AnyView {
    let words = desk.words;
    // The hall's clock moves every few seconds; the server's differs from it by what the last call has shown.
    desk.state.clock().track();
    let now = desk.now();
    let Some(started_at) = item.started_at else { return ().into_any() };
    let ends_at = started_at.plus_ms(u64::from(item.minutes) * 60_000);
    let left = minutes_between(now, ends_at);
    let limit = desk.congress.with(|congress| congress.as_ref().map_or(0, |congress| congress.speaking_minutes));
    let fitting = left.unwrap_or(0) / u64::from(limit + CHANGEOVER_MINUTES);
    let is_heard = matches!(item.kind, ItemKind::Discussion | ItemKind::Paper)
        || desk.queue.with(|queue| !queue.entries.is_empty());
    let (class, symbol, text) = match left {
        Some(left) => ("state-line", Symbol::Clock, (words.left)(left)),
        None => {
            ("state-line state-line--attention", Symbol::Alert, (words.over)(now.since_ms(ends_at).div_ceil(60_000)))
        }
    };
    view! {
        <p class=class><Icon symbol/><span class="state-line__text">{text}</span></p>
        {is_heard.then(|| view! { <p class="small soft">{(words.fits)(fitting, limit)}</p> })}
    }
    .into_any()
}

/// Whole minutes from one moment to a later one.
fn minutes_between(from: Timestamp, to: Timestamp) -> Option<u64> {
    (to > from).then(|| to.since_ms(from) / 60_000)
}

fn documents(desk: Desk, item: &AgendaItem) -> AnyView {
    let known: Vec<_> = item.documents.iter().filter_map(|id| desk.names.document(id)).collect();
    if known.is_empty() {
        return ().into_any();
    }
    let link = |document: congress::entities::Document| {
        let address = format!("/documents/{}", document.id);
        view! { <li><a class="console__link" href=address>{document.title}</a></li> }.into_any()
    };
    view! {
        <details>
            <summary class="comment__fold">{desk.words.documents}</summary>
            <ul role="list">{known.into_iter().map(link).collect_view()}</ul>
        </details>
    }
    .into_any()
}

fn next_item(desk: Desk, current: Option<&AgendaItem>) -> String {
    let after = current.map(|item| (item.date, item.start));
    let next = desk.items.with(|items| {
        let planned = items.iter().filter(|item| item.status == ItemStatus::Planned);
        let later = planned.filter(|item| after.is_none_or(|after| (item.date, item.start) >= after));
        later.min_by_key(|item| (item.date, item.start)).cloned()
    });
    next.map(|next| (desk.words.next_item)(&next.start.to_string(), &next.title)).unwrap_or_default()
}

/// Present and convened of the session that is going on (domain.md C-2, C-9).
fn attendance(desk: Desk) -> AnyView {
    let words = desk.words;
    let state = desk.state;
    let rows = state.rows::<Attendance>(scopes::presidium());
    let held = state.rows::<Session>(scopes::public());
    let sessions = Memo::new(move |_| session::in_order(held.get()));
    let counted = Memo::new(move |_| {
        let now = state.local(state.clock().get());
        let current = sessions.with(|sessions| desk.items.with(|items| session::current(sessions, items, now)))?;
        rows.with(|rows| rows.iter().find(|row| row.session == current).cloned())
    });
    let figures = live_view(move || match counted.get() {
        None => view! { <p class="soft">{words.not_counted}</p> }.into_any(),
        Some(row) => {
            let (present, convened) = (u64::from(row.present), u64::from(row.convened));
            let share = percent::share_text(present, convened).replace(' ', "\u{a0}");
            let (class, symbol, quorum) = if percent::is_quorate(present, convened) {
                ("state-line state-line--received", Symbol::Check, words.quorate)
            } else {
                ("state-line state-line--attention", Symbol::Alert, words.not_quorate)
            };
            view! {
                <p>{(words.present)(&number(present), &number(convened), &share)}</p>
                <p class=class><Icon symbol/><span class="state-line__text">{quorum}</span></p>
            }
            .into_any()
        }
    });
    view! {
        <section class="card">
            <h3>{words.attendance}</h3>
            {figures}
        </section>
    }
    .into_any()
}

fn script(desk: Desk, item: &AgendaItem) -> AnyView {
    let words = desk.words;
    let script = desk.state.row::<Script>(scopes::presidium(), &item.id);
    let lines = live_view(move || match script.get().filter(|script| !script.lines.is_empty()) {
        None => view! { <p class="soft">{words.no_script}</p> }.into_any(),
        Some(script) => {
            let lines = script.lines.into_iter().map(|line| view! { <li>{line}</li> }.into_any()).collect_view();
            view! { <ol class="how">{lines}</ol> }.into_any()
        }
    });
    view! {
        <section class="card">
            <h3>{words.script}</h3>
            {lines}
        </section>
    }
    .into_any()
}
