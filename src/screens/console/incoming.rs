//! The pane "Ý kiến đến": comments, newest first. New ones wait behind a banner until they are pulled in, so that
//! nothing moves under a finger.

use std::sync::Arc;

use congress::entities::CommentAtDesk;
use leptos::prelude::*;
use sync::order::sort_by;

use super::card::card;
use super::desk::Desk;
use super::filter::{Filter, filters};
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::platform::dom;

/// Cards shown at first, and at each "more".
const CARDS: usize = 30;

#[derive(Clone, Copy)]
pub struct Incoming {
    pub desk: Desk,
    pub filter: Filter,
    /// The last number that is shown.
    shown_to: RwSignal<u32>,
    cards: RwSignal<usize>,
    /// Comments that wait behind the banner.
    pub fresh: Memo<usize>,
    /// How many comments came in, and how many of them ask for the floor.
    pub all: Memo<usize>,
    matching: Memo<Vec<Arc<CommentAtDesk>>>,
}

impl Incoming {
    pub fn set_up(desk: Desk) -> Self {
        let comments = desk.comments;
        let newest =
            Memo::new(move |_| comments.with(|all| all.iter().map(|comment| comment.number).max().unwrap_or(0)));
        let shown_to = RwSignal::new(newest.get_untracked());
        // Into an empty list they come by themselves: there is nothing that could move.
        effect(move || {
            let newest = newest.get();
            if shown_to.get_untracked() == 0 {
                shown_to.set(newest);
            }
        });
        let fresh = Memo::new(move |_| {
            let last = shown_to.get();
            comments.with(|all| all.iter().filter(|comment| comment.number > last).count())
        });
        let filter = Filter::new(comments);
        let matching = Memo::new(move |_| {
            let last = shown_to.get();
            let fits = filter.test();
            let mut found: Vec<_> = comments
                .with(|all| all.iter().filter(|comment| comment.number <= last && fits(comment)).cloned().collect());
            sort_by(&mut found, |comment| (-i64::from(comment.number), 0));
            found
        });
        let cards = RwSignal::new(CARDS);
        effect(move || {
            filter.track();
            cards.set(CARDS);
        });
        let all = Memo::new(move |_| comments.with(|all| all.iter().count()));
        Self { desk, filter, shown_to, cards, fresh, all, matching }
    }

    fn pull_in(self) {
        let newest = self.desk.comments.with_untracked(|all| all.iter().map(|comment| comment.number).max());
        self.shown_to.set(newest.unwrap_or(0));
        dom::scroll_to_id("incoming");
        dom::focus("#incoming");
    }
}

pub fn incoming(of: Incoming) -> AnyView {
    let words = of.desk.words;
    let summary = Memo::new(move |_| {
        of.matching.with(|found| {
            let asking = found.iter().filter(|comment| comment.minutes > 0 && comment.withdrawn_at.is_none());
            (found.len(), asking.count())
        })
    });
    let shown =
        Memo::new(move |_| of.matching.with(|found| found.iter().take(of.cards.get()).cloned().collect::<Vec<_>>()));
    let more = Memo::new(move |_| summary.get().0.saturating_sub(of.cards.get()));
    let counted = move || {
        let (all, asking) = summary.get();
        (words.summary)(all, asking)
    };
    view! {
        {filters(of)}
        <div class="console__news" role="status">
            {live_view(move || match of.fresh.get() {
                0 => view! { <p class="small">{live_text(counted)}</p> }.into_any(),
                fresh => banner(of, fresh),
            })}
        </div>
        <ul class="list list--cards console__incoming" id="incoming" tabindex="-1" role="list" aria-label=words.incoming>
            <For each=move || shown.get() key=|comment| comment.id.clone() children=move |comment| card(of.desk, comment)/>
        </ul>
        {live_view(move || match (summary.get().0, more.get()) {
            (0, _) => none(of),
            (_, 0) => ().into_any(),
            (_, left) => view! {
                <button class="button button--wide" on:click=move |_| of.cards.update(|cards| *cards += CARDS)>
                    {(words.more)(left)}
                </button>
            }.into_any(),
        })}
    }
    .into_any()
}

/// In the place of the count, so that nothing moves.
fn banner(of: Incoming, fresh: usize) -> AnyView {
    let words = of.desk.words;
    view! {
        <div class="banner">
            <Icon symbol=Symbol::MessageSquare/>
            <p class="banner__text">{(words.fresh)(fresh)}</p>
            <button class="button button--small" aria-label=(words.show_fresh)(fresh) on:click=move |_| of.pull_in()>
                {words.show}
            </button>
        </div>
    }
    .into_any()
}

fn none(of: Incoming) -> AnyView {
    let words = of.desk.words;
    let is_empty = of.all.get() == 0;
    let (title, text) =
        if is_empty { (words.none_title, words.none_text) } else { (words.no_match_title, words.no_match_text) };
    let clear = (!is_empty).then(|| {
        view! { <button class="button" on:click=move |_| of.filter.clear()>{words.clear}</button> }.into_any()
    });
    view! {
        <div class="empty">
            <Icon symbol=Symbol::MessageSquare/>
            <p class="empty__title">{title}</p>
            <p class="empty__text">{text}</p>
            {clear}
        </div>
    }
    .into_any()
}
