//! The PWA, as a library for its binary and its browser tests. Exists only as WebAssembly.
#![cfg(target_arch = "wasm32")]
