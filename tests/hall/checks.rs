//! The promises, as checks on a hall. What was looked at once and cannot have changed is not looked at again.

use std::collections::{BTreeMap, BTreeSet};

use congress::commands::{RedactComment, SubmitComment};
use congress::entities::{CommentAtDesk, Entity, OwnComment};
use congress::scopes;
use sync::client::{Entry, Standing};
use sync::ids::{ClientId, CommandId, Epoch, PersonId, Scope, Seq};
use sync::json::Json;
use sync::server::LogEntry;
use sync::wire::Status;

use crate::faults::Fault;
use crate::people::PEOPLE;
use crate::phone::{Phone, Tab};
use crate::world::{Hidden, World};

type Verdict = Result<(), String>;

/// What is known of the log so far.
#[derive(Default)]
pub struct Judge {
    epoch: Option<Epoch>,
    looked_at: usize,
    /// Commands that are held, and those that had their effect.
    held: BTreeSet<CommandId>,
    taken: BTreeSet<CommandId>,
    counted: BTreeMap<ClientId, Seq>,
    /// Every number under which a command was counted: it may have been sent again under another one.
    numbers: BTreeMap<CommandId, BTreeSet<(ClientId, Seq)>>,
    comment_numbers: BTreeMap<u32, String>,
    hidden: Vec<Hidden>,
    /// Scopes that each person might ever hold.
    ever: BTreeMap<PersonId, BTreeSet<Scope>>,
}

/// Whether an entry holds what a redaction leaves of a comment: all but its words.
fn is_left_of_private(world: &World, written: &Json, entry: &LogEntry) -> bool {
    let whole = written.read::<SubmitComment>().ok().filter(|comment| world.private.contains(&comment.id));
    let left = whole.map(|whole| SubmitComment { text: String::new(), ..whole });
    left.is_some() && left == entry.command.payload.read().ok()
}

impl Judge {
    /// What must hold after every step.
    pub fn look(&mut self, world: &mut World) -> Verdict {
        if let Some(broken) = world.broken.take() {
            return Err(broken);
        }
        let troubled = std::mem::take(&mut world.server_troubled) || self.epoch != Some(world.server.epoch());
        let shrunk = self.looked_at > world.server.entries.len();
        if troubled || shrunk {
            let ever = std::mem::take(&mut self.ever);
            *self = Self { epoch: Some(world.server.epoch()), ever, ..Self::default() };
        }
        self.read_log(world)?;
        world.hidden.clone_from(&self.hidden);
        if troubled || shrunk {
            let now = world.server.epoch();
            let lost = world.acknowledged.iter().find(|(epoch, command)| *epoch == now && !self.held.contains(command));
            if let Some((_, command)) = lost {
                return Err(format!("durable ack: {command} was acknowledged and the server has lost it"));
            }
        }
        for phone in &world.phones {
            if phone.touched || troubled || shrunk {
                self.look_at_phone(world, phone)?;
                for tab in &phone.tabs {
                    self.look_at_tab(world, phone, tab)?;
                }
            }
        }
        for phone in world.phones.iter_mut().filter(|phone| phone.touched) {
            phone.touched = false;
            for tab in &mut phone.tabs {
                let (base, mismatches) = (tab.client.base(), tab.client.status().mismatches);
                tab.was_at = (base.state.epoch, base.state.cursors.clone(), mismatches);
            }
        }
        Ok(())
    }

    /// No double, order per client, rights, text preservation: entry by entry.
    fn read_log(&mut self, world: &World) -> Verdict {
        if self.looked_at == world.server.entries.len() {
            return Ok(());
        }
        for entry in &world.server.entries[self.looked_at..] {
            let command = entry.command.command_id;
            self.held.insert(command);
            let refused = matches!(entry.receipt.status, Status::Rejected | Status::Parked);
            if refused && !entry.changes.is_empty() {
                return Err(format!("rights: {command} was refused and has an effect"));
            }
            if entry.decides() && entry.receipt.status != Status::Parked && !self.taken.insert(command) {
                return Err(format!("double: {command} was decided twice, again at {}", entry.gsn));
            }
            if let Some((client, seq)) = entry.client_seq() {
                self.numbers.entry(command).or_default().insert((client, seq));
                let last = self.counted.insert(client, seq).unwrap_or(0);
                if seq != last + 1 {
                    return Err(format!("order: {seq} after {last} of {client}"));
                }
            }
            if let (Some(person), Some((author, payload))) = (&entry.person, world.written.get(&command)) {
                if person != author {
                    return Err(format!("accounts: {command} of {author} was taken for {person}'s"));
                }
                if *payload != entry.command.payload && !is_left_of_private(world, payload, entry) {
                    return Err(format!("text: {command} reached the server as another text"));
                }
            }
            self.number_is_unique(&entry.changes)?;
            self.nothing_hidden_is_stored(world, entry)?;
        }
        self.looked_at = world.server.entries.len();
        for (name, ..) in PEOPLE {
            let person = PersonId::new(name);
            let scopes = world.server.scopes(&person);
            self.ever.entry(person).or_default().extend(scopes);
        }
        Ok(())
    }

