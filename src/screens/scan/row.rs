//! One person of the list: who it is, whether they are recorded, and the button for it. Written as HTML, since a key
//! press changes all rows in view at once.

use std::sync::Arc;

use congress::entities::{PersonKind, PresenceFact};
use leptos::prelude::*;

use super::roll::Line;
use super::table::Table;
use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::icon::Symbol;

/// Ids of the buttons: this and the person's id.
pub const BUTTON: &str = "mark-";

pub fn row(table: Table, line: Arc<Line>, place: Signal<usize>, count: Memo<usize>) -> AnyView {
    let html = Memo::new(move |_| write(table, &line)).signal();
    let count = count.signal();
    view! { <li class="scan__row" aria-posinset=place aria-setsize=count inner_html=html></li> }.into_any()
}

fn write(table: Table, line: &Line) -> String {
    let (words, who) = (table.words, &line.who);
    let mut html = Html::default();
    html.markup("<span class=\"scan__who\">").span("scan__name", &who.name).markup("<span class=\"scan__sub\">");
    if who.kind != PersonKind::Official {
        html.span("badge scan__kind", (words.kind)(who.kind));
    }
    html.words(&from(table, line)).markup("</span>");
    let standing = table.standing(&who.id);
    if let Some(state) = state(table, &standing) {
        html.markup("<span class=\"scan__state scan__state--present\">")
            .icon(Symbol::Check)
            .words(&state)
            .markup("</span>");
    } else if table.is_flagged(&who.id) {
        html.markup("<span class=\"scan__state\">").icon(Symbol::Alert).words(words.review).markup("</span>");
    }
    html.markup("</span>");
    if standing.is_empty() {
        button(&mut html, "<button class=\"button button--small\" id=\"", line, &(words.mark_person)(&who.name));
        html.words(words.mark);
    } else {
        button(&mut html, "<button class=\"button button--icon\" id=\"", line, &(words.unmark_person)(&who.name));
        html.icon(Symbol::Undo);
    }
    html.markup("</button>");
    html.into_string()
}

fn button(html: &mut Html, begin: &'static str, line: &Line, label: &str) {
    html.markup(begin).words(BUTTON).words(line.who.id.as_str()).markup("\" aria-label=\"").words(label).markup("\">");
}

/// Delegation, organisation and seat: names alone do not tell people apart.
fn from(table: Table, line: &Line) -> String {
    let who = &line.who;
    let seat = if who.seat.is_empty() { String::new() } else { (table.words.seat)(&who.seat) };
    let parts = [who.delegation.as_str(), who.organisation.as_str(), seat.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// "Đã ghi 07:21", and what else there is to say of it.
fn state(table: Table, standing: &[PresenceFact]) -> Option<String> {
    let words = table.words;
    let first = standing.iter().map(|fact| fact.at).min()?;
    let mut parts = vec![(words.recorded_at)(&table.state.moment(first))];
    if standing.len() > 1 {
        parts.push((words.recorded_times)(standing.len()));
    }
    if standing.iter().any(|fact| fact.received_at.is_none()) {
        parts.push(words.waiting.to_owned());
    }
    Some(parts.join(" · "))
}
