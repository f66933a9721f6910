//! The person's devices, from the server, and sending one away.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::confirm::confirm;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_view;
use crate::state::{Enrolled, State, t};

#[derive(Clone, PartialEq, Eq)]
enum Known {
    Asking,
    Offline,
    Devices(Vec<Enrolled>),
}

pub fn devices(state: State) -> AnyView {
    let words = &t().more;
    let known = RwSignal::new(Known::Asking);
    let failed = RwSignal::new(false);
    let ask = move || {
        spawn_local(async move {
            let found = state.devices().await;
            known.try_set(found.map_or(Known::Offline, Known::Devices));
        });
    };
    // Asked once, and again when the connection is back.
    let reachable = state.is_connected();
    Effect::new(move |_| {
        let connected = reachable.get();
        if connected || known.with_untracked(|known| *known == Known::Asking) {
            ask();
        }
    });
    let revoke = move |id: String| {
        spawn_local(async move {
            let done = state.revoke_device(&id).await;
            failed.try_set(!done);
            ask();
        });
    };
    let shown = Memo::new(move |_| known.get());
    view! {
        <section class="card settings">
            <h2 class="section-title">{words.devices}</h2>
            <p class="soft small">{words.devices_text}</p>
            {live_view(move || match shown.get() {
                Known::Asking => view! { <p role="status">{words.devices_asking}</p> }.into_any(),
                Known::Offline => view! { <p role="status">{words.devices_offline}</p> }.into_any(),
                Known::Devices(devices) => {
                    let rows = devices.into_iter().map(|device| row(state, device, revoke));
                    view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
                }
            })}
            {live_view(move || if failed.get() {
                view! {
                    <p class="field__error" role="alert"><Icon symbol=Symbol::Alert/>{words.revoke_failed}</p>
                }.into_any()
            } else {
                ().into_any()
            })}
        </section>
    }
    .into_any()
}

fn row(state: State, device: Enrolled, revoke: impl Fn(String) + Copy + Send + Sync + 'static) -> AnyView {
    let words = &t().more;
    let asked = RwSignal::new(false);
    let times = [
        Some((words.enrolled_at)(&state.moment(device.created_at))),
        device.last_seen_at.map(|at| (words.seen_at)(&state.moment(at))),
    ];
    let times = times.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let (id, label, current) = (device.id, device.label, device.current);
    let buttons = if current {
        view! { <span class="badge badge--ok"><Icon symbol=Symbol::Check/>{words.this_device}</span> }.into_any()
    } else {
        let text = (words.revoke_text)(&label);
        view! {
            <button
                class="button button--small"
                aria-label=(words.revoke_named)(&label)
                on:click=move |_| asked.set(true)
            >
                {words.revoke}
            </button>
            {confirm(asked, (words.revoke_title, text), (words.revoke, words.keep), move || revoke(id.clone()))}
        }
        .into_any()
    };
    view! {
        <li class="list__item row">
            <span class="list__body row__grow">
                <span class="list__title">{label}</span>
                <span class="list__meta">{times}</span>
            </span>
            {buttons}
        </li>
    }
    .into_any()
}
