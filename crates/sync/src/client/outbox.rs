//! What waits to be pushed, and what of it must still be foretold on top of the base.

use crate::client::{CacheState, Entry, Ledger};
use crate::ids::{CommandId, Epoch, Gsn, PersonId, Scope};
use crate::limits::{PUSH_BYTES_MAX, PUSH_COMMANDS_MAX};
use crate::order::sort_by;
use crate::wire::{PROTOCOL, PushRequest, Receipt};

/// Room for everything around a command in a push.
const ENVELOPE_BYTES: usize = 400;

/// Waiting entries of the ledger's own client, oldest first.
pub(super) fn waiting(ledger: &Ledger) -> Vec<&Entry> {
    let own = ledger.entries.iter().filter(|entry| entry.is_waiting() && entry.client_id == ledger.client_id);
    let mut waiting: Vec<&Entry> = own.collect();
    sort_by(&mut waiting, |entry| (0, entry.seq.cast_signed()));
    waiting
}

/// The next push: as many of the oldest as fit. `None` when nothing waits.
pub(super) fn next_push(ledger: &Ledger, person: &PersonId, commands_max: usize) -> Option<PushRequest> {
    let mut bytes = 0;
    let fitting = waiting(ledger).into_iter().take(commands_max.clamp(1, PUSH_COMMANDS_MAX)).take_while(|entry| {
        let first = bytes == 0;
        bytes += ENVELOPE_BYTES + entry.payload.as_str().len() + entry.kind.len();
        first || bytes <= PUSH_BYTES_MAX
    });
    let commands: Vec<_> = fitting.map(Entry::command).collect();
    let (client_id, person, epoch) = (ledger.client_id, Some(person.clone()), ledger.epoch);
    (!commands.is_empty()).then_some(PushRequest { protocol: PROTOCOL, client_id, person, epoch, commands })
}

/// Entries whose effects the base does not contain yet, in the order of their numbers: the clock may have been set.
pub(super) fn unseen<'l>(ledger: &'l Ledger, state: &CacheState) -> Vec<&'l Entry> {
    let pending = |entry: &&Entry| match &entry.verdict {
        None => true,
        Some(_) if !entry.is_taken() => false,
        // Taken by another log than that of the rows.
        Some(_) if entry.epoch != state.epoch => true,
        Some(receipt) => receipt.gsn > seen(state),
    };
    let mut unseen: Vec<&Entry> = ledger.entries.iter().filter(pending).collect();
    sort_by(&mut unseen, |entry| (i64::from(entry.client_id != ledger.client_id), entry.seq.cast_signed()));
    unseen
}

/// Whether the rows of a scope contain what became of a command already.
pub(super) fn is_seen(entry: &Entry, state: &CacheState, scope: &Scope) -> bool {
    let gsn = entry.verdict.as_ref().filter(|_| entry.epoch == state.epoch).map(|receipt| receipt.gsn);
    gsn.is_some_and(|gsn| state.cursors.get(scope).is_some_and(|cursor| *cursor >= gsn))
}

/// The gsn up to which the base holds everything.
fn seen(state: &CacheState) -> Gsn {
    state.cursors.values().min().copied().unwrap_or(0)
}

/// Commands to ask after: a newer server may have decided them.
pub(super) fn parked(ledger: &Ledger) -> Vec<CommandId> {
    let parked = ledger.entries.iter().filter(|entry| entry.is_parked()).map(|entry| entry.command_id);
    parked.take(PUSH_COMMANDS_MAX).collect()
}

/// Writes receipts of a log down. Returns those that were news.
pub(super) fn settle(ledger: &mut Ledger, epoch: Epoch, receipts: &[Receipt]) -> Vec<Receipt> {
    let mut news = Vec::new();
    for receipt in receipts {
        let entry = ledger.entries.iter_mut().find(|entry| entry.command_id == receipt.command_id);
        let is_news = |entry: &&mut Entry| entry.verdict.as_ref() != Some(receipt) || entry.epoch != Some(epoch);
        if let Some(entry) = entry.filter(is_news) {
            entry.settle(epoch, receipt);
            news.push(receipt.clone());
        }
    }
    news
}
