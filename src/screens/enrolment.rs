//! Enrolment: whose invitation it is, "Đúng là tôi", and the way to a device that works without a network.

mod code;
mod progress;
mod trouble;

use congress::entities::PersonKind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use sync::client::Standing;

use crate::account::Account;
use crate::memo::Memo;
use crate::parts::blocks::{button, link, still, write_notice, write_paragraph};
use crate::parts::html::{Html, live_html};
use crate::parts::icon::Symbol;
use crate::parts::live::{effect, live_view};
use crate::state::{EnrolError, Invitation, LeaveError, Phase, State, t, use_state};

pub use progress::progress;

/// How far the person has come with a code.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Stage {
    /// No code is being looked at.
    Idle,
    Asking,
    Found(Invitation),
    NotMe(Invitation),
    Enrolling(Invitation),
    /// Another person's account is open here and has something waiting.
    OtherWaits(usize),
    /// With the invitation when the person had confirmed already.
    Failed(EnrolError, Option<Invitation>),
}

type Go = Box<dyn Fn(&str)>;

#[derive(Clone, Copy)]
struct Desk {
    state: State,
    stage: RwSignal<Stage>,
    /// Enrolled on this very screen a moment ago.
    fresh: RwSignal<bool>,
    /// Goes to an address in place of the present one.
    go: StoredValue<Go, LocalStorage>,
    code: Memo<String>,
}

