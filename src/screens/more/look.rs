//! Language, theme and text size; each takes effect at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::Language;
use crate::platform::{dom, timer};
use crate::state::{State, TextSize, Theme, t};

pub fn look(state: State) -> AnyView {
    let words = &t().more;
    let now = state.preferences;
    let languages = [(Language::Vi, "Tiếng Việt"), (Language::En, "English")];
    let themes = [
        (Theme::System, words.theme_system),
        (Theme::Light, words.theme_light),
        (Theme::Dark, words.theme_dark),
        (Theme::Contrast, words.theme_contrast),
    ];
    let [small, normal, large, largest] = words.sizes;
    let sizes =
        [(TextSize::Small, small), (TextSize::Normal, normal), (TextSize::Large, large), (TextSize::Largest, largest)];
    let speak = move |language| {
        now.set_language(language);
        // The whole view is made anew in the other language: the focus goes back to where it was.
        spawn_local(async {
            timer::sleep(0).await;
            dom::focus("input[name=language]:checked");
        });
    };
    view! {
        <section class="card settings">
            <h2 class="section-title">{words.look}</h2>
            {choice("language", words.language, languages, now.language().get_untracked(), speak)}
            {choice("theme", words.theme, themes, now.theme().get_untracked(), move |theme| now.set_theme(theme))}
            {choice("size", words.text_size, sizes, now.text_size().get_untracked(), move |size| now.set_text_size(size))}
            <p class="quote">{words.sample}</p>
        </section>
    }
    .into_any()
}

fn choice<T: Copy + PartialEq + 'static, const N: usize>(
    name: &'static str,
    legend: &'static str,
    options: [(T, &'static str); N],
    chosen: T,
    choose: impl Fn(T) + Copy + 'static,
) -> AnyView {
    let options = options.map(|(value, word)| {
        view! {
            <label class="choice__option">
                <input type="radio" name=name prop:checked=value == chosen on:change=move |_| choose(value)/>
                <span class="choice__word">{word}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choice">
            <legend class="choice__legend">{legend}</legend>
            <div class="choice__options">{options.into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
