//! `congress-server migrate`: from a laptop's file to PostgreSQL, or back.

use anyhow::Result;

use super::{existing, prepared, say_copied};
use crate::transfer;

/// Move everything to another database that does not hold it yet, with log and identity: devices notice nothing. A
/// server that still runs on the old database acknowledges nothing more, and none starts on it again; start it on the new
/// one.
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// sqlite:PATH or postgres://USER@HOST/NAME.
    #[arg(value_name = "FROM", env = "CONGRESS_MIGRATE_FROM", hide_env_values = true)]
    from: String,
    /// sqlite:PATH or postgres://USER@HOST/NAME.
    #[arg(value_name = "TO", env = "CONGRESS_MIGRATE_TO", hide_env_values = true)]
    to: String,
}

pub async fn migrate(args: MigrateArgs) -> Result<()> {
    let (from, to) = (existing(args.from.parse()?).await?, prepared(args.to.parse()?)?);
    let copied = transfer::migrate(&from, &to).await?;
    say_copied(&copied, &format!("is in {to}"));
    Ok(())
}
