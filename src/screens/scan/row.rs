//! One person of the list: who it is, whether they are recorded, and the button for it.

use std::sync::Arc;

use congress::entities::{PersonKind, PresenceFact};
use leptos::prelude::*;

use super::roll::Line;
use super::table::Table;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;

/// What a row says of presence.
#[derive(Clone, PartialEq, Eq)]
enum Mark {
    None,
    /// Recorded only by someone who was no desk any more.
    ToReview,
    Present(String),
}

pub fn row(table: Table, line: Arc<Line>, place: Memo<usize>, count: Memo<usize>) -> AnyView {
    let person = line.who.id.clone();
    let mark = Memo::new(move |_| mark_of(table, &table.standing(&person), table.is_flagged(&person)));
    let is_present = Memo::new(move |_| mark.with(|mark| matches!(mark, Mark::Present(_))));
    let class = move || if is_present.get() { "scan__row scan__row--present" } else { "scan__row" };
    let who = &line.who;
    let kind = (who.kind != PersonKind::Official)
        .then(|| view! { <span class="badge scan__kind">{(table.words.kind)(who.kind)}</span> }.into_any());
    let (name, sub) = (who.name.clone(), sub(table, &line));
    view! {
        <li class=class aria-posinset=place aria-setsize=count>
            <span class="scan__who">
                <span class="scan__name">{name}</span>
                <span class="scan__sub">{kind}{sub}</span>
                {live_view(move || state_line(table, mark.get()))}
            </span>
            {live_view(move || button(table, line.clone(), is_present.get()))}
        </li>
    }
    .into_any()
}

fn sub(table: Table, line: &Line) -> String {
    let who = &line.who;
    let seat = if who.seat.is_empty() { String::new() } else { (table.words.seat)(&who.seat) };
    let parts = [who.delegation.clone(), who.organisation.clone(), seat];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn mark_of(table: Table, standing: &[PresenceFact], is_flagged: bool) -> Mark {
    let words = table.words;
    let Some(first) = standing.iter().map(|fact| fact.at).min() else {
        return if is_flagged { Mark::ToReview } else { Mark::None };
    };
    let mut parts = vec![(words.recorded_at)(&table.state.moment(first))];
    if standing.len() > 1 {
        parts.push((words.recorded_times)(standing.len()));
    }
    if standing.iter().any(|fact| fact.received_at.is_none()) {
        parts.push(words.waiting.to_owned());
    }
    Mark::Present(parts.join(" · "))
}

fn state_line(table: Table, mark: Mark) -> AnyView {
    let (symbol, text) = match mark {
        Mark::None => return ().into_any(),
        Mark::ToReview => (Symbol::Alert, table.words.review.to_owned()),
        Mark::Present(text) => (Symbol::Check, text),
    };
    view! { <span class="scan__state"><Icon symbol/>{text}</span> }.into_any()
}

/// A second tap of a hasty finger counts as none: by then another button may lie under it.
fn button(table: Table, line: Arc<Line>, is_present: bool) -> AnyView {
    let id = format!("mark-{}", line.who.id);
    if is_present {
        let label = (table.words.unmark_person)(&line.who.name);
        let ask = move |event: leptos::ev::MouseEvent| {
            if event.detail() < 2 {
                table.asked.set(Some(line.clone()));
                table.asking.set(true);
            }
        };
        return view! {
            <button class="button button--icon" id=id aria-label=label on:click=ask><Icon symbol=Symbol::Undo/></button>
        }
        .into_any();
    }
    let label = (table.words.mark_person)(&line.who.name);
    let record = move |event: leptos::ev::MouseEvent| {
        if event.detail() < 2 {
            table.record(line.clone());
        }
    };
    view! { <button class="button button--small" id=id aria-label=label on:click=record>{table.words.mark}</button> }
        .into_any()
}
