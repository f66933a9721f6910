//! Taking something away: at once where it has no words of the person's own, after a question where it has.

use congress::entities::ReaderMark;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::ids::CommandId;

use crate::i18n::notes::Text;
use crate::parts::confirm::confirm;
use crate::state::{State, t};

#[derive(Clone)]
pub enum Chosen {
    Mark(ReaderMark),
    Draft(String),
    Refused(CommandId),
}

#[derive(Clone, Copy)]
pub struct Removal {
    state: State,
    words: &'static Text,
    asked: RwSignal<bool>,
    /// What the question is about.
    chosen: StoredValue<Option<Chosen>>,
    said: RwSignal<&'static str>,
}

impl Removal {
    pub fn new(state: State, said: RwSignal<&'static str>) -> Self {
        Self { state, words: t().notes(), asked: RwSignal::new(false), chosen: StoredValue::new(None), said }
    }

    pub fn choose(self, chosen: Chosen) {
        let silent = matches!(&chosen, Chosen::Mark(mark) if mark.text.is_empty());
        self.chosen.set_value(Some(chosen));
        if silent { self.remove() } else { self.asked.set(true) }
    }

    fn remove(self) {
        let Some(chosen) = self.chosen.get_value() else { return };
        spawn_local(async move {
            let done = match chosen {
                Chosen::Mark(mark) => self.state.remove_mark(&mark).await,
                Chosen::Draft(id) => self.state.discard_draft(&id).await,
                Chosen::Refused(command) => self.state.discard_refused(command).await,
            };
            self.said.try_set(if done.is_ok() { "" } else { self.words.not_stored });
        });
    }

    pub fn question(self) -> AnyView {
        let words = self.words;
        confirm(self.asked, (words.remove_title, words.remove_text), (words.remove, words.keep), move || self.remove())
    }
}
