//! Language, theme, text size and elder mode: kept in localStorage, applied to the root element at once.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::i18n::{Language, Words};
use crate::platform::dom;
use crate::platform::preferences::{self, Preference};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
    Contrast,
}

/// Size of the base text in CSS pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum TextSize {
    #[serde(rename = "16")]
    Small,
    #[default]
    #[serde(rename = "18")]
    Normal,
    #[serde(rename = "21")]
    Large,
    #[serde(rename = "24")]
    Largest,
}

#[derive(Clone, Copy)]
pub struct Preferences {
    language: RwSignal<Language>,
    theme: RwSignal<Theme>,
    text_size: RwSignal<TextSize>,
    elder: RwSignal<bool>,
}

/// The words of the app in the chosen language. The whole view is made anew when the language changes.
pub fn t() -> Words {
    expect_context::<super::State>().preferences.language.get_untracked().words()
}

impl Preferences {
    pub(super) fn load() -> Self {
        Self {
            language: RwSignal::new(preferences::get(Preference::Language).unwrap_or_default()),
            theme: RwSignal::new(preferences::get(Preference::Theme).unwrap_or_default()),
            text_size: RwSignal::new(preferences::get(Preference::TextSize).unwrap_or_default()),
            elder: RwSignal::new(preferences::get(Preference::Elder).unwrap_or_default()),
        }
    }

    pub fn language(&self) -> Signal<Language> {
        self.language.into()
    }

    pub fn theme(&self) -> Signal<Theme> {
        self.theme.into()
    }

    pub fn text_size(&self) -> Signal<TextSize> {
        self.text_size.into()
    }

    /// The largest letters and fewer controls, whatever else was chosen.
    pub fn elder(&self) -> Signal<bool> {
        self.elder.into()
    }

    pub fn set_elder(&self, on: bool) {
        preferences::set(Preference::Elder, &on);
        dom::set_root("data-elder", if on { "true" } else { "false" });
        self.elder.set(on);
    }

    pub fn set_language(&self, language: Language) {
        preferences::set(Preference::Language, &language);
        dom::set_root("lang", if language == Language::Vi { "vi" } else { "en" });
        self.language.set(language);
    }

    pub fn set_theme(&self, theme: Theme) {
        preferences::set(Preference::Theme, &theme);
        let name = match theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        };
        dom::set_root("data-theme", name);
        self.theme.set(theme);
    }

    pub fn set_text_size(&self, size: TextSize) {
        preferences::set(Preference::TextSize, &size);
        let name = match size {
            TextSize::Small => "16",
            TextSize::Normal => "18",
            TextSize::Large => "21",
            TextSize::Largest => "24",
        };
        dom::set_root("data-text", name);
        self.text_size.set(size);
    }
}
