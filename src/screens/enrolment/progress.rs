//! What of the congress is on the device, step by step, from what the device really holds.

use congress::entities::{AgendaItem, Attachment, Document, Role};
use congress::scopes;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::device::{self, AppFiles, InstallWay};
use crate::platform::files::ATTACHMENTS_BYTES_MAX;
use crate::platform::timer;
use crate::screens::more::install;
use crate::screens::more::size::size;
use crate::state::{DocumentsHeld, Phase, State, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Busy,
    Done,
}

/// One step with what is counted in it.
#[derive(Clone, PartialEq, Eq)]
struct Step {
    progress: Progress,
    count: String,
}

impl Step {
    fn new(done: bool, begun: bool, count: String) -> Self {
        let progress = match (done, begun) {
            (true, _) => Progress::Done,
            (false, true) => Progress::Busy,
            (false, false) => Progress::Waiting,
        };
        Self { progress, count }
    }
}

/// What is counted: everything that the steps are made of.
#[derive(Clone, Copy)]
struct Sources {
    state: State,
    items: Memo<Vec<AgendaItem>>,
    documents: Memo<Vec<Document>>,
    app: RwSignal<AppFiles>,
    /// Presidium, secretariat and desks have a second app; `None` for everybody else.
    staff_app: Memo<Option<bool>>,
}

impl Sources {
    /// The rows are as new as the server said.
    fn is_current(self) -> bool {
        self.state.status().with(|status| status.current)
    }

    fn programme(self) -> Step {
        let (count, known) = (self.items.with(Vec::len), self.state.congress().with(Option::is_some));
        let done = known && (count > 0 || self.is_current());
        Step::new(done, true, if count > 0 { (t().enrolment.items)(count) } else { String::new() })
    }

    fn list(self) -> Step {
        let (count, done) = (self.documents.with(Vec::len), self.is_current());
        Step::new(
            done,
            self.programme().progress == Progress::Done,
            if count > 0 || done { (t().enrolment.documents)(count) } else { String::new() },
        )
    }

    fn texts(self) -> Step {
        self.counted(|document, held| vec![(document.text_bytes, held.has(&document.text_sha256))])
    }

    /// Attachments that the device keeps; those beyond its room open with a connection.
    fn files(self) -> Step {
        let kept: Vec<String> = self.documents.with(|all| kept_files(all).map(|file| file.sha256.clone()).collect());
        let mut step = self.counted(|document, held| {
            let files = document.files.iter().filter(|file| kept.contains(&file.sha256));
            files.map(|file| (file.bytes, held.has(&file.sha256))).collect()
        });
        let all: usize = self.documents.with(|documents| documents.iter().map(|document| document.files.len()).sum());
        if step.progress == Progress::Done && all > kept.len() {
            step.count = (t().enrolment.too_large)(all - kept.len());
        }
        step
    }

    fn counted(self, parts: impl Fn(&Document, &DocumentsHeld) -> Vec<(u64, bool)>) -> Step {
        let current = self.is_current();
        let parts: Vec<(u64, bool)> = self.documents.with(|documents| {
            self.state.held.with(|held| documents.iter().flat_map(|document| parts(document, held)).collect())
        });
        let done = parts.iter().filter(|(_, held)| *held);
        let (count, bytes) = (done.clone().count(), done.map(|(bytes, _)| bytes).sum());
        let all_there = current && count == parts.len();
        let words = match (parts.len(), current) {
            (0, true) => t().enrolment.nothing.to_owned(),
            (0, false) => String::new(),
            (all, _) => (t().enrolment.of)(count, all, &size(bytes)),
        };
        Step::new(all_there, !parts.is_empty(), words)
    }

    fn app(self) -> Step {
        let done = match self.app.get() {
            AppFiles::Pending => false,
            AppFiles::Stored => self.staff_app.get() != Some(false),
            AppFiles::Impossible => true,
        };
        Step::new(done, true, String::new())
    }

    fn all(self) -> [(&'static str, Step); 6] {
        let words = &t().enrolment;
        let enrolled = self.state.phase.get() == Phase::Enrolled;
        [
            (words.step_person, Step::new(enrolled, true, String::new())),
            (words.step_programme, self.programme()),
            (words.step_list, self.list()),
            (words.step_texts, self.texts()),
            (words.step_files, self.files()),
            (words.step_app, self.app()),
        ]
    }
}

/// Attachments that fit into what one account keeps, in the order in which they are fetched.
fn kept_files(documents: &[Document]) -> impl Iterator<Item = &Attachment> {
    let mut room = ATTACHMENTS_BYTES_MAX;
    documents.iter().flat_map(|document| &document.files).filter(move |file| {
        let rest = room.checked_sub(file.bytes);
        room = rest.unwrap_or(room);
        rest.is_some()
    })
}

/// Waits for the app's files.
fn app_files() -> RwSignal<AppFiles> {
    let app = RwSignal::new(AppFiles::Pending);
    spawn_local(async move {
        while app.try_get_untracked() == Some(AppFiles::Pending) {
            let files = device::worker_ready().await;
            app.try_set(files);
        }
    });
    app
}

/// Has the second app stored where the person needs it, and tells whether it is.
fn staff_app(state: State, app: RwSignal<AppFiles>) -> Memo<Option<bool>> {
    const ROLES: [Role; 3] = [Role::Presidium, Role::Secretariat, Role::Checkin];
    let me = state.me();
    let is_staff = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| ROLES.iter().any(|r| me.has(*r)))));
    let kept = RwSignal::new(cfg!(debug_assertions));
    Effect::new(move |_| {
        if is_staff.get() && app.get() == AppFiles::Stored && !kept.get_untracked() {
            spawn_local(async move {
                // Asked for again every five seconds, for as long as this screen is there.
                while kept.try_get_untracked() == Some(false) {
                    device::keep_staff_app().await;
                    for _ in 0..20 {
                        timer::sleep(250).await;
                        if device::is_staff_app_kept().await {
                            kept.try_set(true);
                            break;
                        }
                    }
                }
            });
        }
    });
    Memo::new(move |_| is_staff.get().then(|| kept.get()))
}

