//! Taking everything away: as text to the clipboard or into a file, or on paper.

use congress::entities::{Anchor, MarkKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Group, Notes};
use crate::parts::blocks::button;
use crate::parts::icon::Symbol;
use crate::platform::{dom, files, world};
use crate::screens::comments::names;
use crate::state::t;

pub fn tools(notes: Notes) -> AnyView {
    let words = t().notes();
    let copy = move || {
        let text = untrack(|| text_of(notes));
        spawn_local(async move {
            let done = dom::copy(&text).await;
            notes.said.try_set(if done { words.copied } else { words.copy_failed });
        });
    };
    let save = move || {
        let today = notes.state.local(world::now()).0;
        let date = format!("{:04}-{:02}-{:02}", today.year(), today.month(), today.day());
        let text = untrack(|| text_of(notes));
        let done = files::save_text(&format!("{}.txt", (words.file_name)(&date)), &text);
        notes.said.set(if done { words.file_saved } else { words.file_failed });
    };
    view! {
        <div class="row">
            {button("button button--small", Some(Symbol::Copy), words.copy_all, copy)}
            {button("button button--small", Some(Symbol::Download), words.save_file, save)}
            {button("button button--small", Some(Symbol::FileText), words.print, dom::print)}
        </div>
    }
    .into_any()
}

/// Everything on the screen, for any other program.
fn text_of(notes: Notes) -> String {
    let words = t().notes();
    let congress = notes.state.congress().get().map(|congress| congress.name).unwrap_or_default();
    let (date, time) = notes.state.local(world::now());
    let mut text = (words.head)(&congress, &format!("{date} {time}"));
    let mut section = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            text.push_str(&format!("\n\n--- {title} ---\n\n{}", entries.join("\n\n")));
        }
    };
    let drafts = notes.drafts.get();
    let drafts = drafts.iter().map(|draft| entry(notes, true, MarkKind::Note, &draft.anchor, &draft.text));
    section(words.drafts, drafts.collect());
    let refused = notes.refused.get();
    let refused = refused.iter().map(|refused| {
        let action = &refused.action;
        entry(notes, true, action.kind, &action.anchor, &action.text)
    });
    section(words.refused, refused.collect());
    for Group { title, marks, .. } in notes.groups.get() {
        let entries = marks.iter().map(|mark| entry(notes, false, mark.kind, &mark.anchor, &mark.text));
        section(&title, entries.collect());
    }
    text.push('\n');
    text
}

/// One mark: kind and place, the quoted words, the person's own.
fn entry(notes: Notes, with_title: bool, kind: MarkKind, anchor: &Anchor, text: &str) -> String {
    let place = if with_title { notes.names.place(anchor) } else { names::place(anchor) };
    let mut lines = vec![(t().notes().kind)(kind).to_owned()];
    if !place.is_empty() {
        lines[0] = format!("{}: {place}", lines[0]);
    }
    lines.extend(names::quote(anchor).map(|quote| format!("“{quote}”")));
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
    lines.join("\n")
}
