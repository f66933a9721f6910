//! The end of each run: whatever the server acknowledged stands in its log once, and every phone holds exactly the rows
//! that the server would give it.

use std::collections::BTreeMap;

use congress::CongressRules;
use server::store::location::Location;
use sync::client::Base;
use sync::ids::{CommandId, PersonId};
use sync::row::Row;
use sync::rules::Rules;
use sync::server::Log;
use sync::wire::Receipt;

/// The log of a server that has ended, read from its database, with the receipt of each command.
pub async fn read(location: &Location, congress: &str) -> (Log, BTreeMap<CommandId, Receipt>) {
    let store = location.open().await.unwrap();
    let mut log = Log::new(store.pulse(congress).await.unwrap().epoch);
    let mut receipts = BTreeMap::new();
    loop {
        let entries = store.entries_after(congress, log.gsn(), 1_000).await.unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            assert_eq!(entry.gsn, log.gsn() + 1, "no number is skipped");
            log.apply(&entry);
            if !entry.repeat {
                assert!(receipts.insert(entry.command.command_id, entry.receipt).is_none(), "decided twice");
            }
        }
    }
    store.close().await;
    (log, receipts)
}

/// How many of the acknowledged commands are not there as they were acknowledged.
pub fn missing(acknowledged: &[Receipt], held: &BTreeMap<CommandId, Receipt>) -> usize {
    acknowledged.iter().filter(|receipt| held.get(&receipt.command_id) != Some(receipt)).count()
}

/// What a phone holds that the server would not give, or the other way round; `None` when they agree.
pub fn difference(log: &Log, person: &PersonId, base: &Base) -> Option<String> {
    let scopes = CongressRules.scopes(log.rows(), person);
    if base.state.epoch != Some(log.epoch()) || !base.state.cursors.keys().eq(scopes.iter()) {
        return Some(format!("{person} holds {:?} and should hold {scopes:?}", base.state));
    }
    scopes.iter().find_map(|scope| {
        if base.cursor(scope) != log.gsn() {
            return Some(format!("{person} holds {scope} up to {} of {}", base.cursor(scope), log.gsn()));
        }
        let living = |(_, _, row): &(&str, &str, &Row)| row.data.is_some();
        let same_rows = base.rows.rows_of(scope).filter(living).eq(log.rows().rows_of(scope).filter(living));
        let same = same_rows && base.rows.checksum(scope) == log.rows().checksum(scope);
        (!same).then(|| format!("{person} holds other rows of {scope}"))
    })
}
