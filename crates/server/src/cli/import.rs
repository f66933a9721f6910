//! `congress-server import`: problems go to stderr, one line each, so that they can be mended from top to bottom.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::{DataArgs, failed};
use crate::clock::now;
use crate::import::{ImportError, Imported, check};

/// Read a congress pack and bring the congress to what it says. Problems change nothing.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// Folder of the pack.
    pack: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Only say what is wrong and what would change.
    #[arg(long)]
    check: bool,
}

pub async fn import(args: ImportArgs) -> ExitCode {
    let pack = match pack::read(&args.pack) {
        Ok(pack) => pack,
        Err(problems) => return report(&problems.iter().map(ToString::to_string).collect::<Vec<_>>()),
    };
    for note in &pack.notes {
        println!("{note}");
    }
    // A check tells the whole of each document; an import only what somebody may have to know.
    for findings in &pack.findings {
        if args.check {
            println!("{findings}");
        } else {
            findings.lines().for_each(|line| println!("{line}"));
        }
    }
    match run(&args, &pack).await {
        Ok(imported) => {
            print(&imported, args.check);
            ExitCode::SUCCESS
        }
        Err(error) => match error.downcast_ref::<ImportError>() {
            Some(ImportError::Problems(problems)) => report(problems),
            _ => failed(&error),
        },
    }
}

async fn run(args: &ImportArgs, pack: &pack::Pack) -> Result<Imported> {
    if args.check {
        let store = if args.data.location()?.exists().await? { Some(args.data.open_existing().await?) } else { None };
        let checked = check(store.clone(), pack, now()).await;
        if let Some(store) = store {
            store.close().await;
        }
        return Ok(checked?);
    }
    let store = args.data.open().await?;
    let imported = crate::import::import(store.clone(), pack, now()).await;
    // Folds the write-ahead log into the database file, so that the file alone is the whole congress.
    store.close().await;
    imported.context("the import changed nothing")
}

fn report(problems: &[String]) -> ExitCode {
    for problem in problems {
        eprintln!("{problem}");
    }
    ExitCode::FAILURE
}

fn print(imported: &Imported, check: bool) {
    if imported.is_unchanged() {
        println!("{}: unchanged", imported.congress);
        return;
    }
    for (kind, count) in &imported.counts {
        println!("{kind}: {} put, {} removed", count.put, count.removed);
    }
    match imported.gsn {
        Some(gsn) => println!("{}: imported, log at {gsn}", imported.congress),
        None if check => println!("{}: would be imported", imported.congress),
        None => {}
    }
}
