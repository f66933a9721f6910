//! The pieces of HTTP that several handlers use: bodies, cookies, precompressed answers, what stands around every
//! request, and the listener.

mod around;
mod body;
mod cookie;
mod packed;
mod peer;
mod serve;

pub use around::{answer_not_found, guard_api, log_request};
pub use body::ApiJson;
pub use cookie::{clear_cookie, device_cookie, token_of};
pub use packed::{Form, Packed, answer_immutable};
pub use peer::Peer;
pub use serve::{listen, serve};
