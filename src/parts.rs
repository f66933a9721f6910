//! Small shared pieces of view.

pub mod dialog;
pub mod icon;
