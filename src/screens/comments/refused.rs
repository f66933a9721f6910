//! What to do with a text that was not accepted: copy it, or let it go after a question.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state_line::{Lines, plain_text};
use crate::memo::Memo;
use crate::parts::blocks::button;
use crate::parts::confirm::confirm;
use crate::parts::icon::Symbol;
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::state::{Place, State, t};

#[derive(Clone, Copy)]
pub struct Refused {
    state: State,
    lines: Lines,
    asked: RwSignal<bool>,
    /// The comment that the question is about.
    chosen: StoredValue<String>,
}

impl Refused {
    pub fn of(state: State, lines: Lines) -> Self {
        Self { state, lines, asked: RwSignal::new(false), chosen: StoredValue::new(String::new()) }
    }

    pub fn is_refused(self, id: &str) -> bool {
        self.lines.find(id).is_some_and(|line| matches!(line.place, Place::Refused { .. }))
    }

    /// Nothing for a comment that was not refused.
    pub fn buttons(self, id: String) -> AnyView {
        let words = t().comments();
        let own = StoredValue::new(id);
        let refused = Memo::new(move |_| own.with_value(|id| self.is_refused(id)));
        let ask = move || {
            self.chosen.set_value(own.get_value());
            self.asked.set(true);
        };
        live_view(move || {
            if !refused.get() {
                return ().into_any();
            }
            view! {
                <div class="row">
                    {copy_button(self.lines, own)}
                    {button("button button--small button--quiet", Some(Symbol::Trash), words.remove, ask)}
                </div>
            }
            .into_any()
        })
    }

    pub fn question(self) -> AnyView {
        let words = t().comments();
        let remove = move || {
            let line = untrack(|| self.lines.find(&self.chosen.get_value()));
            if let Some(Place::Refused { command, .. }) = line.map(|line| line.place) {
                spawn_local(async move {
                    // What could not be removed is still there to be seen and removed again.
                    let _ = self.state.discard_refused(command).await;
                });
            }
        };
        confirm(self.asked, (words.remove_title, words.remove_text), (words.remove, words.keep), remove)
    }
}

pub fn copy_button(lines: Lines, id: StoredValue<String>) -> AnyView {
    let words = t().comments();
    let copied = RwSignal::new(false);
    let copy = move || {
        let text = untrack(|| lines.find(&id.get_value())).map(|line| plain_text(&line)).unwrap_or_default();
        spawn_local(async move {
            let done = dom::copy(&text).await;
            copied.try_set(done);
        });
    };
    let said = move || if copied.get() { words.copied.to_owned() } else { String::new() };
    view! {
        {button("button button--small", Some(Symbol::Copy), words.copy, copy)}
        <span class="small" role="status">{live_text(said)}</span>
    }
    .into_any()
}
