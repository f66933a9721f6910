//! What the search reads of this device beyond its rows.

use super::State;

impl State {
    /// The JSON of texts by their hashes, each if it is on this device. Asks no server.
    pub async fn held_texts(&self, hashes: &[&str]) -> Vec<Option<String>> {
        let Some(engine) = self.engine() else { return Vec::new() };
        engine.cache().texts_of(hashes).await.unwrap_or_default()
    }
}
