//! `cargo xtask kill`: long runs of kill -9 under load, as a test of the server. It kills release builds, and prints how
//! many commands were acknowledged and how many of them are missing.

use crate::{args::Args, shell, tools};
use anyhow::{Result, bail};

const TIMES: u64 = 1_000;
const DATABASES: [&str; 2] = ["sqlite", "postgres"];

pub fn command(mut args: Args) -> Result<()> {
    let times = args.value("--times")?.unwrap_or(TIMES);
    let database: Option<String> = args.value("--database")?;
    args.finish()?;
    if let Some(database) = database.as_ref().filter(|name| !DATABASES.contains(&name.as_str())) {
        bail!("--database is sqlite or postgres, not `{database}`");
    }
    tools::postgres()?;
    let start = shell::now();
    let mut test = shell::cargo();
    test.args(["test", "--release", "-p", "server", "--test", "kill", "--", "--nocapture", "--test-threads", "1"]);
    test.args(database).env("KILL_TIMES", times.to_string());
    shell::run(&mut test)?;
    println!("killed in {}", shell::seconds_since(start));
    Ok(())
}
