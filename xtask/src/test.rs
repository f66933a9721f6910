//! `cargo xtask test`: all that must hold before a change lands. Each stage runs even if one before it failed; the last
//! line counts the stages.

use crate::{args::Args, build, shell, sim, tidy, tools};
use anyhow::{Result, bail};
use std::{path::PathBuf, process::Command, time::Instant};

type Stage = (&'static str, fn() -> Result<()>);

const STAGES: [Stage; 7] = [
    ("tidy", tidy::check),
    ("rust", rust),
    ("sim", sim::stage),
    ("wasm", wasm),
    ("e2e", e2e),
    ("chaos", chaos),
    ("engines", engines),
];

pub fn command(mut args: Args) -> Result<()> {
    let only = args.values("--only")?;
    args.finish()?;
    for name in &only {
        if STAGES.iter().all(|(stage, _)| stage != name) {
            bail!("there is no stage `{name}`: {}", STAGES.map(|(stage, _)| stage).join(", "));
        }
    }
    let mut report = Vec::new();
    for (name, stage) in STAGES.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|one| one == name)) {
        println!("\n== {name}");
        let start: Instant = shell::now();
        let result = stage();
        if let Err(error) = &result {
            println!("{name}: {error:#}");
        }
        report.push((*name, result.is_ok(), shell::seconds_since(start)));
    }
    println!();
    for (name, passed, seconds) in &report {
        println!("{} {name:<7} {seconds}", if *passed { "ok    " } else { "FAILED" });
    }
    let failed = report.iter().filter(|(_, passed, _)| !passed).count();
    println!("{} passed, {failed} failed", report.len() - failed);
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// Unit tests, laws, the conformance suite of the stores and the hall.
fn rust() -> Result<()> {
    tools::postgres()?;
    tools::strace()?;
    let path = shell::path_with(&tools::nextest()?)?;
    shell::run(shell::cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]).env("PATH", path))
}

/// Storage in a real browser.
fn wasm() -> Result<()> {
    let runner = tools::wasm_test_runner()?;
    tools::chromium()?;
    shell::run(
        shell::cargo()
            .args(["test", "-p", "delegate-app", "--target", "wasm32-unknown-unknown", "--test", "browser"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", "/usr/bin/chromedriver")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120"),
    )
}

/// People's journeys in Chromium, against the release build. Whether all journeys fit their types is looked at first.
fn e2e() -> Result<()> {
    tools::chromium()?;
    let folder = journeys();
    tools::node_packages(&folder)?;
    shell::run(shell::command(folder.join("node_modules/.bin/tsc")).current_dir(&folder))?;
    playwright("playwright.config.ts", |_| {})
}

/// What may befall them: killed browsers, bad lines, full storage, broken builds.
fn chaos() -> Result<()> {
    tools::chromium()?;
    playwright("chaos.config.ts", |_| {})
}

/// The same promises in WebKit and Firefox.
fn engines() -> Result<()> {
    let geckodriver = tools::other_engines()?;
    playwright("engines.config.ts", |command| {
        command.env("FIREFOX_DRIVER", geckodriver);
    })
}

fn playwright(config: &str, prepare: impl FnOnce(&mut Command)) -> Result<()> {
    // The build of the app is optimised by a tool of Node's.
    tools::node()?;
    build::app()?;
    build::server()?;
    let folder = journeys();
    tools::node_packages(&folder)?;
    let mut command = shell::command(folder.join("node_modules/.bin/playwright"));
    command
        .args(["test", "--config", config])
        .current_dir(&folder)
        .env("E2E_SERVER", build::server_program())
        .env("E2E_DIST", build::dist_dir())
        .env("E2E_WORK", shell::target_dir().join("e2e"));
    prepare(&mut command);
    shell::run(&mut command)
}

fn journeys() -> PathBuf {
    shell::root().join("tests/e2e")
}
