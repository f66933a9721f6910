//! The whole route table on one screen. `/console` and `/scan` belong to the staff's app, which has a page of its own:
//! links to them load it.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route};
use leptos_router::path;

use crate::screens::agenda::{Agenda, AgendaItemPage};
use crate::screens::check_in::CheckIn;
use crate::screens::comments::{CommentPage, Comments, Compose};
use crate::screens::console::Console;
use crate::screens::documents::{Documents, Reader};
use crate::screens::enrolment::Enrolment;
use crate::screens::more::More;
use crate::screens::not_found::NotFound;
use crate::screens::scan::Scan;

macro_rules! table {
    ($($extra:tt)*) => {
        view! {
            <FlatRoutes fallback=|| view! { <NotFound/> }.into_any()>
                <Route path=path!("/") view=|| view! { <Redirect path="/agenda"/> }.into_any()/>
                <Route path=path!("/agenda") view=screen(|| view! { <Agenda/> }.into_any())/>
                <Route path=path!("/agenda/:item") view=screen(|| view! { <AgendaItemPage/> }.into_any())/>
                <Route path=path!("/documents") view=screen(|| view! { <Documents/> }.into_any())/>
                <Route path=path!("/documents/:id") view=screen(|| view! { <Reader/> }.into_any())/>
                <Route path=path!("/comments") view=screen(|| view! { <Comments/> }.into_any())/>
                <Route path=path!("/comments/new") view=screen(|| view! { <Compose/> }.into_any())/>
                <Route path=path!("/comments/:id") view=screen(|| view! { <CommentPage/> }.into_any())/>
                <Route path=path!("/check-in") view=screen(|| view! { <CheckIn/> }.into_any())/>
                <Route path=path!("/more") view=screen(|| view! { <More/> }.into_any())/>
                <Route path=path!("/e") view=screen(|| view! { <Enrolment/> }.into_any())/>
                $($extra)*
            </FlatRoutes>
        }
        .into_any()
    };
}

/// One type for every screen, so that the router is compiled once and not once a screen.
fn screen(make: fn() -> AnyView) -> fn() -> AnyView {
    make
}

/// The table of the delegate's app.
pub fn delegate() -> AnyView {
    table! {}
}

/// The table of the staff's app.
pub fn staff() -> AnyView {
    table! {
        <Route path=path!("/console") view=screen(|| view! { <Console/> }.into_any())/>
        <Route path=path!("/scan") view=screen(|| view! { <Scan/> }.into_any())/>
    }
}
