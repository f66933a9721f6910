//! The server as a device meets it: the real router over a real SQLite file, one module a topic.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod common;
mod tampered;

mod blobs;
mod devices;
mod enrolment;
mod files;
mod halls;
mod import;
mod pull;
mod push;
mod snapshots;
mod stream;
