//! A reader's own marks. Two devices of one person may change the same note without knowing of each other: then both
//! texts stay, as two notes.

use sync::row::Change;
use sync::rules::Refusal;

use super::{Case, Ruling, scopes_of};
use crate::commands::{KeepMark, RemoveMark};
use crate::entities::{Anchor, Entity, MarkKind, ReaderMark, read_all};
use crate::limits::{MARKS_OF_PERSON_MAX, NOTE_CHARS_MAX, QUOTE_CHARS_MAX};
use crate::scopes;

pub(super) fn keep(case: &Case, action: &KeepMark) -> Ruling {
    if !scopes_of(&case.actor.id, case.actor.kind, &case.actor.roles).contains(&scopes::delegates()) {
        return Err(Refusal::new("not-reader"));
    }
    check(action)?;
    let own_scope = scopes::user(&case.actor.id);
    let all: Vec<ReaderMark> = read_all(case.rows, &own_scope);
    let held = all.iter().find(|mark| mark.id == action.id);
    if held.is_none() && all.len() >= MARKS_OF_PERSON_MAX {
        return Err(Refusal::with("too-many-marks", MARKS_OF_PERSON_MAX.to_string()));
    }
    // It was written on top of that one, whatever became of its id; or this very command is told once more.
    let seen =
        all.iter().find(|mark| Some(mark.changed_by) == action.follows || mark.changed_by == case.command.command_id);
    let id = match (seen, held) {
        (Some(seen), _) => seen.id.clone(),
        (None, Some(held)) if held.text != action.text => case.command.command_id.to_string(),
        _ => action.id.clone(),
    };
    let mark = ReaderMark {
        id,
        kind: action.kind,
        anchor: action.anchor.clone(),
        text: action.text.clone(),
        changed_at: case.command.created_at,
        changed_by: case.command.command_id,
    };
    Ok(vec![mark.put(own_scope)].into())
}

/// What was changed elsewhere since, or is gone already, stays as it is.
pub(super) fn remove(case: &Case, action: &RemoveMark) -> Ruling {
    let own_scope = scopes::user(&case.actor.id);
    let all: Vec<ReaderMark> = read_all(case.rows, &own_scope);
    let seen = all.iter().find(|mark| mark.changed_by == action.follows);
    let changes: Vec<Change> =
        seen.map(|mark| Change::remove(own_scope, ReaderMark::KIND, &mark.id)).into_iter().collect();
    Ok(changes.into())
}

fn check(action: &KeepMark) -> Result<(), Refusal> {
    let Anchor::Document { block: Some(_), quote, .. } = &action.anchor else {
        return Err(Refusal::new("malformed"));
    };
    if quote.chars().count() > QUOTE_CHARS_MAX || action.id.is_empty() || action.id.len() > 64 {
        return Err(Refusal::new("malformed"));
    }
    match (action.kind, action.text.trim().is_empty()) {
        (MarkKind::Note, true) => Err(Refusal::new("text-needed")),
        (MarkKind::Highlight | MarkKind::Bookmark, false) => Err(Refusal::new("malformed")),
        _ if action.text.chars().count() > NOTE_CHARS_MAX => Err(Refusal::with("too-long", NOTE_CHARS_MAX.to_string())),
        _ => Ok(()),
    }
}
