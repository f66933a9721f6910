//! The handlers: each turns a request into one verb of the hall or the store, and its result into an answer.

mod blobs;
mod devices;
mod enrolments;
mod health;
mod operations;
mod stream;
mod sync;

pub use blobs::get_blob;
pub use devices::{list_devices, report_condition, revoke_device};
pub use enrolments::{enrol_device, preview_enrolment};
pub use health::{check_health, check_readiness};
pub use operations::list_operations;
pub use stream::stream_changes;
pub use sync::{get_chunk, get_snapshot, pull_changes, push_commands};
