//! The only door to the browser: nothing outside this module names web_sys, js_sys or gloo.

pub mod cache;
pub mod device;
pub mod dialog;
pub mod dom;
pub mod files;
pub mod http;
pub mod indexed_db;
pub mod ledger;
pub mod lifecycle;
pub mod preferences;
pub mod speech;
pub mod stream;
pub mod tabs;
pub mod timer;
pub mod world;
