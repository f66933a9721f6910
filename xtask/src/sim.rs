//! `cargo xtask sim`: long runs of the simulation of a hall, as a test of the root package. A hall that breaks is shrunk
//! and printed by the simulation itself, as a line for tests/hall/regressions.txt.

use crate::{args::Args, shell};
use anyhow::{Result, bail};

const SEEDS: u64 = 2_000;
const STEPS: u64 = 400;

/// A run as it is asked for.
struct Run {
    first: Option<u64>,
    seeds: u64,
    steps: u64,
    /// `None`: most halls in memory, each twentieth on SQLite.
    store: Option<String>,
}

pub fn command(mut args: Args) -> Result<()> {
    let run = Run {
        seeds: args.value("--seeds")?.unwrap_or(SEEDS),
        steps: args.value("--steps")?.unwrap_or(STEPS),
        first: args.value("--seed")?,
        store: args.value("--store")?,
    };
    args.finish()?;
    if run.store.as_ref().is_some_and(|store| store != "memory" && store != "sqlite") {
        bail!("--store is `memory` or `sqlite`");
    }
    play(&run)
}

/// The run that each change has to pass.
pub fn stage() -> Result<()> {
    play(&Run { first: None, seeds: SEEDS, steps: STEPS, store: None })
}

fn play(run: &Run) -> Result<()> {
    let start = shell::now();
    let mut test = shell::cargo();
    test.args(["test", "--release", "-p", "delegate-app", "--test", "hall", "--"]);
    test.args(["--ignored", "--exact", "--nocapture", "hall_from_environment"]);
    test.env("SIM_SEEDS", run.seeds.to_string()).env("SIM_STEPS", run.steps.to_string());
    for (name, value) in [("SIM_SEED", run.first.map(|seed| seed.to_string())), ("SIM_STORE", run.store.clone())] {
        match value {
            Some(value) => test.env(name, value),
            None => test.env_remove(name),
        };
    }
    shell::run(&mut test)?;
    println!("simulated in {}", shell::seconds_since(start));
    Ok(())
}
