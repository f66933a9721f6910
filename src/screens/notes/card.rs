//! The cards: a mark, a note that is being written, a note that was not accepted.

use congress::entities::{Anchor, MarkKind, ReaderMark};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use sync::ids::Timestamp;

use super::removal::Chosen;
use super::{Notes, Refused};
use crate::drafts::Draft;
use crate::memo::Memo;
use crate::parts::blocks::{button, cards, write_paragraph, write_state_line};
use crate::parts::html::{Html, live_html, live_link};
use crate::parts::icon::Symbol;
use crate::parts::live::live_view;
use crate::screens::comments::{may_discuss, names};
use crate::state::t;

const LINK: &str = "comment__link stack stack--tight";
const SMALL: &str = "button button--small";
const QUIET: &str = "button button--small button--quiet";

fn symbol(kind: MarkKind) -> Symbol {
    match kind {
        MarkKind::Highlight => Symbol::Highlighter,
        MarkKind::Note => Symbol::Note,
        MarkKind::Bookmark => Symbol::Bookmark,
    }
}

/// Kind, place and time, the quoted words, the person's own.
fn write(html: &mut Html, notes: Notes, kind: MarkKind, anchor: &Anchor, (text, at): (&str, Timestamp)) {
    html.markup("<span class=\"comment__head\"><span class=\"comment__where row\">").icon(symbol(kind));
    html.span("", (t().notes().kind)(kind)).markup("</span>");
    html.span("small soft number", &notes.state.moment(at)).markup("</span>");
    let place = names::place(anchor);
    if !place.is_empty() {
        html.span("small soft", &place);
    }
    if let Some(quote) = names::quote(anchor) {
        html.span("quote", &quote);
    }
    if !text.is_empty() {
        html.span("comment__text", text);
    }
}

pub fn mark(notes: Notes, id: String) -> AnyView {
    let words = t().notes();
    let own = StoredValue::new(id.clone());
    let mark = Memo::new(move |_| own.with_value(|id| notes.mark(id)));
    let href =
        move || mark.with(|mark| mark.as_ref().and_then(|mark| names::address(&mark.anchor))).unwrap_or_default();
    let write_mark = move |html: &mut Html| {
        if let Some(mark) = mark.get() {
            write(html, notes, mark.kind, &mark.anchor, (&mark.text, mark.changed_at));
        }
    };
    let write_state = move |html: &mut Html| {
        let Some(mark) = mark.get() else { return };
        if notes.is_gone(&mark) {
            write_paragraph(html, "small strong", words.gone);
        }
        if notes.waits(&mark) {
            write_state_line(html, "saved", Symbol::Device, words.not_sent);
        }
    };
    let remove = move || {
        if let Some(mark) = mark.get_untracked() {
            notes.removal.choose(Chosen::Mark(mark));
        }
    };
    view! {
        <li class="card comment">
            {live_link(Signal::stored(LINK), Signal::derive(href), write_mark)}
            {live_html("", write_state)}
            <div class="row">
                {of_note(notes, mark, id)}
                {button(QUIET, Some(Symbol::Trash), words.remove, remove)}
            </div>
        </li>
    }
    .into_any()
}

/// What may be done with words.
fn of_note(notes: Notes, mark: Memo<Option<ReaderMark>>, id: String) -> AnyView {
    let words = t().notes();
    if mark.with_untracked(|mark| mark.as_ref().is_none_or(|mark| mark.kind != MarkKind::Note)) {
        return ().into_any();
    }
    let may = may_discuss(notes.state);
    let navigate = use_navigate();
    let go = StoredValue::new_local(move |draft: &str| {
        navigate(&format!("/comments/new?draft={draft}"), leptos_router::NavigateOptions::default());
    });
    let to_comment = move || {
        let Some(mark) = mark.get_untracked() else { return };
        let draft = comment_of(notes, &mark);
        spawn_local(async move {
            let id = draft.id.clone();
            if notes.state.save_draft(draft).await.is_ok() {
                go.try_with_value(|go| go(&id));
            } else {
                notes.said.try_set(words.not_stored);
            }
        });
    };
    let to_comment = move || {
        if may.get() == Some(true) {
            button(SMALL, Some(Symbol::MessageSquare), words.to_comment, to_comment)
        } else {
            ().into_any()
        }
    };
    view! {
        <a class=SMALL href=format!("/comments/new?note={id}")>{words.change}</a>
        {live_view(to_comment)}
    }
    .into_any()
}

