//! The moments of a scope of which a snapshot is offered. None is made before somebody asks for it: the rows of now, with
//! what has been replaced since, are the rows of then. A busy scope that nobody fetches costs no copies.

use super::wire_row;
use crate::ids::Gsn;
use crate::row::{Checksum, Key, Row};
use crate::wire::WireRow;

/// The newest moment and the one before it, of which slow devices may still be fetching.
const KEPT: usize = 2;

/// A scope as it was at a gsn.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub gsn: Gsn,
    pub checksum: Checksum,
    /// Living rows.
    pub rows: usize,
}

#[derive(Clone, Default, Debug)]
pub(super) struct Moments {
    /// Newest first.
    marked: Vec<Moment>,
    /// What stood at the oldest moment or came after it, and stands no more.
    replaced: Vec<Replaced>,
}

#[derive(Clone, Debug)]
struct Replaced {
    row: WireRow,
    /// The gsn of the row that took its place.
    at: Gsn,
}

impl Moments {
    pub(super) fn newest(&self) -> Option<&Moment> {
        self.marked.first()
    }

    pub(super) fn get(&self, gsn: Gsn) -> Option<&Moment> {
        self.marked.iter().find(|moment| moment.gsn == gsn)
    }

    /// Adds a moment and forgets the oldest, with what was kept for it only.
    pub(super) fn mark(&mut self, gsn: Gsn, checksum: Checksum, rows: usize) {
        self.marked.retain(|moment| moment.gsn != gsn);
        self.marked.insert(0, Moment { gsn, checksum, rows });
        self.marked.truncate(KEPT);
        let oldest = self.marked.last().map_or(gsn, |moment| moment.gsn);
        self.replaced.retain(|replaced| replaced.at > oldest);
    }

    /// Keeps a row that is about to be replaced, as long as a moment shows it.
    pub(super) fn keep(&mut self, key: &Key, row: &Row, at: Gsn) {
        if row.data.is_some() && self.newest().is_some() {
            self.replaced.push(Replaced { row: wire_row(&key.kind, &key.id, row), at });
        }
    }

    /// The living rows of a moment, ordered by kind and id, out of those of now.
    pub(super) fn rows_at<'r>(
        &self,
        moment: &Moment,
        now: impl Iterator<Item = (&'r str, &'r str, &'r Row)>,
    ) -> Vec<WireRow> {
        let stayed = now.filter(|(_, _, row)| row.data.is_some() && row.rev <= moment.gsn);
        let left = self.replaced.iter().filter(|one| one.row.rev <= moment.gsn && one.at > moment.gsn);
        let mut rows = Vec::with_capacity(moment.rows);
        rows.extend(stayed.map(|(kind, id, row)| wire_row(kind, id, row)));
        rows.extend(left.map(|one| one.row.clone()));
        rows.sort_by(|a, b| (&a.kind, &a.id).cmp(&(&b.kind, &b.id)));
        rows
    }
}
