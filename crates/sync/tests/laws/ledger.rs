//! The ledger: numbers may change, what was written and its order never do.

use proptest::collection::vec;
use proptest::prelude::*;
use sync::client::{Entry, Ledger, writing};
use sync::ids::{ClientId, CommandId, Epoch, Timestamp};
use sync::json::Json;

use super::strategies::{json, receipt};

const OWN: ClientId = ClientId(uuid::Uuid::from_u128(1));
const EPOCH: Epoch = Epoch(uuid::Uuid::from_u128(3));
const FRESH: ClientId = ClientId(uuid::Uuid::from_u128(9));

/// A ledger with a past: some entries acknowledged, some of them under an earlier client id.
fn ledger() -> impl Strategy<Value = Ledger> {
    vec((any::<bool>(), any::<bool>(), receipt()), 0..12).prop_map(|all| {
        let entry = |(at, (settled, earlier, receipt)): (usize, (bool, bool, sync::wire::Receipt))| {
            let id = CommandId::from_u128(at as u128);
            let client = if earlier && settled { ClientId::from_u128(2) } else { OWN };
            let written = writing(id, "note", 1, Timestamp(1_000 - at as i64), Json::of(&at));
            let mut entry = Entry::new("a", client, at as u64 + 1, written);
            if settled {
                entry.settle(EPOCH, &sync::wire::Receipt { command_id: id, ..receipt });
            }
            entry
        };
        Ledger { client_id: OWN, epoch: None, entries: all.into_iter().enumerate().map(entry).collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn renumbering_keeps_ids_texts_verdicts_and_order(before in ledger()) {
        let mut after = before.clone();
        after.renumber(FRESH);
        prop_assert_eq!(after.client_id, FRESH);
        let waiting = |ledger: &Ledger| {
            let mut waiting: Vec<Entry> = ledger.entries.iter().filter(|entry| entry.is_waiting()).cloned().collect();
            waiting.sort_by_key(|entry| entry.seq);
            waiting
        };
        let (old, new) = (waiting(&before), waiting(&after));
        prop_assert!(new.iter().map(|entry| entry.seq).eq(1..=old.len() as u64), "from 1, without gaps");
        prop_assert!(new.iter().all(|entry| entry.client_id == FRESH));
        prop_assert_eq!(after.next_seq(), old.len() as u64 + 1);
        let unnumbered = |entry: &Entry| Entry { client_id: OWN, seq: 0, ..entry.clone() };
        prop_assert!(new.iter().map(unnumbered).eq(old.iter().map(unnumbered)), "the same, in the same order");
        for entry in before.entries.iter().filter(|entry| !entry.is_waiting()) {
            prop_assert!(after.entries.contains(entry), "what is acknowledged stays as it was");
        }
        prop_assert_eq!(after.entries.len(), before.entries.len());
    }

    #[test]
    fn an_entry_survives_its_way_through_the_database(payload in json(), receipt in receipt(), settled in any::<bool>()) {
        let written = writing(receipt.command_id, "note", 1, Timestamp(5), payload.clone());
        let mut entry = Entry::new("a", OWN, 1, written);
        if settled {
            entry.settle(EPOCH, &receipt);
        }
        let again: Entry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
        prop_assert_eq!(again.payload.as_str(), payload.as_str());
        prop_assert_eq!(again, entry);
    }

    #[test]
    fn reopening_takes_the_verdict_back(receipt in receipt()) {
        let written = writing(receipt.command_id, "note", 1, Timestamp(5), Json::of("x"));
        let saved = Entry::new("a", OWN, 1, written);
        let mut entry = saved.clone();
        entry.settle(EPOCH, &receipt);
        prop_assert!(!entry.is_waiting());
        entry.reopen();
        prop_assert_eq!(entry, saved);
    }
}
