//! The screens that come after the first one. A release keeps them in files of their own: a phone that is opened for
//! the first time need not wait for them, and only presidium, secretariat, desks and organisers ever fetch theirs.

use std::cell::Cell;

use congress::{CongressRules, ReaderRules};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::rules::Rules;

use crate::parts::blocks::{button, still, write_paragraph};
use crate::parts::live::live_view;
use crate::platform::dom;
use crate::screens::agenda::AgendaItemPage;
use crate::screens::check_in::CheckIn;
use crate::screens::comments::{CommentPage, Comments, Compose};
use crate::screens::console::Console;
use crate::screens::documents::{Documents, Reader};
use crate::screens::more::More;
use crate::screens::notes::NotesPage;
use crate::screens::operations::OperationsPage;
use crate::screens::scan::Scan;
use crate::state::{self, State, t, use_state};

/// Makes the view of a screen.
pub type Screen = fn() -> AnyView;

/// The screens that everybody has.
#[derive(Clone, Copy)]
pub struct Screens {
    pub agenda_item: Screen,
    pub documents: Screen,
    pub reader: Screen,
    pub comments: Screen,
    pub compose: Screen,
    pub comment: Screen,
    pub check_in: Screen,
    pub more: Screen,
    pub notes: Screen,
    /// What the device foretells of what is done on them.
    pub rules: fn() -> Box<dyn Rules>,
    /// Brings the documents, and removes those that must not be here.
    pub carry: fn(State),
}

/// The screens of presidium, secretariat, desks and organisers.
#[derive(Clone, Copy)]
pub struct StaffScreens {
    pub console: Screen,
    pub scan: Screen,
    pub operations: Screen,
    /// What the device foretells of their commands.
    pub rules: fn() -> Box<dyn Rules>,
}

thread_local! {
    static DRESSED: Cell<bool> = const { Cell::new(false) };
}

/// How these screens look comes with them.
fn dress_screens() {
    if !DRESSED.replace(true) {
        dom::add_rule(include_str!("../style/later.css"));
    }
}

fn screens() -> Screens {
    dress_screens();
    Screens {
        agenda_item: || view! { <AgendaItemPage/> }.into_any(),
        documents: || view! { <Documents/> }.into_any(),
        reader: || view! { <Reader/> }.into_any(),
        comments: || view! { <Comments/> }.into_any(),
        compose: || view! { <Compose/> }.into_any(),
        comment: || view! { <CommentPage/> }.into_any(),
        check_in: || view! { <CheckIn/> }.into_any(),
        more: || view! { <More/> }.into_any(),
        notes: || view! { <NotesPage/> }.into_any(),
        rules: || Box::new(ReaderRules),
        carry: state::carry,
    }
}

fn staff_screens() -> StaffScreens {
    dress_screens();
    dom::add_rule(include_str!("../style/staff.css"));
    StaffScreens {
        console: || view! { <Console/> }.into_any(),
        scan: || view! { <Scan/> }.into_any(),
        operations: || view! { <OperationsPage/> }.into_any(),
        rules: || Box::new(CongressRules),
    }
}

/// The file with the screens could not be fetched.
#[derive(Clone, Copy)]
struct NotFetched;

#[cfg(split)]
mod files {
    use leptos::wasm_split::{self, SplitLoaderError};

    use super::{NotFetched, Screens, StaffScreens};

    impl From<SplitLoaderError> for NotFetched {
        fn from(_: SplitLoaderError) -> Self {
            NotFetched
        }
    }

    #[wasm_split::wasm_split(screens, fallible, wasm_split_path = wasm_split)]
    pub fn screens() -> Result<Screens, NotFetched> {
        Ok(super::screens())
    }

    #[wasm_split::wasm_split(staff, fallible, wasm_split_path = wasm_split)]
    pub fn staff_screens() -> Result<StaffScreens, NotFetched> {
        Ok(super::staff_screens())
    }
}

