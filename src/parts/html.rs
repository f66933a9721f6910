//! HTML written as a string, for what is only read and tapped: rows of a list, facts, whole texts. Hundreds of
//! paragraphs come into the page in one step, and no row costs a copy of the renderer in the binary. Markup is fixed
//! when the app is built and words are escaped; there is no third way in. What has state of its own is a view.

use leptos::prelude::*;

use crate::parts::icon::Symbol;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Markup of our own.
    pub fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Words, wherever they come from.
    pub fn words(&mut self, words: &str) -> &mut Self {
        let mut done = 0;
        for (at, letter) in words.bytes().enumerate() {
            let escaped = match letter {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => continue,
            };
            self.0.push_str(&words[done..at]);
            self.0.push_str(escaped);
            done = at + 1;
        }
        self.0.push_str(&words[done..]);
        self
    }

    /// Words in an element of a class: `<span class="…">…</span>`.
    pub fn span(&mut self, class: &'static str, words: &str) -> &mut Self {
        self.markup("<span class=\"").markup(class).markup("\">").words(words).markup("</span>")
    }

    pub fn icon(&mut self, symbol: Symbol) -> &mut Self {
        self.markup("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"");
        self.markup(symbol.path()).markup("\"/></svg>")
    }

    /// What was written elsewhere.
    pub fn append(&mut self, other: &Html) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

type Write = Box<dyn Fn(&mut Html) + Send + Sync>;

fn followed(write: Write) -> Signal<String> {
    Signal::derive(move || {
        let mut html = Html::default();
        write(&mut html);
        html.0
    })
}

/// A box whose HTML follows what it reads; without any it takes no room.
pub fn live_html(class: &'static str, write: impl Fn(&mut Html) + Send + Sync + 'static) -> AnyView {
    let html = followed(Box::new(write));
    view! { <div class=format!("live {class}") inner_html=html></div> }.into_any()
}

/// A link of which only the words are written anew, so that a change never takes it away from under a finger.
pub fn live_link(
    class: Signal<&'static str>,
    href: Signal<String>,
    write: impl Fn(&mut Html) + Send + Sync + 'static,
) -> AnyView {
    let html = followed(Box::new(write));
    view! { <a class=class href=href inner_html=html></a> }.into_any()
}
