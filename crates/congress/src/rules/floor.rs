//! The floor: who waits, who is called, who speaks. Presidium and secretariat move it; every author sees their place.

use sync::row::Change;
use sync::rules::Refusal;

use super::{Case, Ruling};
use crate::commands::{CallSpeaker, FinishSpeaking, MoveInQueue, QueueComment, RemoveFromQueue, StartSpeaking};
use crate::entities::{
    CommentAtDesk, Entity, FloorEntry, FloorQueue, FloorState, OwnComment, Speaking, read, read_all,
};
use crate::limits::QUEUE_ENTRIES_MAX;
use crate::scopes;

pub(super) fn queue(case: &Case, action: &QueueComment) -> Ruling {
    case.may_lead()?;
    let mut comment = asked_for(case, &action.comment)?;
    let before = current(case);
    match comment.floor {
        FloorState::Requested | FloorState::NotReached => {}
        FloorState::None => return Err(Refusal::new("no-request")),
        _ => return Ok(Vec::new().into()),
    }
    if before.entries.len() >= QUEUE_ENTRIES_MAX {
        return Err(Refusal::with("queue-full", QUEUE_ENTRIES_MAX.to_string()));
    }
    let mut after = before.clone();
    let CommentAtDesk { id, author, minutes, .. } = comment.clone();
    after.entries.push(FloorEntry { comment: id, author, minutes });
    comment.floor = FloorState::Queued;
    Ok(publish(case, &before, &after, &comment).into())
}

pub(super) fn move_entry(case: &Case, action: &MoveInQueue) -> Ruling {
    case.may_lead()?;
    let before = current(case);
    let mut after = before.clone();
    let from = position(&after, &action.comment).ok_or_else(|| Refusal::new("not-queued"))?;
    let entry = after.entries.remove(from);
    let to = match &action.after {
        None => 0,
        Some(neighbour) => position(&after, neighbour).ok_or_else(|| Refusal::new("queue-changed"))? + 1,
    };
    after.entries.insert(to, entry);
    Ok(publish_places(case, &before, &after, None).into())
}

pub(super) fn remove(case: &Case, action: &RemoveFromQueue) -> Ruling {
    case.may_lead()?;
    let mut comment = asked_for(case, &action.comment)?;
    let before = current(case);
    let after = taken_off(&before, &action.comment);
    if after == before {
        return Ok(Vec::new().into());
    }
    if comment.floor == FloorState::Speaking {
        return Err(Refusal::new("already-speaking"));
    }
    comment.floor = FloorState::NotReached;
    Ok(publish(case, &before, &after, &comment).into())
}

pub(super) fn call(case: &Case, action: &CallSpeaker) -> Ruling {
    case.may_lead()?;
    let mut comment = asked_for(case, &action.comment)?;
    let before = current(case);
    match &before.speaking {
        Some(speaking) if speaking.entry.comment == action.comment => return Ok(Vec::new().into()),
        Some(speaking) => return Err(Refusal::with("floor-taken", speaking.entry.author.name.clone())),
        None => {}
    }
    let mut after = before.clone();
    let at = position(&after, &action.comment).ok_or_else(|| Refusal::new("not-queued"))?;
    let entry = after.entries.remove(at);
    after.speaking = Some(Speaking { entry, called_at: case.now, started_at: None });
    comment.floor = FloorState::Called;
    Ok(publish(case, &before, &after, &comment).into())
}

pub(super) fn start(case: &Case, action: &StartSpeaking) -> Ruling {
    case.may_lead()?;
    let mut comment = asked_for(case, &action.comment)?;
    let before = current(case);
    let mut after = before.clone();
    let speaking = has_floor(&mut after, &action.comment)?;
    if speaking.started_at.is_some() {
        return Ok(Vec::new().into());
    }
    speaking.started_at = Some(case.now);
    comment.floor = FloorState::Speaking;
    Ok(publish(case, &before, &after, &comment).into())
}