#[component]
pub fn Enrolment() -> impl IntoView {
    let state = use_state();
    let location = use_location();
    let navigate = use_navigate();
    let go: Go = Box::new(move |address| {
        navigate(address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let desk = Desk {
        state,
        stage: RwSignal::new(Stage::Idle),
        fresh: RwSignal::new(false),
        go: StoredValue::new_local(go),
        code: Memo::new(move |_| location.hash.with(|hash| hash.trim_start_matches('#').to_owned())),
    };
    effect(move || {
        let code = desk.code.get();
        if !code.is_empty() {
            desk.ask(code);
        }
    });
    let here = Memo::new(move |_| desk.is_here());
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().enrolment().title}</h1>
            <div class="enrol">{live_view(move || if here.get() { desk.arrived() } else { desk.on_the_way() })}</div>
        </div>
    }
    .into_any()
}

impl Desk {
    fn on_the_way(self) -> AnyView {
        let words = t().enrolment();
        match self.stage.get() {
            Stage::Idle => code::form(Box::new(move |code| self.take(code))),
            Stage::Asking => still("", |html| write_paragraph(html, "", words.asking)),
            Stage::Found(invitation) => self.found(invitation, false),
            Stage::Enrolling(invitation) => self.found(invitation, true),
            Stage::NotMe(invitation) => {
                let again = move || self.stage.set(Stage::Found(invitation.clone()));
                view! {
                    {alert(words.not_me_title, words.not_me_text)}
                    {button("button", Some(Symbol::Undo), words.again, again)}
                }
                .into_any()
            }
            Stage::OtherWaits(count) => view! {
                {alert(words.other_title, &(words.other_waiting)(count))}
                {link("button button--primary", "/comments", None, t().shell().comments)}
            }
            .into_any(),
            Stage::Failed(error, invitation) => {
                let retry = move || match &invitation {
                    Some(invitation) => self.enrol(invitation.clone()),
                    None => self.ask(self.code.get_untracked()),
                };
                trouble::trouble(self.state, &error, Box::new(retry), Box::new(move |code| self.take(code)))
            }
        }
    }

    /// A code entered by hand goes the way of one from a link; the same one once more is asked about once more.
    fn take(self, entered: String) {
        if entered == self.code.get_untracked() {
            self.ask(entered);
        } else {
            self.go.with_value(|go| go(&format!("/e#{entered}")));
        }
    }

    fn ask(self, code: String) {
        self.fresh.set(false);
        self.stage.set(Stage::Asking);
        spawn_local(async move {
            let next = match self.state.preview(&code).await {
                Ok(invitation) => Stage::Found(invitation),
                Err(error) => Stage::Failed(error, None),
            };
            self.stage.try_set(next);
        });
    }

    /// Whether the account that is open is the one of the invitation, or there is no invitation to look at.
    fn is_here(self) -> bool {
        // A device whose right has ended, or whose cookie is lost, needs its invitation once more.
        let revoked = self.state.status().with(|status| status.standing == Standing::Revoked);
        if self.state.phase.get() != Phase::Enrolled || revoked {
            return false;
        }
        self.stage.with(|stage| match stage {
            Stage::Idle => true,
            Stage::Found(invitation) | Stage::Enrolling(invitation) => self.is_open(invitation),
            _ => false,
        })
    }

    fn is_open(self, invitation: &Invitation) -> bool {
        let account = Account { congress: invitation.congress.id.clone(), person: invitation.person.id.clone() };
        self.state.account() == Some(account)
    }

    fn enrol(self, invitation: Invitation) {
        if !self.stage.with_untracked(|stage| matches!(stage, Stage::Enrolling(_))) {
            self.stage.set(Stage::Enrolling(invitation.clone()));
            spawn_local(async move {
                // The account is shown as soon as it is open, while the house is still being kept behind it.
                let next = self.enrol_now(&invitation).await.err().unwrap_or(Stage::Idle);
                if next == Stage::Idle {
                    self.fresh.try_set(true);
                    // The code leaves the address bar once it is used.
                    self.go.try_with_value(|go| go("/e"));
                }
                self.stage.try_set(next);
            });
        }
    }

    /// Enrols this device. Another person's account leaves it first, unless something of theirs still waits.
    async fn enrol_now(self, invitation: &Invitation) -> Result<(), Stage> {
        let failed = |error| Stage::Failed(error, Some(invitation.clone()));
        let code = self.code.get_untracked();
        if self.state.account().is_some() && !self.is_open(invitation) {
            self.state.leave().await.map_err(|refused| match refused {
                LeaveError::Waiting(count) => Stage::OtherWaits(count),
                LeaveError::Storage(error) => failed(EnrolError::Storage(error)),
            })?;
        }
        self.state.enrol(&code, invitation).await.map_err(failed)
    }

    fn found(self, invitation: Invitation, busy: bool) -> AnyView {
        let words = t().enrolment();
        let other = self.state.me().get_untracked().filter(|_| self.state.account().is_some());
        let yes = if other.is_some() { words.other_confirm } else { words.confirm };
        let shown = |html: &mut Html| {
            write_person(html, &invitation);
            if let Some(other) = other {
                write_notice(html, "attention", Symbol::Alert, words.other_title, &(words.other_text)(&other.name));
            }
        };
        let shown = still("stack", shown);
        let not_me = invitation.clone();
        view! {
            {shown}
            <div class="stack">
                {button("button button--primary button--wide", None, yes, move || self.enrol(invitation.clone()))}
                {button("button button--wide", None, words.not_me, move || self.stage.set(Stage::NotMe(not_me.clone())))}
            </div>
            <p role="status">{busy.then_some(words.enrolling)}</p>
        }
        .into_any()
    }

    /// The account is open: what is on the device, and how to put the app on the home screen.
    fn arrived(self) -> AnyView {
        let words = t().enrolment();
        let me = self.state.me();
        let write_here = move |html: &mut Html| {
            if self.fresh.get() || self.stage.with(|stage| matches!(stage, Stage::Enrolling(_))) {
                return;
            }
            let name = me.with(|me| me.as_ref().map(|me| me.name.clone()).unwrap_or_default());
            html.markup("<div class=\"enrol__who\">");
            write_paragraph(html, "enrol__name", words.here_title);
            write_paragraph(html, "enrol__delegation", &(words.here_as)(&name));
            html.markup("</div>");
        };
        view! {
            {live_html("", write_here)}
            {self.state.later.screens().map(|screens| (screens.progress)(self.state))}
        }
        .into_any()
    }
}

fn alert(title: &str, text: &str) -> AnyView {
    let notice = still("", |html| write_notice(html, "attention", Symbol::Alert, title, text));
    view! { <div role="alert">{notice}</div> }.into_any()
}

/// Guests carry their own honorific; delegates are addressed as comrades.
fn write_person(html: &mut Html, invitation: &Invitation) {
    let words = t().enrolment();
    let person = &invitation.person;
    let is_guest = person.kind == PersonKind::Guest;
    let name = if is_guest { person.name.clone() } else { (words.comrade)(&person.name) };
    html.markup("<div class=\"enrol__who\">");
    write_paragraph(html, "soft", words.who);
    write_paragraph(html, "enrol__name", &name);
    if !person.delegation.is_empty() {
        write_paragraph(html, "enrol__delegation", &(words.delegation)(&person.delegation));
    }
    write_paragraph(html, "soft", &person.organisation);
    write_paragraph(html, "enrol__congress", &invitation.congress.name);
    html.markup("</div>");
}
