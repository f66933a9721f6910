//! `congress-server restored`: after a database was put back by other means than `restore`, the log is another one than
//! phones know.

use anyhow::Result;
use sync::ids::Epoch;

use super::{DataArgs, congress_of};
use crate::clock::random_u128;

/// Say that the database was put back by its own means (a copied file, a PostgreSQL recovery), before the server starts again. Phones then send again what the
/// backup did not hold: they are the last backup.
#[derive(Debug, clap::Args)]
pub struct RestoredArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The congress, if the database holds several, or what it held was moved away.
    #[arg(long, value_name = "ID")]
    congress: Option<String>,
}

pub async fn restored(args: RestoredArgs) -> Result<()> {
    let store = args.data.open_existing().await?;
    let congress = match args.congress {
        Some(congress) => congress,
        None => congress_of(&*store, None).await?,
    };
    store.renew_epoch(&congress, Epoch::from_random(random_u128()?)).await?;
    store.close().await;
    println!("{congress}: phones will send again what is missing; start the server now");
    Ok(())
}
