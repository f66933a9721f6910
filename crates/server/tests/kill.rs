//! kill -9 of real servers under load, with a list of acknowledgements outside of them: whatever a server said it holds
//! is there after any number of deaths, once, and with the same receipt. On PostgreSQL two replicas run, and devices go
//! from the one that died to the other. `KILL_TIMES` says how often; `cargo xtask kill` makes long runs of it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/process.rs"]
mod process;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use congress::commands::{Action, SubmitComment};
use congress::entities::{Anchor, Stance};
use process::{Place, Running, database, folder, links};
use program::{API, connect, import};
use server::clock::{jitter, random_u128};
use server::store::location::Location;
use sync::ids::{ClientId, CommandId, Gsn, Timestamp};
use sync::wire::{Command, PROTOCOL, PushOutcome, PushRequest, PushResponse, Receipt};

const TIMES: usize = 200;
/// A fresh database after so many deaths: starts stay short however long the run is.
const TIMES_EACH: usize = 50;
/// Devices that write all the time; each has its own person, or shares one with others.
const WRITERS: usize = 8;
const PEOPLE: [&str; 5] = ["p1", "p2", "p3", "p4", "p6"];

#[test]
fn no_acknowledged_command_is_lost_by_kills_on_sqlite() {
    kill_all(1, || {
        let dir = tempfile::tempdir().unwrap();
        let (place, location) = (folder(dir.path()), Location::Sqlite(dir.path().join("congress.sqlite")));
        (place, location, Some(dir))
    });
}

#[test]
fn no_acknowledged_command_is_lost_by_kills_on_postgres() {
    kill_all(2, || {
        let url = postgres::new_database();
        (database(&url), url.parse().unwrap(), None)
    });
}

fn kill_all(replicas: usize, new_database: impl Fn() -> (Place, Location, Option<tempfile::TempDir>)) {
    let times = std::env::var("KILL_TIMES").map_or(TIMES, |times| times.parse().unwrap());
    let (mut killed, mut acknowledged) = (0, 0);
    while killed < times {
        let (place, location, _dir) = new_database();
        import(&place);
        let done = kill_under_load(&place, &location, replicas, TIMES_EACH.min(times - killed));
        killed += done.0;
        acknowledged += done.1;
    }
    println!("{killed} kills, {acknowledged} acknowledged commands, 0 missing");
}

/// Returns how often a server was killed, and how many commands were acknowledged, all of which are there.
fn kill_under_load(place: &Place, location: &Location, replicas: usize, times: usize) -> (usize, usize) {
    let mut servers: Vec<Running> = (0..replicas).map(|_| Running::start(place)).collect();
    let hall = Hall {
        ports: servers.iter().map(|server| AtomicU16::new(server.port)).collect(),
        closing: AtomicBool::new(false),
        acknowledged: Mutex::default(),
        count: AtomicUsize::new(0),
    };
    let cookies: Vec<String> = (0..WRITERS)
        .map(|at| servers[0].enrol(&links(place, &["--person", PEOPLE[at % PEOPLE.len()], "--devices", "1"])[0]))
        .collect();
    let mut killed = 0;
    thread::scope(|scope| {
        for (at, cookie) in cookies.iter().enumerate() {
            let hall = &hall;
            scope.spawn(move || write_until_closed(hall, at, cookie));
        }
        while killed < times {
            // Some acknowledgements at least, so that there is something to lose, and then at any moment.
            let enough = hall.count.load(Ordering::SeqCst) + WRITERS;
            let waited = (0..60_000).find(|_| {
                thread::sleep(Duration::from_millis(1));
                hall.count.load(Ordering::SeqCst) >= enough
            });
            assert!(waited.is_some(), "nothing is acknowledged any more");
            thread::sleep(Duration::from_micros(jitter(&(0..=20_000))));
            // Now one, now all of them.
            let dying: Vec<usize> = (0..replicas).filter(|at| killed % 3 == 2 || killed % replicas == *at).collect();
            killed += dying.len();
            for at in &dying {
                servers[*at].child.kill().unwrap();
                servers[*at].child.wait().unwrap();
            }
            for at in dying {
                servers[at] = Running::start(place);
                hall.ports[at].store(servers[at].port, Ordering::SeqCst);
            }
        }
        hall.closing.store(true, Ordering::SeqCst);
    });
    drop(servers);
    let acknowledged = hall.acknowledged.into_inner().unwrap();
    look_for(&acknowledged, location);
    (killed, acknowledged.len())
}

