//! Storage in a real browser: what the promises rest on. Runs in Chromium through wasm-bindgen-test.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::expect_used, reason = "a test that cannot go on says why")]

use delegate_app::account::Account;
use delegate_app::drafts::{Draft, DraftState};
use delegate_app::platform::cache::AccountCache;
use delegate_app::platform::indexed_db::delete_database;
use delegate_app::platform::ledger::{AccountLedger, database, load_device, save_device};
use delegate_app::platform::world;
use delegate_app::ports::{CacheStore, LedgerStore};
use sync::client::{CacheState, CacheWrite, Writing};
use sync::ids::{ClientId, Epoch, PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Key, Row, Rows};
use sync::wire::{Receipt, Status};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A fresh account for each test, so that tests do not depend on their order.
fn account() -> Account {
    Account { congress: "test".into(), person: PersonId::new(world::new_uuid()) }
}

fn writing(text: &str) -> Writing {
    Writing {
        command_id: world::new_command_id(),
        kind: "comment.submit".into(),
        v: 1,
        created_at: world::now(),
        payload: Json::of(&serde_json::json!({ "text": text, "unknown": [1, 2] })),
    }
}

fn receipt(command_id: sync::ids::CommandId, status: Status) -> Receipt {
    Receipt { command_id, gsn: 1, at: Timestamp(5), status, refusal: None }
}

#[wasm_bindgen_test]
async fn commands_are_numbered_without_gaps_also_from_two_tabs_at_once() {
    let account = account();
    let (one, two) = (AccountLedger::new(database(), account.clone()), AccountLedger::new(database(), account));
    let mut numbers = Vec::new();
    for round in 0..5 {
        let (a, b) = (one.append(writing(&format!("a{round}")), None), two.append(writing(&format!("b{round}")), None));
        let (a, b) = futures_join(a, b).await;
        numbers.extend([a.expect("kept").seq, b.expect("kept").seq]);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=10).collect::<Vec<u64>>());
    let (ledger, _) = one.load().await.expect("readable");
    assert_eq!(ledger.entries.len(), 10);
    assert!(ledger.entries.iter().all(|entry| entry.client_id == ledger.client_id && entry.is_waiting()));
}

