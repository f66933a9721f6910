//! The story of a store.