/// What all devices see: where servers are, and what they said.
struct Hall {
    ports: Vec<AtomicU16>,
    closing: AtomicBool,
    acknowledged: Mutex<Vec<Receipt>>,
    count: AtomicUsize,
}

/// A device: the same commands again and again until somebody acknowledges them, then the next ones.
fn write_until_closed(hall: &Hall, number: usize, cookie: &str) {
    let client = ClientId::from_random(random_u128().unwrap());
    let (mut last_seq, mut server) = (0, number);
    let mut connection = None;
    while !hall.closing.load(Ordering::SeqCst) {
        let commands: Vec<Command> = (1..=1 + last_seq % 3).map(|next| comment(last_seq + next)).collect();
        let request = PushRequest {
            protocol: PROTOCOL,
            client_id: client,
            person: None,
            epoch: None,
            commands: commands.clone(),
        };
        let body = serde_json::to_string(&request).unwrap();
        let answer = loop {
            let port = hall.ports[server % hall.ports.len()].load(Ordering::SeqCst);
            match push(&mut connection, port, cookie, &body) {
                Ok(answer) => break answer,
                Err(_) => {
                    connection = None;
                    server += 1;
                    thread::sleep(Duration::from_millis(1));
                }
            }
        };
        // A gap would say that an acknowledged command is gone.
        assert_eq!(answer.outcome, PushOutcome::Done, "device {number} at {last_seq}");
        let ids: Vec<CommandId> = answer.receipts.iter().map(|receipt| receipt.command_id).collect();
        assert_eq!(ids, commands.iter().map(|command| command.command_id).collect::<Vec<_>>());
        last_seq = answer.last_seq;
        hall.count.fetch_add(answer.receipts.len(), Ordering::SeqCst);
        hall.acknowledged.lock().unwrap().extend(answer.receipts);
    }
}

fn comment(seq: u64) -> Command {
    let comment = SubmitComment {
        id: uuid::Uuid::from_u128(random_u128().unwrap()).to_string(),
        anchor: Anchor::Congress,
        stance: Stance::Agree,
        text: format!("Ý kiến số {seq}"),
        proposal: String::new(),
        floor_minutes: None,
    };
    let at = Timestamp(1_000);
    let command_id = CommandId::from_time(at, random_u128().unwrap());
    Command { seq, command_id, kind: SubmitComment::KIND.to_owned(), v: 1, created_at: at, payload: comment.payload() }
}

/// One push over a connection that stays open; anything but a 200 is no acknowledgement.
fn push(connection: &mut Option<BufReader<TcpStream>>, port: u16, cookie: &str, body: &str) -> Result<PushResponse> {
    let stream = match connection {
        Some(stream) => stream,
        None => connection.insert(BufReader::new(connect(port)?)),
    };
    write!(
        stream.get_mut(),
        "POST {API}/sync/push HTTP/1.1\r\nhost: localhost\r\nx-delegate-app: 1\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let (mut status, mut length) = (String::new(), 0);
    stream.read_line(&mut status)?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().map_err(Error::other)?,
            Some(_) => {}
            None => break,
        }
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer)?;
    if status.trim_end() == "HTTP/1.1 200 OK" {
        serde_json::from_slice(&answer).map_err(Error::other)
    } else {
        assert!(status.starts_with("HTTP/1.1 503"), "{status}{}", String::from_utf8_lossy(&answer));
        Err(ErrorKind::ConnectionRefused.into())
    }
}

/// Every acknowledged command stands in the log once, with the receipt that its device got.
#[tokio::main(flavor = "current_thread")]
async fn look_for(acknowledged: &[Receipt], location: &Location) {
    let store = location.open().await.unwrap();
    let (mut held, mut gsn): (BTreeMap<CommandId, Receipt>, Gsn) = (BTreeMap::new(), 0);
    loop {
        let entries = store.entries_after("xa-ben-da", gsn, 1_000).await.unwrap();
        let Some(last) = entries.last() else { break };
        assert_eq!((last.gsn, entries[0].gsn), (gsn + entries.len() as Gsn, gsn + 1), "no number is skipped");
        gsn = last.gsn;
        for entry in entries.into_iter().filter(|entry| !entry.repeat) {
            assert!(held.insert(entry.command.command_id, entry.receipt).is_none(), "decided twice");
        }
    }
    store.close().await;
    let missing = acknowledged.iter().filter(|receipt| held.get(&receipt.command_id) != Some(receipt)).count();
    assert_eq!(missing, 0, "of {} acknowledged commands", acknowledged.len());
}
