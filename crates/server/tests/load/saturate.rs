//! How many commands a second one congress takes: pushes of 20 commands, one after the other on many connections, in the
//! name of all delegates in turn, without the machine's pauses.

use std::sync::Arc;
use std::time::Duration;

use congress::commands::{Action, SubmitComment};
use hyper::{Method, StatusCode};
use server::clock::now;
use sync::client::Failure;
use sync::ids::{ClientId, CommandId};
use sync::wire::{Command, PROTOCOL, PushOutcome, PushRequest, PushResponse, Receipt};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::comment;
use crate::phone::{Phone, World, random};
use crate::wire::Line;

const CONNECTIONS: usize = 64;
const COMMANDS_A_PUSH: u64 = 20;
/// A person has a limit of comments, and what is only refused is no measure.
const COMMANDS_MAX: u64 = 400;

/// Commands acknowledged in a second.
pub async fn saturate(world: &Arc<World>, phones: &[Phone], lasting: Duration) -> f64 {
    let (mut connections, since) = (JoinSet::new(), Instant::now());
    let delegates: Vec<_> = phones.iter().filter(|phone| phone.owner.delegate).collect();
    for number in 0..CONNECTIONS {
        // Each connection writes for many people, one after the other.
        let cookies = delegates.iter().skip(number).step_by(CONNECTIONS).map(|phone| Arc::clone(&phone.cookie));
        let (world, cookies) = (Arc::clone(world), cookies.collect::<Vec<_>>());
        connections.spawn(async move { push_until(&world, &cookies, since + lasting).await });
    }
    let acknowledged: usize = connections.join_all().await.into_iter().sum();
    acknowledged as f64 / since.elapsed().as_secs_f64()
}

async fn push_until(world: &World, cookies: &[Arc<str>], end: Instant) -> usize {
    let path = format!("/api/v1/congresses/{}/sync/push", world.congress);
    let writers: Vec<_> = cookies.iter().map(|cookie| (cookie, ClientId::from_random(random()))).collect();
    let (mut line, mut acknowledged, mut last_seq) = (Line::new(world.port), 0, 0);
    while last_seq < COMMANDS_MAX {
        for (cookie, client_id) in &writers {
            if Instant::now() >= end {
                return acknowledged;
            }
            let commands = (1..=COMMANDS_A_PUSH).map(|next| command(last_seq + next)).collect();
            let request =
                PushRequest { protocol: PROTOCOL, client_id: *client_id, person: None, epoch: None, commands };
            let body = serde_json::to_string(&request).unwrap();
            let receipts = push(world, &mut line, &path, cookie, body).await;
            acknowledged += receipts.len();
            world.book.open().acknowledged.extend(receipts);
        }
        last_seq += COMMANDS_A_PUSH;
    }
    acknowledged
}

/// The same commands again until they are acknowledged, as a phone does it.
async fn push(world: &World, line: &mut Line, path: &str, cookie: &str, body: String) -> Vec<Receipt> {
    loop {
        match line.ask(Method::POST, path, cookie, Some(body.clone())).await {
            Ok(reply) if reply.status == StatusCode::OK => {
                let response: PushResponse = reply.json().unwrap();
                assert_eq!(response.outcome, PushOutcome::Done);
                return response.receipts;
            }
            _ => world.book.failed("push", Failure::Busy { retry_ms: 0 }),
        }
        sleep(Duration::from_millis(500)).await;
    }
}

fn command(seq: u64) -> Command {
    let (command_id, payload) = (CommandId::from_time(now(), random()), comment().payload());
    Command { seq, command_id, kind: SubmitComment::KIND.to_owned(), v: 1, created_at: now(), payload }
}
