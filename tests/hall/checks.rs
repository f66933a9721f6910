//! The promises, as checks on a hall.

use std::collections::{BTreeMap, BTreeSet};

use congress::entities::{CommentAtDesk, Entity};
use congress::scopes;
use sync::client::Standing;
use sync::ids::CommandId;
use sync::row::Rows;

use crate::world::World;

/// What must hold after every step.
pub fn always(world: &World) -> Result<(), String> {
    let mut taken: BTreeMap<CommandId, u64> = BTreeMap::new();
    for entry in world.server.entries.iter().filter(|entry| !entry.repeat) {
        if let Some(first) = taken.insert(entry.command.command_id, entry.gsn) {
            return Err(format!("double: {} at {first} and {}", entry.command.command_id, entry.gsn));
        }
    }
    for phone in &world.phones {
        let name = &phone.person;
        let held: BTreeSet<CommandId> = phone.stored.ledger.entries.iter().map(|entry| entry.command_id).collect();
        for command in &phone.saved {
            let safe = held.contains(command) || taken.contains_key(command) || world.exempt.contains(command);
            if !safe {
                return Err(format!("loss: {command} of {name} is neither on the phone nor on the server"));
            }
        }
        // An acknowledgement of this very log is for ever.
        if phone.stored.ledger.epoch == Some(world.server.epoch()) {
            for entry in phone.stored.ledger.entries.iter().filter(|entry| !entry.is_waiting()) {
                if !taken.contains_key(&entry.command_id) {
                    return Err(format!("durable ack: {} of {name} was acknowledged and is gone", entry.command_id));
                }
            }
        }
        for tab in &phone.tabs {
            let base = tab.client.base();
            let shown: BTreeSet<CommandId> = tab.client.entries().map(|entry| entry.command_id).collect();
            let unseen = phone.saved.iter().find(|command| held.contains(command) && !shown.contains(command));
            if let Some(command) = unseen {
                return Err(format!("own text: {command} of {name} is saved and not shown"));
            }
            if tab.client.status().mismatches > 0 {
                return Err(format!("checksum: {name} held other rows than the server at the same place"));
            }
            for (scope, cursor) in &base.state.cursors {
                let same_place = base.state.epoch == Some(world.server.epoch()) && *cursor == world.server.gsn();
                let theirs = world.server.writer.read(|log| log.rows().checksum(scope));
                if same_place && base.rows.checksum(scope) != theirs {
                    return Err(format!("equal scope, equal gsn, other rows: {scope} at {name}"));
                }
            }
        }
    }
    numbers_are_unique(world)
}

/// One effect a command: no comment stands twice under two numbers.
fn numbers_are_unique(world: &World) -> Result<(), String> {
    let mut numbers = BTreeSet::new();
    let mut twice = None;
    world.server.writer.read(|log| {
        log.rows().each(&scopes::presidium(), CommentAtDesk::KIND, &mut |id, row| {
            let comment = row.data.as_ref().and_then(|data| data.read::<CommentAtDesk>().ok());
            if comment.is_none_or(|comment| !numbers.insert(comment.number)) {
                twice = Some(id.to_owned());
            }
        });
    });
    twice.map_or(Ok(()), |id| Err(format!("comment {id} has the number of another one")))
}

/// What must hold two minutes after the last fault.
pub fn at_rest(world: &World) -> Result<(), String> {
    always(world)?;
    for phone in &world.phones {
        let name = &phone.person;
        for tab in &phone.tabs {
            let status = tab.client.status();
            if status.standing != Standing::Enrolled {
                return Err(format!("liveness: {name} is {:?}", status.standing));
            }
            if status.waiting > 0 {
                return Err(format!("liveness: {} of {name} still wait", status.waiting));
            }
            let base = tab.client.base();
            let theirs = world.server.scopes(&phone.person);
            let ours: BTreeSet<_> = base.state.cursors.keys().cloned().collect();
            if ours != theirs {
                return Err(format!("rights: {name} holds {ours:?} and may hold {theirs:?}"));
            }
            for scope in &theirs {
                if base.rows.checksum(scope) != world.server.writer.read(|log| log.rows().checksum(scope)) {
                    return Err(format!("convergence: {scope} at {name}"));
                }
            }
        }
    }
    Ok(())
}
