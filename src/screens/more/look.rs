//! Elder mode, language, theme and text size; each takes effect at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::Language;
use crate::parts::blocks::{choice, still, write_paragraph};
use crate::platform::{dom, timer};
use crate::state::{State, TextSize, Theme, t};

const LANGUAGES: [Language; 2] = [Language::Vi, Language::En];
const THEMES: [Theme; 4] = [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast];
const SIZES: [TextSize; 4] = [TextSize::Small, TextSize::Normal, TextSize::Large, TextSize::Largest];

pub fn look(state: State) -> AnyView {
    let words = t().more();
    let now = state.preferences;
    let language = LANGUAGES.iter().position(|language| *language == now.language().get_untracked());
    let theme = THEMES.iter().position(|theme| *theme == now.theme().get_untracked());
    let size = SIZES.iter().position(|size| *size == now.text_size().get_untracked());
    let themes = [words.theme_system, words.theme_light, words.theme_dark, words.theme_contrast];
    let speak = move |at: usize| {
        now.set_language(LANGUAGES[at.min(1)]);
        // The whole view is made anew in the other language: the focus goes back to where it was.
        spawn_local(async {
            timer::sleep(0).await;
            dom::focus("input[name=language]:checked");
        });
    };
    view! {
        <section class="card settings">
            <h2 class="section-title">{words.look}</h2>
            <div class="field">
                <label class="switch">
                    <input class="switch__input" type="checkbox" role="switch" aria-describedby="elder-hint"
                        prop:checked=now.elder() on:change=move |event| now.set_elder(event_target_checked(&event))/>
                    <span class="switch__track"></span>
                    <span class="switch__text">{words.elder}</span>
                </label>
                <p class="field__hint" id="elder-hint">{words.elder_hint}</p>
            </div>
            {choice("language", words.language, &["Tiếng Việt", "English"], language, speak)}
            <div class="elder-less">{choice("theme", words.theme, &themes, theme, move |at| now.set_theme(THEMES[at.min(3)]))}</div>
            <div class="elder-less">{choice("size", words.text_size, &words.sizes, size, move |at| now.set_text_size(SIZES[at.min(3)]))}</div>
            {still("", |html| write_paragraph(html, "quote", words.sample))}
        </section>
    }
    .into_any()
}