    /// Hidden words stand in no entry before the redaction, and in none after it.
    fn nothing_hidden_is_stored(&mut self, world: &World, entry: &LogEntry) -> Verdict {
        let is_told = |hidden: &Hidden, entry: &LogEntry| {
            serde_json::to_string(entry).is_ok_and(|text| text.contains(&hidden.words))
        };
        if entry.redacts
            && let Ok(RedactComment { comment, .. }) = entry.command.payload.read()
            && let Some(words) = world.words.get(&comment).filter(|words| !words.is_empty()).cloned()
        {
            let hidden = Hidden { comment, words, since: entry.gsn };
            if let Some(told) = world.server.entries.iter().find(|entry| is_told(&hidden, entry)) {
                return Err(format!("privacy: {} still stands in entry {}", hidden.comment, told.gsn));
            }
            self.hidden.push(hidden);
        } else if let Some(hidden) = self.hidden.iter().find(|hidden| is_told(hidden, entry)) {
            return Err(format!("privacy: {} came back in entry {}", hidden.comment, entry.gsn));
        }
        Ok(())
    }

    /// No comment stands under the number of another one.
    fn number_is_unique(&mut self, changes: &[sync::row::Change]) -> Verdict {
        let at_desk = |change: &&sync::row::Change| {
            change.key.scope == scopes::presidium() && change.key.kind == CommentAtDesk::KIND
        };
        for change in changes.iter().filter(at_desk) {
            let comment = change.data.as_ref().and_then(|data| data.read::<CommentAtDesk>().ok());
            let Some(comment) = comment else { continue };
            let first = self.comment_numbers.entry(comment.number).or_insert_with(|| change.key.id.clone());
            if *first != change.key.id {
                return Err(format!("double: comment {} has the number of {first}", change.key.id));
            }
        }
        Ok(())
    }

    /// No loss, durable acknowledgements, text preservation.
    fn look_at_phone(&self, world: &World, phone: &Phone) -> Verdict {
        let name = &phone.person;
        // As the next page reads it: what a verdict is worth is decided there.
        let ledger = phone.stored.read_ledger();
        let entries: BTreeMap<CommandId, &Entry> =
            ledger.entries.iter().map(|entry| (entry.command_id, entry)).collect();
        for command in &phone.saved {
            if !(entries.contains_key(command) || self.held.contains(command) || world.exempt.contains(command)) {
                return Err(format!("loss: {command} of {name} is neither on the phone nor on the server"));
            }
        }
        let now = Some(world.server.epoch());
        for (command, entry) in &entries {
            let acknowledged = entry.verdict.is_some() && entry.epoch == now;
            if acknowledged && !self.held.contains(command) {
                return Err(format!("durable ack: {command} of {name} was acknowledged and is gone"));
            }
            let author = world.written.get(command);
            if author.is_none_or(|(author, payload)| author != name || *payload != entry.payload) {
                return Err(format!("text: {command} in the ledger of {name} is not what was written"));
            }
        }
        Ok(())
    }

