//! The hall without HTTP: what a failed commit leaves, what another writer does, and documents whose time comes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use congress::CongressRules;
use congress::entities::{Document, read_all};
use congress::scopes;
use server::Hall;
use server::clock::{now, system_clock};
use server::hall::{Push, PushFailure, Writer};
use server::store::StoreError;
use sync::ids::{PersonId, Scope, Timestamp};
use sync::json::Json;
use sync::row::{Change, Rows};
use sync::rules::{Actor, Rules, Verdict};
use sync::wire::{Command, PushRequest, Status};

use crate::common::{CONGRESS, TestDevice, TestServer, eventually, open_store};
use crate::tampered::Tampered;

fn push_of(commands: Vec<Command>, device: &TestDevice) -> PushRequest {
    device.push_request(commands)
}

#[tokio::test]
async fn a_failed_commit_leaves_nothing_and_the_next_push_succeeds() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let store = Arc::new(Tampered::new(open_store(&server.dir).await));
    let hall = Hall::open(store.clone(), CONGRESS).await.unwrap();
    let (person, request) = (PersonId::new("p3"), {
        let commands = vec![device.comment("giữ lại")];
        push_of(commands, &device)
    });
    let before = hall.read(|log| (log.gsn(), log.rows().clone()));
    store.commits_fail.store(true, Ordering::SeqCst);
    assert_eq!(hall.push(&person, request.clone()).await, Err(PushFailure::NotStored));
    assert_eq!(hall.read(|log| (log.gsn(), log.rows().clone())), before);
    store.commits_fail.store(false, Ordering::SeqCst);
    let answer = hall.push(&person, request.clone()).await.unwrap();
    assert_eq!((answer.last_seq, answer.receipts.len()), (1, 1));
    assert_eq!(hall.push(&person, request).await, Ok(answer));
    hall.close().await;
}

#[tokio::test]
async fn two_writers_on_one_database_never_take_the_same_number() {
    let server = TestServer::start().await;
    let (mut ours, mut theirs) = (server.device("p3").await, server.device("p4").await);
    let rules = Arc::new(CongressRules);
    let mut one = Writer::open(open_store(&server.dir).await, CONGRESS, rules.clone()).await.unwrap();
    let mut two = Writer::open(open_store(&server.dir).await, CONGRESS, rules).await.unwrap();
    for _ in 0..5 {
        for (writer, person, device) in [(&mut one, "p3", &mut ours), (&mut two, "p4", &mut theirs)] {
            let commands = vec![device.comment("x")];
            let request = push_of(commands, device);
            let push = Push { person: PersonId::new(person), request };
            writer.push(&[push], now()).await.unwrap()[0].as_ref().unwrap();
        }
    }
    one.follow().await.unwrap();
    assert_eq!(one.gsn(), 11);
    assert_eq!(one.read(|log| log.rows().clone()), two.read(|log| log.rows().clone()));
}

#[tokio::test]
async fn a_document_reaches_the_delegates_when_its_time_comes() {
    let server = TestServer::start().await;
    let released_at = server
        .app
        .hall(CONGRESS)
        .unwrap()
        .rows(|rows| read_all::<Document>(rows, &scopes::secretariat())[0].released_at);
    let time = Arc::new(AtomicI64::new(released_at.0 - 1));
    let clock = {
        let time = time.clone();
        Arc::new(move || Timestamp(time.load(Ordering::SeqCst)))
    };
    let store = open_store(&server.dir).await;
    let hall = Hall::open_with(store, CONGRESS, Arc::new(CongressRules), clock).await.unwrap();
    let held = |scope| hall.rows(|rows| read_all::<Document>(rows, &scope).len());
    let (at_desk, before) = (held(scopes::secretariat()), held(scopes::delegates()));
    assert_eq!(at_desk, 1);
    time.store(released_at.0, Ordering::SeqCst);
    eventually("the release", async || (held(scopes::secretariat()) == 0).then_some(())).await;
    assert_eq!(held(scopes::delegates()), before + 1);
    assert_eq!(hall.read(|log| log.gsn()), 2, "one command of the system");
    // The server that runs beside it follows, and releases nothing twice.
    let other = server.app.hall(CONGRESS).unwrap();
    eventually("the other follows", async || (other.read(|log| log.gsn()) == 2).then_some(())).await;
    hall.close().await;
}

#[tokio::test]
async fn a_closed_hall_turns_pushes_away() {
    let server = TestServer::start().await;
    let device = server.device("p3").await;
    let hall = Hall::open(open_store(&server.dir).await, CONGRESS).await.unwrap();
    hall.close().await;
    let answer = hall.push(&PersonId::new("p3"), push_of(vec![], &device)).await;
    assert_eq!(answer, Err(PushFailure::Busy));
}

#[tokio::test]
async fn a_database_that_was_exchanged_under_a_server_is_not_written_to() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let store = Arc::new(Tampered::new(open_store(&server.dir).await));
    let mut writer = Writer::open(store.clone(), CONGRESS, Arc::new(CongressRules)).await.unwrap();
    store.is_exchanged.store(true, Ordering::SeqCst);
    let commands = vec![device.comment("x")];
    let request = push_of(commands, &device);
    let push = Push { person: PersonId::new("p3"), request };
    assert!(matches!(writer.push(&[push], now()).await, Err(StoreError::OtherLog(_))));
    assert!(matches!(writer.follow().await, Err(StoreError::OtherLog(_))));
    assert_eq!(server.store.pulse(CONGRESS).await.unwrap().head, 1);
}

#[tokio::test]
async fn a_hall_whose_database_is_not_its_own_is_not_ready_until_it_is_again() {
    let server = TestServer::start().await;
    let store = Arc::new(Tampered::new(open_store(&server.dir).await));
    let hall = Hall::open(store.clone(), CONGRESS).await.unwrap();
    assert!(hall.is_healthy());
    for (is_exchanged, what) in [(true, "the hall notices"), (false, "the hall recovers")] {
        store.is_exchanged.store(is_exchanged, Ordering::SeqCst);
        eventually(what, async || (hall.is_healthy() != is_exchanged).then_some(())).await;
    }
    hall.close().await;
}

/// Rules with a mistake in them.
struct Broken;

impl Rules for Broken {
    fn decide(&self, rows: &dyn Rows, actor: &Actor, command: &Command, now: Timestamp) -> Verdict {
        assert_ne!(command.kind, "poison");
        CongressRules.decide(rows, actor, command, now)
    }

    fn predict(&self, _: &dyn Rows, _: &Actor, _: &Command) -> Vec<Change> {
        Vec::new()
    }

    fn scopes(&self, rows: &dyn Rows, person: &PersonId) -> BTreeSet<Scope> {
        CongressRules.scopes(rows, person)
    }
}

#[tokio::test]
async fn a_command_on_which_the_rules_panic_is_parked_and_blocks_nothing() {
    let server = TestServer::start().await;
    let mut device = server.device("p3").await;
    let store = open_store(&server.dir).await;
    let hall = Hall::open_with(store, CONGRESS, Arc::new(Broken), system_clock()).await.unwrap();
    let commands = vec![device.command("poison", Json::of(&1)), device.comment("đi sau")];
    let answer = hall.push(&PersonId::new("p3"), push_of(commands, &device)).await.unwrap();
    let statuses: Vec<Status> = answer.receipts.iter().map(|receipt| receipt.status).collect();
    assert_eq!(statuses, [Status::Parked, Status::Accepted]);
    hall.close().await;
}
