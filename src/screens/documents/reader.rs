//! The reader: the whole text of a document as real text, with its outline, how far one has read, search, what changed
//! since the version before, and what may be done with a paragraph. It opens at the place left, or at the block that
//! the address names.

mod aloud;
mod comparing;
mod following;
mod fresh;
mod paging;
mod pictures;
mod reading;

use congress::entities::{Document, Me, RecalledDocument};
use leptos::ev::{self, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::reading::Loaded;
use super::page::ID_PREFIX;
use super::{attachments, recall, recalled, selection, text_search, write_meta};
use crate::memo::Memo;
use crate::parts::blocks::button;
use crate::parts::html::live_html;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{effect, live_text, live_view};
use crate::platform::lifecycle::Moment;
use crate::platform::{dom, timer};
use crate::state::{LoadError, State, t, use_state};

pub use self::reading::{Reading, Selected};

/// What is tapped in the text: a link, or else the block.
const BLOCKS: &str = "a, [id^='b-']";

#[component]
pub fn Reader() -> impl IntoView {
    let state = use_state();
    let params = use_params_map();
    live_view(move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let newest = state.document(&id);
        let recalled = state.recalled();
        let left = Memo::new(move |_| recalled.with(|all| all.iter().find(|one| one.id == id).cloned()));
        // As long as the newest version has not come, the one before it is read.
        let at_hand = Memo::new(move |_| {
            let newest = newest.get()?;
            Some(state.held.with(|held| held.older_of(&newest).cloned()).unwrap_or(newest))
        });
        let opened = RwSignal::new(untrack(|| at_hand.get()));
        effect(move || {
            // What is being read stays until the reader asks for the next version.
            let gives_way =
                |to: &Document| opened.with_untracked(|it| it.as_ref().is_none_or(|it| it.version > to.version));
            match at_hand.get() {
                Some(document) if gives_way(&document) => opened.set(Some(document)),
                // Nobody reads on in what was taken back.
                None if left.with(Option::is_some) => opened.set(None),
                _ => {}
            }
        });
        live_view(move || match opened.get() {
            Some(document) => document_view(state, document, newest, opened),
            None => left.with(|left| left.as_ref().map_or_else(unknown, |left| gone(state, left))),
        })
    })
}

fn head(title: String) -> AnyView {
    view! {
        <div class="screen__head">
            <a class="button button--icon" aria-label=t().shell().back href="/documents"><Icon symbol=Symbol::ArrowLeft/></a>
            <h1 class="screen__title" tabindex="-1">{title}</h1>
        </div>
    }
    .into_any()
}

fn gone(state: State, left: &RecalledDocument) -> AnyView {
    view! {
        <div class="screen">
            {head(left.title.clone())}
            {recalled::page(state, left)}
        </div>
    }
    .into_any()
}

fn unknown() -> AnyView {
    let words = t().documents();
    view! {
        <div class="screen">
            {head(words.unknown_title.to_owned())}
            <p>{words.unknown_text}</p>
            <div class="row"><a class="button button--primary" href="/documents">{words.to_documents}</a></div>
        </div>
    }
    .into_any()
}

fn document_view(
    state: State,
    document: Document,
    newest: Memo<Option<Document>>,
    opened: RwSignal<Option<Document>>,
) -> AnyView {
    let words = t().documents();
    let asked = use_query_map().with_untracked(|query| query.get("block"));
    let asked = asked.or_else(|| dom::fragment().strip_prefix(ID_PREFIX).map(str::to_owned));
    let reading = Reading::new(state, document.clone());
    dom::scroll_to(0.0);
    reading.open(asked);

    let scrolled = window_event_listener(ev::scroll, move |_| reading.note_scroll());
    let rested = window_event_listener_untyped("scrollend", move |_| reading.note_rest());
    let touched = window_event_listener(ev::pointerdown, move |_| reading.note_rest());
    let to_paper = window_event_listener(ev::beforeprint, move |_| reading.fill_now());
    state.on_moment(move |moment| {
        if moment == Moment::Hidden {
            reading.follow_scroll();
            reading.keep_place();
        }
    });
    on_cleanup(move || {
        scrolled.remove();
        rested.remove();
        touched.remove();
        to_paper.remove();
        reading.keep_place();
        reading.aloud.leave();
        reading.release_pictures();
    });
    let me = state.me();
    let may_comment = move || me.with(|me| me.as_ref().is_some_and(Me::may_discuss));
    let (id, version) = (document.id.clone(), document.version);
    let newer = move || newest.with(|it| it.as_ref().map(|it| it.version)).filter(|it| *it != version);
    let tapped = move |event: MouseEvent| reading.tap(&dom::id_at(&event, BLOCKS));
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => reading.press(&dom::id_at(&event, BLOCKS)),
        "Escape" => reading.select(None),
        _ => {}
    };
    let whole = move || whole_document(reading, &id, may_comment());
    let hint = move || if may_comment() { words.hint } else { words.hint_copy }.to_owned();
    let progress = Signal::derive(move || f64::from(reading.following.progress.get()));
    let (shown, recallable, files) = (document.clone(), document.clone(), document.files.clone());
    let title = document.title.clone();
    let foot = move || match (reading.selected.get(), newer()) {
        (Some(selected), _) => selection::action_bar(state, reading, &document, selected, may_comment()),
        (None, _) if reading.aloud.is_on() => aloud::bar(reading),
        (None, Some(version)) => newer_bar(state, version, newest, opened),
        (None, None) => ().into_any(),
    };
    view! {
        <div class="screen screen--reading">
            {head(title)}
            {live_html("list__meta", move |html| write_meta(html, words, state, &shown))}
            {live_view(whole)}
            {recall::recall(state, &recallable)}
            {attachments::attachments(state, files)}
            {comparing::switch(reading)}
            <progress class="reader__progress" max="100" prop:value=progress aria-label=words.read></progress>
            <div class="panes panes--reader">
                <div class="pane pane--open outline reader__tools">{text_search::search_box(reading)}{aloud::listen(reading)}{outline(reading)}{comparing::steps(reading)}</div>
                <article class="pane pane--open reader" lang="vi">
                    {live_view(move || trouble(reading))}
                    <p class="soft small reader__hint elder-less">{live_text(hint)}</p>
                    <div class="reader__text" node_ref=reading.node on:click=tapped on:keydown=pressed></div>
                </article>
            </div>
            {live_view(foot)}
        </div>
    }
    .into_any()
}

