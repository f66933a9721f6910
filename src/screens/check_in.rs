//! The screen "Điểm danh": one's own badge, and whether the desk has seen it. Works without a network.

mod qr;
mod session;

use congress::entities::{Me, OwnPresence};
use leptos::prelude::*;

use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::device::WakeLock;
use crate::platform::lifecycle::Moment;
use crate::state::{State, t, use_state};
use session::Shown;

#[component]
pub fn CheckIn() -> impl IntoView {
    let state = use_state();
    let me = state.me();
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().check_in.title}</h1>
            {live_view(move || match me.get() {
                None => ().into_any(),
                Some(me) if me.badge.is_none() => no_badge(),
                Some(me) => untrack(|| badge(state, &me)),
            })}
        </div>
    }
}

fn no_badge() -> AnyView {
    let words = &t().check_in;
    view! {
        <div class="empty">
            <Icon symbol=Symbol::QrCode/>
            <p class="empty__title">{words.no_badge_title}</p>
            <p class="empty__text">{words.no_badge_text}</p>
        </div>
    }
    .into_any()
}

fn badge(state: State, me: &Me) -> AnyView {
    let words = &t().check_in;
    keep_awake(state);
    let line = |text: String, class: &'static str| {
        Some(text).filter(|text| !text.is_empty()).map(|text| view! { <p class=class>{text}</p> })
    };
    let named = |text: &str, word: fn(&str) -> String| if text.is_empty() { String::new() } else { word(text) };
    view! {
        <div class="pass">
            <div class="pass__qr">{me.badge.as_ref().map(qr::picture)}</div>
            <p class="pass__code"><span class="visually-hidden">{words.code}": "</span>{me.short_code.clone()}</p>
            <p class="pass__name">{me.name.clone()}</p>
            {line(named(&me.delegation, words.delegation), "pass__delegation")}
            {line(named(&me.seat, words.seat), "pass__seat")}
            {line(named(&me.badge_number, words.number), "pass__number")}
        </div>
        <p class="soft">{words.bright}</p>
        {presence(state)}
    }
    .into_any()
}

/// The screen stays on while the badge is shown; the browser takes that back whenever the app is hidden.
fn keep_awake(state: State) {
    let lock = StoredValue::new_local(WakeLock::take());
    state.on_moment(move |moment| {
        if moment == Moment::Awake {
            lock.update_value(|lock| {
                lock.release();
                *lock = WakeLock::take();
            });
        }
    });
    on_cleanup(move || lock.with_value(WakeLock::release));
}

/// Whether I am checked in for the session of now or the next one, and since when.
fn presence(state: State) -> AnyView {
    let words = &t().check_in;
    let rows = state.own_scope().map(|scope| state.rows::<OwnPresence>(scope));
    let seen = Memo::new(move |_| rows.map(|rows| rows.get()).unwrap_or_default());
    let shown = session::shown(state);
    let sessions = session::all(state);
    let title = move || match shown.get() {
        Some(Shown { title, begun: true, .. }) => (words.session)(&title),
        Some(Shown { title, begun: false, .. }) => (words.next)(&title),
        None => words.no_session.to_owned(),
    };
    let since = Memo::new(move |_| {
        let id = shown.get()?.id;
        seen.with(|seen| seen.iter().find(|presence| presence.session == id).map(|presence| presence.first_at))
    });
    let line = move || match since.get() {
        Some(at) => view! {
            <p class="state-line state-line--received">
                <Icon symbol=Symbol::CheckCheck/>
                <span class="state-line__text">{(words.checked_in)(&state.moment(at))}</span>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="state-line">
                <Icon symbol=Symbol::Clock/>
                <span class="state-line__text">{words.not_yet}". "{words.not_yet_text}</span>
            </p>
        }
        .into_any(),
    };
    // Without a connection the desk may know more than this device.
    let as_of = move || match state.status().with(|status| (status.reachable, status.contact_at)) {
        (false, Some(at)) => (words.as_of)(&state.moment(at)),
        _ => String::new(),
    };
    let earlier = Memo::new(move |_| {
        let current = shown.get().map(|shown| shown.id);
        let seen = seen.get();
        let mut lines = Vec::new();
        sessions.with(|sessions| {
            for session in sessions.iter().filter(|session| Some(&session.id) != current.as_ref()) {
                let presence = seen.iter().find(|presence| presence.session == session.id);
                lines.extend(presence.map(|presence| (session.title.clone(), presence.first_at)));
            }
        });
        lines
    });
    view! {
        <section class="card" aria-live="polite">
            <h2 class="section-title">{live_text(title)}</h2>
            {live_view(move || if shown.with(Option::is_some) { line() } else { ().into_any() })}
            <p class="soft small">{live_text(as_of)}</p>
        </section>
        {live_view(move || {
            let lines = earlier.get();
            if lines.is_empty() {
                return ().into_any();
            }
            let rows = lines.into_iter().map(|(title, at)| view! {
                <li>{(words.earlier_line)(&title, &state.moment(at))}</li>
            });
            view! {
                <section class="stack stack--tight">
                    <h2 class="section-title">{words.earlier}</h2>
                    <ul class="pass__earlier">{rows.collect_view()}</ul>
                </section>
            }.into_any()
        })}
    }
    .into_any()
}
