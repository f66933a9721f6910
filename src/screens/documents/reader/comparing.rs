//! "Thay đổi so với bản trước": the switch, and the way from one change to the next. What changed was worked out when
//! the version was imported; here it is only shown.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::page::Changes;
use super::reading::Reading;
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::state::t;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Comparing {
    Off,
    /// Asked for, and read from the device.
    Waiting,
    /// Which of the changes one has come to, none at first, and how many there are.
    On {
        at: Option<usize>,
        all: usize,
    },
    /// Not on the device.
    Missing,
}

/// Nothing for the first version that was released.
pub fn switch(reading: Reading) -> AnyView {
    let words = t().documents();
    let Some(from) = reading.document.with_value(|it| it.changes.as_ref().map(|changes| changes.from_version)) else {
        return ().into_any();
    };
    let is_on = Signal::derive(move || matches!(reading.comparing.get(), Comparing::On { .. } | Comparing::Waiting));
    let toggle = move |_| if is_on.get_untracked() { stop(reading) } else { start(reading) };
    let said = move || match reading.comparing.get() {
        Comparing::Missing => words.compare_missing.to_owned(),
        Comparing::On { all: 0, .. } => words.no_changes.to_owned(),
        _ => String::new(),
    };
    view! {
        <label class="switch">
            <input class="switch__input" type="checkbox" role="switch" prop:checked=is_on on:change=toggle/>
            <span class="switch__track"></span>
            <span class="switch__text">{(words.compare)(from)}</span>
        </label>
        <p class="soft small" role="status">{live_text(said)}</p>
    }
    .into_any()
}

/// Which change one is at, and the buttons; beside the text, so that they are at hand while reading.
pub fn steps(reading: Reading) -> AnyView {
    let words = t().documents();
    let some = Memo::new(move |_| matches!(reading.comparing.get(), Comparing::On { all: 1.., .. }));
    let said = move || match reading.comparing.get() {
        Comparing::On { at, all } => (words.changes_of)(at.map_or(0, |at| at + 1), all),
        _ => String::new(),
    };
    live_view(move || {
        if !some.get() {
            return ().into_any();
        }
        let buttons = [(false, words.change_previous, Symbol::ArrowUp), (true, words.change_next, Symbol::ArrowDown)];
        let buttons = buttons.map(|(forward, label, symbol)| {
            view! {
                <button class="button button--icon" aria-label=label on:click=move |_| go(reading, forward)><Icon symbol/></button>
            }
            .into_any()
        });
        view! {
            <div class="reader__steps">
                <p class="row__grow" role="status">{live_text(said)}</p>
                {Vec::from(buttons)}
            </div>
        }
        .into_any()
    })
}

fn start(reading: Reading) {
    let Some(file) = reading.document.with_value(|document| document.changes.clone()) else { return };
    reading.comparing.set(Comparing::Waiting);
    spawn_local(async move {
        let Ok(changes) = reading.state.load_changes(&file.sha256).await else {
            reading.comparing.try_set(Comparing::Missing);
            return;
        };
        // Switched off again meanwhile, or gone elsewhere.
        if reading.comparing.try_get_untracked() != Some(Comparing::Waiting) {
            return;
        }
        let all = reading.update_page(|page| {
            let changes = Changes::new(changes, &page.blocks);
            let all = changes.steps.len();
            page.changes = Some(changes);
            all
        });
        let Some(all) = all else { return reading.comparing.set(Comparing::Off) };
        reading.comparing.set(Comparing::On { at: None, all });
        reading.write_anew();
    });
}

fn stop(reading: Reading) {
    reading.comparing.set(Comparing::Off);
    if reading.update_page(|page| page.changes.take().is_some()) == Some(true) {
        reading.write_anew();
    }
}

fn go(reading: Reading, forward: bool) {
    let Some(Comparing::On { at, all }) = reading.comparing.try_get_untracked() else { return };
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => all.saturating_sub(1),
        (Some(at), true) => (at + 1) % all.max(1),
        (Some(at), false) => (at + all.saturating_sub(1)) % all.max(1),
    };
    let step = reading.with_page(|page| page.changes.as_ref()?.steps.get(next).cloned()).flatten();
    let Some(step) = step else { return };
    reading.comparing.set(Comparing::On { at: Some(next), all });
    reading.render_to(step.block);
    dom::scroll_to_middle(&step.element_id);
}
