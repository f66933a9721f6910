//! `congress-server restore`: a backup into an empty database.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{DataArgs, say_copied};
use crate::transfer;

/// Put a backup into a database that does not hold its congress yet. The log gets a new identity, and phones send again
/// what the backup did not hold: they are the last backup.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file made by `congress-server backup`.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

pub async fn restore(args: RestoreArgs) -> Result<()> {
    if !args.file.exists() {
        bail!("{} does not exist", args.file.display());
    }
    let to = args.data.prepared()?;
    let copied = transfer::restore(&args.file, &to).await?;
    say_copied(&copied, &format!("is in {to}; phones will send again what is missing; start the server now"));
    Ok(())
}
