//! Above the list: the session, how many are present, whom the list shows.

use congress::calendar::Date;
use congress::entities::{PersonKind, Session};
use congress::percent;
use congress::text::number;
use leptos::prelude::*;

use super::table::{NOT_SEEN, SEEN, Table};
use crate::memo::Memo;
use crate::parts::live::{live_text, live_view};
use crate::parts::select::select_field;

pub fn head(table: Table) -> AnyView {
    view! {
        <div class="scan__head">
            {sessions(table)}
            {tally(table)}
            {filters(table)}
        </div>
    }
    .into_any()
}

fn sessions(table: Table) -> AnyView {
    let chosen = Signal::derive(move || table.session.get().unwrap_or_default());
    let options = move || table.sessions.with(|all| all.iter().map(|one| (one.id.clone(), title(one))).collect());
    view! {
        <div class="row scan__choices">
            {select_field("scan-session", table.words.session, chosen, move |id| table.chosen.set(Some(id)), options)}
            {live_view(move || other_session(table))}
        </div>
    }
    .into_any()
}

/// The desk chose a session by hand, and another one goes on. Beside the choice, so that nothing below it moves.
fn other_session(table: Table) -> AnyView {
    let (running, session) = (table.running.get(), table.session.get());
    let going_on = table.sessions.with(|all| all.iter().find(|session| Some(&session.id) == running.as_ref()).cloned());
    let Some(going_on) = going_on.filter(|going_on| Some(&going_on.id) != session.as_ref()) else {
        return ().into_any();
    };
    view! {
        <button class="button button--small button--danger" aria-label=(table.words.session_switch_to)(&title(&going_on))
            on:click=move |_| table.chosen.set(None)>
            {table.words.session_switch}
        </button>
    }
    .into_any()
}

fn title(session: &Session) -> String {
    format!("{} · {}, {}", session.title, day(session.date), session.start)
}

fn day(date: Date) -> String {
    format!("{:02}/{:02}", date.day(), date.month())
}

/// Official delegates against those convened (domain.md C-2); others stand apart, since no share counts them (C-8).
fn tally(table: Table) -> AnyView {
    let words = table.words;
    let present = Memo::new(move |_| table.count(PersonKind::Official));
    let base = Memo::new(move |_| {
        let convened = table.congress.with(|congress| congress.as_ref().map_or(0, |congress| congress.convened));
        if convened > 0 { convened } else { present.get().1 }
    });
    let share = move || {
        let (present, base) = (u64::from(present.get().0), u64::from(base.get()));
        (words.share)(&percent::share_text(present, base).replace(' ', "\u{a0}"), &number(base))
    };
    view! {
        <div class="stack stack--tight">
            <p class="tally">
                <span class="tally__number">{live_text(move || number(present.get().0.into()))}</span>
                " "
                <span>{live_text(move || format!("/ {} {}", number(base.get().into()), words.present))}</span>
            </p>
            <p class="small">{live_text(share)}</p>
            <p class="small soft">{live_text(move || others(table))}</p>
        </div>
    }
    .into_any()
}

fn others(table: Table) -> String {
    let line = |kind| {
        let (present, all) = table.count(kind);
        (all > 0).then(|| (table.words.others)((table.words.kind)(kind), present, all))
    };
    [PersonKind::Alternate, PersonKind::Guest].into_iter().filter_map(line).collect::<Vec<_>>().join(" · ")
}

/// On one line at any size of text: the search below must be in view.
fn filters(table: Table) -> AnyView {
    let words = table.words;
    let delegations = move || {
        let all = (String::new(), words.all_delegations.to_owned());
        let each = table.roll.with(|roll| roll.delegations.clone());
        std::iter::once(all).chain(each.into_iter().map(|name| (name.clone(), name))).collect()
    };
    let kinds = move || {
        let kinds = [("", words.everyone), (NOT_SEEN, words.not_seen), (SEEN, words.seen)];
        kinds.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec()
    };
    let (delegation, shown) = (table.delegation, table.shown);
    view! {
        <div class="row scan__choices scan__filters">
            {select_field("scan-delegation", words.delegation, delegation.into(), move |name| delegation.set(name), delegations)}
            {select_field("scan-shown", words.filter, shown.into(), move |kind| shown.set(kind), kinds)}
        </div>
    }
    .into_any()
}
