//! Handing in and taking back comments (domain.md section 6).

use serde::{Deserialize, Serialize};
use sync::ids::{Scope, Timestamp};
use sync::row::Change;
use sync::rules::Refusal;

use super::{Case, Ruling, Taken, floor, redaction};
use crate::commands::{SubmitComment, WithdrawComment};
use crate::entities::{
    AgendaItem, Anchor, Author, CommentAtDesk, Entity, FloorState, ItemStatus, OwnComment, OwnFloor, Person,
    PersonKind, Stance, read, read_all,
};
use crate::limits::{
    COMMENT_CHARS_MAX, COMMENTS_OF_PERSON_MAX, FLOOR_MINUTES_MAX, PROPOSAL_CHARS_MAX, QUOTE_CHARS_MAX,
};
use crate::scopes;

/// Running number of comments (scope `registry`).
#[derive(Serialize, Deserialize)]
struct Counter {
    last: u32,
}

impl Entity for Counter {
    const KIND: &'static str = "counter";
    fn id(&self) -> String {
        "comments".to_owned()
    }
}

/// What the author's own device shows of a comment before the server has it.
pub(super) fn foretell_submit(case: &Case, action: &SubmitComment) -> Ruling {
    let own_scope = may_submit(case, action, false)?;
    Ok(vec![own(case, action, None, None, false).put(own_scope)].into())
}

pub(super) fn submit(case: &Case, action: &SubmitComment) -> Ruling {
    let note = redaction::note(case.rows, &action.id);
    let own_scope = may_submit(case, action, note.is_some())?;
    if read::<CommentAtDesk>(case.rows, &scopes::presidium(), &action.id).is_some() {
        return Err(Refusal::new("already-there"));
    }
    let late = came_late(case, &action.anchor);
    let number = read::<Counter>(case.rows, &scopes::registry(), "comments").map_or(0, |counter| counter.last) + 1;
    let (mut at_desk, mut own) =
        (at_desk(case, action, number, late), own(case, action, Some(number), Some(case.now), late));
    if let Some(note) = note {
        redaction::hide(&mut at_desk, &note);
        redaction::hide_own(&mut own, &note);
    }
    let changes =
        vec![Counter { last: number }.put(scopes::registry()), at_desk.put(scopes::presidium()), own.put(own_scope)];
    Ok(if late { Taken::Late(changes) } else { Taken::InTime(changes) })
}

/// Checks everything that both the author's device and the server can know. Returns the author's own scope.
fn may_submit(case: &Case, action: &SubmitComment, is_hidden: bool) -> Result<Scope, Refusal> {
    if case.actor.kind != PersonKind::Official {
        return Err(Refusal::new("not-delegate"));
    }
    // What was hidden before it came has no words that could be wrong.
    if !is_hidden {
        check(action)?;
    }
    let own_scope = scopes::user(&case.actor.id);
    if read::<OwnComment>(case.rows, &own_scope, &action.id).is_some() {
        return Err(Refusal::new("already-there"));
    }
    let mut written = 0;
    case.rows.each(&own_scope, OwnComment::KIND, &mut |_, _| written += 1);
    if written >= COMMENTS_OF_PERSON_MAX {
        return Err(Refusal::with("too-many-comments", COMMENTS_OF_PERSON_MAX.to_string()));
    }
    Ok(own_scope)
}

/// The limits and what a stance needs (domain.md 6, state 0).
fn check(action: &SubmitComment) -> Result<(), Refusal> {
    let too_long = |text: &str, max: usize| text.chars().count() > max;
    let quote = if let Anchor::Document { quote, .. } = &action.anchor { quote.as_str() } else { "" };
    if too_long(&action.text, COMMENT_CHARS_MAX) {
        return Err(Refusal::with("too-long", COMMENT_CHARS_MAX.to_string()));
    }
    if too_long(&action.proposal, PROPOSAL_CHARS_MAX) {
        return Err(Refusal::with("too-long", PROPOSAL_CHARS_MAX.to_string()));
    }
    if too_long(quote, QUOTE_CHARS_MAX) || action.id.is_empty() || action.id.len() > 64 {
        return Err(Refusal::new("malformed"));
    }
    if action.floor_minutes.is_some_and(|minutes| !(1..=FLOOR_MINUTES_MAX).contains(&minutes)) {
        return Err(Refusal::with("minutes", FLOOR_MINUTES_MAX.to_string()));
    }
    let silent = action.text.trim().is_empty() && action.proposal.trim().is_empty();
    if silent && (action.stance != Stance::Agree || action.floor_minutes.is_none()) {
        return Err(Refusal::new("text-needed"));
    }
    Ok(())
}

