//! What is going on: one item at a time, started and finished by secretariat or organiser.

use sync::rules::Refusal;

use super::{Case, Ruling};
use crate::commands::{FinishItem, StartItem};
use crate::entities::{AgendaItem, Entity, ItemStatus, Role, read, read_all};
use crate::scopes;

const LEADERS: [Role; 2] = [Role::Secretariat, Role::Organiser];

pub(super) fn start(case: &Case, action: &StartItem) -> Ruling {
    case.needs(&LEADERS, "not-secretariat")?;
    let mut item = known(case, &action.item)?;
    if item.status == ItemStatus::Now {
        return Ok(Vec::new().into());
    }
    let mut changes = Vec::new();
    for mut other in read_all::<AgendaItem>(case.rows, &scopes::public()) {
        if other.status == ItemStatus::Now {
            other.status = ItemStatus::Done;
            other.ended_at = Some(case.now);
            changes.push(other.put(scopes::public()));
        }
    }
    item.status = ItemStatus::Now;
    item.started_at = Some(case.now);
    item.ended_at = None;
    changes.push(item.put(scopes::public()));
    Ok(changes.into())
}

pub(super) fn finish(case: &Case, action: &FinishItem) -> Ruling {
    case.needs(&LEADERS, "not-secretariat")?;
    let mut item = known(case, &action.item)?;
    match item.status {
        ItemStatus::Now => {}
        ItemStatus::Done => return Ok(Vec::new().into()),
        ItemStatus::Planned | ItemStatus::Dropped => return Err(Refusal::new("not-started")),
    }
    item.status = ItemStatus::Done;
    item.ended_at = Some(case.now);
    Ok(vec![item.put(scopes::public())].into())
}

fn known(case: &Case, item: &str) -> Result<AgendaItem, Refusal> {
    read(case.rows, &scopes::public(), item).ok_or_else(|| Refusal::new("unknown-item"))
}
