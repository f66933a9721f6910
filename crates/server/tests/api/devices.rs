//! A person's devices, and sending one away.

use axum::http::{StatusCode, header};
use serde_json::Value;
use server::clock::now;
use sync::ids::PersonId;

use crate::common::{API, TestServer, eventually, post, refused};

#[tokio::test]
async fn a_person_sees_their_own_devices_and_no_others() {
    let server = TestServer::start().await;
    let (phone, tablet, stranger) = (server.device("p3").await, server.device("p3").await, server.device("p4").await);
    let seen: Vec<Value> = phone.get("/devices").await.ok();
    let view = |device: &Value| (device["id"].as_str().unwrap().to_owned(), device["current"].as_bool().unwrap());
    let mut views: Vec<_> = seen.iter().map(view).collect();
    views.sort_by_key(|(_, current)| !current);
    assert_eq!(views, [(phone.device_id.to_string(), true), (tablet.device_id.to_string(), false)]);
    let refusal = phone.delete(&format!("/devices/{}", stranger.device_id)).await;
    assert_eq!(refusal.error(), refused(404, "not-found"));
    assert_eq!(stranger.get("/devices").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_device_that_is_sent_away_is_out_at_once_and_the_organiser_may_send_away_any() {
    let server = TestServer::start().await;
    let (phone, lost, organiser) = (server.device("p3").await, server.device("p3").await, server.device("s2").await);
    assert_eq!(phone.delete(&format!("/devices/{}", lost.device_id)).await.status, StatusCode::OK);
    assert_eq!(lost.get("/devices").await.error(), refused(401, "device-revoked"));
    assert_eq!(organiser.delete(&format!("/devices/{}", phone.device_id)).await.status, StatusCode::OK);
    assert_eq!(phone.get("/devices").await.error(), refused(401, "device-revoked"));
    let leaving = organiser.delete(&format!("/devices/{}", organiser.device_id)).await;
    assert!(leaving.header(header::SET_COOKIE).starts_with("sotay=; "));
    assert!(leaving.header(header::SET_COOKIE).contains("Max-Age=0"));
}

#[tokio::test]
async fn without_a_token_there_is_nothing() {
    let server = TestServer::start().await;
    for path in ["/devices", "/sync/stream?client_id=00000000-0000-4000-8000-000000000000", "/blobs/00"] {
        assert_eq!(server.get(&format!("{API}{path}")).await.error(), refused(401, "device-revoked"), "{path}");
    }
    for path in ["/sync/push", "/sync/pull"] {
        let answer = server.send(post(&format!("{API}{path}"), "{}".to_owned())).await;
        assert_eq!(answer.error(), refused(401, "device-revoked"), "{path}");
    }
    let nowhere = server.get("/api/v1/congresses/nowhere/devices").await;
    assert_eq!(nowhere.error(), refused(404, "congress-unknown"), "no reason for phones to forget anything");
    assert_eq!(server.get("/api/v2/anything").await.error(), refused(404, "not-found"));
}

#[tokio::test]
async fn a_token_opens_the_congress_it_was_made_for_only() {
    let server = TestServer::start().await;
    let mut pack = pack::read(&crate::common::pack_folder()).unwrap();
    pack.congress.id = "xa-khac".to_owned();
    server::import::import(server.store.clone(), &pack, now()).await.unwrap();
    eventually("the new congress is served", async || server.app.hall("xa-khac")).await;
    let device = server.device("p3").await;
    let mut request = post("/api/v1/congresses/xa-khac/sync/pull", "{}".to_owned());
    request.headers_mut().insert(header::COOKIE, device.cookie.parse().unwrap());
    assert_eq!(server.send(request).await.error(), refused(401, "device-revoked"));
}

#[tokio::test]
async fn signs_of_life_are_written_at_most_once_a_minute() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let person = PersonId::new("p3");
    let seen_at = async || server.store.devices("xa-ben-da", Some(&person)).await.unwrap()[0].last_seen_at;
    let first = seen_at().await;
    device.get("/devices").await;
    server.app.seen.flush(&*server.store).await.unwrap();
    assert_eq!(seen_at().await, first, "it was seen a moment ago");
    let hall = server.app.hall("xa-ben-da").unwrap();
    let later = sync::ids::Timestamp(first.0 + 60_000);
    let held = server.store.devices("xa-ben-da", Some(&person)).await.unwrap().remove(0);
    server.app.seen.note(hall.congress(), &held, later);
    server.app.seen.flush(&*server.store).await.unwrap();
    assert_eq!(seen_at().await, later);
}
