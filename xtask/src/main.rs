//! `cargo xtask`: the project's task runner. Builds, starts, tests and measures; it knows files and commands, and
//! depends on no other crate of the workspace.
#![forbid(unsafe_code)]

mod args;
mod build;
mod compress;
mod dist;
mod kill;
mod load;
mod names;
mod perf;
mod run;
mod shell;
mod sim;
mod size;
mod split;
mod test;
mod tidy;
mod tools;

use anyhow::{Result, bail};
use args::Args;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run    build the app and the server, import the demo congress, start, and print enrolment links
           [--port 8080] [--data data] [--pack demo] [--reset] [--host]
  test   everything that must hold: tidy, rust, sim, wasm, e2e, chaos, engines
           [--only STAGE]   (may be repeated)
  tidy   formatting, lints and the invariants of the house
           [--fix]   format, write the protocol hash, record new migrations
  sim    the simulation of a hall
           [--seeds 2000] [--steps 400] [--seed S] [--store memory|sqlite]
  kill   kill -9 of real servers under load: no acknowledged command is missing
           [--times 1000] [--database sqlite|postgres]
  load   a full hall of headless phones against one release server, against the budgets
           [--clients 1600] [--minutes 1] [--database sqlite|postgres]
  size   bytes and files of the first screen and of the precache, against their budgets
  perf   the figures of the app in Chromium, against their budgets
           [--rounds N] [--only NAME,…]

Needs: rustup's Rust, Node 20 for the optimiser and the browser tests. What else is missing is installed on first use,
into $XDG_CACHE_HOME/delegate-app (default ~/.cache/delegate-app); browsers and PostgreSQL come from Debian's packages.";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let args = Args::new(words);
    if args.asks_for_help() {
        println!("{HELP}");
        return Ok(());
    }
    match command.as_str() {
        "run" => run::command(args),
        "test" => test::command(args),
        "tidy" => tidy::command(args),
        "sim" => sim::command(args),
        "kill" => kill::command(args),
        "load" => load::command(args),
        "size" => size::command(args),
        "perf" => perf::command(args),
        "" | "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("unknown command `{other}`\n\n{HELP}"),
    }
}
