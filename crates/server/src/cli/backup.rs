//! `congress-server backup`: one file with everything, while the server runs.

use std::path::PathBuf;

use anyhow::Result;

use super::{DataArgs, say_copied};
use crate::transfer;

/// Write everything into a new file, while the server runs. Keep it like the database: it holds the key of the badges.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to make.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

pub async fn backup(args: BackupArgs) -> Result<()> {
    let from = args.data.existing().await?;
    let copied = transfer::backup(&from, &args.file).await?;
    say_copied(&copied, &format!("is in {}", args.file.display()));
    Ok(())
}
