//! Enrolment: whose invitation it is, "Đúng là tôi", and the way to a device that works without a network.

mod code;
mod progress;
mod trouble;

use congress::entities::PersonKind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::account::Account;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::state::{EnrolError, Invitation, LeaveError, Phase, State, t, use_state};

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
    OtherWaits(Invitation, usize),
    /// With the invitation when the person had confirmed already.
    Failed(EnrolError, Option<Invitation>),
}

#[derive(Clone, Copy)]
struct Desk {
    state: State,
    stage: RwSignal<Stage>,
    /// Enrolled on this very screen a moment ago.
    fresh: RwSignal<bool>,
}

#[component]
pub fn Enrolment() -> impl IntoView {
    let state = use_state();
    let location = use_location();
    let navigate = use_navigate();
    let desk = Desk { state, stage: RwSignal::new(Stage::Idle), fresh: RwSignal::new(false) };
    let code = Memo::new(move |_| location.hash.with(|hash| hash.trim_start_matches('#').to_owned()));
    Effect::new(move |_| {
        let code = code.get();
        if !code.is_empty() {
            desk.ask(code);
        }
    });
    let go = StoredValue::new_local(move |address: &str| {
        navigate(address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    // The code leaves the address bar once it is used.
    Effect::new(move |_| {
        if desk.fresh.get() {
            go.with_value(|go| go("/e"));
        }
    });
    // A code entered by hand goes the way of one from a link; the same one once more is asked about once more.
    let take = move |entered: String| {
        if entered == code.get_untracked() {
            desk.ask(entered);
        } else {
            go.with_value(|go| go(&format!("/e#{entered}")));
        }
    };
    let here = Memo::new(move |_| desk.is_here());
    let stage = Memo::new(move |_| desk.stage.get());
    view! {
        <div class="screen">
            <h1 class="screen__title" tabindex="-1">{t().enrolment.title}</h1>
            <div class="enrol">
                {live_view(move || if here.get() {
                    desk.arrived()
                } else {
                    match stage.get() {
                        Stage::Idle => code::form(take),
                        Stage::Asking => view! { <p role="status">{t().enrolment.asking}</p> }.into_any(),
                        Stage::Found(invitation) => desk.found(invitation, false),
                        Stage::Enrolling(invitation) => desk.found(invitation, true),
                        Stage::NotMe(invitation) => desk.not_me(invitation),
                        Stage::OtherWaits(_, count) => desk.other_waits(count),
                        Stage::Failed(error, invitation) => {
                            let retry = move || match &invitation {
                                Some(invitation) => desk.enrol(invitation.clone()),
                                None => desk.ask(code.get_untracked()),
                            };
                            trouble::trouble(state, &error, retry, take)
                        }
                    }
                })}
            </div>
        </div>
    }
}

impl Desk {
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
        if self.state.phase.get() != Phase::Enrolled {
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

    /// Enrols this device. Another person's account leaves it first, unless something of theirs still waits.
    fn enrol(self, invitation: Invitation) {
        if self.stage.with_untracked(|stage| matches!(stage, Stage::Enrolling(_))) {
            return;
        }
        self.stage.set(Stage::Enrolling(invitation.clone()));
        let code = dom::fragment();
        spawn_local(async move {
            if self.state.account().is_some() && !self.is_open(&invitation) {
                let refused = match self.state.leave().await {
                    Ok(()) => None,
                    Err(LeaveError::Waiting(count)) => Some(Stage::OtherWaits(invitation.clone(), count)),
                    Err(LeaveError::Storage(error)) => {
                        Some(Stage::Failed(EnrolError::Storage(error), Some(invitation.clone())))
                    }
                };
                if let Some(refused) = refused {
                    self.stage.try_set(refused);
                    return;
                }
            }
            self.fresh_when_open(&invitation, &code).await;
        });
    }

    async fn fresh_when_open(self, invitation: &Invitation, code: &str) {
        // The account is shown as soon as it is open, while the house is still being kept behind it.
        match self.state.enrol(code, invitation).await {
            Ok(()) => {
                self.fresh.try_set(true);
                self.stage.try_set(Stage::Idle);
            }
            Err(error) => {
                self.stage.try_set(Stage::Failed(error, Some(invitation.clone())));
            }
        }
    }

    fn found(self, invitation: Invitation, busy: bool) -> AnyView {
        let words = &t().enrolment;
        let other = self.state.me().get_untracked().filter(|_| self.state.account().is_some()).map(|me| me.name);
        let yes = if other.is_some() { words.other_confirm } else { words.confirm };
        let (again, not_me) = (invitation.clone(), invitation.clone());
        view! {
            {who(&invitation)}
            {other.map(|name| view! {
                <div class="notice notice--attention">
                    <Icon symbol=Symbol::Alert/>
                    <div class="notice__body">
                        <p class="notice__title">{words.other_title}</p>
                        <p>{(words.other_text)(&name)}</p>
                    </div>
                </div>
            })}
            <div class="stack">
                <button
                    class="button button--primary button--wide"
                    aria-disabled=busy.then_some("true")
                    on:click=move |_| self.enrol(again.clone())
                >
                    {yes}
                </button>
                <button class="button button--wide" on:click=move |_| self.stage.set(Stage::NotMe(not_me.clone()))>
                    {words.not_me}
                </button>
            </div>
            <p role="status">{busy.then_some(words.enrolling)}</p>
        }
        .into_any()
    }

    fn not_me(self, invitation: Invitation) -> AnyView {
        let words = &t().enrolment;
        view! {
            <div class="notice notice--attention" role="alert">
                <Icon symbol=Symbol::Alert/>
                <div class="notice__body">
                    <p class="notice__title">{words.not_me_title}</p>
                    <p>{words.not_me_text}</p>
                </div>
            </div>
            <button class="button" on:click=move |_| self.stage.set(Stage::Found(invitation.clone()))>
                <Icon symbol=Symbol::Undo/>{words.again}
            </button>
        }
        .into_any()
    }

    fn other_waits(self, count: usize) -> AnyView {
        let words = &t().enrolment;
        view! {
            <div class="notice notice--attention" role="alert">
                <Icon symbol=Symbol::Alert/>
                <div class="notice__body">
                    <p class="notice__title">{words.other_title}</p>
                    <p>{(words.other_waiting)(count)}</p>
                </div>
            </div>
            <a class="button button--primary" href="/comments">{t().comments.title}</a>
        }
        .into_any()
    }

    /// The account is open: what is on the device, and how to put the app on the home screen.
    fn arrived(self) -> AnyView {
        let words = &t().enrolment;
        let me = self.state.me();
        let name = move || me.with(|me| me.as_ref().map(|me| me.name.clone()).unwrap_or_default());
        let fresh = self.fresh;
        let enrolling = move || self.stage.with(|stage| matches!(stage, Stage::Enrolling(_)));
        view! {
            {live_view(move || if fresh.get() || enrolling() {
                ().into_any()
            } else {
                view! {
                    <div class="enrol__who">
                        <p class="enrol__name">{words.here_title}</p>
                        <p class="enrol__delegation">{live_text(move || (words.here_as)(&name()))}</p>
                    </div>
                }.into_any()
            })}
            {progress::progress(self.state)}
        }
        .into_any()
    }
}

/// Guests carry their own honorific; delegates are addressed as comrades.
fn who(invitation: &Invitation) -> AnyView {
    let words = &t().enrolment;
    let person = &invitation.person;
    let name = if person.kind == PersonKind::Guest { person.name.clone() } else { (words.comrade)(&person.name) };
    let delegation = (!person.delegation.is_empty()).then(|| (words.delegation)(&person.delegation));
    let organisation = Some(person.organisation.clone()).filter(|organisation| !organisation.is_empty());
    view! {
        <div class="enrol__who">
            <p class="soft">{words.who}</p>
            <p class="enrol__name">{name}</p>
            {delegation.map(|delegation| view! { <p class="enrol__delegation">{delegation}</p> })}
            {organisation.map(|organisation| view! { <p class="soft">{organisation}</p> })}
            <p class="enrol__congress">{invitation.congress.name.clone()}</p>
        </div>
    }
    .into_any()
}
