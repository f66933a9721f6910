//! Reading aloud with the device's own Vietnamese voice: sentence by sentence from where the reader is, with the words
//! marked, on through the blocks until the end. It stops when the reader leaves. A pause keeps the sentence, which is
//! then read from its beginning: browsers cannot be trusted to go on in the middle of one.

use std::ops::Range;

use congress::entities::{Block, BlockKind, Run};
use congress::reading::sentences;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::page::SPOKEN_ID;
use super::reading::Reading;
use crate::parts::blocks::button;
use crate::parts::icon::{Icon, Symbol};
use crate::parts::live::{live_text, live_view};
use crate::platform::dom;
use crate::platform::speech::{self, Speech};
use crate::state::t;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Silent,
    /// The device is asked for its voices.
    Asking,
    Speaking,
    Paused,
    /// There is no Vietnamese voice on the device.
    NoVoice,
    /// The voice gave up: some need a network.
    Failed,
}

#[derive(Clone, Copy)]
pub struct Aloud {
    stage: RwSignal<Stage>,
    /// The block that is read, and which of its sentences.
    at: StoredValue<(usize, usize)>,
    /// Where the block stands in the document.
    place: RwSignal<String>,
    speech: StoredValue<Option<Speech>, LocalStorage>,
}

impl Aloud {
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Silent),
            at: StoredValue::new((0, 0)),
            place: RwSignal::new(String::new()),
            speech: StoredValue::new_local(None),
        }
    }

    pub fn is_on(self) -> bool {
        self.stage.get() != Stage::Silent
    }

    /// From the paragraph that is selected, else from the one being read.
    fn start(self, reading: Reading) {
        let selected = reading.selected.with_untracked(|selected| selected.as_ref().map(|it| it.block));
        let block = selected.or_else(|| reading.block_at_line()).unwrap_or(0);
        reading.select(None);
        self.at.set_value((block, 0));
        self.stage.set(Stage::Asking);
        spawn_local(async move {
            let has_voice = speech::has_voice().await;
            if self.stage.try_get_untracked() == Some(Stage::Asking) {
                if has_voice { self.speak(reading) } else { self.stage.set(Stage::NoVoice) }
            }
        });
    }

    /// The sentence one is at, or the first one after it.
    fn speak(self, reading: Reading) {
        let (mut block, mut sentence) = self.at.get_value();
        let found = loop {
            let words = reading.with_page(|page| page.blocks.get(block).map(spoken_words)).flatten();
            let Some(words) = words else { break None };
            match sentences(&words).get(sentence) {
                Some(range) => break Some((words, range.clone())),
                None => (block, sentence) = (block + 1, 0),
            }
        };
        let Some((words, range)) = found else { return self.stop(reading) };
        self.at.set_value((block, sentence));
        self.stage.set(Stage::Speaking);
        self.mark(reading, block, range.clone());
        self.speech.set_value(None);
        let ended = move |whole: bool| spawn_local(async move { self.ended(reading, whole) });
        let speech = Speech::begin(&words[range], ended);
        if speech.is_none() {
            self.stage.set(Stage::Failed);
        }
        self.speech.set_value(speech);
    }

    fn ended(self, reading: Reading, whole: bool) {
        if self.stage.try_get_untracked() != Some(Stage::Speaking) {
            return;
        }
        if whole {
            self.at.update_value(|(_, sentence)| *sentence += 1);
            self.speak(reading);
        } else {
            self.speech.set_value(None);
            self.stage.set(Stage::Failed);
        }
    }

    /// Marks what is read and keeps it in view.
    fn mark(self, reading: Reading, block: usize, range: Range<usize>) {
        reading.render_to(block);
        self.unmark(reading, Some((block, range)));
        self.place.set(reading.with_page(|page| page.blocks[block].place.clone()).unwrap_or_default());
        let element = reading.element_id(block).unwrap_or_default();
        let shown = [SPOKEN_ID, &element].into_iter().find_map(|id| Some((id, dom::top_of(id)?)));
        if let Some((id, top)) = shown
            && !(reading.following.line()..dom::window_height() * 0.7).contains(&top)
        {
            dom::scroll_to_middle(id);
        }
    }

    /// Marks other words in place of those that were read, or none.
    fn unmark(self, reading: Reading, now: Option<(usize, Range<usize>)>) {
        let block = now.as_ref().map(|(block, _)| *block);
        let before = reading.update_page(|page| std::mem::replace(&mut page.spoken, now)).flatten();
        let before = before.map(|(block, _)| block).filter(|before| Some(*before) != block);
        [before, block].into_iter().flatten().for_each(|block| reading.repaint(block));
    }

    /// Whoever looks at a paragraph does not want to be read the next.
    pub fn pause(self) {
        if self.stage.try_get_untracked() == Some(Stage::Speaking) {
            self.speech.set_value(None);
            self.stage.set(Stage::Paused);
        }
    }

    pub fn stop(self, reading: Reading) {
        self.speech.try_set_value(None);
        if self.stage.try_set(Stage::Silent).is_none() {
            self.unmark(reading, None);
        }
    }

    /// The screen is left: not a word more.
    pub fn leave(self) {
        self.speech.try_set_value(None);
    }
}

/// The words of a block; those of a table row by row.
fn spoken_words(block: &Block) -> String {
    let BlockKind::Table { rows } = &block.kind else { return block.plain_text() };
    let cell = |runs: &Vec<Run>| runs.iter().map(|run| run.text.as_str()).collect::<String>();
    let row = |cells: &Vec<Vec<Run>>| cells.iter().map(cell).collect::<Vec<_>>().join(", ");
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The way in, among the reader's tools.
pub fn listen(reading: Reading) -> AnyView {
    let word = t().documents().listen;
    view! {
        <button class="button reader__listen" aria-label=word on:click=move |_| reading.aloud.start(reading)>
            <Icon symbol=Symbol::Speaker/><span class="reader__word">{word}</span>
        </button>
    }
    .into_any()
}

/// What is read, and the buttons; at the foot, while it is read.
pub fn bar(reading: Reading) -> AnyView {
    let (words, aloud) = (t().documents(), reading.aloud);
    let said = move || match aloud.stage.get() {
        Stage::Speaking => (words.speaking)(&aloud.place.get()),
        Stage::Paused => (words.paused)(&aloud.place.get()),
        Stage::Asking => words.speaking_soon.to_owned(),
        Stage::NoVoice => words.no_voice.to_owned(),
        Stage::Failed => words.voice_failed.to_owned(),
        Stage::Silent => String::new(),
    };
    let go_on = move || match aloud.stage.get() {
        Stage::Speaking => button("button", Some(Symbol::Pause), words.pause, move || aloud.pause()),
        Stage::Paused => button("button", Some(Symbol::Play), words.go_on, move || aloud.speak(reading)),
        Stage::Failed => button("button", Some(Symbol::Refresh), words.go_on, move || aloud.speak(reading)),
        _ => ().into_any(),
    };
    let end = move || match aloud.stage.get() {
        Stage::NoVoice => words.close,
        _ => words.stop,
    };
    view! {
        <div class="action-bar" role="toolbar" aria-label=words.listen>
            <p class="action-bar__place" role="status">{live_text(said)}</p>
            {live_view(go_on)}
            <button class="button" on:click=move |_| aloud.stop(reading)><Icon symbol=Symbol::Stop/>{live_text(move || end().to_owned())}</button>
        </div>
    }
    .into_any()
}
