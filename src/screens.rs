//! One module a screen, named by a noun.

pub mod agenda;
pub mod check_in;
pub mod comments;
pub mod console;
pub mod documents;
pub mod enrolment;
pub mod more;
pub mod not_found;
pub mod notes;
pub mod operations;
pub mod scan;
pub mod search;
