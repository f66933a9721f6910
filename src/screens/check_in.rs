//! The screen "Điểm danh": one's own badge, and whether the desk has seen it. Works without a network.

mod qr;
mod session;

use congress::entities::{Me, OwnPresence};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::parts::blocks::{write_empty, write_paragraph, write_state_line};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::platform::device::WakeLock;
use crate::platform::lifecycle::Moment;
use crate::state::{State, t, use_state};

#[component]
pub fn CheckIn() -> impl IntoView {
    let state = use_state();
    let words = t().check_in();
    let me = state.me();
    keep_awake(state);
    let write = move |html: &mut Html| match me.get() {
        None => {}
        Some(me) if me.badge.is_none() => {
            write_empty(html, Symbol::QrCode, words.no_badge_title, words.no_badge_text);
        }
        Some(me) => write_badge(html, &me),
    };
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().shell().check_in}</h1>
            {live_html("stack", write)}
            {presence(state, me)}
        </div>
    }
    .into_any()
}

fn write_badge(html: &mut Html, me: &Me) {
    let words = t().check_in();
    let named = |text: &str, word: fn(&str) -> String| if text.is_empty() { String::new() } else { word(text) };
    html.markup("<div class=\"pass\"><div class=\"pass__qr\">");
    if let Some(badge) = &me.badge {
        qr::write(html, badge);
    }
    html.markup("</div><p class=\"pass__code\">").span("visually-hidden", words.code);
    html.markup(" ").words(&me.short_code).markup("</p>");
    write_paragraph(html, "pass__name", &me.name);
    write_paragraph(html, "pass__delegation", &named(&me.delegation, words.delegation));
    write_paragraph(html, "pass__seat", &named(&me.seat, words.seat));
    write_paragraph(html, "", &named(&me.badge_number, words.number));
    html.markup("</div>");
    write_paragraph(html, "soft", words.bright);
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

/// Whether I am checked in for the session of now or the next one, and since when; below it the sessions before.
fn presence(state: State, me: Memo<Option<Me>>) -> AnyView {
    let words = t().check_in();
    let rows = state.own_scope().map(|scope| state.rows::<OwnPresence>(scope));
    let sessions = session::Sessions::of(state);
    let has_badge = move || me.with(|me| me.as_ref().is_some_and(|me| me.badge.is_some()));
    let seen = move || rows.map(|rows| rows.get()).unwrap_or_default();
    let since = move |id: &str| seen().iter().find(|seen| seen.session == id).map(|seen| seen.first_at);
    let write_now = move |html: &mut Html| {
        if !has_badge() {
            return;
        }
        let Some((session, begun)) = sessions.shown() else { return write_paragraph(html, "soft", words.no_session) };
        let title = if begun { (words.session)(&session.title) } else { (words.next)(&session.title) };
        html.markup("<div class=\"card\"><h2 class=\"section-title\">").words(&title).markup("</h2>");
        match since(&session.id) {
            Some(at) => {
                write_state_line(html, "received", Symbol::CheckCheck, &(words.checked_in)(&state.moment(at)));
            }
            None => {
                write_state_line(html, "saved", Symbol::Clock, words.not_yet);
                // Without a connection the desk may know more than this device.
                if let (false, Some(at)) = state.status().with(|status| (status.reachable, status.contact_at)) {
                    write_paragraph(html, "soft small", &(words.as_of)(&state.moment(at)));
                }
            }
        }
        html.markup("</div>");
    };
    let write_others = move |html: &mut Html| {
        let current = sessions.shown().map(|(session, _)| session.id);
        let mut others = sessions.all();
        others.retain(|session| Some(&session.id) != current.as_ref() && since(&session.id).is_some());
        if others.is_empty() {
            return;
        }
        html.markup("<h2 class=\"section-title\">").words(words.earlier).markup("</h2><ul class=\"pass__earlier\">");
        for session in others {
            let at = since(&session.id).map(|at| state.moment(at)).unwrap_or_default();
            html.markup("<li>").words(&(words.earlier_line)(&session.title, &at)).markup("</li>");
        }
        html.markup("</ul>");
    };
    view! {
        <div aria-live="polite">{live_html("", write_now)}</div>
        {live_html("stack stack--tight", write_others)}
    }
    .into_any()
}
