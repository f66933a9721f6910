//! The server as a device meets it: the real router over a real SQLite file, one module a topic. `on_postgres` runs the
//! same on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod common;
mod tampered;

mod blobs;
mod devices;
mod enrolment;
mod files;
mod halls;
mod import;
mod operations;
mod pull;
mod push;
mod recall;
mod redaction;
mod replicas;
mod snapshots;
mod stream;
mod transfer;
mod versions;

use std::path::Path;

use server::store::location::Location;

/// An empty database of this run's engine.
fn new_database(folder: &Path) -> Location {
    Location::Sqlite(folder.join(format!("{:x}.sqlite", server::clock::random_u128().unwrap())))
}
