//! The rules of a congress as the sync machines need them: one function a command, the same for deciding on the
//! server and for foretelling on a device.

mod comments;
mod floor;
mod marks;
mod presence;
mod program;
mod recall;
mod redaction;

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use sync::ids::{PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Rows};
use sync::rules::{Actor, Refusal, Rules, Verdict};
use sync::wire::Command;

use crate::commands::{
    Action, CallSpeaker, FinishItem, FinishSpeaking, KeepMark, MoveInQueue, QueueComment, RecallDocument,
    RecordPresence, RedactComment, RemoveFromQueue, RemoveMark, RetractPresence, StartItem, StartSpeaking,
    SubmitComment, WithdrawComment,
};
use crate::entities::{Me, Person, PersonKind, Role, read};
use crate::scopes;

/// The rules of congresses of the Party since 2025 (`vn-2025`).
#[derive(Clone, Copy, Debug, Default)]
pub struct CongressRules;

/// The part of the rules that a delegate's phone needs: it foretells the person's own comments and marks and decides
/// nothing. The app of presidium and desks foretells with [`CongressRules`].
#[derive(Clone, Copy, Debug, Default)]
pub struct DelegateRules;

/// Everything a rule may look at.
struct Case<'a> {
    rows: &'a dyn Rows,
    actor: Who,
    command: &'a Command,
    now: Timestamp,
    /// Only foretold on a device: rows of other people are not there.
    foretold: bool,
}

/// The actor's rights, from the register on the server and from `me` on a device.
struct Who {
    id: PersonId,
    kind: PersonKind,
    roles: BTreeSet<Role>,
}

/// What a rule makes of a command it allows.
enum Taken {
    InTime(Vec<Change>),
    Late(Vec<Change>),
    Redacted(Vec<Change>),
}

type Ruling = Result<Taken, Refusal>;

impl From<Vec<Change>> for Taken {
    fn from(changes: Vec<Change>) -> Self {
        Taken::InTime(changes)
    }
}

impl Who {
    fn has_one_of(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}

impl Case<'_> {
    /// Presidium and secretariat lead the floor.
    fn may_lead(&self) -> Result<(), Refusal> {
        self.needs(&[Role::Presidium, Role::Secretariat], "not-presidium")
    }

    fn needs(&self, roles: &[Role], refusal: &str) -> Result<(), Refusal> {
        if self.actor.has_one_of(roles) { Ok(()) } else { Err(Refusal::new(refusal)) }
    }

    /// The rules of one's own comments as a device foretells them.
    fn foretell_own(&self) -> Option<Ruling> {
        match self.command.kind.as_str() {
            SubmitComment::KIND => self.apply(comments::foretell_submit),
            WithdrawComment::KIND => self.apply(comments::foretell_withdraw),
            _ => None,
        }
    }

    /// The rules of one's own marks, on the server and on a device.
    fn own_marks(&self) -> Option<Ruling> {
        match self.command.kind.as_str() {
            KeepMark::KIND => self.apply(marks::keep),
            RemoveMark::KIND => self.apply(marks::remove),
            _ => None,
        }
    }

    /// Runs the rule of the command's kind. `None`: this build does not understand the command.
    fn rule(&self) -> Option<Ruling> {
        match self.command.kind.as_str() {
            SubmitComment::KIND => self.apply(comments::submit),
            WithdrawComment::KIND => self.apply(comments::withdraw),
            RedactComment::KIND => self.apply(redaction::redact),
            RecallDocument::KIND => self.apply(recall::recall),
            QueueComment::KIND => self.apply(floor::queue),
            MoveInQueue::KIND => self.apply(floor::move_entry),
            RemoveFromQueue::KIND => self.apply(floor::remove),
            CallSpeaker::KIND => self.apply(floor::call),
            StartSpeaking::KIND => self.apply(floor::start),
            FinishSpeaking::KIND => self.apply(floor::finish),
            StartItem::KIND => self.apply(program::start),
            FinishItem::KIND => self.apply(program::finish),
            RecordPresence::KIND => self.apply(presence::record),
            RetractPresence::KIND => self.apply(presence::retract),
            _ => self.own_marks(),
        }
    }

