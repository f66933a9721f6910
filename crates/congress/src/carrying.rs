//! Carrying the pack: in which order a device fetches the documents, which attachments it has room for, and when it tries
//! again. Pure: what is there, the time and chance are arguments.

mod order;
mod pace;
mod room;

pub use order::{Piece, PieceKind, pieces};
pub use pace::{Pace, Setback};
pub use room::{FileUse, Wish, kept_files};
