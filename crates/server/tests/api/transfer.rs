//! Backup, restore, and the move to another database, with devices that notice nothing or bring back what is missing.

use server::store::StoreError;
use server::store::location::Location;
use server::transfer::{Copied, TransferError, backup, migrate, restore};
use server::{App, Config, Hall};
use sync::ids::{Epoch, PersonId};
use sync::wire::{PushOutcome, PushResponse};

use crate::common::{API, CONGRESS, Home, TestServer, open_store, rows};

fn copied(gsn: u64) -> Vec<Copied> {
    vec![Copied { congress: CONGRESS.to_owned(), gsn }]
}

/// The drill: back up while people write, lose the machine, restore, and let the phones speak.
#[tokio::test]
async fn after_a_restore_phones_bring_back_what_the_backup_did_not_hold() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let held = vec![device.comment("có trong bản sao lưu")];
    device.push(held.clone()).await;
    let file = server.dir.path().join("backup.sqlite");
    assert_eq!(backup(&server.dir.database, &file).await.unwrap(), copied(2));
    let lost = vec![device.comment("viết sau khi sao lưu")];
    device.push(lost.clone()).await;
    let before = device.pull_all().await;
    server.app.close().await;

    let home = Home::new();
    assert_eq!(restore(&file, &home.database).await.unwrap(), copied(2));
    let server = TestServer::open(home, Config::default()).await;
    device = server.moved(device);
    let news = device.pull(&device.after(&before)).await;
    assert_ne!(news.epoch, before.epoch, "another log: the cache is replaced");
    assert_eq!(news.last_seq, 1);
    let answer = device.push([held, lost].concat()).await;
    assert_eq!((answer.outcome, answer.last_seq), (PushOutcome::Done, 2));
    let own = |response| rows(response).iter().filter(|(_, row)| row.kind == "own-comment").count();
    assert_eq!(own(&device.pull_all().await), own(&before));
}

#[tokio::test]
async fn a_backup_is_a_file_that_a_laptop_can_carry_on_with() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let comment = device.comment("giữ lại");
    let answer = device.push(vec![comment.clone()]).await;
    let file = server.dir.path().join("backup.sqlite");
    backup(&server.dir.database, &file).await.unwrap();
    let again = backup(&server.dir.database, &file).await;
    assert!(matches!(again, Err(TransferError::Taken(_))), "a backup is never overwritten");
    let left: Vec<_> = std::fs::read_dir(server.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("backup"))
        .collect();
    assert_eq!(left, ["backup.sqlite"], "the file alone is everything");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let laptop = Location::Sqlite(file).open().await.unwrap();
    let hall = Hall::open(laptop.clone(), CONGRESS).await.unwrap();
    let push = device.push_request(vec![comment]);
    assert_eq!(hall.push(&PersonId::new("p3"), push).await, Ok(answer), "with every receipt");
    assert_eq!(laptop.devices(CONGRESS, None).await.unwrap(), server.store.devices(CONGRESS, None).await.unwrap());
    hall.close().await;
}

/// Backups that are made while people write hold the log up to some entry, and all of it up to there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_ends_between_two_entries() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let writing = tokio::spawn(async move {
        for turn in 0..40 {
            let commands = vec![device.comment(&format!("{turn}")), device.comment("nữa")];
            device.push(commands).await;
        }
    });
    let mut ends = Vec::new();
    while ends.len() < 2 || !writing.is_finished() {
        let file = server.dir.path().join(format!("backup-{}.sqlite", ends.len()));
        ends.push(backup(&server.dir.database, &file).await.unwrap()[0].gsn);
    }
    writing.await.unwrap();
    assert!(ends.is_sorted() && ends.iter().all(|gsn| (1..=81).contains(gsn)), "{ends:?}");
    assert!(ends.iter().any(|gsn| *gsn < 81), "some while people wrote: {ends:?}");
}

#[tokio::test]
async fn a_backup_goes_into_a_database_that_does_not_hold_its_congress() {
    let server = TestServer::start().await;
    let file = server.dir.path().join("backup.sqlite");
    backup(&server.dir.database, &file).await.unwrap();
    let refused = restore(&file, &server.dir.database).await;
    assert!(matches!(refused, Err(TransferError::Held { .. })), "{refused:?}");
    let nothing = Home::new();
    let empty = server.dir.path().join("empty.sqlite");
    let none = backup(&nothing.database, &empty).await;
    assert!(matches!(none, Err(TransferError::Empty(_))) && !empty.exists(), "{none:?}");
    let left = std::fs::read_dir(server.dir.path()).unwrap();
    assert!(left.flatten().all(|entry| !entry.file_name().display().to_string().contains(".part")));
}

