//! `congress-server`: reads the command line and goes.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run(server::cli::Args::parse()).await
}
