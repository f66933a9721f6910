//! Blocks that many screens share, each made in one place, so that a screen costs its words and not its markup.

use std::sync::Arc;

use leptos::prelude::*;

use crate::parts::html::Html;
use crate::parts::icon::Symbol;

type Act = Box<dyn Fn()>;
type Choose = Box<dyn Fn(usize)>;
type Ids = Box<dyn Fn() -> Vec<String> + Send + Sync>;
type Row = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

/// A button with an icon, if it has one, and its word.
pub fn button(class: &'static str, symbol: Option<Symbol>, word: &'static str, act: impl Fn() + 'static) -> AnyView {
    pressed(class, faced(symbol, word), Box::new(act))
}

fn pressed(class: &'static str, face: String, act: Act) -> AnyView {
    view! { <button class=class type="button" inner_html=face on:click=move |_| act()></button> }.into_any()
}

/// A link that looks like a button.
pub fn link(class: &'static str, href: &'static str, symbol: Option<Symbol>, word: &'static str) -> AnyView {
    view! { <a class=class href=href inner_html=faced(symbol, word)></a> }.into_any()
}

fn faced(symbol: Option<Symbol>, word: &str) -> String {
    let mut html = Html::default();
    if let Some(symbol) = symbol {
        html.icon(symbol);
    }
    html.words(word);
    html.into_string()
}

/// HTML that never changes.
pub fn still(class: &'static str, write: impl FnOnce(&mut Html)) -> AnyView {
    let mut html = Html::default();
    write(&mut html);
    boxed(class, html.into_string())
}

fn boxed(class: &'static str, html: String) -> AnyView {
    view! { <div class=class inner_html=html></div> }.into_any()
}

/// Radio buttons; `choose` gets the place of the one that is chosen.
pub fn choice(
    name: &'static str,
    legend: &str,
    options: &[&str],
    chosen: Option<usize>,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    let mut html = Html::default();
    html.markup("<legend class=\"choice__legend\">").words(legend);
    html.markup("</legend><div class=\"choice__options\">");
    for (at, option) in options.iter().enumerate() {
        html.markup("<label class=\"choice__option\"><input type=\"radio\" name=\"").markup(name);
        html.markup("\" value=\"").words(&at.to_string()).markup("\"");
        html.markup(if chosen == Some(at) { " checked>" } else { ">" });
        html.span("choice__word", option).markup("</label>");
    }
    html.markup("</div>");
    fieldset(html.into_string(), Box::new(choose))
}

fn fieldset(html: String, choose: Choose) -> AnyView {
    let chosen = move |event| {
        if let Ok(at) = event_target_value(&event).parse() {
            choose(at);
        }
    };
    view! { <fieldset class="choice" inner_html=html on:change=chosen></fieldset> }.into_any()
}

/// A list of cards; each row is made when its id appears and follows what it reads by itself.
pub fn cards(
    ids: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    listed(Box::new(ids), Arc::new(row))
}

fn listed(ids: Ids, row: Row) -> AnyView {
    view! {
        <ul class="list list--cards"><For each=move || ids() key=String::clone children=move |id| row(id)/></ul>
    }
    .into_any()
}

/// Something to be heeded; `kind` is `ok`, `attention` or nothing.
pub fn write_notice(html: &mut Html, kind: &'static str, symbol: Symbol, title: &str, text: &str) {
    html.markup("<div class=\"notice notice--").markup(kind).markup("\">").icon(symbol);
    html.markup("<div class=\"notice__body\">");
    if !title.is_empty() {
        html.markup("<p class=\"notice__title\">").words(title).markup("</p>");
    }
    html.markup("<p>").words(text).markup("</p></div></div>");
}

/// What an empty list means and what to do next.
pub fn write_empty(html: &mut Html, symbol: Symbol, title: &str, text: &str) {
    html.markup("<div class=\"empty\">").icon(symbol).markup("<p class=\"empty__title\">").words(title);
    html.markup("</p><p class=\"empty__text\">").words(text).markup("</p></div>");
}

pub fn write_fact(html: &mut Html, name: &str, value: &str) {
    html.markup("<div class=\"facts__row\"><dt class=\"facts__name\">").words(name);
    html.markup("</dt><dd class=\"facts__value\">").words(value).markup("</dd></div>");
}

/// A line that says where something stands: `kind` is one of the state lines of the style sheet.
pub fn write_state_line(html: &mut Html, kind: &'static str, symbol: Symbol, text: &str) {
    html.markup("<p class=\"state-line state-line--").markup(kind).markup("\">").icon(symbol);
    html.span("state-line__text", text).markup("</p>");
}

/// A paragraph of a class.
pub fn write_paragraph(html: &mut Html, class: &'static str, text: &str) {
    if !text.is_empty() {
        html.markup("<p class=\"").markup(class).markup("\">").words(text).markup("</p>");
    }
}
