//! How devices agree: the wire protocol, the client machine and the server machine of an ordered log
//! with command outboxes. Names no congress noun, does no I/O, reads no clock and draws no random number.

pub mod ids;
pub mod json;
pub mod limits;
pub mod order;
pub mod row;
pub mod rules;
pub mod wire;

pub mod client;
pub mod server;
