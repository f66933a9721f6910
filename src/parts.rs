//! Small shared pieces of view.

pub mod blocks;
pub mod confirm;
pub mod dialog;
pub mod html;
pub mod icon;
pub mod live;
pub mod rows;
pub mod select;
