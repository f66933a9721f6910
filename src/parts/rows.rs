//! A list of rows that are links. It comes into the page in one piece; from then on only a row that changed is written
//! anew, in its place, so that a change never takes a link away from under a finger.

use leptos::prelude::*;

use crate::memo::Memo;
use crate::parts::html::Html;
use crate::parts::live::effect;
use crate::platform::dom;

/// One row, as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub class: &'static str,
    /// What goes on now.
    pub current: bool,
    pub href: String,
    /// Within the link.
    pub html: Html,
}

type Read = Box<dyn Fn() -> Vec<Row> + Send + Sync>;

/// `id` names the list in the page, `class` the list and `link` the links in it.
pub fn row_list(
    id: String,
    class: &'static str,
    link: &'static str,
    read: impl Fn() -> Vec<Row> + Send + Sync + 'static,
) -> AnyView {
    followed(id, class, link, Box::new(read))
}

fn followed(id: String, class: &'static str, link: &'static str, read: Read) -> AnyView {
    let rows = Memo::new(move |_| read());
    let mut shown = rows.get_untracked();
    let first = list(&id, link, &shown);
    let view = view! { <ol class=class id=id.clone() inner_html=first></ol> }.into_any();
    effect(move || {
        let new = rows.get();
        let same_rows = shown.len() == new.len() && shown.iter().zip(&new).all(|(old, new)| old.href == new.href);
        if same_rows {
            let changed = shown.iter().zip(&new).enumerate().filter(|(_, (old, new))| old != new);
            changed.for_each(|(at, (_, row))| show(&id, at, row));
        } else {
            dom::set_html(&id, &list(&id, link, &new));
        }
        shown = new;
    });
    view
}

fn list(id: &str, link: &'static str, rows: &[Row]) -> String {
    let mut html = Html::default();
    for (at, row) in rows.iter().enumerate() {
        html.markup("<li class=\"").markup(row.class).markup("\" id=\"").words(&row_id(id, at));
        html.markup(if row.current { "\" aria-current=\"true\">" } else { "\">" });
        html.markup("<a class=\"").markup(link).markup("\" id=\"").words(&link_id(id, at));
        html.markup("\" href=\"").words(&row.href).markup("\">").append(&row.html).markup("</a></li>");
    }
    html.into_string()
}

fn show(id: &str, at: usize, row: &Row) {
    let own = row_id(id, at);
    dom::set_class(&own, row.class);
    dom::set_attribute(&own, "aria-current", row.current.then_some("true"));
    dom::set_html(&link_id(id, at), row.html.as_str());
}

fn row_id(id: &str, at: usize) -> String {
    format!("{id}-{at}")
}

fn link_id(id: &str, at: usize) -> String {
    format!("{id}-{at}-link")
}
