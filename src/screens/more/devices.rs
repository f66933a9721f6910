//! The person's devices, from the server, and sending one away.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::write_title;
use crate::parts::blocks::write_paragraph;
use crate::parts::confirm::confirm;
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::platform::dom;
use crate::state::{Enrolled, State, t};

/// Ids of the buttons begin with this; the device's place in the list follows.
const BUTTON: &str = "revoke-";

/// The list as it was last heard.
#[derive(Clone, Copy)]
struct Devices {
    state: State,
    asking: RwSignal<bool>,
    known: RwSignal<Option<Vec<Enrolled>>>,
    failed: RwSignal<bool>,
    /// The one to be sent away, by its place.
    chosen: RwSignal<usize>,
    asked: RwSignal<bool>,
}

pub fn devices(state: State) -> AnyView {
    let list = Devices {
        state,
        asking: RwSignal::new(true),
        known: RwSignal::new(None),
        failed: RwSignal::new(false),
        chosen: RwSignal::new(0),
        asked: RwSignal::new(false),
    };
    // Asked once, and again when the connection is back.
    let reachable = state.is_connected();
    effect(move || {
        if reachable.get() || list.asking.get_untracked() {
            list.follow(None);
        }
    });
    let tapped = move |event: leptos::ev::MouseEvent| {
        if let Some(at) = dom::id_at(&event, "button[id]").strip_prefix(BUTTON).and_then(|at| at.parse().ok()) {
            list.chosen.set(at);
            list.asked.set(true);
        }
    };
    view! {
        <section class="card settings" on:click=tapped>
            {live_html("stack", move |html| list.write(html))}
            {live_view(move || list.question())}
        </section>
    }
    .into_any()
}

impl Devices {
    /// Sends a device away, if one is named, then asks for the list.
    fn follow(self, revoke: Option<String>) {
        spawn_local(async move {
            if let Some(id) = revoke {
                let done = self.state.revoke_device(&id).await;
                self.failed.try_set(!done);
            }
            let found = self.state.devices().await;
            self.known.try_set(found);
            self.asking.try_set(false);
        });
    }

    fn device(self, at: usize) -> Option<Enrolled> {
        self.known.with_untracked(|known| known.as_ref().and_then(|devices| devices.get(at).cloned()))
    }

    fn question(self) -> AnyView {
        let words = t().more();
        let Some(device) = self.device(self.chosen.get()) else { return ().into_any() };
        let text = (words.revoke_text)(&device.label);
        let act = move || self.follow(Some(device.id.clone()));
        confirm(self.asked, (words.revoke_title, text), (words.revoke, words.keep), act)
    }

    fn write(self, html: &mut Html) {
        let words = t().more();
        write_title(html, words.devices);
        write_paragraph(html, "soft small", words.devices_text);
        self.known.with(|known| match known {
            None if self.asking.get() => write_paragraph(html, "", words.devices_asking),
            None => write_paragraph(html, "", words.devices_offline),
            Some(devices) => {
                html.markup("<ul class=\"list\">");
                devices.iter().enumerate().for_each(|(at, device)| self.write_row(html, at, device));
                html.markup("</ul>");
            }
        });
        if self.failed.get() {
            html.markup("<p class=\"field__error\" role=\"alert\">").icon(Symbol::Alert);
            html.words(words.revoke_failed).markup("</p>");
        }
    }

    fn write_row(self, html: &mut Html, at: usize, device: &Enrolled) {
        let words = t().more();
        let mut times = (words.enrolled_at)(&self.state.moment(device.created_at));
        if let Some(seen) = device.last_seen_at {
            times = format!("{times}, {}", (words.seen_at)(&self.state.moment(seen)));
        }
        html.markup("<li class=\"list__item row\"><span class=\"list__body row__grow\">");
        html.span("list__title", &device.label).span("list__meta", &times).markup("</span>");
        if device.current {
            html.markup("<span class=\"badge badge--ok\">").icon(Symbol::Check);
            html.words(words.this_device).markup("</span>");
        } else {
            html.markup("<button type=\"button\" class=\"button button--small\" id=\"").markup(BUTTON);
            html.words(&at.to_string()).markup("\" aria-label=\"").words(&(words.revoke_named)(&device.label));
            html.markup("\">").words(words.revoke).markup("</button>");
        }
        html.markup("</li>");
    }
}
