//! What devices report of their own condition, and the organiser who looks at it.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use congress::entities::Document;
use serde_json::{Value, json};
use server::clock::now;
use server::import::import;
use server::store::Store;
use server::transfer::{backup, migrate};
use server::{App, Config, router};

use crate::common::{CONGRESS, EVERYONE, Home, TestDevice, TestServer, eventually, open_store, refused, rows};
use crate::tampered::Tampered;

const REPORT: &str = "/devices/current/report";
const OPERATIONS: &str = "/operations/devices";

fn unsent() -> Value {
    json!({ "waiting": 2, "oldest_at": 1_500, "build": "app-0123456789abcdef", "storage": "may-be-cleared" })
}

fn sent() -> Value {
    json!({ "waiting": 0, "oldest_at": null, "build": "app-0123456789abcdef", "storage": "kept" })
}

async fn says(device: &TestDevice, report: &Value) {
    assert_eq!(device.put(REPORT, report).await.ok::<Value>(), json!({}));
}

/// (name, what it last said) of every device, without the moment.
async fn seen_by(organiser: &TestDevice) -> Vec<(String, Value)> {
    let seen: Value = organiser.get(OPERATIONS).await.ok();
    let devices = seen["devices"].as_array().unwrap().iter();
    let said = |device: &Value| {
        let mut report = device["report"].clone();
        if let Some(report) = report.as_object_mut() {
            assert!(report.remove("at").unwrap().as_i64() <= seen["at"].as_i64());
        }
        (device["name"].as_str().unwrap().to_owned(), report)
    };
    devices.map(said).collect()
}

#[tokio::test]
async fn an_organiser_sees_the_last_report_of_every_device_and_who_has_none() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    assert_eq!(seen_by(&organiser).await, [("Lê Minh Đại".into(), Value::Null), ("Bùi Tổ".into(), Value::Null)]);
    says(&phone, &unsent()).await;
    assert_eq!(seen_by(&organiser).await[0].1, unsent(), "at once");
    says(&phone, &sent()).await;
    says(&organiser, &sent()).await;
    assert_eq!(seen_by(&organiser).await, [("Lê Minh Đại".into(), sent()), ("Bùi Tổ".into(), sent())]);

    let seen: Value = organiser.get(OPERATIONS).await.ok();
    let device = &seen["devices"][0];
    assert_eq!((&device["delegation"], &device["label"]), (&json!("Đoàn số 1"), &json!("Máy thử")));
    assert!(device["last_seen_at"].as_i64() <= seen["at"].as_i64());
    assert_eq!(seen["convened"], 5, "official delegates");
    let names: Vec<&str> =
        seen["without_device"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Vũ Thị Biểu", "Trần Văn Chủ", "Nguyễn Thị Thư", "Đỗ Tư"], "by delegation and given name");
}

#[tokio::test]
async fn nobody_but_an_organiser_sees_it() {
    let server = TestServer::start().await;
    for person in EVERYONE.into_iter().filter(|person| *person != "s2") {
        let device = server.device(person).await;
        assert_eq!(device.get(OPERATIONS).await.error(), refused(403, "not-allowed"), "{person}");
        says(&device, &sent()).await;
    }
}

#[tokio::test]
async fn a_report_is_small_and_makes_sense() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    for (name, value) in [
        ("waiting", json!(-1)),
        ("waiting", json!(0)),
        ("oldest_at", json!(null)),
        ("oldest_at", json!(-1)),
        ("oldest_at", json!(8_640_000_000_000_001_i64)),
        ("build", json!("a".repeat(65))),
        ("build", json!("<b>")),
        ("storage", json!("lost")),
    ] {
        let mut report = unsent();
        report[name] = value;
        assert_eq!(phone.put(REPORT, &report).await.error(), refused(400, "malformed"), "{report}");
    }
    let mut report = unsent();
    report["texts"] = json!("a".repeat(20_000));
    assert_eq!(phone.put(REPORT, &report).await.error(), refused(413, "too-large"));
    assert_eq!(seen_by(&organiser).await[0].1, Value::Null);
    let stranger = TestDevice { cookie: "sotay=nothing".to_owned(), ..phone };
    assert_eq!(stranger.put(REPORT, &sent()).await.error(), refused(401, "device-revoked"));
}

/// What is said of how each device stands to the pack.
async fn carries(organiser: &TestDevice) -> Vec<(String, Value)> {
    let seen: Value = organiser.get(OPERATIONS).await.ok();
    let devices = seen["devices"].as_array().unwrap().iter();
    devices.map(|device| (device["name"].as_str().unwrap().to_owned(), device["carries"].clone())).collect()
}