/// A comment with the words of a note: the one that was begun with them, else a new one.
fn comment_of(notes: Notes, mark: &ReaderMark) -> Draft {
    let same = |draft: &Draft| draft.anchor == mark.anchor && draft.text == mark.text;
    let begun = notes.state.drafts().get_untracked().into_iter().find(same);
    begun.unwrap_or_else(|| Draft { text: mark.text.clone(), ..notes.state.new_draft(mark.anchor.clone()) })
}

pub fn drafts(notes: Notes) -> AnyView {
    let words = t().notes();
    let any = Memo::new(move |_| notes.drafts.with(|drafts| !drafts.is_empty()));
    let ids = move || notes.drafts.with(|drafts| drafts.iter().map(|draft| draft.id.clone()).collect());
    live_view(move || {
        if !any.get() {
            return ().into_any();
        }
        view! {
            <section class="stack" aria-label=words.drafts>
                <h2 class="section-title">{words.drafts}</h2>
                {cards(ids, move |id| draft(notes, id))}
            </section>
        }
        .into_any()
    })
}

fn draft(notes: Notes, id: String) -> AnyView {
    let href = Signal::stored(format!("/comments/new?draft={id}"));
    let own = StoredValue::new(id);
    let draft = move || notes.drafts.with(|all| own.with_value(|id| all.iter().find(|it| it.id == *id).cloned()));
    let write_draft = move |html: &mut Html| {
        let Some(draft) = draft() else { return };
        html.span("comment__where", &notes.names.title(&draft.anchor));
        write(html, notes, MarkKind::Note, &draft.anchor, (&draft.text, draft.updated_at));
    };
    let write_saved = move |html: &mut Html| {
        let saved = draft().map(|draft| notes.state.moment(draft.updated_at)).unwrap_or_default();
        write_state_line(html, "draft", Symbol::Pen, &(t().comments().draft_at)(&saved));
    };
    view! {
        <li class="card comment">
            {live_link(Signal::stored(LINK), href, write_draft)}
            <div class="row">
                {live_html("row__grow", write_saved)}
                {button(QUIET, Some(Symbol::Trash), t().notes().remove, move || {
                    notes.removal.choose(Chosen::Draft(own.get_value()));
                })}
            </div>
        </li>
    }
    .into_any()
}

pub fn refused(notes: Notes) -> AnyView {
    let words = t().notes();
    let any = Memo::new(move |_| notes.refused.with(|refused| !refused.is_empty()));
    let ids = move || notes.refused.with(|all| all.iter().map(|it| it.entry.command_id.to_string()).collect());
    live_view(move || {
        if !any.get() {
            return ().into_any();
        }
        view! {
            <section class="stack" aria-label=words.refused>
                <h2 class="section-title">{words.refused}</h2>
                {cards(ids, move |id| refused_card(notes, id))}
            </section>
        }
        .into_any()
    })
}

fn refused_card(notes: Notes, id: String) -> AnyView {
    let own = StoredValue::new(id);
    let find = move || {
        let is_own = |it: &&Refused| own.with_value(|id| it.entry.command_id.to_string() == *id);
        notes.refused.with(|all| all.iter().find(is_own).cloned())
    };
    let write_refused = move |html: &mut Html| {
        let Some(Refused { entry, action }) = find() else { return };
        html.span("comment__where", &notes.names.title(&action.anchor));
        write(html, notes, action.kind, &action.anchor, (&action.text, entry.created_at));
        let words = t().comments();
        match entry.verdict.and_then(|receipt| receipt.refusal) {
            Some(refusal) => {
                let reason = (t().shell().refusal)(&refusal.code, &refusal.detail);
                write_state_line(html, "attention", Symbol::Alert, &(words.refused)(&reason));
            }
            None => write_state_line(html, "saved", Symbol::Clock, words.parked),
        }
    };
    let remove = move || {
        if let Some(refused) = untrack(find) {
            notes.removal.choose(Chosen::Refused(refused.entry.command_id));
        }
    };
    view! {
        <li class="card comment">
            {live_html("stack stack--tight", write_refused)}
            <div class="row">{button(QUIET, Some(Symbol::Trash), t().notes().remove, remove)}</div>
        </li>
    }
    .into_any()
}