fn came_late(case: &Case, anchor: &Anchor) -> bool {
    let Anchor::Item { item } = anchor else { return false };
    read::<AgendaItem>(case.rows, &scopes::public(), item)
        .is_some_and(|item| matches!(item.status, ItemStatus::Done | ItemStatus::Dropped))
}

fn own(
    case: &Case,
    action: &SubmitComment,
    number: Option<u32>,
    received_at: Option<Timestamp>,
    late: bool,
) -> OwnComment {
    let state = if action.floor_minutes.is_some() { FloorState::Requested } else { FloorState::None };
    OwnComment {
        id: action.id.clone(),
        number,
        anchor: action.anchor.clone(),
        stance: action.stance,
        text: action.text.clone(),
        proposal: action.proposal.clone(),
        floor: OwnFloor { state, minutes: action.floor_minutes.unwrap_or(0), place: None, called_at: None },
        written_at: case.command.created_at,
        received_at,
        late,
        withdrawn_at: None,
        redaction: None,
    }
}

fn at_desk(case: &Case, action: &SubmitComment, number: u32, late: bool) -> CommentAtDesk {
    let person = read::<Person>(case.rows, &scopes::registry(), case.actor.id.as_str());
    let author = Author {
        id: case.actor.id.clone(),
        name: person.as_ref().map_or_else(|| case.actor.id.0.clone(), Person::full_name),
        organisation: person.as_ref().map(|person| person.organisation.clone()).unwrap_or_default(),
        delegation: person.map(|person| person.delegation).unwrap_or_default(),
    };
    // The author's own rows say the same as the presidium's, and are few: a hall may hold many thousand comments.
    let own = read_all::<OwnComment>(case.rows, &scopes::user(&author.id));
    let spoken = own.iter().filter(|other| other.floor.state == FloorState::Spoken).count();
    CommentAtDesk {
        id: action.id.clone(),
        number,
        author,
        anchor: action.anchor.clone(),
        stance: action.stance,
        text: action.text.clone(),
        proposal: action.proposal.clone(),
        floor: if action.floor_minutes.is_some() { FloorState::Requested } else { FloorState::None },
        minutes: action.floor_minutes.unwrap_or(0),
        written_at: case.command.created_at,
        received_at: case.now,
        late,
        withdrawn_at: None,
        spoken_before: u32::try_from(spoken).unwrap_or(u32::MAX),
        redaction: None,
        redacted_by: String::new(),
    }
}

/// The author's own row after a withdrawal; `None` when it was withdrawn before.
fn withdrawn(case: &Case, comment: &str) -> Result<Option<OwnComment>, Refusal> {
    let Some(mut own) = read::<OwnComment>(case.rows, &scopes::user(&case.actor.id), comment) else {
        return Err(Refusal::new("unknown-comment"));
    };
    if own.withdrawn_at.is_some() {
        return Ok(None);
    }
    if matches!(own.floor.state, FloorState::Speaking | FloorState::Spoken) {
        return Err(Refusal::new("already-spoken"));
    }
    own.withdrawn_at = Some(case.now);
    own.floor = OwnFloor { minutes: own.floor.minutes, ..OwnFloor::default() };
    Ok(Some(own))
}

/// What the author's own device shows of a withdrawal before the server has it.
pub(super) fn foretell_withdraw(case: &Case, action: &WithdrawComment) -> Ruling {
    let own = withdrawn(case, &action.comment)?;
    Ok(own.map(|own| own.put(scopes::user(&case.actor.id))).into_iter().collect::<Vec<Change>>().into())
}

pub(super) fn withdraw(case: &Case, action: &WithdrawComment) -> Ruling {
    let Some(own) = withdrawn(case, &action.comment)? else { return Ok(Vec::new().into()) };
    let own_scope = scopes::user(&case.actor.id);
    let mut changes: Vec<Change> = floor::without(case, &action.comment);
    changes.retain(|change| change.key.scope != own_scope || change.key.id != action.comment);
    changes.push(own.put(own_scope));
    if let Some(mut at_desk) = read::<CommentAtDesk>(case.rows, &scopes::presidium(), &action.comment) {
        at_desk.withdrawn_at = Some(case.now);
        at_desk.floor = FloorState::None;
        changes.push(at_desk.put(scopes::presidium()));
    }
    Ok(changes.into())
}