    fn look_at_tab(&self, world: &World, phone: &Phone, tab: &Tab) -> Verdict {
        let name = &phone.person;
        let base = tab.client.base();
        let state = &base.state;
        if tab.frozen_until.0 == 0 {
            let shown: BTreeSet<CommandId> = tab.client.entries().map(|entry| entry.command_id).collect();
            let ledger = &phone.stored.ledger.entries;
            let hidden = |command: &&CommandId| {
                !shown.contains(*command) && ledger.iter().any(|entry| entry.command_id == **command)
            };
            if let Some(command) = tab.seen.iter().find(hidden) {
                return Err(format!("own text: {command} of {name} is saved and not shown"));
            }
        }
        let foreign = |scope: &&Scope| !self.ever.get(name).is_some_and(|ever| ever.contains(*scope));
        if let Some(scope) = state.cursors.keys().chain(base.rows.scopes()).find(foreign) {
            return Err(format!("rights: {name} holds rows of {scope}"));
        }
        if let Some(stray) = base.rows.scopes().find(|scope| !state.cursors.contains_key(*scope)) {
            return Err(format!("rights: {name} keeps rows of {stray} that is lost"));
        }
        let mismatches = tab.client.status().mismatches;
        // A bit that flips on the way is found by the checksum, one answer later at the latest.
        let damaged = world.faults.has(Fault::DamagedBody);
        if mismatches > 0 && !damaged {
            return Err(format!("checksum: {name} held other rows than the server at the same place"));
        }
        let (was_epoch, was_cursors, was_mismatches) = &tab.was_at;
        if *was_epoch == state.epoch && *was_mismatches == mismatches {
            let back = was_cursors.iter().find(|(scope, was)| state.cursors.get(scope).is_some_and(|now| now < *was));
            if let Some((scope, was)) = back {
                return Err(format!("monotonic: {scope} of {name} went back from {was}"));
            }
        }
        if state.epoch != Some(world.server.epoch()) || damaged {
            return Ok(());
        }
        for hidden in &self.hidden {
            for (scope, kind) in [(scopes::presidium(), CommentAtDesk::KIND), (scopes::user(name), OwnComment::KIND)] {
                let row = base.rows.held(&scope, kind, &hidden.comment).and_then(|row| row.data.as_ref());
                if base.cursor(&scope) >= hidden.since && row.is_some_and(|row| row.as_str().contains(&hidden.words)) {
                    return Err(format!("privacy: {name} still holds the words of {}", hidden.comment));
                }
            }
        }
        for (scope, cursor) in &state.cursors {
            if base.rows.checksum(scope) != world.server.sum_at(scope, *cursor) {
                return Err(format!("equal scope, equal gsn, other rows: {scope} at {cursor} of {name}"));
            }
        }
        self.acknowledged_together(tab, name)
    }

    /// `last_seq` and the rows that it speaks of arrive in the same step.
    fn acknowledged_together(&self, tab: &Tab, name: &PersonId) -> Verdict {
        let state = &tab.client.base().state;
        let ledger = tab.client.ledger();
        let least = state.cursors.values().min().copied().unwrap_or(0);
        let counted = |entry: &Entry| {
            let mut numbers = self.numbers.get(&entry.command_id).into_iter().flatten();
            numbers.any(|(client, seq)| Some(*client) == state.client_id && *seq <= state.last_seq)
        };
        for entry in ledger.entries.iter().filter(|entry| entry.is_taken() && entry.epoch == state.epoch) {
            let gsn = entry.verdict.as_ref().map_or(0, |receipt| receipt.gsn);
            // A command decided by a newer server long after its number was counted.
            let late = self.taken.contains(&entry.command_id) && entry.kind == crate::server::APPLAUD;
            if gsn > least && counted(entry) && !late {
                return Err(format!("ack atomicity: {} of {name} is counted and its rows are not here", entry.seq));
            }
        }
        Ok(())
    }

    /// What must hold two minutes after the last fault.
    pub fn at_rest(&mut self, world: &mut World) -> Verdict {
        self.look(world)?;
        for phone in &world.phones {
            self.rests(world, phone)?;
        }
        self.nothing_hidden_is_offered(world)
    }

    /// Neither the rows of any device nor any part of the log that one could fetch hold hidden words.
    fn nothing_hidden_is_offered(&self, world: &World) -> Verdict {
        let log = world.server.truth();
        let mut told = String::new();
        for phone in world.phones.iter().filter(|_| !self.hidden.is_empty()) {
            for tab in &phone.tabs {
                told.extend(
                    tab.client
                        .base()
                        .all_rows()
                        .into_iter()
                        .filter_map(|(_, row)| row.data)
                        .map(|data| data.as_str().to_owned()),
                );
            }
            for scope in world.server.scopes(&phone.person) {
                let snapshots = (0..=log.gsn()).filter_map(|gsn| log.snapshot(&scope, gsn));
                told.extend(snapshots.filter_map(|snapshot| serde_json::to_string(&snapshot).ok()));
                let chunks = (0..=log.gsn() / 256).filter_map(|index| log.chunk(&scope, index));
                told.extend(chunks.filter_map(|chunk| serde_json::to_string(&chunk).ok()));
            }
        }
        match self.hidden.iter().find(|hidden| told.contains(&hidden.words)) {
            Some(hidden) => Err(format!("privacy: the words of {} are still told", hidden.comment)),
            None => Ok(()),
        }
    }

    fn rests(&self, world: &World, phone: &Phone) -> Verdict {
        let name = &phone.person;
        if let Some(command) =
            phone.saved.iter().find(|command| !self.held.contains(command) && !world.exempt.contains(command))
        {
            return Err(format!("restore heals: the server does not hold {command} of {name}"));
        }
        for entry in &phone.stored.ledger.entries {
            if !self.taken.contains(&entry.command_id) {
                return Err(format!("liveness: {} of {name} has no effect and no refusal", entry.command_id));
            }
        }
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
                if base.rows.checksum(scope) != world.server.truth().rows().checksum(scope) {
                    return Err(format!("convergence: {scope} at {name}"));
                }
            }
        }
        Ok(())
    }
}
