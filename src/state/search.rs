//! What the search reads of this device beyond its rows.

use super::State;

impl State {
    /// The JSON of a text that is on this device. Asks no server.
    pub async fn held_text(&self, sha256: &str) -> Option<String> {
        self.engine()?.cache().text(sha256).await.ok().flatten()
    }
}