#[tokio::test]
async fn an_organiser_sees_which_devices_hold_the_pack_as_it_is_now_and_what_the_others_lack() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    let _desk = server.device("s1").await;
    let documents = rows(&phone.pull_all().await);
    let document = documents.iter().find(|(_, row)| row.kind == "document").unwrap();
    let document: Document = document.1.data.as_ref().unwrap().read().unwrap();
    let marks = |document: &Document| document.hashes().map(|sha256| sha256[..12].to_owned()).collect::<Vec<_>>();
    let holding = |marks: &[String]| {
        let mut report = sent();
        report["held"] = json!(marks);
        report
    };
    let of_phone = async || carries(&organiser).await.into_iter().find(|(name, _)| name == "Lê Minh Đại").unwrap().1;
    assert_eq!(of_phone().await, json!("unknown"), "it has said nothing");
    says(&phone, &sent()).await;
    assert_eq!(of_phone().await, json!("unknown"), "an older app does not say");
    let all = marks(&document);
    assert_eq!(all.len(), 2, "a text and a file");
    for (held, expected) in [
        (vec![], json!({ "lacks": { "documents": ["nghi-quyet"], "files": 1 } })),
        (vec![all[0].clone()], json!({ "lacks": { "documents": [], "files": 1 } })),
        (vec![all[1].clone(), "0".repeat(12)], json!({ "lacks": { "documents": ["nghi-quyet"], "files": 0 } })),
        (all.clone(), json!("everything")),
    ] {
        says(&phone, &holding(&held)).await;
        assert_eq!(of_phone().await, expected, "{held:?}");
    }
    let desk = carries(&organiser).await.into_iter().find(|(_, carries)| carries.is_null());
    assert!(desk.is_some(), "a desk receives no documents");
    let seen = organiser.get(OPERATIONS).await;
    assert!(all.iter().all(|mark| !seen.text().contains(mark)), "no more than is needed");

    // A new version: the phone lacks it before it knows.
    server.app.write_heard().await.unwrap();
    let server = server.restart().await;
    let (organiser, phone) = (server.moved(organiser), server.moved(phone));
    let of_phone = async || carries(&organiser).await.into_iter().find(|(name, _)| name == "Lê Minh Đại").unwrap().1;
    assert_eq!(of_phone().await, json!("everything"), "also for another process");
    import(open_store(&server.dir).await, &crate::recall::version(2), now()).await.unwrap();
    let lacks = json!({ "lacks": { "documents": ["nghi-quyet"], "files": 0 } });
    eventually("the new version", async || (of_phone().await == lacks).then_some(())).await;

    for held in [json!(["0123456789a"]), json!(["0123456789ax"]), json!(vec!["0123456789ab"; 1_001]), json!("all")] {
        let mut report = sent();
        report["held"] = held;
        assert_eq!(phone.put(REPORT, &report).await.status.as_u16() / 100, 4, "{}", report["held"]);
    }
}

#[tokio::test]
async fn a_device_that_was_sent_away_is_seen_no_more() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    says(&phone, &unsent()).await;
    assert_eq!(organiser.delete(&format!("/devices/{}", phone.device_id)).await.status, StatusCode::OK);
    assert_eq!(seen_by(&organiser).await, [("Bùi Tổ".into(), Value::Null)]);
}

#[tokio::test]
async fn reports_outlive_a_restart_and_travel_with_the_congress() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    says(&phone, &unsent()).await;
    let server = server.restart().await;
    let (organiser, phone) = (server.moved(organiser), server.moved(phone));
    assert_eq!(seen_by(&organiser).await[0].1, unsent());
    says(&phone, &sent()).await;
    server.app.write_heard().await.unwrap();
    let held = async |store: &dyn Store| store.devices_with_reports(CONGRESS).await.unwrap();
    let before = held(&*server.store).await;

    let file = server.dir.path().join("backup.sqlite");
    backup(&server.dir.database, &file).await.unwrap();
    let copy = server::store::location::Location::Sqlite(file).open().await.unwrap();
    assert_eq!(held(&*copy).await, before);
    let home = Home::new();
    migrate(&server.dir.database, &home.database).await.unwrap();
    assert_eq!(held(&*open_store(&home).await).await, before);
}

#[tokio::test]
async fn a_report_that_could_not_be_written_is_written_later() {
    let server = TestServer::start().await;
    let (organiser, phone) = (server.device("s2").await, server.device("p3").await);
    says(&phone, &unsent()).await;
    let broken = Tampered::new(server.store.clone());
    broken.commits_fail.store(true, Ordering::SeqCst);
    assert!(server.app.reports.flush(&broken).await.is_err());
    assert_eq!(seen_by(&organiser).await[0].1, unsent());
}

/// Two servers over one database: what one heard, the other tells.
#[tokio::test]
async fn another_replica_tells_what_this_one_has_written() {
    let server = TestServer::start().await;
    let phone = server.device("p3").await;
    let other = App::open(open_store(&server.dir).await, Config::default()).await.unwrap();
    let organiser = TestDevice { router: router(other), ..server.device("s2").await };
    says(&phone, &unsent()).await;
    server.app.write_heard().await.unwrap();
    assert_eq!(seen_by(&organiser).await[0].1, unsent());
}
