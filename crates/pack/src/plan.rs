//! The import as row changes: what the pack wants minus what is there already.

use congress::entities::{Badge, Person};
use sync::ids::{PersonId, Timestamp};
use sync::row::{Change, Rows};

use crate::Pack;
use crate::problem::Problem;

/// What only the server can make. Each answer is always the same for the same person, so that a second import of the
/// same pack changes nothing; no two persons have the same short code.
pub trait Issue {
    /// Ed25519 public key of the congress, 64 hexadecimal digits.
    fn badge_key(&self) -> String;
    /// `None` leaves the person without a badge. Not asked for staff.
    fn badge(&self, person: &Person) -> Option<Badge>;
    /// Six letters and digits without look-alikes.
    fn short_code(&self, person: &PersonId) -> String;
}

/// What is wrong with importing this pack over these rows. The importer asks before it plans.
pub fn check_against(_pack: &Pack, _rows: &dyn Rows) -> Vec<Problem> {
    Vec::new()
}

/// The changes that make the rows agree with the pack. Planning again after they are applied gives none.
pub fn plan(_pack: &Pack, _rows: &dyn Rows, _issue: &dyn Issue, _now: Timestamp) -> Vec<Change> {
    Vec::new()
}