fn whole_document(reading: Reading, document: &str, may_comment: bool) -> AnyView {
    let words = t().documents();
    let comment = may_comment.then(|| {
        view! {
            <a class="button" href=format!("/comments/new?document={document}")>
                <Icon symbol=Symbol::MessageSquare/>{words.comment_whole}
            </a>
        }
        .into_any()
    });
    let print = move || {
        reading.fill_now();
        dom::print();
    };
    view! { <div class="row">{comment}{button("button elder-less", Some(Symbol::FileText), words.print, print)}</div> }
        .into_any()
}

/// It lies at the foot, so that nothing moves under a reader's eyes.
fn newer_bar(
    state: State,
    version: u32,
    newest: Memo<Option<Document>>,
    opened: RwSignal<Option<Document>>,
) -> AnyView {
    let words = t().documents();
    let is_here =
        newest.with(|newest| newest.as_ref().is_some_and(|it| state.held.with(|held| held.has(&it.text_sha256))));
    let show = is_here.then(|| button("button", None, words.newer_show, move || opened.set(newest.get_untracked())));
    let said = if is_here { words.newer } else { words.newer_coming };
    view! {
        <div class="action-bar">
            <p class="action-bar__place strong" role="status">{said(version)}</p>
            {show}
        </div>
    }
    .into_any()
}

/// Why there is no text, or not what was asked for, and what to do.
fn trouble(reading: Reading) -> AnyView {
    let words = t().documents();
    let (title, text) = match reading.loaded.get() {
        Loaded::Failed(LoadError::NotHeld) => (words.missing_title, words.missing_text),
        Loaded::Failed(LoadError::Unreadable) => (words.unreadable_title, words.unreadable_text),
        Loaded::Gone => return view! { <p class="notice" role="status">{words.block_gone}</p> }.into_any(),
        Loaded::Waiting | Loaded::Ready => return ().into_any(),
    };
    view! {
        <div class="notice notice--attention" role="alert">
            <Icon symbol=Symbol::CloudOff/>
            <div class="notice__body">
                <p class="notice__title">{title}</p>
                <p>{text}</p>
                <button class="button" on:click=move |_| reading.try_again()>{t().shell().retry_now}</button>
            </div>
        </div>
    }
    .into_any()
}

/// The headings as links. Open beside the text on a tablet, folded above it on a phone.
fn outline(reading: Reading) -> AnyView {
    let words = t().documents();
    let open = RwSignal::new(dom::is_wide());
    let toggle = move |event: MouseEvent| {
        event.prevent_default();
        open.update(|open| *open = !*open);
        leptos::task::spawn_local(async move {
            timer::sleep(0).await;
            reading.show_in_outline();
        });
    };
    let go = move |event: MouseEvent| {
        let link = dom::id_at(&event, "a");
        let Some(element) = reading.render_heading(&link) else { return };
        if !dom::is_wide() {
            open.set(false);
        }
        leptos::task::spawn_local(async move {
            timer::sleep(0).await;
            dom::focus(&format!("#{element}"));
        });
    };
    let left = move || match reading.loaded.get() {
        Loaded::Ready | Loaded::Gone => (words.minutes_left)(reading.following.minutes_left.get()),
        Loaded::Waiting | Loaded::Failed(_) => String::new(),
    };
    let links = live_html("outline__box", move |html| reading.write_outline(html));
    view! {
        <details class="fold outline__fold" prop:open=open>
            <summary class="fold__head" on:click=toggle>
                <span>{words.outline}<span class="outline__left">{live_text(left)}</span></span>
            </summary>
            <nav aria-label=words.outline lang="vi" on:click=go>{links}</nav>
        </details>
    }
    .into_any()
}
