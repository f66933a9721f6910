//! The commands of `congress-server`. All of them work on the same database, also while the server runs.

mod backup;
mod enrol;
mod import;
mod migrate;
mod restore;
mod restored;
mod revoke;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use crate::store::Store;
use crate::store::location::Location;
use crate::transfer::Copied;

const DATABASE: &str = "congress.sqlite";

/// The server of Sổ tay Đại biểu, the handbook of a congress.
#[derive(Debug, Parser)]
#[command(name = "congress-server", version)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Import(import::ImportArgs),
    Enrol(enrol::EnrolArgs),
    Revoke(revoke::RevokeArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Restored(restored::RestoredArgs),
    Migrate(migrate::MigrateArgs),
}

/// Runs one command. What went wrong is said in one line on stderr.
pub async fn run(args: Args) -> ExitCode {
    let done = match args.command {
        Command::Serve(args) => serve::serve(args).await,
        Command::Import(args) => return import::import(args).await,
        Command::Enrol(args) => enrol::enrol(args).await,
        Command::Revoke(args) => revoke::revoke(args).await,
        Command::Backup(args) => backup::backup(args).await,
        Command::Restore(args) => restore::restore(args).await,
        Command::Restored(args) => restored::restored(args).await,
        Command::Migrate(args) => migrate::migrate(args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("congress-server: {}", told_once(error));
    ExitCode::FAILURE
}

/// The error and its causes, without those that repeat what was said.
fn told_once(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.contains(&cause) {
            told += if told.is_empty() { "" } else { ": " };
            told += &cause;
        }
    }
    told
}

/// Where everything is kept.
#[derive(Debug, clap::Args)]
struct DataArgs {
    /// Folder of the database, for a server of its own: a SQLite file lies in it.
    #[arg(long, env = "CONGRESS_DATA", value_name = "DIR", required_unless_present = "database")]
    data: Option<PathBuf>,
    /// The database itself: sqlite:PATH, or postgres://USER@HOST/NAME for several replicas. Goes before --data. With a
    /// password in it, give it as environment variable: arguments are seen by everyone on the machine.
    #[arg(long, env = "CONGRESS_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
}

impl DataArgs {
    fn location(&self) -> Result<Location> {
        match (&self.database, &self.data) {
            (Some(database), _) => Ok(database.parse()?),
            (None, Some(folder)) => Ok(Location::Sqlite(folder.join(DATABASE))),
            (None, None) => bail!("say with --data or --database where everything is kept"),
        }
    }

    /// The place, where a database may be made.
    fn prepared(&self) -> Result<Location> {
        prepared(self.location()?)
    }

    /// The place, or word that nothing was imported yet.
    async fn existing(&self) -> Result<Location> {
        existing(self.location()?).await
    }

    async fn open(&self) -> Result<Arc<dyn Store>> {
        open(&self.prepared()?).await
    }

    async fn open_existing(&self) -> Result<Arc<dyn Store>> {
        open(&self.existing().await?).await
    }
}

fn prepared(place: Location) -> Result<Location> {
    if let Some(folder) = place.file().and_then(Path::parent) {
        make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    Ok(place)
}

async fn existing(place: Location) -> Result<Location> {
    if !place.exists().await.with_context(|| format!("cannot open {place}"))? {
        bail!("{place} does not exist: import a pack first");
    }
    Ok(place)
}

/// Personal data and the key of the badges lie in it: nobody else on the machine reads it.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

async fn open(place: &Location) -> Result<Arc<dyn Store>> {
    place.open().await.with_context(|| format!("cannot open {place}"))
}

fn say_copied(copied: &[Copied], what: &str) {
    for one in copied {
        println!("{}: log at {}, {what}", one.congress, one.gsn);
    }
}

/// The congress that was named, or the only one there is.
async fn congress_of(store: &dyn Store, named: Option<String>) -> Result<String> {
    let ids: Vec<String> = store.congresses().await?.into_iter().map(|record| record.id).collect();
    match (named, ids.as_slice()) {
        (Some(id), _) if ids.contains(&id) => Ok(id),
        (Some(id), _) => bail!("there is no congress {id}; there is {}", ids.join(", ")),
        (None, [only]) => Ok(only.clone()),
        (None, []) => bail!("there is no congress yet: import a pack first"),
        (None, _) => bail!("choose one with --congress: {}", ids.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let error = anyhow::anyhow!("no such file").context("the database: no such file").context("cannot open it");
        assert_eq!(told_once(&error), "cannot open it: the database: no such file");
    }
}
