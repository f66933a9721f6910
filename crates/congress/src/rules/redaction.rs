//! Hiding the words of a comment for privacy (sync.md section 7, domain.md section 8). The comment keeps its number, its
//! place and its floor; its author may hand in another one without the words that were hidden.

use serde::{Deserialize, Serialize};
use sync::json::Json;
use sync::row::Rows;
use sync::rules::Refusal;
use sync::wire::Command;

use super::{Case, Ruling, Taken};
use crate::commands::{Action, RedactComment, SubmitComment};
use crate::entities::{CommentAtDesk, Entity, Me, OwnComment, Person, Redaction, RedactionNote, Role, read};
use crate::limits::REASON_CHARS_MAX;
use crate::scopes;

/// Also of a comment that is not here (yet): the server was restored, and the author's phone brings it again.
pub(super) fn redact(case: &Case, action: &RedactComment) -> Ruling {
    case.may_lead()?;
    let reason = checked_reason(&action.reason)?;
    if action.comment.is_empty() || action.comment.len() > 64 {
        return Err(Refusal::new("malformed"));
    }
    let at_desk = read::<CommentAtDesk>(case.rows, &scopes::presidium(), &action.comment);
    let is_hidden = at_desk.as_ref().is_some_and(|comment| comment.redaction.is_some());
    if is_hidden || note(case.rows, &action.comment).is_some() {
        return Ok(Vec::new().into());
    }
    let note = RedactionNote {
        comment: action.comment.clone(),
        by: case.actor.id.clone(),
        name: name(case),
        redaction: Redaction { at: case.now, office: office(case), reason },
    };
    let mut changes = vec![note.put(scopes::registry())];
    if let Some(mut comment) = at_desk {
        let own_scope = scopes::user(&comment.author.id);
        hide(&mut comment, &note);
        changes.push(comment.put(scopes::presidium()));
        if let Some(mut own) = read::<OwnComment>(case.rows, &own_scope, &action.comment) {
            hide_own(&mut own, &note);
            changes.push(own.put(own_scope));
        }
    }
    Ok(Taken::Redacted(changes))
}

/// A reason that others can read, without the spaces around it.
pub(super) fn checked_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new("reason-needed"));
    }
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::with("too-long", REASON_CHARS_MAX.to_string()));
    }
    Ok(reason.to_owned())
}

/// On whose behalf the actor does what presidium and secretariat may do.
pub(super) fn office(case: &Case) -> Role {
    if case.actor.has_one_of(&[Role::Presidium]) { Role::Presidium } else { Role::Secretariat }
}

/// The actor's name, from the register on the server and from `me` on a device.
fn name(case: &Case) -> String {
    let registered = read::<Person>(case.rows, &scopes::registry(), case.actor.id.as_str());
    let known = registered.map(|person| person.full_name());
    let me = || read::<Me>(case.rows, &scopes::user(&case.actor.id), "main").map(|me| me.name);
    known.or_else(me).unwrap_or_default()
}

pub(super) fn note(rows: &dyn Rows, comment: &str) -> Option<RedactionNote> {
    read(rows, &scopes::registry(), comment)
}

pub(super) fn hide(comment: &mut CommentAtDesk, note: &RedactionNote) {
    comment.text.clear();
    comment.proposal.clear();
    comment.anchor = std::mem::take(&mut comment.anchor).without_quote();
    comment.redaction = Some(note.redaction.clone());
    comment.redacted_by.clone_from(&note.name);
}

pub(super) fn hide_own(comment: &mut OwnComment, note: &RedactionNote) {
    comment.text.clear();
    comment.proposal.clear();
    comment.anchor = std::mem::take(&mut comment.anchor).without_quote();
    comment.redaction = Some(note.redaction.clone());
}

/// What may be kept of a handed in comment whose words were hidden, whatever came of it and however often it comes.
pub(super) fn left_of(rows: &dyn Rows, command: &Command) -> Option<Json> {
    /// All that is sure of a payload that this build cannot read.
    #[derive(Serialize, Deserialize)]
    struct Named {
        id: String,
    }
    if command.kind != SubmitComment::KIND {
        return None;
    }
    let named = command.payload.read::<Named>().ok()?;
    note(rows, &named.id)?;
    let Ok(whole) = command.payload.read::<SubmitComment>() else { return Some(Json::of(&named)) };
    let anchor = whole.anchor.without_quote();
    Some(SubmitComment { anchor, text: String::new(), proposal: String::new(), ..whole }.payload())
}
