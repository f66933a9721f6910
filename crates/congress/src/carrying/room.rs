//! Which attachments a device has room for. Texts are not asked: they are always carried.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sync::ids::Timestamp;

use super::{Piece, PieceKind};

/// What a person asked of one attachment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    Keep,
    /// Bỏ khỏi máy: it is opened with a connection.
    Free,
}

/// How a device used one attachment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FileUse {
    /// When it was last opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<Wish>,
}

/// The attachments that belong on the device, by their hashes: those that its owner wants to keep, then those used last,
/// then those needed first, as far as `bytes_max` goes. Held ones that are not among them leave; so what was not used for
/// the longest time leaves first.
pub fn kept_files<'a>(pieces: &'a [Piece], uses: &BTreeMap<String, FileUse>, bytes_max: u64) -> BTreeSet<&'a str> {
    let use_of = |piece: &Piece| uses.get(&piece.sha256).copied().unwrap_or_default();
    let mut wanted: Vec<(&Piece, FileUse)> = pieces
        .iter()
        .filter(|piece| piece.kind == PieceKind::File)
        .map(|piece| (piece, use_of(piece)))
        .filter(|(_, used)| used.wish != Some(Wish::Free))
        .collect();
    // The sort is stable: among those never opened the order of the pieces decides.
    wanted.sort_by_key(|(_, used)| (used.wish != Some(Wish::Keep), std::cmp::Reverse(used.used_at)));
    let (mut kept, mut room) = (BTreeSet::new(), bytes_max);
    for (piece, _) in wanted {
        if let Some(rest) = room.checked_sub(piece.bytes) {
            room = rest;
            kept.insert(piece.sha256.as_str());
        }
    }
    kept
}
