//! The items of a day as rows, and the card above them that says what goes on.

use congress::calendar::Date;
use congress::entities::{AgendaItem, ItemStatus};
use leptos::prelude::*;

use super::programme::{Mark, Programme, minutes_left};
use crate::i18n::agenda::Text;
use crate::parts::html::{Html, live_link};
use crate::parts::icon::Symbol;
use crate::parts::rows::Row;
use crate::state::{State, t};

/// One item as a row.
pub fn row(state: State, item: &AgendaItem, mark: Mark) -> Row {
    let class = match (mark, item.status) {
        (Mark::Now(_), _) => "agenda__row agenda__row--now",
        (Mark::Next(_), _) => "agenda__row agenda__row--next",
        (Mark::None, ItemStatus::Done) => "agenda__row agenda__row--done",
        (Mark::None, ItemStatus::Dropped) => "agenda__row agenda__row--dropped",
        (Mark::None, ItemStatus::Planned | ItemStatus::Now) => "agenda__row",
    };
    let mut html = Html::default();
    write_row(&mut html, t().agenda(), state, item, mark);
    Row { class, current: matches!(mark, Mark::Now(_)), href: format!("/agenda/{}", item.id), html }
}

fn write_row(html: &mut Html, words: &Text, state: State, item: &AgendaItem, mark: Mark) {
    let clock = |at| state.local(at).1.to_string();
    html.markup("<span class=\"agenda__time\">").span("agenda__start", &item.start.to_string());
    if let Some(at) = item.started_at {
        html.markup("<span class=\"agenda__actual\">").span("visually-hidden", words.began_at).markup(" ");
        html.words(&clock(at)).markup("</span>");
    }
    html.markup("</span><span class=\"agenda__body\">");
    write_marks(html, words, mark);
    html.span("agenda__title", &item.title);
    html.markup("<span class=\"agenda__meta\">").words(&(words.minutes)(item.minutes));
    html.markup(" · ").words((words.kind)(item.kind));
    match (item.status, item.ended_at) {
        (ItemStatus::Done, Some(at)) => _ = html.markup(" · ").words(&(words.ended_at)(&clock(at))),
        (ItemStatus::Done, None) => _ = html.markup(" · ").words(words.done),
        (ItemStatus::Dropped, _) => _ = html.markup(" · ").words(words.dropped),
        (ItemStatus::Planned | ItemStatus::Now, _) => {}
    }
    html.markup("</span></span>");
}

/// "Đang diễn ra" or "Tiếp theo", and by how much it is late.
pub fn write_marks(html: &mut Html, words: &Text, mark: Mark) {
    let (class, symbol, word, late) = match mark {
        Mark::Now(late) => ("<span class=\"badge badge--now\">", Symbol::Play, words.now, late),
        Mark::Next(late) => ("<span class=\"badge badge--next\">", Symbol::Clock, words.next, late),
        Mark::None => return,
    };
    html.markup("<span class=\"agenda__marks\">").markup(class).icon(symbol).words(word).markup("</span>");
    if late > 0 {
        html.markup("<span class=\"agenda__delay\">").icon(Symbol::Alert).words(&(words.late)(late)).markup("</span>");
    }
    html.markup("</span>");
}

/// The card of now. It is always there, so that nothing moves when an item begins or ends.
pub fn now_card(state: State, programme: Programme) -> AnyView {
    let words = t().agenda();
    let shown = move || {
        let marks = programme.marks.get();
        let (id, mark) = match (marks.now, marks.next) {
            (Some((id, late)), _) => (id, Mark::Now(late)),
            (None, Some((id, late))) => (id, Mark::Next(late)),
            (None, None) => return None,
        };
        programme.plan.with(|plan| plan.item(&id).cloned()).map(|item| (item, mark))
    };
    let href = Signal::derive(move || shown().map_or("/agenda".to_owned(), |(item, _)| format!("/agenda/{}", item.id)));
    let class = Signal::derive(move || match shown() {
        Some((_, Mark::Now(_))) => "card card--link card--now agenda__now",
        _ => "card card--link agenda__now",
    });
    live_link(class, href, move |html| match shown() {
        None => _ = html.span("soft", words.finished),
        Some((item, mark)) => {
            write_marks(html, words, mark);
            html.span("agenda__now-title strong", &item.title).span("small", &timing(words, state, &item, mark));
        }
    })
}

/// Since when and how much longer; or for when it is planned.
pub fn timing(words: &Text, state: State, item: &AgendaItem, mark: Mark) -> String {
    match (mark, item.started_at) {
        (Mark::Now(_), Some(at)) => {
            let left = minutes_left(item, state.clock().get());
            let rest = if left < 0 { words.over } else { words.left };
            format!("{} · {}", (words.since)(&state.moment(at)), rest(left.unsigned_abs()))
        }
        _ if item.date == state.today() => (words.planned_for)(&item.start.to_string()),
        _ => (words.planned_for)(&format!("{}, {}", item.start, day_word(words, item.date))),
    }
}

pub fn weekday(words: &Text, date: Date) -> &'static str {
    words.weekdays.get(usize::from(date.weekday())).copied().unwrap_or_default()
}

/// `Thứ Tư 25/11`
pub fn day_word(words: &Text, date: Date) -> String {
    format!("{} {:02}/{:02}", weekday(words, date), date.day(), date.month())
}