pub fn progress(state: State) -> AnyView {
    let words = &t().enrolment;
    let app = app_files();
    let (items, documents) = (state.rows(scopes::public()), state.documents());
    let sources = Sources { state, items, documents, app, staff_app: staff_app(state, app) };
    let steps = Memo::new(move |_| sources.all());
    let ready = Memo::new(move |_| steps.with(|all| all.iter().all(|(_, step)| step.progress == Progress::Done)));
    // Only a try that failed counts as lost contact; before the first answer nothing is known.
    let cut = Memo::new(move |_| {
        !ready.get() && state.status().with(|status| !status.reachable && status.retry_at.is_some())
    });
    // What could not be fetched is asked for again while the person waits here.
    Effect::new(move |_| {
        state.clock().track();
        let reachable = state.status().with(|status| status.reachable);
        if reachable && !ready.get() && !state.held.with_untracked(|held| held.fetching) {
            state.prefetch();
        }
    });
    let retry = move |_| state.retry_now();
    view! {
        <section class="stack" aria-labelledby="fetching">
            <h2 class="section-title" id="fetching">{words.fetching}</h2>
            <ol class="steps">
                {(0..6).map(|at| step_row(steps, at)).collect_view()}
            </ol>
        </section>
        <div role="status">{live_view(move || if ready.get() { arrived(app) } else { ().into_any() })}</div>
        {live_view(move || if cut.get() {
            view! {
                <div class="notice notice--attention" role="alert">
                    <Icon symbol=Symbol::CloudOff/>
                    <div class="notice__body">
                        <p class="notice__title">{words.cut_title}</p>
                        <p>{words.cut_text}</p>
                        <button class="button" on:click=retry><Icon symbol=Symbol::Refresh/>{words.retry}</button>
                    </div>
                </div>
            }.into_any()
        } else {
            ().into_any()
        })}
        {live_view(move || {
            let (class, text) = match (ready.get(), steps.with(|all| all[1].1.progress == Progress::Done)) {
                (true, _) => ("button button--primary button--wide", words.start),
                (false, true) => ("button button--quiet", words.start_early),
                (false, false) => return ().into_any(),
            };
            view! { <a class=class href="/agenda">{text}</a> }.into_any()
        })}
        {live_view(move || if ready.get() { home_screen() } else { ().into_any() })}
    }
    .into_any()
}

fn step_row(steps: Memo<[(&'static str, Step); 6]>, at: usize) -> AnyView {
    let words = &t().enrolment;
    let step = Memo::new(move |_| steps.with(|all| all[at].1.clone()));
    let name = steps.with_untracked(|all| all[at].0);
    let class = move || match step.with(|step| step.progress) {
        Progress::Waiting => "steps__item steps__item--waiting",
        Progress::Busy => "steps__item steps__item--busy",
        Progress::Done => "steps__item steps__item--done",
    };
    let symbol = move || match step.with(|step| step.progress) {
        Progress::Waiting => Symbol::Clock,
        Progress::Busy => Symbol::Download,
        Progress::Done => Symbol::Check,
    };
    let count = move || {
        step.with(|step| match step.progress {
            Progress::Waiting => words.waiting.to_owned(),
            _ if !step.count.is_empty() => step.count.clone(),
            Progress::Busy => words.busy.to_owned(),
            Progress::Done => words.done.to_owned(),
        })
    };
    view! {
        <li class=class>
            {live_view(move || view! { <Icon symbol=symbol()/> }.into_any())}
            <span class="steps__word">{name}</span>
            <span class="steps__count">{live_text(count)}</span>
        </li>
    }
    .into_any()
}

/// Claims no more than is true: without a service worker the app itself is not on the device.
fn arrived(app: RwSignal<AppFiles>) -> AnyView {
    let words = &t().enrolment;
    let (class, symbol, title, text) = if app.get() == AppFiles::Impossible {
        ("notice notice--attention", Symbol::Alert, words.ready_open, words.ready_open_text)
    } else {
        ("notice notice--ok", Symbol::CheckCheck, words.ready, words.ready_text)
    };
    view! {
        <div class=class>
            <Icon symbol/>
            <div class="notice__body">
                <p class="notice__title">{title}</p>
                <p>{text}</p>
            </div>
        </div>
    }
    .into_any()
}

fn home_screen() -> AnyView {
    let way = device::install_way();
    if way == InstallWay::Installed {
        return ().into_any();
    }
    view! {
        <section class="card">
            <h2 class="section-title">{t().more.install}</h2>
            {install::steps(way)}
        </section>
    }
    .into_any()
}
