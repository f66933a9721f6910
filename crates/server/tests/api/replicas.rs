//! Several servers on one database: any of them takes any push, and all of them tell the same.

use std::time::Duration;

use server::{App, Config, router};
use sync::ids::Gsn;
use sync::wire::{PushOutcome, Status};
use tokio::time::{Instant, timeout};

use crate::common::{CONGRESS, TestDevice, TestServer, open_store, rows};

/// One more server on the data of another one.
async fn replica(server: &TestServer) -> TestServer {
    let store = open_store(&server.dir).await;
    let app = App::open(store.clone(), Config::default()).await.unwrap();
    TestServer { dir: server.dir.clone(), store, router: router(app.clone()), app }
}

fn at(server: &TestServer, device: &TestDevice) -> TestDevice {
    server.moved(device.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_replica_takes_any_push_and_none_is_skipped() {
    const DEVICES: usize = 32;
    const EACH: usize = 4;
    let first = TestServer::start().await;
    let servers = [replica(&first).await, replica(&first).await, first];
    let people = ["p1", "p2", "p3", "p4", "p6"];
    let mut tasks = Vec::new();
    for number in 0..DEVICES {
        let mut device = servers[0].device(people[number % people.len()]).await;
        let places: Vec<TestDevice> = servers.iter().map(|server| at(server, &device)).collect();
        tasks.push(tokio::spawn(async move {
            for turn in 0..EACH {
                let command = device.comment(&format!("máy {number} lần {turn}"));
                // The next server each time, and once more at the one after it, as after a lost answer.
                let answer = places[(number + turn) % places.len()].push(vec![command.clone()]).await;
                assert_eq!((answer.outcome, answer.receipts[0].status), (PushOutcome::Done, Status::Accepted));
                assert_eq!(places[(number + turn + 1) % places.len()].push(vec![command]).await, answer);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let head = 1 + (DEVICES * EACH) as Gsn;
    let mut seen = Vec::new();
    for server in &servers {
        let hall = server.app.hall(CONGRESS).unwrap();
        timeout(Duration::from_secs(10), hall.head().wait_for(|gsn| *gsn == head)).await.unwrap().unwrap();
        seen.push(hall.read(|log| log.rows().clone()));
    }
    assert!(seen.iter().all(|rows| *rows == seen[0]), "all tell the same");
    let gsns: Vec<Gsn> =
        servers[0].store.entries_after(CONGRESS, 0, 1_000).await.unwrap().iter().map(|entry| entry.gsn).collect();
    assert_eq!(gsns, (1..=head).collect::<Vec<_>>());
}

/// The bound is wide for a busy machine; what is meant is a second.
#[tokio::test]
async fn every_replica_sees_a_change_soon() {
    let server = TestServer::start().await;
    let other = replica(&server).await;
    let mut device = server.device("p3").await;
    let mut head = other.app.hall(CONGRESS).unwrap().head();
    for _ in 0..3 {
        let comment = device.comment("mới");
        let gsn = device.push(vec![comment]).await.receipts[0].gsn;
        let began = Instant::now();
        timeout(Duration::from_secs(10), head.wait_for(|known| *known >= gsn)).await.unwrap().unwrap();
        println!("seen by the other replica after {} ms", began.elapsed().as_millis());
    }
}

#[tokio::test]
async fn a_device_that_moves_to_another_replica_is_not_taken_back() {
    let server = TestServer::start().await;
    let other = replica(&server).await;
    let mut device = server.device("p3").await;
    let there = at(&other, &device);
    for turn in 1..=5 {
        let comment = device.comment("x");
        device.push(vec![comment]).await;
        let here = device.pull_all().await;
        // It holds all of this, and asks the other one at once.
        let answer = there.pull(&there.after(&here)).await;
        assert_eq!((answer.epoch, answer.gsn, answer.last_seq), (here.epoch, here.gsn, turn));
        assert_eq!(rows(&answer), []);
        assert_eq!(rows(&there.pull_all().await), rows(&here));
    }
}

#[tokio::test]
async fn a_device_revoked_at_one_replica_is_out_at_all() {
    let server = TestServer::start().await;
    let other = replica(&server).await;
    let device = server.device("p3").await;
    let mut access = other.app.hall(CONGRESS).unwrap().access();
    access.borrow_and_update();
    device.delete(&format!("/devices/{}", device.device_id)).await;
    timeout(Duration::from_secs(10), access.changed()).await.unwrap().unwrap();
    assert_eq!(at(&other, &device).get("/devices").await.status.as_u16(), 401);
}