pub(super) fn finish(case: &Case, action: &FinishSpeaking) -> Ruling {
    case.may_lead()?;
    let mut comment = asked_for(case, &action.comment)?;
    if comment.floor == FloorState::Spoken {
        return Ok(Vec::new().into());
    }
    let before = current(case);
    let mut after = before.clone();
    has_floor(&mut after, &action.comment)?;
    after.speaking = None;
    comment.floor = FloorState::Spoken;
    let mut changes = publish(case, &before, &after, &comment);
    // The author's other comments now come from someone who has spoken.
    for mut other in read_all::<CommentAtDesk>(case.rows, &scopes::presidium()) {
        if other.author.id == comment.author.id && other.id != comment.id {
            other.spoken_before += 1;
            changes.push(other.put(scopes::presidium()));
        }
    }
    Ok(changes.into())
}

/// The changes that take a comment off the floor for good, because its author withdrew it.
pub(super) fn without(case: &Case, comment: &str) -> Vec<Change> {
    let before = current(case);
    let after = taken_off(&before, comment);
    if after == before { Vec::new() } else { publish_places(case, &before, &after, None) }
}

fn current(case: &Case) -> FloorQueue {
    read(case.rows, &scopes::presidium(), "main").unwrap_or_default()
}

fn asked_for(case: &Case, comment: &str) -> Result<CommentAtDesk, Refusal> {
    let found = read::<CommentAtDesk>(case.rows, &scopes::presidium(), comment);
    let comment = found.ok_or_else(|| Refusal::new("unknown-comment"))?;
    if comment.withdrawn_at.is_some() { Err(Refusal::new("withdrawn")) } else { Ok(comment) }
}

fn position(queue: &FloorQueue, comment: &str) -> Option<usize> {
    queue.entries.iter().position(|entry| entry.comment == comment)
}

fn has_floor<'q>(queue: &'q mut FloorQueue, comment: &str) -> Result<&'q mut Speaking, Refusal> {
    let speaking = queue.speaking.as_mut().filter(|speaking| speaking.entry.comment == comment);
    speaking.ok_or_else(|| Refusal::new("not-called"))
}

fn taken_off(queue: &FloorQueue, comment: &str) -> FloorQueue {
    let mut after = queue.clone();
    after.entries.retain(|entry| entry.comment != comment);
    after.speaking = after.speaking.filter(|speaking| speaking.entry.comment != comment);
    after
}

/// The queue, the comment that moved, and every author's own view of it.
fn publish(case: &Case, before: &FloorQueue, after: &FloorQueue, comment: &CommentAtDesk) -> Vec<Change> {
    let mut changes = publish_places(case, before, after, Some(&comment.id));
    changes.push(comment.put(scopes::presidium()));
    let scope = scopes::user(&comment.author.id);
    if let Some(mut own) = read::<OwnComment>(case.rows, &scope, &comment.id) {
        own.floor.state = comment.floor;
        own.floor.place = place(after, &comment.id);
        let has_floor = after.speaking.as_ref().filter(|speaking| speaking.entry.comment == comment.id);
        own.floor.called_at = has_floor.map(|speaking| speaking.called_at);
        changes.push(own.put(scope));
    }
    changes
}

/// The queue, and the place of everyone whose place changed, except of the one whose row is written elsewhere: a row
/// is written once a command. Places of others are unknown on a device and left out.
fn publish_places(case: &Case, before: &FloorQueue, after: &FloorQueue, except: Option<&str>) -> Vec<Change> {
    let mut changes = vec![after.put(scopes::presidium())];
    for entry in after.entries.iter().filter(|entry| Some(entry.comment.as_str()) != except) {
        let now = place(after, &entry.comment);
        let scope = scopes::user(&entry.author.id);
        if now == place(before, &entry.comment) {
            continue;
        }
        if let Some(mut own) = read::<OwnComment>(case.rows, &scope, &entry.comment) {
            own.floor.place = now;
            changes.push(own.put(scope));
        }
    }
    changes
}

fn place(queue: &FloorQueue, comment: &str) -> Option<u32> {
    position(queue, comment).and_then(|index| u32::try_from(index + 1).ok())
}
