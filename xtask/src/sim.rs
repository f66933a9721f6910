//! `cargo xtask sim`: long runs of the simulation of a hall, as a test of the root package. A failing seed is printed by
//! the simulation itself and can be run again alone.

use crate::{args::Args, shell};
use anyhow::Result;

const SEEDS: u64 = 2_000;
const STEPS: u64 = 400;

pub fn command(mut args: Args) -> Result<()> {
    let seeds = args.value("--seeds")?.unwrap_or(SEEDS);
    let steps = args.value("--steps")?.unwrap_or(STEPS);
    let seed: Option<u64> = args.value("--seed")?;
    args.finish()?;
    let start = shell::now();
    let mut test = shell::cargo();
    test.args([
        "test",
        "--release",
        "-p",
        "delegate-app",
        "--test",
        "hall",
        "--",
        "--ignored",
        "--exact",
        "--nocapture",
    ]);
    test.arg("hall_from_environment").env("SIM_SEEDS", seeds.to_string()).env("SIM_STEPS", steps.to_string());
    match seed {
        Some(seed) => test.env("SIM_SEED", seed.to_string()),
        None => test.env_remove("SIM_SEED"),
    };
    shell::run(&mut test)?;
    println!("simulated in {}", shell::seconds_since(start));
    Ok(())
}
