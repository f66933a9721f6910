//! The pane "Hàng chờ": who waits for the floor, in order. Buttons move an entry; nothing is dragged.

use congress::entities::FloorEntry;
use leptos::prelude::*;

use super::desk::{Act, Desk};
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};

pub fn queue(desk: Desk) -> AnyView {
    let words = desk.words;
    let entries = Memo::new(move |_| desk.queue.with(|queue| queue.entries.clone()));
    let is_empty = Memo::new(move |_| entries.with(Vec::is_empty));
    let total = move || {
        entries.with(|entries| match entries.len() {
            0 => String::new(),
            count => (words.total)(count, entries.iter().map(|entry| entry.minutes).sum()),
        })
    };
    let obstacle = Memo::new(move |_| if is_empty.get() { None } else { desk.obstacle() });
    view! {
        <p class="small" role="status">{live_text(total)}</p>
        <ol class="queue" role="list" aria-label=words.queue>
            <For each=move || entries.get() key=|entry| entry.comment.clone() children=move |entry| item(desk, entries, entry)/>
        </ol>
        {live_view(move || if is_empty.get() { nobody(desk) } else { ().into_any() })}
        {live_view(move || match obstacle.get() {
            None => ().into_any(),
            Some(reason) => view! { <p class="field__hint console__reason" id="queue-obstacle">{reason}</p> }.into_any(),
        })}
    }
    .into_any()
}

fn nobody(desk: Desk) -> AnyView {
    view! {
        <div class="empty">
            <Icon symbol=Symbol::List/>
            <p class="empty__title">{desk.words.queue_empty_title}</p>
            <p class="empty__text">{desk.words.queue_empty_text}</p>
        </div>
    }
    .into_any()
}

fn item(desk: Desk, entries: Memo<Vec<FloorEntry>>, entry: FloorEntry) -> AnyView {
    let words = desk.words;
    let comment = StoredValue::new(entry.comment.clone());
    // Place in the queue, from 1, and whether anyone comes after.
    let place = Memo::new(move |_| {
        entries.with(|entries| {
            let at = entries.iter().position(|other| comment.with_value(|comment| other.comment == *comment));
            at.map_or((0, true), |at| (at + 1, at + 1 == entries.len()))
        })
    });
    let name = entry.author.name.clone();
    let sub = [entry.author.delegation.clone(), (words.minutes)(entry.minutes)];
    let sub = sub.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let is_first = Signal::derive(move || place.get().0 == 1);
    let is_last = Signal::derive(move || place.get().1);
    let shift = move |is_up| comment.with_value(|comment| desk.shift(comment, is_up));
    let removed = entry.clone();
    view! {
        <li class="queue__item">
            <span class="queue__rank">{live_text(move || place.get().0.to_string())}</span>
            <div class="queue__body">
                <p class="queue__name">{(words.comrade)(&name)}</p>
                <p class="queue__sub">{sub}</p>
            </div>
            <div class="queue__buttons">
                {icon_button(format!("up-{}", entry.comment), (words.up)(&name), Symbol::ArrowUp, is_first, move || shift(true))}
                {icon_button(format!("down-{}", entry.comment), (words.down)(&name), Symbol::ArrowDown, is_last, move || shift(false))}
                {icon_button(format!("off-{}", entry.comment), (words.remove)(&name), Symbol::Trash, Signal::stored(false),
                    move || desk.ask_to_remove(&removed))}
                {call_button(desk, entry)}
            </div>
        </li>
    }
    .into_any()
}

/// A button that has nothing to do keeps its place and the focus.
fn icon_button(id: String, label: String, symbol: Symbol, is_idle: Signal<bool>, act: impl Fn() + 'static) -> AnyView {
    let act: Box<dyn Fn()> = Box::new(act);
    let press = move |_| {
        if !is_idle.get_untracked() {
            act();
        }
    };
    view! {
        <button class="button button--icon" id=id aria-label=label aria-disabled=move || is_idle.get().to_string() on:click=press>
            <Icon symbol/>
        </button>
    }
    .into_any()
}

fn call_button(desk: Desk, entry: FloorEntry) -> AnyView {
    let words = desk.words;
    let comment = entry.comment.clone();
    let is_calling = Memo::new(move |_| desk.is_pending(Act::Call, &comment));
    let is_idle = Memo::new(move |_| desk.pending.with(Option::is_some) || desk.obstacle().is_some());
    let name = entry.author.name.clone();
    let label = move || if is_calling.get() { words.calling.to_owned() } else { (words.call_person)(&name) };
    let press = move |_| {
        if !is_idle.get_untracked() {
            desk.act(Act::Call, &entry);
        }
    };
    view! {
        <button class="button button--small" aria-label=label aria-disabled=move || is_idle.get().to_string()
            aria-describedby="queue-obstacle" on:click=press>
            {live_text(move || if is_calling.get() { words.calling } else { words.call }.to_owned())}
        </button>
    }
    .into_any()
}
