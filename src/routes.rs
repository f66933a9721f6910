//! The whole route table on one screen. What is not needed for a first look comes from [`crate::later`].

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::later::{Screen, screen, staff_screen};
use crate::screens::enrolment::Enrolment;
use crate::screens::not_found::NotFound;

pub fn routes() -> AnyView {
    view! {
        <FlatRoutes fallback=|| view! { <NotFound/> }.into_any()>
            <Route path=path!("/agenda") view=one(|| screen(|screens| screens.agenda))/>
            <Route path=path!("/agenda/:item") view=one(|| screen(|screens| screens.agenda_item))/>
            <Route path=path!("/documents") view=one(|| screen(|screens| screens.documents))/>
            <Route path=path!("/documents/:id") view=one(|| screen(|screens| screens.reader))/>
            <Route path=path!("/comments") view=one(|| screen(|screens| screens.comments))/>
            <Route path=path!("/comments/new") view=one(|| screen(|screens| screens.compose))/>
            <Route path=path!("/comments/:id") view=one(|| screen(|screens| screens.comment))/>
            <Route path=path!("/check-in") view=one(|| screen(|screens| screens.check_in))/>
            <Route path=path!("/more") view=one(|| screen(|screens| screens.more))/>
            <Route path=path!("/notes") view=one(|| screen(|screens| screens.notes))/>
            <Route path=path!("/console") view=one(|| staff_screen(|screens| screens.console))/>
            <Route path=path!("/scan") view=one(|| staff_screen(|screens| screens.scan))/>
            <Route path=path!("/operations") view=one(|| staff_screen(|screens| screens.operations))/>
            <Route path=path!("/e") view=one(|| view! { <Enrolment/> }.into_any())/>
        </FlatRoutes>
    }
    .into_any()
}

/// Whether the screen of an address is one of the staff's.
pub fn is_of_staff(path: &str) -> bool {
    matches!(path, "/console" | "/scan" | "/operations")
}

/// One type for every screen, so that the router is compiled once and not once a screen.
fn one(make: Screen) -> Screen {
    make
}
