//! What is left of documents that were taken back or whose time is over: that they were there, and why they are not.

use congress::commands::{Action, RecallDocument};
use congress::entities::{RecallCause, RecalledDocument};
use leptos::prelude::*;

use crate::i18n::documents::Text;
use crate::memo::Memo;
use crate::parts::blocks::{link, write_paragraph};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::state::{State, t};

/// Below the list; nothing when there are none.
pub fn list(state: State, recalled: Memo<Vec<RecalledDocument>>) -> AnyView {
    let words = t().documents();
    let waiting = waiting(state);
    live_html("", move |html| {
        recalled.with(|all| {
            if all.is_empty() {
                return;
            }
            html.markup("<section class=\"stack stack--tight\"><h2 class=\"section-title\">").words(words.gone);
            html.markup("</h2><ul class=\"list\" aria-label=\"").words(words.gone).markup("\">");
            for document in all {
                html.markup("<li class=\"list__item\">").icon(Symbol::FileText).markup("<span class=\"list__body\">");
                html.span("list__title", &document.title);
                let lines = waiting.with(|waiting| lines(words, state, waiting, document));
                lines.iter().for_each(|line| {
                    html.span("list__meta", line);
                });
                html.markup("</span></li>");
            }
            html.markup("</ul></section>");
        });
    })
}

/// In place of the text.
pub fn page(state: State, document: &RecalledDocument) -> AnyView {
    let words = t().documents();
    let waiting = waiting(state);
    let document = document.clone();
    let write = move |html: &mut Html| {
        let lines = waiting.with(|waiting| lines(words, state, waiting, &document));
        for (at, line) in lines.iter().enumerate() {
            write_paragraph(html, if at == 0 { "strong" } else { "" }, line);
        }
        write_paragraph(html, "", words.gone_text);
    };
    view! {
        <div role="status">{live_html("stack", write)}</div>
        <div class="row">
            {link("button button--primary", "/documents", None, words.to_documents)}
            {link("button", "/comments", None, words.to_comments)}
            {link("button", "/notes", None, t().notes().title)}
        </div>
    }
    .into_any()
}

/// Ids of documents that this device took back, of which the server has not heard yet.
fn waiting(state: State) -> Memo<Vec<String>> {
    let outbox = state.outbox();
    Memo::new(move |_| {
        outbox.with(|entries| {
            let recalls = entries.iter().filter(|entry| entry.is_waiting() && entry.kind == RecallDocument::KIND);
            recalls.filter_map(|entry| entry.payload.read::<RecallDocument>().ok()).map(|it| it.document).collect()
        })
    })
}

/// What became of it, and why.
fn lines(words: &Text, state: State, waiting: &[String], document: &RecalledDocument) -> Vec<String> {
    let at = state.moment(document.at);
    match &document.cause {
        RecallCause::Expired => vec![(words.expired)(&at)],
        RecallCause::Recalled { reason, .. } if waiting.contains(&document.id) => {
            vec![words.recalling.to_owned(), (words.recalled_reason)(reason)]
        }
        RecallCause::Recalled { office, reason } => {
            vec![(words.recalled)(*office, &at), (words.recalled_reason)(reason)]
        }
    }
}
