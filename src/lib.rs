//! The PWA, as a library for its binary and its browser tests. Exists only as WebAssembly.
#![cfg(target_arch = "wasm32")]

pub mod account;
pub mod app;
pub mod drafts;
pub mod engine;
pub mod foretelling;
pub mod i18n;
pub mod later;
pub mod memo;
pub mod parts;
pub mod platform;
pub mod ports;
pub mod routes;
pub mod screens;
pub mod state;
pub mod sync;
