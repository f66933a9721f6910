//! `congress-server revoke`: a lost phone, a stolen invitation. A running server notices within a second.

use anyhow::{Result, bail};
use sync::ids::PersonId;

use super::{DataArgs, congress_of};
use crate::clock::now;

/// Revoke all codes and devices of a person, or one device. What was written stays.
#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The person, by id.
    #[arg(long, value_name = "ID")]
    person: String,
    /// Only this device.
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// The congress, if the database holds several.
    #[arg(long, value_name = "ID")]
    congress: Option<String>,
}

pub async fn revoke(args: RevokeArgs) -> Result<()> {
    let store = args.data.open_existing().await?;
    let congress = congress_of(&*store, args.congress).await?;
    let person = PersonId(args.person);
    if let Some(device) = args.device {
        if !store.revoke_device(&congress, &person, &device, now()).await? {
            bail!("{person} has no device {device}");
        }
        println!("1 device revoked");
    } else {
        let revoked = store.revoke_person(&congress, &person, now()).await?;
        println!("{} codes and {} devices revoked", revoked.codes, revoked.devices);
    }
    store.close().await;
    Ok(())
}
