//! The commands of `congress-server`. All of them work on the same database file, also while the server runs.

mod enrol;
mod import;
mod restored;
mod revoke;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use crate::store::Store;
use crate::store::sqlite::SqliteStore;

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
    Restored(restored::RestoredArgs),
}

/// Runs one command. What went wrong is said in one line on stderr.
pub async fn run(args: Args) -> ExitCode {
    let done = match args.command {
        Command::Serve(args) => serve::serve(args).await,
        Command::Import(args) => return import::import(args).await,
        Command::Enrol(args) => enrol::enrol(args).await,
        Command::Revoke(args) => revoke::revoke(args).await,
        Command::Restored(args) => restored::restored(args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("congress-server: {error:#}");
    ExitCode::FAILURE
}

/// The folder in which everything is kept.
#[derive(Debug, clap::Args)]
struct DataArgs {
    /// Folder of the database. Back it up whole.
    #[arg(long, env = "CONGRESS_DATA", value_name = "DIR")]
    data: PathBuf,
}

impl DataArgs {
    fn database(&self) -> PathBuf {
        self.data.join(DATABASE)
    }

    /// Opens the database and makes it if need be.
    async fn open(&self) -> Result<Arc<dyn Store>> {
        make_private_folder(&self.data).with_context(|| format!("cannot make {}", self.data.display()))?;
        open(&self.database()).await
    }

    /// Opens the database, or says that nothing was imported yet.
    async fn open_existing(&self) -> Result<Arc<dyn Store>> {
        let database = self.database();
        if !database.exists() {
            bail!("{} does not exist: import a pack first", database.display());
        }
        open(&database).await
    }
}

/// Personal data and the key of the badges lie in it: nobody else on the machine reads it.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

async fn open(database: &Path) -> Result<Arc<dyn Store>> {
    let store = SqliteStore::open(database).await;
    Ok(Arc::new(store.with_context(|| format!("cannot open {}", database.display()))?))
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
