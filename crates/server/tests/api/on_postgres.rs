//! The same as `main`, over a real PostgreSQL.

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

#[path = "../support/postgres.rs"]
mod postgres;

use std::path::Path;

use server::store::location::Location;

/// An empty database of this run's engine.
fn new_database(_folder: &Path) -> Location {
    postgres::new_database().parse().unwrap()
}
