//! Small shared pieces of view.

pub mod confirm;
pub mod dialog;
pub mod icon;
pub mod live;
pub mod select;
