//! What comes after the first part. A release keeps it in files of its own: whoever opens an invitation reads it before
//! the rest is there, and only presidium, secretariat, desks and organisers ever fetch the screens of the staff.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;

use congress::CongressRules;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::rules::Rules;

use crate::account::Account;
use crate::app::{header, tab_bar};
use crate::parts::blocks::{button, still, write_paragraph};
use crate::parts::live::live_view;
use crate::platform::dom;
use crate::screens::agenda::{Agenda, AgendaItemPage};
use crate::screens::check_in::CheckIn;
use crate::screens::comments::{CommentPage, Comments, Compose};
use crate::screens::console::Console;
use crate::screens::documents::{Documents, Reader};
use crate::screens::enrolment;
use crate::screens::more::More;
use crate::screens::notes::NotesPage;
use crate::screens::operations::OperationsPage;
use crate::screens::scan::Scan;
use crate::state::{self, State, t, use_state};

/// Makes the view of a screen, or of a piece of the frame around it.
pub type Screen = fn() -> AnyView;

/// Done when the account is at work, or it has been said why not.
pub type Opening = Pin<Box<dyn Future<Output = ()>>>;

/// What everybody has who is enrolled.
#[derive(Clone, Copy)]
pub struct Screens {
    /// Opens an account of this device and puts it to work.
    pub open: fn(State, Account) -> Opening,
    pub header: Screen,
    pub tab_bar: Screen,
    /// What of the congress is on the device.
    pub progress: fn(State) -> AnyView,
    pub agenda: Screen,
    pub agenda_item: Screen,
    pub documents: Screen,
    pub reader: Screen,
    pub comments: Screen,
    pub compose: Screen,
    pub comment: Screen,
    pub check_in: Screen,
    pub more: Screen,
    pub notes: Screen,
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
        open: |state, account| Box::pin(state::open_account(state, account)),
        header: || view! { <header::Header/> }.into_any(),
        tab_bar: || view! { <tab_bar::TabBar/> }.into_any(),
        progress: enrolment::progress,
        agenda: || view! { <Agenda/> }.into_any(),
        agenda_item: || view! { <AgendaItemPage/> }.into_any(),
        documents: || view! { <Documents/> }.into_any(),
        reader: || view! { <Reader/> }.into_any(),
        comments: || view! { <Comments/> }.into_any(),
        compose: || view! { <Compose/> }.into_any(),
        comment: || view! { <CommentPage/> }.into_any(),
        check_in: || view! { <CheckIn/> }.into_any(),
        more: || view! { <More/> }.into_any(),
        notes: || view! { <NotesPage/> }.into_any(),
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
enum Staff {
    #[default]
    Absent,
    OnItsWay,
    Here(StaffScreens),
    NotFetched,
}

/// What of the app is there. Cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Later {
    screens: RwSignal<Option<Screens>>,
    staff: RwSignal<Staff>,
}

impl Later {
    /// Fetches the screens of everybody unless they are there; nothing if that cannot be done now.
    pub async fn fetch_screens(self) -> Option<Screens> {
        let fetched = files::screens().await.ok();
        if self.screens.with_untracked(Option::is_none) {
            self.screens.set(fetched);
        }
        fetched
    }

    /// The screens of everybody. They are there as soon as an account is open.
    pub fn screens(self) -> Option<Screens> {
        self.screens.get()
    }

    /// Fetches the screens of the staff; what failed is tried again. `learn` is told once they are there.
    pub fn fetch_staff_screens(self, learn: impl FnOnce(StaffScreens) + 'static) {
        if matches!(self.staff.get_untracked(), Staff::OnItsWay | Staff::Here(_)) {
            return;
        }
        self.staff.set(Staff::OnItsWay);
        spawn_local(async move {
            let fetched = files::staff_screens().await;
            if let Ok(screens) = fetched {
                learn(screens);
            }
            self.staff.set(fetched.map_or(Staff::NotFetched, Staff::Here));
        });
    }
}

/// A screen of everybody.
pub fn screen(pick: fn(Screens) -> Screen) -> AnyView {
    let later = use_state().later;
    live_view(move || later.screens().map_or_else(|| ().into_any(), |screens| untrack(pick(screens))))
}

/// A screen of the staff, as soon as it is there.
pub fn staff_screen(pick: fn(StaffScreens) -> Screen) -> AnyView {
    let state = use_state();
    state.fetch_staff_screens();
    live_view(move || match state.later.staff.get() {
        Staff::Here(screens) => untrack(pick(screens)),
        Staff::NotFetched => not_fetched(move || state.fetch_staff_screens()),
        Staff::Absent | Staff::OnItsWay => on_its_way(),
    })
}

/// Seen on the first day only, and on a slow line: afterwards the part is on the device.
pub fn on_its_way() -> AnyView {
    still("screen later", |html| write_paragraph(html, "soft", t().shell().part_coming))
}

/// A part could not be fetched, and what it is needed for cannot be shown.
pub fn not_fetched(again: impl Fn() + 'static) -> AnyView {
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
