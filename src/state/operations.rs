//! What the server knows of all devices, for the organiser. Kept while the app is open, so that the last answer can be
//! looked at without a connection.

use congress::carrying::Carries;
use leptos::prelude::*;
use serde::Deserialize;
use sync::ids::Timestamp;

use super::State;
use crate::platform::http;

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Operations {
    /// When it was so, by the server's clock.
    pub at: Timestamp,
    /// The build that the server gives out.
    #[serde(default)]
    pub build: Option<String>,
    pub devices: Vec<DeviceSeen>,
    /// Official delegates.
    pub convened: usize,
    pub without_device: Vec<PersonLine>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct PersonLine {
    pub name: String,
    #[serde(default)]
    pub delegation: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct DeviceSeen {
    pub name: String,
    #[serde(default)]
    pub delegation: String,
    pub label: String,
    pub last_seen_at: Timestamp,
    /// Nothing from a device that has not reported yet.
    #[serde(default)]
    pub report: Option<Report>,
    /// How it stands to the pack; nothing of those who receive no documents, and from an older server.
    #[serde(default)]
    pub carries: Option<Carries>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Report {
    pub waiting: usize,
    pub oldest_at: Option<Timestamp>,
    pub build: String,
    pub storage: String,
}

impl State {
    pub fn operations(&self) -> Signal<Option<Operations>> {
        self.operations.into()
    }

    /// Asks the server. What was known before stays when there is no answer.
    pub async fn ask_operations(&self) -> bool {
        let Some(account) = self.account() else { return false };
        let path = format!("{}/operations/devices", account.api());
        let Ok(found) = http::call::<(), Operations>("GET", &path, None).await else { return false };
        // Meanwhile the device may have become another person's.
        if self.account() == Some(account) {
            self.operations.set(Some(found));
        }
        true
    }
}
