//! `cargo xtask load`: a full hall against one release server, as a test of the server. Three halls are played, each
//! four times as full as the one before, so that it shows what grows. A benchmark: a figure over its budget is reported,
//! and the command fails only when something acknowledged is missing or a phone disagrees with the server.

use crate::{args::Args, shell, tools};
use anyhow::{Result, bail};

const CLIENTS: u32 = 1_600;
/// Minutes of traffic in each hall, beside sign-in, storm and the rest.
const MINUTES: f64 = 1.0;
const DATABASES: [&str; 2] = ["sqlite", "postgres"];

pub fn command(mut args: Args) -> Result<()> {
    let clients = args.value("--clients")?.unwrap_or(CLIENTS);
    let minutes = args.value("--minutes")?.unwrap_or(MINUTES);
    let database: String = args.value("--database")?.unwrap_or_else(|| DATABASES[0].to_owned());
    args.finish()?;
    if !DATABASES.contains(&database.as_str()) {
        bail!("--database is sqlite or postgres, not `{database}`");
    }
    if clients < 160 || !(0.1..=600.0).contains(&minutes) {
        bail!("--clients is at least 160, and --minutes between 0.1 and 600");
    }
    if database == DATABASES[1] {
        tools::postgres()?;
    }
    let report = shell::target_dir().join("load").join(format!("{database}.json"));
    let halls = [clients / 16, clients / 4, clients].map(|clients| clients.to_string()).join(",");
    let start = shell::now();
    let mut test = shell::cargo();
    test.args(["test", "--release", "-p", "server", "--test", "load", "--"]);
    test.args(["--ignored", "--exact", "--nocapture", "hall_from_environment"]);
    test.env("LOAD_CLIENTS", halls).env("LOAD_MINUTES", minutes.to_string());
    test.env("LOAD_DATABASE", database).env("LOAD_REPORT", &report);
    shell::run(&mut test)?;
    println!("played in {}; every figure is in {}", shell::seconds_since(start), report.display());
    Ok(())
}