    fn apply<A: Action + DeserializeOwned>(&self, rule: fn(&Self, &A) -> Ruling) -> Option<Ruling> {
        if self.command.v != A::VERSION {
            return None;
        }
        self.command.payload.read::<A>().ok().map(|action| rule(self, &action))
    }
}

impl Rules for CongressRules {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        let Some(person) = read::<Person>(rows, &scopes::registry(), actor.person.as_str()) else {
            return Verdict::Rejected(Refusal::new("not-in-list"));
        };
        let actor = Who { id: person.id, kind: person.kind, roles: person.roles };
        match (Case { rows, actor, command, now, foretold: false }).rule() {
            None => Verdict::Parked,
            Some(Ok(Taken::InTime(changes))) => Verdict::Accepted(changes),
            Some(Ok(Taken::Late(changes))) => Verdict::Late(changes),
            Some(Ok(Taken::Redacted(changes))) => Verdict::Redacted(changes),
            Some(Err(refusal)) => Verdict::Rejected(refusal),
        }
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        foretell(rows, actor, command, |case| case.foretell_own().or_else(|| case.rule()))
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        match read::<Person>(rows, &scopes::registry(), person.as_str()) {
            Some(known) => scopes_of(person, known.kind, &known.roles),
            // No longer of the congress: what they wrote themselves is still theirs.
            None => BTreeSet::from([scopes::user(person)]),
        }
    }

    fn redacted(&self, rows: &dyn Rows, command: &Command) -> Option<Json> {
        redaction::left_of(rows, command)
    }
}

impl Rules for DelegateRules {
    fn decide(&self, _: &dyn Rows, _: &Actor, _: &Command, _: Timestamp) -> Verdict {
        Verdict::Parked
    }

    fn predict(&self, rows: &dyn Rows, actor: &Actor, command: &Command) -> Vec<Change> {
        foretell(rows, actor, command, |case| case.foretell_own().or_else(|| case.own_marks()))
    }

    fn scopes(&self, _: &dyn Rows, _: &PersonId) -> BTreeSet<Scope> {
        BTreeSet::new()
    }
}

/// Applies a rule on a device, with the rights that the device knows of, in the scopes that it holds.
fn foretell(rows: &dyn Rows, actor: &Actor, command: &Command, rule: impl Fn(&Case) -> Option<Ruling>) -> Vec<Change> {
    let me = read::<Me>(rows, &scopes::user(&actor.person), "main");
    let (kind, roles) = me.map_or((PersonKind::Staff, BTreeSet::new()), |me| (me.kind, me.roles));
    let held = scopes_of(&actor.person, kind, &roles);
    let actor = Who { id: actor.person.clone(), kind, roles };
    let case = Case { rows, actor, command, now: command.created_at, foretold: true };
    match rule(&case) {
        Some(Ok(Taken::InTime(changes) | Taken::Late(changes) | Taken::Redacted(changes))) => {
            changes.into_iter().filter(|change| held.contains(&change.key.scope)).collect()
        }
        _ => Vec::new(),
    }
}

fn scopes_of(person: &PersonId, kind: PersonKind, roles: &BTreeSet<Role>) -> BTreeSet<Scope> {
    let has = |role| roles.contains(&role);
    let leads = has(Role::Presidium) || has(Role::Secretariat);
    let reads = matches!(kind, PersonKind::Official | PersonKind::Alternate)
        || leads
        || has(Role::Organiser)
        || has(Role::Credentials);
    let granted = [
        (scopes::public(), true),
        (scopes::user(person), true),
        (scopes::delegates(), reads),
        (scopes::presidium(), leads),
        (scopes::secretariat(), has(Role::Secretariat)),
        (scopes::checkin(), has(Role::Checkin)),
    ];
    granted.into_iter().filter(|(_, granted)| *granted).map(|(scope, _)| scope).collect()
}
