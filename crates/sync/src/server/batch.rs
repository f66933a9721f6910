//! Decides pushes on top of a log without changing it, so that a failed commit leaves nothing behind.

use std::collections::BTreeMap;

use crate::ids::{ClientId, CommandId, Gsn, PersonId, Seq, Timestamp};
use crate::limits::{COMMAND_BYTES_MAX, KIND_BYTES_MAX, PUSH_COMMANDS_MAX};
use crate::row::{Change, Layered, Row, RowMap};
use crate::rules::{Actor, Refusal, Rules, Verdict};
use crate::server::{ClientRecord, Log, LogEntry, redacted_command};
use crate::wire::{Command, PushOutcome, PushRequest, PushResponse, Receipt, Status};

/// Why a push as a whole is turned away. Nothing of it is stored; the device keeps everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PushError {
    /// The client id, or a command id in the request, belongs to another person.
    Foreign,
    /// More than [`PUSH_COMMANDS_MAX`] commands.
    TooMany,
}

/// Several pushes decided one after the other, to be committed together.
#[derive(Debug)]
pub struct Batch<'l> {
    log: &'l Log,
    rows: RowMap,
    clients: BTreeMap<ClientId, ClientRecord>,
    receipts: BTreeMap<CommandId, (Option<PersonId>, Receipt)>,
    entries: Vec<LogEntry>,
}

impl<'l> Batch<'l> {
    pub fn new(log: &'l Log) -> Self {
        Self { log, rows: RowMap::default(), clients: BTreeMap::new(), receipts: BTreeMap::new(), entries: Vec::new() }
    }

    /// What is to be committed, in order; then [`Log::apply`] each.
    pub fn into_entries(self) -> Vec<LogEntry> {
        self.entries
    }

    /// Decides the commands of one push in their order. Each takes effect exactly once, whatever is repeated.
    pub fn push(
        &mut self,
        rules: &dyn Rules,
        person: &PersonId,
        request: &PushRequest,
        now: Timestamp,
    ) -> Result<PushResponse, PushError> {
        if request.commands.len() > PUSH_COMMANDS_MAX {
            return Err(PushError::TooMany);
        }
        let record = self.client(request.client_id);
        if record.is_some_and(|record| record.person != *person) {
            return Err(PushError::Foreign);
        }
        let mut last_seq = record.map_or(0, |record| record.last_seq);
        let foreign = |command: &Command| {
            self.receipt(command.command_id).is_some_and(|(owner, _)| owner.as_ref() != Some(person))
        };
        if request.commands.iter().any(foreign) {
            return Err(PushError::Foreign);
        }
        let mut receipts = Vec::with_capacity(request.commands.len());
        let mut outcome = PushOutcome::Done;
        for command in &request.commands {
            let left = redacted_command(rules, &self.rows(), command);
            let command = left.as_ref().unwrap_or(command);
            let known = self.receipt(command.command_id).map(|(_, receipt)| receipt.clone());
            match known {
                Some(receipt) if command.seq <= last_seq => {
                    receipts.push(receipt);
                    continue;
                }
                None if command.seq <= last_seq => {
                    outcome = PushOutcome::Forked;
                    break;
                }
                _ if command.seq > last_seq + 1 => {
                    outcome = PushOutcome::Gap;
                    break;
                }
                Some(receipt) => {
                    receipts.push(receipt.clone());
                    self.record(Some(person.clone()), Some(request.client_id), command, receipt, true, Vec::new());
                }
                None => {
                    let verdict = self.decide(rules, person, command, now);
                    receipts.push(self.settle(
                        Some(person.clone()),
                        Some(request.client_id),
                        command,
                        verdict,
                        false,
                        now,
                    ));
                }
            }
            last_seq = command.seq;
        }
        Ok(PushResponse { epoch: self.log.epoch(), last_seq, outcome, receipts })
    }

    /// Decides again what an earlier build did not understand. What this one does not understand either stays parked.
    pub fn replay_parked(&mut self, rules: &dyn Rules, now: Timestamp) {
        for (person, command) in self.log.parked() {
            let left = redacted_command(rules, &self.rows(), command);
            let command = left.as_ref().unwrap_or(command);
            let verdict = self.decide(rules, person, command, now);
            if verdict != Verdict::Parked {
                // No client: its count went over this command long ago.
                self.settle(Some(person.clone()), None, command, verdict, true, now);
            }
        }
    }

    /// Records what the system itself does (an import, a release), with changes that are decided already.
    pub fn system(&mut self, command: &Command, changes: Vec<Change>, now: Timestamp) {
        self.settle(None, None, command, Verdict::Accepted(changes), false, now);
    }

    /// The rows as they will be when this batch is committed.
    pub fn rows(&self) -> Layered<'_> {
        Layered { below: self.log.rows(), above: &self.rows }
    }

    fn client(&self, client: ClientId) -> Option<&ClientRecord> {
        self.clients.get(&client).or_else(|| self.log.client(client))
    }

    fn receipt(&self, command: CommandId) -> Option<&(Option<PersonId>, Receipt)> {
        self.receipts.get(&command).or_else(|| self.log.receipt(command))
    }

    fn decide(&self, rules: &dyn Rules, person: &PersonId, command: &Command, now: Timestamp) -> Verdict {
        if command.kind.len() > KIND_BYTES_MAX || command.payload.as_str().len() > COMMAND_BYTES_MAX {
            return Verdict::Rejected(Refusal::new("too-large"));
        }
        rules.decide(&self.rows(), &Actor { person: person.clone() }, command, now)
    }

    fn settle(
        &mut self,
        person: Option<PersonId>,
        client: Option<ClientId>,
        command: &Command,
        verdict: Verdict,
        repeat: bool,
        now: Timestamp,
    ) -> Receipt {
        let redacts = matches!(verdict, Verdict::Redacted(_));
        let (status, refusal, changes) = match verdict {
            Verdict::Accepted(changes) | Verdict::Redacted(changes) => (Status::Accepted, None, changes),
            Verdict::Late(changes) => (Status::Late, None, changes),
            Verdict::Rejected(refusal) => (Status::Rejected, Some(refusal), Vec::new()),
            Verdict::Parked => (Status::Parked, None, Vec::new()),
        };
        let receipt = Receipt { command_id: command.command_id, gsn: self.next_gsn(), at: now, status, refusal };
        self.record(person, client, command, receipt.clone(), repeat, changes);
        if let Some(entry) = self.entries.last_mut() {
            entry.redacts = redacts;
        }
        receipt
    }

    fn next_gsn(&self) -> Gsn {
        self.log.gsn() + self.entries.len() as Gsn + 1
    }

    fn record(
        &mut self,
        person: Option<PersonId>,
        client: Option<ClientId>,
        command: &Command,
        receipt: Receipt,
        repeat: bool,
        changes: Vec<Change>,
    ) {
        let gsn = self.next_gsn();
        for change in &changes {
            self.rows.put(&change.key, Row { rev: gsn, data: change.data.clone() });
        }
        if let (Some(person), Some(client)) = (&person, client) {
            self.advance(client, person, command.seq);
        }
        let entry =
            LogEntry { gsn, person, client, command: command.clone(), receipt, repeat, redacts: false, changes };
        if entry.decides() {
            self.receipts.insert(command.command_id, (entry.person.clone(), entry.receipt.clone()));
        }
        self.entries.push(entry);
    }

    fn advance(&mut self, client: ClientId, person: &PersonId, seq: Seq) {
        self.clients.insert(client, ClientRecord { person: person.clone(), last_seq: seq });
    }
}
