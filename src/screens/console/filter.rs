//! Which comments are shown: what they are about, who wrote them, their stance, whether they ask for the floor, and
//! words to search for.

use std::collections::BTreeMap;
use std::sync::Arc;

use congress::entities::{Anchor, CommentAtDesk, Stance};
use congress::text;
use leptos::prelude::*;

use super::card::without_place;
use super::incoming::Incoming;
use crate::memo::Memo;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::live_text;
use crate::parts::select::select_field;
use crate::screens::comments::names;
use crate::screens::scan::roll::in_order;
use crate::state::Held;

/// Comments with their words folded for the search.
type Folded = BTreeMap<String, (Arc<CommentAtDesk>, String)>;

#[derive(Clone, Copy)]
pub struct Filter {
    pub about: RwSignal<String>,
    pub delegation: RwSignal<String>,
    pub stance: RwSignal<String>,
    pub asking: RwSignal<bool>,
    pub query: RwSignal<String>,
    folded: Memo<Folded>,
}

impl Filter {
    pub fn new(comments: Memo<Held<CommentAtDesk>>) -> Self {
        let query = RwSignal::new(String::new());
        let is_searching = Memo::new(move |_| !query.with(|query| query.trim().is_empty()));
        Self {
            about: RwSignal::new(String::new()),
            delegation: RwSignal::new(String::new()),
            stance: RwSignal::new(String::new()),
            asking: RwSignal::new(false),
            query,
            folded: Memo::new(
                move |before| if is_searching.get() { fold_all(comments, before) } else { Folded::new() },
            ),
        }
    }

    pub fn track(self) {
        self.about.track();
        self.delegation.track();
        self.stance.track();
        self.asking.track();
        self.query.track();
    }

    pub fn clear(self) {
        for choice in [self.about, self.delegation, self.stance, self.query] {
            choice.set(String::new());
        }
        self.asking.set(false);
    }

    /// Filters in use, the search not counted.
    fn count(self) -> usize {
        let chosen = [self.about, self.delegation, self.stance].map(|choice| choice.with(|choice| !choice.is_empty()));
        chosen.into_iter().chain([self.asking.get()]).filter(|is_chosen| *is_chosen).count()
    }

    /// The test that a comment must pass, as the filter stands now.
    pub fn test(self) -> impl Fn(&CommentAtDesk) -> bool {
        let (about, delegation, stance) = (self.about.get(), self.delegation.get(), self.stance.get());
        let (asking, query) = (self.asking.get(), text::fold(&self.query.get()));
        let folded = self.folded;
        folded.track();
        move |comment| {
            (about.is_empty() || about_key(&comment.anchor) == about)
                && (delegation.is_empty() || comment.author.delegation == delegation)
                && (stance.is_empty() || stance_key(comment.stance) == stance)
                && (!asking || comment.minutes > 0)
                && (query.is_empty() || folded.with_untracked(|all| is_hit(all, &comment.id, &query)))
        }
    }
}

fn is_hit(all: &Folded, id: &str, query: &str) -> bool {
    all.get(id).is_some_and(|(_, words)| text::matches_words(words, query))
}

/// Folds what is not folded yet.
fn fold_all(comments: Memo<Held<CommentAtDesk>>, before: Option<&Folded>) -> Folded {
    let fold = |comment: &Arc<CommentAtDesk>| {
        let known = before.and_then(|before| before.get(&comment.id)).filter(|(known, _)| Arc::ptr_eq(known, comment));
        let words = known.map_or_else(|| text::fold(&all_words(comment)), |(_, words)| words.clone());
        (comment.id.clone(), (comment.clone(), words))
    };
    comments.with(|comments| comments.iter().map(fold).collect())
}

fn all_words(comment: &CommentAtDesk) -> String {
    let quote = names::quote(&comment.anchor).unwrap_or_default();
    let CommentAtDesk { number, author, text, proposal, .. } = comment;
    [&number.to_string(), &author.name, &author.delegation, &author.organisation, text, proposal, &quote]
        .map(String::as_str)
        .join(" ")
}

fn about_key(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Congress => "congress".to_owned(),
        Anchor::Item { item } => format!("item:{item}"),
        Anchor::Document { document, .. } => format!("document:{document}"),
    }
}

fn stance_key(stance: Stance) -> &'static str {
    match stance {
        Stance::Agree => "agree",
        Stance::Partial => "partial",
        Stance::Disagree => "disagree",
    }
}

pub fn filters(of: Incoming) -> AnyView {
    let (words, filter) = (of.desk.words, of.filter);
    view! {
        <div class="search console__search">
            <Icon symbol=Symbol::Search/>
            <input class="input" type="search" aria-label=words.search placeholder=words.search autocomplete="off"
                prop:value=filter.query on:input=move |event| filter.query.set(event_target_value(&event))/>
        </div>
        <details class="fold">
            <summary class="fold__head">{live_text(move || (words.filters)(filter.count()))}</summary>
            <div class="stack">
                {choices(of)}
                <label class="switch">
                    <input class="switch__input" type="checkbox" role="switch" prop:checked=filter.asking
                        on:change=move |event| filter.asking.set(event_target_checked(&event))/>
                    <span class="switch__track"></span>
                    <span class="switch__text">{words.only_asking}</span>
                </label>
                <button class="button button--small" on:click=move |_| filter.clear()>{words.clear}</button>
            </div>
        </details>
    }
    .into_any()
}

/// Only what somebody wrote about, and only delegations of those who wrote.
fn choices(of: Incoming) -> AnyView {
    let (words, filter, desk) = (of.desk.words, of.filter, of.desk);
    let first = |word: &str| vec![(String::new(), word.to_owned())];
    let abouts = Memo::new(move |_| {
        let anchors = desk.comments.with(|all| {
            let keyed = all.iter().map(|comment| (about_key(&comment.anchor), comment.anchor.clone()));
            keyed.collect::<BTreeMap<_, _>>()
        });
        let named = anchors.into_iter().map(|(key, anchor)| (key, desk.names.place(&without_place(anchor))));
        first(words.anything).into_iter().chain(named).collect::<Vec<_>>()
    });
    let delegations = Memo::new(move |_| {
        let known = desk.comments.with(|all| in_order(all.iter().map(|comment| comment.author.delegation.as_str())));
        first(words.all_delegations)
            .into_iter()
            .chain(known.into_iter().map(|name| (name.clone(), name)))
            .collect::<Vec<_>>()
    });
    let stances = move || {
        let each = [Stance::Agree, Stance::Partial, Stance::Disagree];
        let named = each.map(|stance| (stance_key(stance).to_owned(), names::stance_word(stance).to_owned()));
        first(words.any_stance).into_iter().chain(named).collect()
    };
    let (about, delegation, stance) = (filter.about, filter.delegation, filter.stance);
    view! {
        {select_field("console-about", words.about, about.into(), move |key| about.set(key), move || abouts.get())}
        {select_field("console-delegation", words.delegation, delegation.into(), move |name| delegation.set(name), move || delegations.get())}
        {select_field("console-stance", crate::state::t().comments().stance, stance.into(), move |key| stance.set(key), stances)}
    }
    .into_any()
}