/// A build that is not split holds everything.
#[cfg(not(split))]
mod files {
    use super::{NotFetched, Screens, StaffScreens};

    #[expect(clippy::unused_async, reason = "a release fetches them")]
    pub async fn screens() -> Result<Screens, NotFetched> {
        Ok(super::screens())
    }

    #[expect(clippy::unused_async, reason = "a release fetches them")]
    pub async fn staff_screens() -> Result<StaffScreens, NotFetched> {
        Ok(super::staff_screens())
    }
}

#[derive(Clone, Copy, Default)]
enum Part<T> {
    #[default]
    Absent,
    OnItsWay,
    Here(T),
    NotFetched,
}

/// What of the app is there. Cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Later {
    screens: RwSignal<Part<Screens>>,
    staff: RwSignal<Part<StaffScreens>>,
}

impl Later {
    /// The screens of everybody could not be fetched.
    pub fn lacks_screens(self) -> bool {
        matches!(self.screens.get_untracked(), Part::NotFetched)
    }

    /// Does nothing until the screens are there: then it is called for.
    pub fn carry(self, state: State) {
        if let Part::Here(screens) = self.screens.get_untracked() {
            (screens.carry)(state);
        }
    }

    /// `learn` is told once they are there.
    pub fn fetch_screens(self, learn: impl FnOnce(Screens) + 'static) {
        if is_wanted(self.screens) {
            spawn_local(async move {
                let fetched = files::screens().await;
                if let Ok(screens) = fetched {
                    learn(screens);
                }
                arrived(self.screens, fetched);
            });
        }
    }

    /// `learn` is told once they are there.
    pub fn fetch_staff_screens(self, learn: impl FnOnce(StaffScreens) + 'static) {
        if is_wanted(self.staff) {
            spawn_local(async move {
                let fetched = files::staff_screens().await;
                if let Ok(screens) = fetched {
                    learn(screens);
                }
                arrived(self.staff, fetched);
            });
        }
    }
}

/// Nothing is fetched twice, but what failed is tried again.
fn is_wanted<T: Copy + Send + Sync + 'static>(part: RwSignal<Part<T>>) -> bool {
    let wanted = matches!(part.get_untracked(), Part::Absent | Part::NotFetched);
    if wanted {
        part.set(Part::OnItsWay);
    }
    wanted
}

fn arrived<T: Copy + Send + Sync + 'static>(part: RwSignal<Part<T>>, fetched: Result<T, NotFetched>) {
    part.set(fetched.map_or(Part::NotFetched, Part::Here));
}

/// A screen of everybody, as soon as it is there.
pub fn screen(pick: fn(Screens) -> Screen) -> AnyView {
    let state = use_state();
    state.fetch_screens();
    live_view(move || match state.later.screens.get() {
        Part::Here(screens) => untrack(pick(screens)),
        Part::NotFetched => not_fetched(move || state.fetch_screens()),
        Part::Absent | Part::OnItsWay => on_its_way(),
    })
}

/// A screen of the staff, as soon as it is there.
pub fn staff_screen(pick: fn(StaffScreens) -> Screen) -> AnyView {
    let state = use_state();
    state.fetch_staff_screens();
    live_view(move || match state.later.staff.get() {
        Part::Here(screens) => untrack(pick(screens)),
        Part::NotFetched => not_fetched(move || state.fetch_staff_screens()),
        Part::Absent | Part::OnItsWay => on_its_way(),
    })
}

/// Seen on the first day only, and on a slow line: afterwards the part is on the device.
fn on_its_way() -> AnyView {
    still("screen later", |html| write_paragraph(html, "soft", t().shell().part_coming))
}

fn not_fetched(again: impl Fn() + 'static) -> AnyView {
    let words = t().shell();
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{words.part_missing_title}</h1>
            <p>{words.part_missing_text}</p>
            {button("button button--primary", None, words.retry_now, again)}
        </div>
    }
    .into_any()
}