/// Runs two futures of one kind side by side.
async fn futures_join<T: 'static>(
    a: impl std::future::Future<Output = T>,
    b: impl std::future::Future<Output = T>,
) -> (T, T) {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let (mut left, mut right) = (None, None);
    std::future::poll_fn(|context| {
        if left.is_none()
            && let std::task::Poll::Ready(value) = a.as_mut().poll(context)
        {
            left = Some(value);
        }
        if right.is_none()
            && let std::task::Poll::Ready(value) = b.as_mut().poll(context)
        {
            right = Some(value);
        }
        if left.is_some() && right.is_some() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    (left.expect("polled to the end"), right.expect("polled to the end"))
}

#[wasm_bindgen_test]
async fn what_the_server_said_is_written_down_and_can_be_taken_back() {
    let ledger = AccountLedger::new(database(), account());
    let entry = ledger.append(writing("một"), None).await.expect("kept");
    let epoch = Epoch::from_random(7);
    ledger.settle(epoch, vec![receipt(entry.command_id, Status::Rejected)]).await.expect("kept");
    let (held, _) = ledger.load().await.expect("readable");
    assert_eq!((held.epoch, held.entries[0].state.as_str()), (Some(epoch), "rejected"));
    assert_eq!(held.entries[0].payload, entry.payload, "unknown fields survive");
    ledger.reopen(epoch, vec![entry.command_id]).await.expect("kept");
    let (held, _) = ledger.load().await.expect("readable");
    assert!(held.entries[0].is_waiting());
}

#[wasm_bindgen_test]
async fn a_copied_ledger_goes_on_under_another_client_id_with_the_same_commands() {
    let ledger = AccountLedger::new(database(), account());
    let first = ledger.append(writing("đã nhận"), None).await.expect("kept");
    let second = ledger.append(writing("còn chờ"), None).await.expect("kept");
    ledger.settle(Epoch::from_random(1), vec![receipt(first.command_id, Status::Accepted)]).await.expect("kept");
    let fresh = ClientId::from_random(99);
    let held = ledger.renumber(fresh).await.expect("kept");
    let waiting: Vec<_> = held.entries.iter().filter(|entry| entry.is_waiting()).collect();
    assert_eq!((waiting.len(), waiting[0].seq, waiting[0].client_id), (1, 1, fresh));
    assert_eq!(waiting[0].command_id, second.command_id);
    assert_eq!(ledger.append(writing("mới"), None).await.expect("kept").seq, 2);
}

#[wasm_bindgen_test]
async fn a_draft_becomes_a_command_in_one_transaction() {
    let ledger = AccountLedger::new(database(), account());
    let draft = Draft { id: world::new_uuid(), text: "đang viết".into(), ..Draft::default() };
    ledger.put_draft(&draft).await.expect("kept");
    let last = Draft { text: "viết xong".into(), ..draft };
    ledger.append(writing("viết xong"), Some(last.clone())).await.expect("kept");
    let (held, drafts) = ledger.load().await.expect("readable");
    assert_eq!(held.entries.len(), 1);
    assert_eq!(drafts, [Draft { state: DraftState::Sent, ..last }]);
}

#[wasm_bindgen_test]
async fn only_what_was_taken_long_ago_leaves_the_ledger() {
    let ledger = AccountLedger::new(database(), account());
    let mut kept = Vec::new();
    for status in [Status::Accepted, Status::Late, Status::Rejected, Status::Parked] {
        let entry = ledger.append(writing("chữ"), None).await.expect("kept");
        ledger.settle(Epoch::from_random(1), vec![receipt(entry.command_id, status)]).await.expect("kept");
        kept.push(entry.command_id);
    }
    ledger.append(writing("chưa gửi"), None).await.expect("kept");
    ledger.forget_settled(Timestamp(0), Vec::new()).await.expect("kept");
    assert_eq!(ledger.load().await.expect("readable").0.entries.len(), 5, "nothing is old yet");
    ledger.forget_settled(world::now().plus_ms(1_000), Vec::new()).await.expect("kept");
    let left = ledger.load().await.expect("readable").0.entries;
    let mut states: Vec<&str> = left.iter().map(|entry| entry.state.as_str()).collect();
    states.sort_unstable();
    assert_eq!(states, ["parked", "rejected", "saved"]);
    ledger.forget_settled(Timestamp(0), vec![kept[2]]).await.expect("kept");
    assert_eq!(ledger.load().await.expect("readable").0.entries.len(), 2, "its author let the refused text go");
}

#[wasm_bindgen_test]
async fn accounts_on_one_device_do_not_see_each_other() {
    let (mine, other) = (account(), account());
    AccountLedger::new(database(), mine).append(writing("của tôi"), None).await.expect("kept");
    let (held, _) = AccountLedger::new(database(), other).load().await.expect("readable");
    assert!(held.entries.is_empty());
}

#[wasm_bindgen_test]
async fn the_device_remembers_who_is_at_home() {
    let shared = database();
    let mut device = load_device(&shared).await.expect("readable");
    device.account = Some(account());
    save_device(&shared, &device).await.expect("kept");
    assert_eq!(load_device(&database()).await.expect("readable"), device);
}

fn key(scope: &str, id: &str) -> Key {
    Key { scope: Scope::new(scope), kind: "item".into(), id: id.into() }
}

fn row(rev: u64, text: &str) -> Row {
    Row { rev, data: Some(Json::of(text)) }
}

fn state(gsn: u64) -> CacheState {
    CacheState {
        epoch: Some(Epoch::from_random(3)),
        client_id: Some(ClientId::from_random(4)),
        last_seq: 2,
        cursors: [(Scope::new("public"), gsn), (Scope::new("user:a"), gsn)].into(),
    }
}

#[wasm_bindgen_test]
async fn the_cache_gives_back_rows_tombstones_and_cursors_together() {
    let cache = AccountCache::new(&account());
    let rows = vec![
        (key("public", "một"), row(1, "đầu\n\"dòng\"")),
        (key("public", "hai"), Row { rev: 2, data: None }),
        (key("user:a", "ba"), row(3, "riêng")),
    ];
    let write =
        CacheWrite { follows: CacheState::default(), replace: false, dropped: Vec::new(), rows, state: state(3) };
    cache.save(write).await.expect("kept");
    let base = cache.load().await.expect("readable");
    assert_eq!(base.state, state(3));
    assert_eq!(base.rows.held(&Scope::new("public"), "item", "hai").map(|row| row.rev), Some(2));
    assert_eq!(base.rows.get(&Scope::new("public"), "item", "một"), Some(&row(1, "đầu\n\"dòng\"")));

    let dropped = vec![Scope::new("user:a")];
    cache
        .save(CacheWrite { follows: state(3), replace: false, dropped, rows: Vec::new(), state: state(4) })
        .await
        .expect("kept");
    let base = cache.load().await.expect("readable");
    assert_eq!((base.rows.count(&Scope::new("public")), base.rows.count(&Scope::new("user:a"))), (1, 0));

    let rows = vec![(key("public", "bốn"), row(9, "mới"))];
    cache
        .save(CacheWrite { follows: state(4), replace: true, dropped: Vec::new(), rows, state: state(9) })
        .await
        .expect("kept");
    assert_eq!(cache.load().await.expect("readable").rows.count(&Scope::new("public")), 1);
}

#[wasm_bindgen_test]
async fn the_cache_gives_back_what_holds_the_sign_that_joins_rows() {
    let cache = AccountCache::new(&account());
    let rows = vec![(key("public", "kỳ\u{1e}lạ"), row(1, "một")), (key("public", "thường"), row(2, "hai"))];
    let write =
        CacheWrite { follows: CacheState::default(), replace: false, dropped: Vec::new(), rows, state: state(2) };
    cache.save(write).await.expect("kept");
    let base = cache.load().await.expect("readable");
    assert_eq!(base.state, state(2));
    assert_eq!(base.rows.get(&Scope::new("public"), "item", "kỳ\u{1e}lạ"), Some(&row(1, "một")));
    assert_eq!(base.rows.count(&Scope::new("public")), 2);
}

#[wasm_bindgen_test]
async fn a_cache_that_is_deleted_under_the_app_is_empty_and_works_again() {
    let account = account();
    let cache = AccountCache::new(&account);
    let rows = vec![(key("public", "một"), row(1, "chữ"))];
    cache
        .save(CacheWrite {
            follows: CacheState::default(),
            replace: false,
            dropped: Vec::new(),
            rows: rows.clone(),
            state: state(1),
        })
        .await
        .expect("kept");
    delete_database(&AccountCache::name(&account)).await.expect("nobody holds it");
    assert!(cache.load().await.expect("opened anew").rows.is_empty());
    cache
        .save(CacheWrite { follows: state(1), replace: true, dropped: Vec::new(), rows, state: state(1) })
        .await
        .expect("kept");
    assert_eq!(cache.load().await.expect("readable").rows.count(&Scope::new("public")), 1);
}

#[wasm_bindgen_test]
async fn texts_are_held_by_their_hash_until_they_are_dropped() {
    let cache = AccountCache::new(&account());
    cache.put_text("aa", "văn bản").await.expect("kept");
    cache.put_text("bb", "bản cũ").await.expect("kept");
    cache.drop_texts(&["bb".to_owned()]).await.expect("kept");
    assert_eq!(cache.texts().await.expect("readable"), ["aa"]);
    assert_eq!(cache.text("aa").await.expect("readable").as_deref(), Some("văn bản"));
    cache.wipe().await.expect("emptied");
    assert!(cache.texts().await.expect("readable").is_empty());
}