/// To the other engine and back: log, epoch, receipts, invitations and devices.
#[tokio::test]
async fn a_congress_moves_to_another_database_and_devices_notice_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let first = vec![device.comment("trước khi chuyển")];
    let answer: PushResponse = device.push(first.clone()).await;
    let before = device.pull_all().await;
    let laptop = Home::new();
    let file = Location::Sqlite(laptop.path().join("laptop.sqlite"));
    let back = Home::new();
    server.app.close().await;
    for (from, to) in [(&server.dir.database, &file), (&file, &back.database)] {
        assert_eq!(migrate(from, to).await.unwrap(), copied(2));
        let twice = migrate(from, to).await;
        assert!(matches!(twice, Err(TransferError::Store(StoreError::Moved))), "{twice:?}");
    }
    let server = TestServer::open(back, Config::default()).await;
    device = server.moved(device);
    assert_eq!(device.push(first).await, answer);
    let after = device.pull_all().await;
    assert_eq!((after.epoch, after.scopes), (before.epoch, before.scopes));
    for blob in pack::read(&crate::common::pack_folder()).unwrap().blobs {
        assert!(server.store.blob(CONGRESS, &blob.sha256).await.unwrap().is_some_and(|held| held.bytes == blob.bytes));
    }
    let next = device.comment("sau khi chuyển");
    assert_eq!(device.push(vec![next]).await.receipts[0].gsn, 3);
}

#[tokio::test]
async fn a_server_that_was_left_behind_acknowledges_nothing_more() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let home = Home::new();
    migrate(&server.dir.database, &home.database).await.unwrap();
    let body = serde_json::to_string(&device.push_request(vec![])).unwrap();
    let comment = device.comment("gửi nhầm chỗ");
    let lost = serde_json::to_string(&device.push_request(vec![comment])).unwrap();
    for body in [body, lost] {
        assert_eq!(
            server.send(crate::common::post(&format!("{API}/sync/push"), body.clone())).await.status.as_u16(),
            401
        );
        assert_eq!(device.post("/sync/push", &body).await.error(), crate::common::refused(503, "busy"));
    }
    assert!(!server.app.hall(CONGRESS).unwrap().is_healthy());
    server.app.close().await;
    let store = open_store(&server.dir).await;
    assert!(matches!(App::open(store.clone(), Config::default()).await, Err(StoreError::Moved)), "none starts on it");
    // Unless somebody says so: then it is another log.
    store.renew_epoch(CONGRESS, Epoch::from_u128(7)).await.unwrap();
    assert_eq!(store.entries_after(CONGRESS, 0, 10).await.unwrap().len(), 1);
    let server = TestServer::open(server.dir.clone(), Config::default()).await;
    assert_eq!(server.moved(device).push(vec![]).await.epoch, Epoch::from_u128(7));
}

/// The list of tables and columns by which congresses travel is the schema.
#[tokio::test]
async fn everything_that_a_database_holds_travels() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut schema = String::new();
    for file in std::fs::read_dir(folder).unwrap() {
        schema += &std::fs::read_to_string(file.unwrap().path()).unwrap();
    }
    let mut held = Vec::new();
    for table in schema.split("CREATE TABLE ").skip(1) {
        let (name, rest) = table.split_once(" (\n").unwrap();
        let columns = rest.split_once("\n);").unwrap().0.lines().map(|line| line.split_whitespace().next().unwrap());
        let columns: Vec<_> = columns.filter(|word| !["PRIMARY", "FOREIGN"].contains(word)).collect();
        held.push((name, columns));
    }
    for added in schema.split("ALTER TABLE ").skip(1) {
        let (name, rest) = added.split_once(" ADD COLUMN ").expect("this test reads added columns only: teach it");
        let column = rest.split_whitespace().next().unwrap();
        held.iter_mut().find(|(table, _)| *table == name).unwrap().1.push(column);
    }
    let mut moved: Vec<(&str, Vec<&str>)> = server::store::archive::TABLES
        .iter()
        .map(|table| (table.name, table.columns.iter().map(|(name, _)| *name).collect()))
        .collect();
    held.sort();
    moved.sort();
    assert_eq!(held, moved);
}
