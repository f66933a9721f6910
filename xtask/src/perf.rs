//! `cargo xtask perf`: the figures of the app in Chromium against the release server with the demo congress. A
//! benchmark, not a test: a figure over its budget is reported, and the command still succeeds.

use crate::{args::Args, build, shell, shell::Steps, tools};
use anyhow::Result;

pub fn command(mut args: Args) -> Result<()> {
    let rounds: u32 = args.value("--rounds")?.unwrap_or(5);
    let only = args.values("--only")?;
    args.finish()?;
    let mut steps = Steps::new(4);
    steps.step("looking for Node and Chromium", || {
        tools::node()?;
        tools::chromium()
    })?;
    steps.step("building the app", build::app)?;
    steps.step("building the server", build::server)?;
    steps.step("measuring", || {
        let mut node = shell::command("node");
        node.arg("tests/perf/perf.mjs").arg("--server").arg(build::server_program());
        node.arg("--dist").arg(build::dist_dir()).arg("--target").arg(shell::target_dir());
        node.args(["--rounds", &rounds.to_string()]);
        if !only.is_empty() {
            node.args(["--only", &only.join(",")]);
        }
        shell::run(&mut node)
    })
}
