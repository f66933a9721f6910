//! What a congress is: its entities, what people can do (commands), who may do it and who sees it (rules),
//! and the arithmetic and words of the field. Pure: no I/O, no clock, no randomness.

pub mod calendar;
pub mod carrying;
pub mod commands;
pub mod entities;
pub mod limits;
pub mod percent;
pub mod reading;
pub mod scopes;
pub mod search;
pub mod text;
pub mod versions;

mod rules;

pub use rules::{CongressRules, DelegateRules};
