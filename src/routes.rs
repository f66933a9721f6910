//! The whole route table on one screen.

use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Routes};
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

#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound/> }.into_any()>
            <Route path=path!("/") view=|| view! { <Redirect path="/agenda"/> }.into_any()/>
            <Route path=path!("/agenda") view=|| view! { <Agenda/> }.into_any()/>
            <Route path=path!("/agenda/:item") view=|| view! { <AgendaItemPage/> }.into_any()/>
            <Route path=path!("/documents") view=|| view! { <Documents/> }.into_any()/>
            <Route path=path!("/documents/:id") view=|| view! { <Reader/> }.into_any()/>
            <Route path=path!("/comments") view=|| view! { <Comments/> }.into_any()/>
            <Route path=path!("/comments/new") view=|| view! { <Compose/> }.into_any()/>
            <Route path=path!("/comments/:id") view=|| view! { <CommentPage/> }.into_any()/>
            <Route path=path!("/check-in") view=|| view! { <CheckIn/> }.into_any()/>
            <Route path=path!("/scan") view=|| view! { <Scan/> }.into_any()/>
            <Route path=path!("/console") view=|| view! { <Console/> }.into_any()/>
            <Route path=path!("/more") view=|| view! { <More/> }.into_any()/>
            <Route path=path!("/e") view=|| view! { <Enrolment/> }.into_any()/>
        </Routes>
    }
}
