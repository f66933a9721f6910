//! Importing: once, again, and while the server runs.

use std::collections::BTreeMap;

use congress::entities::{Congress, Me, Person};
use congress::scopes;
use server::badge::verify;
use server::clock::now;
use server::import::{check, import};
use server::store::StoredBlob;
use sync::ids::PersonId;

use crate::common::{CONGRESS, EVERYONE, Home, TestServer, eventually, open_store, pack_folder, rows};

#[tokio::test]
async fn importing_again_changes_nothing() {
    let server = TestServer::start().await;
    let pack = pack::read(&pack_folder()).unwrap();
    let again = import(server.store.clone(), &pack, now()).await.unwrap();
    assert!(again.is_unchanged() && again.gsn.is_none());
    assert_eq!(server.store.pulse(CONGRESS).await.unwrap().head, 1);
}

#[tokio::test]
async fn a_running_server_notices_an_import_of_another_process() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let before = device.pull_all().await;
    let mut pack = pack::read(&pack_folder()).unwrap();
    pack.sessions[0].title = "Phiên đã đổi tên".to_owned();
    let other = open_store(&server.dir).await;
    let told = check(Some(other.clone()), &pack, now()).await.unwrap();
    assert_eq!(told.counts.keys().collect::<Vec<_>>(), ["session"]);
    import(other, &pack, now()).await.unwrap();
    let news = eventually("the import is noticed", async || {
        let news = device.pull(&device.after(&before)).await;
        (!rows(&news).is_empty()).then_some(news)
    })
    .await;
    assert!(rows(&news)[0].1.data.as_ref().unwrap().as_str().contains("Phiên đã đổi tên"));
    // And the next push is decided on top of it.
    let mut device = device;
    let comment = device.comment("sau khi nhập");
    assert_eq!(device.push(vec![comment]).await.receipts[0].gsn, 3);
}

#[tokio::test]
async fn a_first_import_is_served_without_a_restart() {
    let server = TestServer::open(Home::new(), server::Config::default()).await;
    let pack = pack::read(&pack_folder()).unwrap();
    let dry = check(None, &pack, now()).await.unwrap();
    assert!(dry.counts["person"].put == EVERYONE.len());
    assert!(server.store.congresses().await.unwrap().is_empty());
    import(open_store(&server.dir).await, &pack, now()).await.unwrap();
    eventually("the congress is served", async || {
        server.app.hall(CONGRESS).filter(|hall| hall.person(&PersonId::new("p1")).is_some())
    })
    .await;
}

#[tokio::test]
async fn badges_verify_with_the_key_that_everyone_holds() {
    let server = TestServer::start().await;
    let hall = server.app.hall(CONGRESS).unwrap();
    let congress: Congress = hall.entity(&scopes::public(), "main").unwrap();
    let mut codes = BTreeMap::new();
    for person in EVERYONE.map(PersonId::new) {
        let me: Me = hall.entity(&scopes::user(&person), "main").unwrap();
        let registered: Person = hall.person(&person).unwrap();
        assert_eq!(me.short_code, registered.short_code);
        assert_eq!(codes.insert(me.short_code, person.clone()), None, "codes are never shared");
        let Some(badge) = me.badge else {
            assert!(person.as_str().starts_with('s'), "only staff carry none");
            continue;
        };
        assert_eq!(verify(&badge.token, &congress.badge_key), Some((CONGRESS.to_owned(), person)));
        assert_eq!(badge.qr_bits.len(), (badge.qr_size * badge.qr_size).div_ceil(4) as usize);
    }
}

#[tokio::test]
async fn blobs_and_rows_arrive_together() {
    let server = TestServer::start().await;
    let pack = pack::read(&pack_folder()).unwrap();
    for blob in pack.blobs {
        let held = server.store.blob(CONGRESS, &blob.sha256).await.unwrap();
        let wanted = StoredBlob { sha256: blob.sha256, media_type: blob.media_type, bytes: blob.bytes };
        assert_eq!(held, Some(wanted));
    }
}
