//! A full hall against one real server: headless phones with the real client machine sign in, read, are checked in,
//! comment, lose the network together and come back. The figures are a benchmark and never fail on time; what fails is a
//! lost acknowledgement, a phone that disagrees with the server, or one that is never done. `cargo xtask load`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "load/book.rs"]
mod book;
#[path = "load/crowd.rs"]
mod crowd;
#[path = "load/errands.rs"]
mod errands;
#[path = "load/machine.rs"]
mod machine;
#[path = "load/pack.rs"]
mod pack;
#[path = "load/phone.rs"]
mod phone;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/process.rs"]
mod process;
#[path = "load/report.rs"]
mod report;
#[path = "load/saturate.rs"]
mod saturate;
#[path = "load/verify.rs"]
mod verify;
#[path = "load/wire.rs"]
mod wire;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use ::pack::Pack;
use crowd::{Crowd, Traffic};
use machine::Meter;
use phone::{Owner, World};
use process::{Running, database, folder, links, run};
use report::Run;
use server::store::location::Location;
use tokio::time::Instant;

const MEGABYTE: f64 = 1_000_000.0;

/// How a hall is played.
#[derive(Clone, Copy)]
struct Plan {
    postgres: bool,
    /// Everyone opens the invitation within this time.
    sign_in: Duration,
    /// Reading, two peaks of check-ins and the comments, all of it.
    played: Duration,
    /// Changes to all phones.
    spreads: u32,
    saturated: Duration,
}

#[test]
fn forty_phones_lose_nothing_and_agree_with_the_server() {
    let plan = Plan {
        postgres: false,
        sign_in: Duration::from_secs(1),
        played: Duration::from_secs(6),
        spreads: 1,
        saturated: Duration::from_millis(500),
    };
    let run = play(40, plan);
    assert!(run.values["push_n"] > 0.0 && run.values["presidium_n"] > 0.0 && run.values["acknowledged"] > 100.0);
    report::print(&[run]);
}

#[test]
#[ignore = "asked for by `cargo xtask load`"]
fn hall_from_environment() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let minutes: f64 = read("LOAD_MINUTES").parse().unwrap();
    let database = read("LOAD_DATABASE");
    let plan = Plan {
        postgres: database == "postgres",
        sign_in: Duration::from_secs(10),
        played: Duration::from_secs_f64(minutes * 60.0),
        spreads: 4,
        saturated: Duration::from_secs(5),
    };
    let mut runs: Vec<Run> =
        read("LOAD_CLIENTS").split(',').map(|phones| play(phones.parse().unwrap(), plan)).collect();
    report::compare(&mut runs);
    report::print(&runs);
    report::write(Path::new(&read("LOAD_REPORT")), &database, minutes, &runs);
}

/// One hall from the import to the last check, on a database of its own.
fn play(phones: usize, plan: Plan) -> Run {
    machine::allow_files(phones);
    let dir = tempfile::tempdir().unwrap();
    let pack = pack::write(&dir.path().join("pack"));
    let data = dir.path().join("data");
    let (place, location) = if plan.postgres {
        let url = postgres::new_database();
        (database(&url), url.parse().unwrap())
    } else {
        (folder(&data), Location::Sqlite(data.join("congress.sqlite")))
    };
    let imported = run(&["import", &dir.path().join("pack").display().to_string()], &place);
    assert!(imported.status.success(), "{imported:?}");
    let people = crowd::owners(&pack, phones);
    let words: Vec<&str> = people.iter().flat_map(|person| ["--person", person.as_str()]).collect();
    let codes = links(&place, &[&["--devices", "1"], &words[..]].concat());
    let owners = people.into_iter().zip(codes).enumerate().map(|(number, (person, link))| Owner {
        delegate: pack.people.iter().any(|one| one.person.id == person && crowd::is_delegate(one)),
        person,
        number,
        code: link["link"].as_str().unwrap().split_once("/e#").unwrap().1.to_owned(),
        watches: number == 0,
    });
    let owners: Vec<Owner> = owners.collect();
    let server = Running::start(&place);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let run = runtime.block_on(play_on(server, &location, &pack, owners, plan));
    runtime.shutdown_background();
    run
}

async fn play_on(mut server: Running, location: &Location, pack: &Pack, owners: Vec<Owner>, plan: Plan) -> Run {
    let (process, phones) = (server.child.id(), owners.len());
    let since = Instant::now();
    let say = |what: &str| println!("{phones} phones, {:.0} s: {what}", since.elapsed().as_secs_f64());
    let mut run = Run::new(phones);
    let memory = || machine::memory(process).resident as f64;
    run.set("memory_start", memory() / MEGABYTE);
    let world =
        Arc::new(World { port: server.port, congress: pack.congress_id().to_owned(), book: book::Book::default() });

    say("sign-in and documents");
    let meter = Meter::start(process);
    let mut crowd = Crowd::sign_in(Arc::clone(&world), pack, owners, plan.sign_in).await;
    run.set("cores_sign_in", meter.cores());
    run.set("memory_signed_in", memory() / MEGABYTE);

    let phases = [
        (Traffic::Reading, 1, "cores_reading"),
        (Traffic::CheckIns(350), 1, "cores_check_ins_350"),
        (Traffic::CheckIns(1_586), 1, "cores_check_ins"),
        (Traffic::Comments(10.0), 3, "cores_burst"),
    ];
    for (traffic, sixths, name) in phases {
        say(&format!("{traffic:?}"));
        let meter = Meter::start(process);
        crowd.live(plan.played * sixths / 6, traffic).await;
        run.set(name, meter.cores() * 1_000.0 / phones as f64);
    }
    say("changes to all phones");
    assert!(crowd.spread(plan.spreads).await.iter().all(|seen| *seen == phones), "a change did not reach every phone");
    run.set("memory_live", memory() / MEGABYTE);

    say("storm");
    let meter = Meter::start(process);
    crowd.storm().await;
    run.set("cores_storm", meter.cores());
    run.set("memory_storm", memory() / MEGABYTE);
    run.take(&mut world.book.open());

    say("as many commands as it takes");
    let meter = Meter::start(process);
    let a_second = saturate::saturate(&world, &crowd.phones, plan.saturated).await;
    run.set("commands_s", a_second);
    run.set("command_us", meter.cores() * 1_000_000.0 / a_second);

    say("looking for what was acknowledged");
    let held = crowd.show().await;
    run.set("memory_peak", machine::memory(process).peak as f64 / MEGABYTE);
    Command::new("kill").args(["-TERM", &process.to_string()]).status().unwrap();
    assert!(server.child.wait().unwrap().success(), "the server did not end gently");
    let (log, receipts) = verify::read(location, &world.congress).await;
    let acknowledged = std::mem::take(&mut world.book.open().acknowledged);
    run.set("acknowledged", acknowledged.len() as f64);
    assert_eq!(verify::missing(&acknowledged, &receipts), 0, "of {} acknowledged commands", acknowledged.len());
    for (phone, (base, waiting)) in crowd.phones.iter().zip(&held) {
        assert_eq!(*waiting, 0, "{} has something left to send", phone.owner.person);
        assert_eq!(verify::difference(&log, &phone.owner.person, base), None);
    }
    // Neither check is blind: another receipt than the one that is held, and a phone without its programme, are noticed.
    let (mut forged, mut robbed) = (acknowledged[0].clone(), held[0].0.clone());
    forged.gsn += 1;
    robbed.rows.remove_scope(&congress::scopes::public());
    assert_eq!(verify::missing(&[forged], &receipts), 1);
    assert!(verify::difference(&log, &crowd.phones[0].owner.person, &robbed).is_some());
    run
}
