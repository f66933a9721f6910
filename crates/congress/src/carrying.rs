//! Carrying the pack: in which order a device fetches the documents, which attachments it has room for, and when it tries
//! again; what it says of that. Pure: what is there, the time and chance are arguments.

mod order;
mod pace;
mod report;
mod room;

pub use order::{Piece, PieceKind, pieces};
pub use pace::{Pace, Setback};
pub use report::{Carries, mark};
pub use room::{FileUse, Wish, kept_files};
