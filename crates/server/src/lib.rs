//! The server of Sổ tay Đại biểu. It keeps the log of each congress, lets devices in, moves what they say in and out,
//! and hands out the app. It decides nothing by itself: `sync::server` orders, `congress` judges.
//!
//! Read in this order: a push travels from `router` through `handlers` and `auth` to `hall`, whose one writer decides
//! it and commits it to the `store`.

pub mod limits;

pub mod clock;
pub mod secret;
pub mod store;

pub mod badge;
pub mod hall;
pub mod import;
pub mod transfer;

pub mod app;
pub mod cache;
pub mod limiter;
pub mod reports;
pub mod seen;
pub mod streams;

pub mod assets;
pub mod auth;
pub mod error;
pub mod handlers;
pub mod http;
pub mod router;

pub mod cli;

pub use app::{App, Config};
pub use hall::Hall;
pub use router::router;
