//! How many commands a second one congress takes: pushes as large as an evening's work, one after the other on many
//! connections, without the machine's pauses.

use std::sync::Arc;
use std::time::Duration;

use congress::commands::{Action, SubmitComment};
use hyper::{Method, StatusCode};
use server::clock::now;
use sync::client::Failure;
use sync::ids::{ClientId, CommandId};
use sync::wire::{Command, PROTOCOL, PushOutcome, PushRequest, PushResponse};
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
    let (mut writers, since) = (JoinSet::new(), Instant::now());
    for phone in phones.iter().rev().filter(|phone| phone.owner.delegate).take(CONNECTIONS) {
        let (world, cookie) = (Arc::clone(world), Arc::clone(&phone.cookie));
        writers.spawn(async move { push_until(&world, &cookie, since + lasting).await });
    }
    let acknowledged: usize = writers.join_all().await.into_iter().sum();
    acknowledged as f64 / since.elapsed().as_secs_f64()
}

async fn push_until(world: &World, cookie: &str, end: Instant) -> usize {
    let (client_id, mut last_seq, mut line) = (ClientId::from_random(random()), 0, Line::new(world.port));
    let path = format!("/api/v1/congresses/{}/sync/push", world.congress);
    while Instant::now() < end && last_seq < COMMANDS_MAX {
        let commands = (1..=COMMANDS_A_PUSH).map(|next| command(last_seq + next)).collect();
        let request = PushRequest { protocol: PROTOCOL, client_id, person: None, epoch: None, commands };
        let body = serde_json::to_string(&request).unwrap();
        // The same commands again until they are acknowledged, as a phone does it.
        let response: PushResponse = loop {
            match line.ask(Method::POST, &path, cookie, Some(body.clone())).await {
                Ok(reply) if reply.status == StatusCode::OK => break reply.json().unwrap(),
                _ => world.book.failed("push", Failure::Busy { retry_ms: 0 }),
            }
            sleep(Duration::from_millis(500)).await;
        };
        assert_eq!(response.outcome, PushOutcome::Done);
        last_seq = response.last_seq;
        world.book.open().acknowledged.extend(response.receipts);
    }
    usize::try_from(last_seq).unwrap()
}

fn command(seq: u64) -> Command {
    let (command_id, payload) = (CommandId::from_time(now(), random()), comment().payload());
    Command { seq, command_id, kind: SubmitComment::KIND.to_owned(), v: 1, created_at: now(), payload }
}
