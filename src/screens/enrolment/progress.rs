//! What of the congress is on the device, step by step, from what the device really holds.

use congress::entities::{AgendaItem, Congress, Document, Me};
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::memo::Memo;
use crate::parts::blocks::{button, link, still, write_notice};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::platform::device::{self, AppFiles, InstallWay};
use crate::platform::timer;
use crate::screens::more::size::size;
use crate::screens::more::{install, write_title};
use crate::state::{Phase, STAFF, Share, State, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Busy,
    Done,
}

/// One step with what is counted in it.
struct Step {
    name: &'static str,
    progress: Progress,
    count: String,
}

impl Step {
    fn new(name: &'static str, done: bool, begun: bool, count: String) -> Self {
        let progress = match (done, begun) {
            (true, _) => Progress::Done,
            (false, true) => Progress::Busy,
            (false, false) => Progress::Waiting,
        };
        Self { name, progress, count }
    }

    fn write(&self, html: &mut Html) {
        let words = t().enrolment();
        let (class, symbol, word) = match self.progress {
            Progress::Waiting => ("waiting", Symbol::Clock, words.waiting),
            Progress::Busy => ("busy", Symbol::Download, words.busy),
            Progress::Done => ("done", Symbol::Check, words.done),
        };
        let counted = self.progress != Progress::Waiting && !self.count.is_empty();
        html.markup("<li class=\"steps__item steps__item--").markup(class).markup("\">").icon(symbol);
        html.span("steps__word", self.name);
        html.span("steps__count", if counted { &self.count } else { word }).markup("</li>");
    }
}

/// Everything that the steps are made of.
#[derive(Clone, Copy)]
struct Sources {
    state: State,
    me: Memo<Option<Me>>,
    congress: Memo<Option<Congress>>,
    items: Memo<Vec<AgendaItem>>,
    documents: Memo<Vec<Document>>,
    /// The app opens without a connection.
    app: RwSignal<AppFiles>,
    /// Presidium, secretariat, desks and organisers have screens of their own.
    staff_screens: RwSignal<bool>,
}

impl Sources {
    fn is_staff(self) -> bool {
        self.me.with(|me| me.as_ref().is_some_and(|me| STAFF.into_iter().any(|role| me.has(role))))
    }

    fn steps(self) -> [Step; 6] {
        let words = t().enrolment();
        let state = self.state;
        // The rows are as new as the server said.
        let current = state.status().with(|status| status.current);
        let items = self.items.with(Vec::len);
        let programme = self.congress.with(Option::is_some) && (items > 0 || current);
        let (count, texts, files) = self.documents.with(|documents| {
            state.held.with(|held| (documents.len(), held.texts_of(documents), held.files_of(documents)))
        });
        // None is counted before the server has said how many there are.
        let known =
            |count: usize, said: fn(usize) -> String| if count > 0 || current { said(count) } else { String::new() };
        let app = match self.app.get() {
            AppFiles::Pending => false,
            AppFiles::Stored => self.staff_screens.get() || !self.is_staff(),
            AppFiles::Impossible => true,
        };
        let shared = |name, share: Share| {
            let done = current && share.held == share.all;
            let count = match share {
                Share { beyond, .. } if done && beyond > 0 => (words.too_large)(beyond),
                Share { all: 0, .. } if current => words.nothing.to_owned(),
                Share { all: 0, .. } => String::new(),
                share => (words.of)(share.held, share.all, &size(share.bytes), &size(share.bytes_all)),
            };
            Step::new(name, done, share.all > 0, count)
        };
        [
            Step::new(words.step_person, state.phase.get() == Phase::Enrolled, true, String::new()),
            Step::new(words.step_programme, programme, true, known(items, words.items)),
            Step::new(words.step_list, current, programme, known(count, words.documents)),
            shared(words.step_texts, texts),
            shared(words.step_files, files),
            Step::new(words.step_app, app, true, String::new()),
        ]
    }

    /// Waits for the app's files, and has the screens of the staff stored where the person needs it.
    async fn follow_app(self) {
        while self.app.try_get_untracked() == Some(AppFiles::Pending) {
            let files = device::worker_ready().await;
            self.app.try_set(files);
        }
        // Asked for again every five seconds, for as long as this screen is there.
        while self.staff_screens.try_get_untracked() == Some(false) {
            if untrack(|| self.is_staff()) {
                device::keep_staff_screens().await;
            }
            for _ in 0..20 {
                timer::sleep(250).await;
                if device::are_staff_screens_kept().await {
                    self.staff_screens.try_set(true);
                    return;
                }
            }
        }
    }
}

pub fn progress(state: State) -> AnyView {
    let words = t().enrolment();
    let sources = Sources {
        state,
        me: state.me(),
        congress: state.congress(),
        items: state.rows(scopes::public()),
        documents: state.documents(),
        app: RwSignal::new(AppFiles::Pending),
        staff_screens: RwSignal::new(cfg!(debug_assertions)),
    };
    spawn_local(sources.follow_app());
    let ready = Memo::new(move |_| sources.steps().iter().all(|step| step.progress == Progress::Done));
    let begun = Memo::new(move |_| sources.steps()[1].progress == Progress::Done);
    let cut = Memo::new(move |_| !ready.get() && state.status().with(|status| status.lost));
    // What could not be fetched is asked for again while the person waits here.
    effect(move || {
        state.clock().track();
        let reachable = state.status().with(|status| status.reachable);
        if reachable && !ready.get() && !state.held.with_untracked(|held| held.coming.is_some()) {
            state.prefetch();
        }
    });
    let write_steps = move |html: &mut Html| {
        write_title(html, words.fetching);
        html.markup("<ol class=\"steps\">");
        sources.steps().iter().for_each(|step| step.write(html));
        html.markup("</ol>");
    };
    let next = move || match (ready.get(), begun.get()) {
        (true, _) => {
            let start = link("button button--primary button--wide", "/agenda", None, words.start);
            view! {
                {start}
                {home_screen()}
            }
            .into_any()
        }
        (false, true) => link("button button--quiet", "/agenda", None, words.start_early),
        (false, false) => ().into_any(),
    };
    let retry = move || {
        if cut.get() {
            button("button", Some(Symbol::Refresh), words.retry, move || state.retry_now())
        } else {
            ().into_any()
        }
    };
    view! {
        <section aria-label=words.fetching>{live_html("stack", write_steps)}</section>
        <div role="status">
            {live_html("", move |html| match (ready.get(), cut.get()) {
                (true, _) => write_ready(html, sources.app.get()),
                (_, true) => write_notice(html, "attention", Symbol::CloudOff, words.cut_title, words.cut_text),
                _ => {}
            })}
        </div>
        {live_view(retry)}
        {live_view(next)}
    }
    .into_any()
}

/// Claims no more than is true: without a service worker the app itself is not on the device.
fn write_ready(html: &mut Html, app: AppFiles) {
    let words = t().enrolment();
    if app == AppFiles::Impossible {
        write_notice(html, "attention", Symbol::Alert, words.ready_open, words.ready_open_text);
    } else {
        write_notice(html, "ok", Symbol::CheckCheck, words.ready, words.ready_text);
    }
}

fn home_screen() -> AnyView {
    let way = device::install_way();
    if way == InstallWay::Installed {
        return ().into_any();
    }
    still("card", |html| {
        write_title(html, t().shell().install);
        install::write(html, way);
    })
}
