//! The page of one comment: its words in full, where it stands, and taking it back.

use congress::commands::WithdrawComment;
use congress::entities::{Anchor, OwnComment};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use super::names::{self, Names, stance_word};
use super::refused::{Refused, copy_button};
use super::state_line::{Lines, write_place};
use crate::memo::Memo;
use crate::parts::blocks::{button, link, still, write_fact, write_paragraph};
use crate::parts::confirm::confirm;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::ports::StoreError;
use crate::state::{CommentLine, Place, State, t, use_state};

#[component]
pub fn CommentPage() -> impl IntoView {
    let state = use_state();
    let words = t().comments();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let lines = Lines::of(state);
    let rows = state.own_scope().map(|scope| state.rows::<OwnComment>(scope));
    // What the server's row knows beyond the line: number and times.
    let row = Signal::derive(move || {
        rows.and_then(|rows| rows.with(|all| id.with(|id| all.iter().find(|row| row.id == *id).cloned())))
    });
    let known = Memo::new(move |_| id.with(|id| lines.find(id).is_some()));
    let title = move || match row.get().and_then(|row| row.number) {
        Some(number) => (words.numbered)(number),
        None => t().shell().comments.to_owned(),
    };
    view! {
        <div class="screen">
            <div class="screen__head">
                <a class="button button--icon" href="/comments" aria-label=t().shell().back>
                    <Icon symbol=Symbol::ArrowLeft/>
                </a>
                <h1 class="screen__title" tabindex="-1">{live_text(title)}</h1>
            </div>
            {live_view(move || if known.get() { comment(state, lines, id.get(), row) } else { unknown() })}
        </div>
    }
    .into_any()
}

fn unknown() -> AnyView {
    let words = t().comments();
    let text = still("stack", |html| {
        write_paragraph(html, "strong", words.missing_title);
        write_paragraph(html, "soft", words.missing_text);
    });
    view! {
        {text}
        <div class="row">{link("button", "/comments", None, words.to_comments)}</div>
    }
    .into_any()
}

fn comment(state: State, lines: Lines, id: String, row: Signal<Option<OwnComment>>) -> AnyView {
    let names = Names::of(state);
    let refused = Refused::of(state, lines);
    let own = StoredValue::new(id.clone());
    let line = move || own.with_value(|id| lines.find(id));
    let write_state = move |html: &mut Html| {
        let Some(line) = line() else { return };
        write_place(html, state, &line.place, lines.withdrawal_waits(&line.id));
        if line.place == Place::Called {
            write_paragraph(html, "strong", t().comments().called_more);
        }
    };
    let write = move |html: &mut Html| {
        if let Some(line) = line() {
            write_words(html, state, names, &line);
            write_facts(html, state, &line, row.get().as_ref());
        }
    };
    let accepted = Memo::new(move |_| own.with_value(|id| !refused.is_refused(id)));
    let buttons = move || {
        if !accepted.get() {
            return ().into_any();
        }
        let has_words = own.with_value(|id| lines.find(id)).is_some_and(|line| line.redaction.is_none());
        let copy = has_words.then(|| copy_button(lines, own));
        view! { <div class="row">{copy}{withdraw(state, lines, own)}</div> }.into_any()
    };
    view! {
        <div role="status">{live_html("stack", write_state)}</div>
        {live_html("stack", write)}
        {live_view(buttons)}
        {refused.buttons(id)}
        {refused.question()}
    }
    .into_any()
}

