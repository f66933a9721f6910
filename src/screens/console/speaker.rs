//! Who has the floor, with the time left, and the buttons that begin and end a speech.

use congress::entities::{FloorEntry, Speaking};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::ids::Timestamp;

use super::card;
use super::desk::{Act, Desk};
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::timer;

const LAST_MINUTE_S: i64 = 60;

pub fn speaker(desk: Desk) -> AnyView {
    let speaking = Memo::new(move |_| desk.queue.with(|queue| queue.speaking.clone()));
    let next = move || {
        let name = desk.queue.with(|queue| queue.entries.first().map(|entry| entry.author.name.clone()));
        name.map(|name| (desk.words.next_speaker)(&name)).unwrap_or_default()
    };
    view! {
        {live_view(move || match speaking.get() {
            Some(speaking) => on_the_floor(desk, &speaking),
            None => view! { <p class="soft">{desk.words.nobody}</p> }.into_any(),
        })}
        <p class="strong">{live_text(next)}</p>
    }
    .into_any()
}

fn on_the_floor(desk: Desk, speaking: &Speaking) -> AnyView {
    let words = desk.words;
    let entry = &speaking.entry;
    let id = entry.comment.clone();
    let comment = desk.comments.with_untracked(|all| all.get(&id).cloned());
    let said = if speaking.started_at.is_some() { words.speaking } else { words.on_the_way };
    view! {
        <section class="card card--now speaker">
            <p class="badge badge--now"><Icon symbol=Symbol::Mic/>{said}</p>
            <div class="stack stack--tight">
                <h3 class="speaker__name">{(words.comrade)(&entry.author.name)}</h3>
                <p class="small">{entry.author.delegation.clone()}</p>
            </div>
            {time_left(desk, speaking)}
            {buttons(desk, speaking)}
            {comment.map(|comment| card::words(desk, &comment))}
        </section>
    }
    .into_any()
}

fn buttons(desk: Desk, speaking: &Speaking) -> AnyView {
    let words = desk.words;
    let entry = &speaking.entry;
    let name = &entry.author.name;
    let finish = |class| {
        act_button(desk, class, Act::Finish, entry, ((words.finish_person)(name), words.finish, words.finishing))
    };
    if speaking.started_at.is_some() {
        return view! { <div class="row">{finish("button button--primary")}</div> }.into_any();
    }
    let start = ((words.start_person)(name), words.start, words.starting);
    let skipped = entry.clone();
    view! {
        <div class="row">
            {act_button(desk, "button button--primary", Act::Start, entry, start)}
            {finish("button")}
            <button class="button button--quiet" aria-label=(words.skip_person)(name) on:click=move |_| desk.ask_to_remove(&skipped)>
                {words.skip}
            </button>
        </div>
    }
    .into_any()
}

/// A button that waits for the server's answer and says so.
fn act_button(
    desk: Desk,
    class: &'static str,
    act: Act,
    entry: &FloorEntry,
    (label, word, waiting): (String, &'static str, &'static str),
) -> AnyView {
    let entry = entry.clone();
    let comment = entry.comment.clone();
    let is_pending = Memo::new(move |_| desk.is_pending(act, &comment));
    let connected = desk.state.is_connected();
    let is_idle = Memo::new(move |_| desk.pending.with(Option::is_some) || !connected.get());
    let name = move || if is_pending.get() { waiting.to_owned() } else { label.clone() };
    let press = move |_| {
        if !is_idle.get_untracked() {
            desk.act(act, &entry);
        }
    };
    view! {
        <button class=class aria-label=name aria-disabled=move || is_idle.get().to_string() on:click=press>
            {live_text(move || if is_pending.get() { waiting } else { word }.to_owned())}
        </button>
    }
    .into_any()
}

/// Counts from the moment the person began, or was called, with the minutes of the entry.
fn time_left(desk: Desk, speaking: &Speaking) -> AnyView {
    let words = desk.words;
    let from = speaking.started_at.unwrap_or(speaking.called_at);
    let minutes = if speaking.entry.minutes > 0 {
        speaking.entry.minutes
    } else {
        desk.congress.with_untracked(|congress| congress.as_ref().map_or(0, |congress| congress.speaking_minutes))
    };
    let given_s = i64::from(minutes) * 60;
    let now = every_second(desk, from);
    let left_s = Memo::new(move |_| given_s - (now.get().0 - from.0).max(0) / 1_000);
    let state = Memo::new(move |_| match left_s.get() {
        ..0 => ("timer timer--big timer--over", Symbol::Alert, words.over_time),
        0..=LAST_MINUTE_S => ("timer timer--big timer--short", Symbol::Clock, words.last_minute),
        _ => ("timer timer--big", Symbol::Clock, words.time_left),
    });
    let shown = move || {
        let (sign, seconds) = (if left_s.get() < 0 { "+" } else { "" }, left_s.get().abs());
        format!("{sign}{:02}:{:02}", seconds / 60, seconds % 60)
    };
    view! {
        <p class=move || state.get().0 role="timer">
            {live_view(move || view! { <Icon symbol=state.get().1/> }.into_any())}
            <span class="timer__left">{live_text(shown)}</span>
            <span class="timer__word">{live_text(move || state.get().2.to_owned())}</span>
        </p>
    }
    .into_any()
}

/// The server's clock, moving when a full second since `from` is over.
fn every_second(desk: Desk, from: Timestamp) -> RwSignal<Timestamp> {
    let now = RwSignal::new(untrack(|| desk.now()));
    spawn_local(async move {
        loop {
            let Some(held) = now.try_get_untracked() else { return };
            timer::sleep(1_000 - held.since_ms(from) % 1_000).await;
            let Some(ahead) = desk.ahead_ms.try_get_untracked() else { return };
            if now.try_set(Timestamp(crate::platform::world::now().0 - ahead)).is_some() {
                return;
            }
        }
    });
    now
}
