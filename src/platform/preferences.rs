//! Small settings in localStorage, through gloo-storage. It panics where storage is forbidden, so it is probed first.

use gloo_storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every key that the app uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preference {
    Language,
    Theme,
    TextSize,
    Elder,
    /// One text that could not be saved anywhere else.
    Emergency,
}

impl Preference {
    fn key(self) -> &'static str {
        match self {
            Preference::Language => "language",
            Preference::Theme => "theme",
            Preference::TextSize => "text_size",
            Preference::Elder => "elder",
            Preference::Emergency => "emergency",
        }
    }
}

/// The emergency slot takes at most this much.
const VALUE_BYTES_MAX: usize = 64 * 1024;

fn is_allowed() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}

pub fn get<T: DeserializeOwned>(preference: Preference) -> Option<T> {
    if is_allowed() { LocalStorage::get(preference.key()).ok() } else { None }
}

/// Returns whether it was kept.
pub fn set<T: Serialize>(preference: Preference, value: &T) -> bool {
    let fits = serde_json::to_string(value).is_ok_and(|text| text.len() <= VALUE_BYTES_MAX);
    fits && is_allowed() && LocalStorage::set(preference.key(), value).is_ok()
}

pub fn remove(preference: Preference) {
    if is_allowed() {
        LocalStorage::delete(preference.key());
    }
}