/// What it is about with the quoted words and the way there, the stance, and the words in full.
fn write_words(html: &mut Html, state: State, names: Names, line: &CommentLine) {
    let words = t().comments();
    html.markup("<div class=\"card\">");
    write_paragraph(html, "strong", &names.title(&line.anchor));
    let mut place = names::place(&line.anchor);
    if let Anchor::Document { version, .. } = &line.anchor {
        let version = (words.version)(*version);
        place = if place.is_empty() { version } else { format!("{place} · {version}") };
    }
    write_paragraph(html, "small soft", &place);
    if let Some(version) = names.gone_since(&line.anchor) {
        super::write_gone(html, version);
    }
    if let Some(quote) = names::quote(&line.anchor) {
        html.markup("<blockquote class=\"quote quote--whole\">").words(&quote).markup("</blockquote>");
    }
    if let Some(address) = names::address(&line.anchor) {
        let is_document = matches!(line.anchor, Anchor::Document { .. });
        html.markup("<div class=\"row\"><a class=\"button button--small\" href=\"").words(&address).markup("\">");
        html.icon(Symbol::FileText).words(if is_document { words.see_document } else { words.see_item });
        html.markup("</a></div>");
    }
    html.markup("</div>");
    write_paragraph(html, "strong", stance_word(line.stance));
    write_paragraph(html, "comment__text", &line.text);
    write_hidden(html, state, line);
    if !line.proposal.is_empty() {
        html.markup("<h2 class=\"section-title\">").words(words.proposal).markup("</h2>");
        write_paragraph(html, "comment__proposal", &line.proposal);
    }
}

/// Who hid the words, when and why, in the place of the words.
fn write_hidden(html: &mut Html, state: State, line: &CommentLine) {
    let Some(redaction) = &line.redaction else { return };
    let words = t().comments();
    html.markup("<div class=\"notice\">").icon(Symbol::Info).markup("<div class=\"notice__body stack stack--tight\">");
    write_paragraph(html, "strong", &(words.hidden)(redaction.office, &state.moment(redaction.at)));
    write_paragraph(html, "", &(words.hidden_reason)(&redaction.reason));
    write_paragraph(html, "soft", words.hidden_more);
    html.markup("</div></div>");
}

fn write_facts(html: &mut Html, state: State, line: &CommentLine, row: Option<&OwnComment>) {
    let words = t().comments();
    let received = match line.place {
        Place::Received { at, .. } => Some(at),
        _ => row.and_then(|row| row.received_at),
    };
    let times = [
        (words.written_at, Some(line.written_at)),
        (words.received_at, received),
        (words.called_at, row.and_then(|row| row.floor.called_at)),
        (words.withdrawn_at, row.and_then(|row| row.withdrawn_at)),
    ];
    html.markup("<dl class=\"facts\">");
    for (name, at) in times {
        if let Some(at) = at {
            write_fact(html, name, &state.moment(at));
        }
    }
    if line.minutes > 0 {
        write_fact(html, words.floor, &(words.minutes_value)(line.minutes));
    }
    if let Place::Queued { place } = line.place {
        write_fact(html, words.place, &(words.place_value)(place));
    }
    html.markup("</dl>");
}

/// Taking it back: until it is spoken or withdrawn already.
fn withdraw(state: State, lines: Lines, id: StoredValue<String>) -> AnyView {
    let words = t().comments();
    let asked = RwSignal::new(false);
    let failed = RwSignal::new(String::new());
    let allowed = Memo::new(move |_| {
        let over = |place| matches!(place, Place::Speaking | Place::Spoken | Place::Withdrawn { .. } | Place::Parked);
        id.with_value(|id| lines.find(id)).is_some_and(|line| !over(line.place))
    });
    let act = move || {
        let comment = id.get_value();
        spawn_local(async move {
            let why = state.write(&WithdrawComment { comment }).await.err().map(not_saved);
            failed.try_set(why.unwrap_or_default().to_owned());
        });
    };
    let ask = move || {
        if allowed.get() {
            button("button button--small button--danger", Some(Symbol::Undo), words.withdraw, move || asked.set(true))
        } else {
            ().into_any()
        }
    };
    view! {
        {live_view(ask)}
        {confirm(asked, (words.withdraw_title, words.withdraw_text), (words.withdraw, words.keep), act)}
        {live_html("", move |html| failed.with(|why| write_paragraph(html, "field__error", why)))}
    }
    .into_any()
}

/// What happened and what is safe, when the device did not store something.
pub fn not_saved(error: StoreError) -> &'static str {
    match error {
        StoreError::Full => t().shell().not_saved_full,
        StoreError::Forbidden | StoreError::Broken => t().shell().not_saved_broken,
    }
}
