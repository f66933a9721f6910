//! A person in a congress. Accounts never mix: each has its own part of the ledger, its own cache and its own cookie.

use serde::{Deserialize, Serialize};
use sync::ids::PersonId;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Account {
    pub congress: String,
    pub person: PersonId,
}

impl Account {
    /// The name under which its rows are kept on the device.
    pub fn key(&self) -> String {
        format!("{}~{}", self.congress, self.person)
    }

    /// Where the server keeps this congress.
    pub fn api(&self) -> String {
        format!("/api/v1/congresses/{}", self.congress)
    }
}
