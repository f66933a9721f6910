//! What every release wrote is read for ever: one folder a protocol version, one file a message. Files are only added.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::client::{CacheState, Entry};
use sync::server::LogEntry;
use sync::wire::{Chunk, Live, PROTOCOL, PullRequest, PullResponse, PushRequest, PushResponse, Snapshot};

/// Reads a text as what it is, and finds in what this build would write all that stood there.
fn is_read<T: Serialize + DeserializeOwned + Debug>(name: &str, text: &str) {
    let read: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name} is not read any more: {error}"));
    let before: Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), before, "{name} is not kept as it was");
}

#[test]
fn what_every_release_wrote_is_still_read() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    for version in 1..=PROTOCOL {
        let mut count = 0;
        for file in fs::read_dir(top.join(version.to_string())).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            match name.split('.').next().unwrap() {
                "push-request" => is_read::<PushRequest>(&name, &text),
                "push-response" => is_read::<PushResponse>(&name, &text),
                "pull-request" => is_read::<PullRequest>(&name, &text),
                "pull-response" => is_read::<PullResponse>(&name, &text),
                "snapshot" => is_read::<Snapshot>(&name, &text),
                "chunk" => is_read::<Chunk>(&name, &text),
                "live" => is_read::<Live>(&name, &text),
                "ledger-entry" => is_read::<Entry>(&name, &text),
                "cache-state" => is_read::<CacheState>(&name, &text),
                "log-entry" => is_read::<LogEntry>(&name, &text),
                other => panic!("nobody knows what {other} is"),
            }
            count += 1;
        }
        assert!(count >= 20, "version {version} has {count} messages");
    }
}
