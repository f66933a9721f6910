//! Presence: facts that desks record. Facts of several desks are merged without loss, and a mistake is taken back by
//! naming it, never by deleting.

use sync::ids::PersonId;
use sync::row::Change;
use sync::rules::Refusal;

use super::{Case, Ruling};
use crate::commands::{RecordPresence, RetractPresence};
use crate::entities::{
    Attendance, Attendee, Entity, OwnPresence, PersonKind, Presence, PresenceFact, Role, Session, read,
};
use crate::limits::PRESENCE_FACTS_MAX;
use crate::scopes;

pub(super) fn record(case: &Case, action: &RecordPresence) -> Ruling {
    let flagged = !desk_now_or_before(case)?;
    let (attendee, before) = known(case, &action.session, &action.person)?;
    if before.facts.iter().any(|fact| fact.id == case.command.command_id) {
        // Foretold on rows that have it already, because the answer was lost.
        return Ok(Vec::new().into());
    }
    let mut after = before.clone();
    if after.facts.len() >= PRESENCE_FACTS_MAX {
        return Err(Refusal::with("too-many-facts", PRESENCE_FACTS_MAX.to_string()));
    }
    after.facts.push(PresenceFact {
        id: case.command.command_id,
        at: case.command.created_at,
        received_at: (!case.foretold).then_some(case.now),
        how: action.how,
        by: case.actor.id.clone(),
        flagged,
        retracted: None,
    });
    Ok(publish(case, &attendee, &before, &after).into())
}

pub(super) fn retract(case: &Case, action: &RetractPresence) -> Ruling {
    case.needs(&[Role::Checkin], "not-desk")?;
    let (attendee, before) = known(case, &action.session, &action.person)?;
    let mut after = before.clone();
    for fact in after.facts.iter_mut().filter(|fact| action.facts.contains(&fact.id)) {
        fact.retracted.get_or_insert_with(|| case.actor.id.clone());
    }
    Ok(publish(case, &attendee, &before, &after).into())
}

/// Whether the actor is a desk now. Staff and officers who are no desk (any more) may still bring what they recorded,
/// flagged for the chief; others may not (sync.md 7, "scan by revoked staff").
fn desk_now_or_before(case: &Case) -> Result<bool, Refusal> {
    let desk = case.actor.has_one_of(&[Role::Checkin]);
    if desk || case.actor.kind == PersonKind::Staff || !case.actor.roles.is_empty() {
        Ok(desk)
    } else {
        Err(Refusal::new("not-desk"))
    }
}

fn known(case: &Case, session: &str, person: &PersonId) -> Result<(Attendee, Presence), Refusal> {
    if read::<Session>(case.rows, &scopes::public(), session).is_none() {
        return Err(Refusal::new("unknown-session"));
    }
    let attendee = read::<Attendee>(case.rows, &scopes::checkin(), person.as_str());
    let attendee = attendee.ok_or_else(|| Refusal::new("unknown-person"))?;
    let held = read(case.rows, &scopes::checkin(), &Presence::row_id(session, person));
    let empty = || Presence { session: session.to_owned(), person: person.clone(), facts: Vec::new() };
    Ok((attendee, held.unwrap_or_else(empty)))
}

fn publish(case: &Case, attendee: &Attendee, before: &Presence, after: &Presence) -> Vec<Change> {
    let mut changes = vec![after.put(scopes::checkin())];
    if before.first_at() == after.first_at() {
        return changes;
    }
    let own_scope = scopes::user(&after.person);
    changes.push(match after.first_at() {
        Some(first_at) => OwnPresence { session: after.session.clone(), first_at }.put(own_scope),
        None => Change::remove(own_scope, OwnPresence::KIND, after.session.clone()),
    });
    let counted = attendee.kind == PersonKind::Official && before.is_present() != after.is_present();
    if let Some(mut attendance) =
        counted.then(|| read::<Attendance>(case.rows, &scopes::presidium(), &after.session)).flatten()
    {
        attendance.present = attendance.present.saturating_add_signed(if after.is_present() { 1 } else { -1 });
        changes.push(attendance.put(scopes::presidium()));
    }
    changes
}
