//! A hall in simulation: the real client machine on every phone, the real server machine on a real store, one process,
//! one seed. Faults strike; the promises must hold at every step, and everything must be at rest two minutes later.
//! One seed again: `cargo xtask sim --seeds 1 --steps 400 --seed S`.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a hall that cannot be set up says why")]

#[path = "hall/chance.rs"]
mod chance;
#[path = "hall/checks.rs"]
mod checks;
#[path = "hall/deeds.rs"]
mod deeds;
#[path = "hall/faults.rs"]
mod faults;
#[path = "hall/network.rs"]
mod network;
#[path = "hall/people.rs"]
mod people;
#[path = "hall/phone.rs"]
mod phone;
#[path = "hall/play.rs"]
mod play;
#[path = "hall/server.rs"]
mod server;
#[path = "hall/store.rs"]
mod store;
#[path = "hall/world.rs"]
mod world;

use faults::Sabotage;
use play::{play, play_all, regression};
use store::Kind;
use world::Plan;

/// Halls that once failed. They always run.
const REGRESSIONS: &str = include_str!("hall/regressions.txt");

#[test]
fn halls_that_once_failed_keep_their_promises() {
    let plans: Vec<Plan> = REGRESSIONS.lines().filter_map(regression).collect();
    let report = play_all(&plans);
    assert!(report.failures.is_empty(), "{}", report.failures.join("\n"));
}

#[test]
fn sixty_halls_keep_their_promises() {
    let store = |seed| if seed % 6 == 5 { Kind::Sqlite } else { Kind::Memory };
    let plans: Vec<Plan> = (0..60).map(|seed| Plan::new(seed, 400, store(seed))).collect();
    let report = play_all(&plans);
    report.print();
    assert!(report.failures.is_empty(), "{}", report.failures.join("\n"));
}

#[test]
fn each_wrong_design_is_caught() {
    for sabotage in Sabotage::ALL {
        let caught = (0..300).find_map(|seed| {
            let plan = Plan::new(seed, 400, Kind::Memory).with(sabotage);
            let broken = play(plan).err()?;
            let honest = play(Plan { sabotage: None, ..plan }).err();
            assert_eq!(honest, None, "seed {seed} of {sabotage:?}: the design itself breaks");
            Some(format!("seed {seed}: {}", broken.what))
        });
        println!("{sabotage:?}: {caught:?}");
        assert!(caught.is_some(), "{sabotage:?} was not noticed");
    }
}

#[test]
#[ignore = "asked for by `cargo xtask sim`"]
fn hall_from_environment() {
    let read = |name: &str| std::env::var(name).ok();
    // One hall of the regression file's format.
    if let Some(line) = read("SIM_LINE") {
        let plan = regression(&line).expect("a plan");
        return assert_eq!(play(plan).err(), None);
    }
    let number = |name: &str, otherwise: u64| read(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (first, seeds) = (number("SIM_SEED", 0), number("SIM_SEEDS", 200));
    let steps = u32::try_from(number("SIM_STEPS", 400)).unwrap_or(400);
    let store = |seed: u64| match read("SIM_STORE").as_deref() {
        Some("sqlite") => Kind::Sqlite,
        Some("memory") => Kind::Memory,
        // A part of the halls on the real database.
        _ if seed % 20 == 19 => Kind::Sqlite,
        _ => Kind::Memory,
    };
    let plans: Vec<Plan> = (first..first + seeds).map(|seed| Plan::new(seed, steps, store(seed))).collect();
    let report = play_all(&plans);
    report.print();
    assert!(report.failures.is_empty());
    let blind = report.blind();
    assert!(seeds < 200 || blind.is_empty(), "reached by less than 1 % of the halls: {blind:?}");
}
