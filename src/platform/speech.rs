//! The device's own voice, where it has a Vietnamese one. Nothing leaves the device: voices that speak elsewhere are
//! taken only where there is no other.

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{SpeechSynthesis, SpeechSynthesisUtterance, SpeechSynthesisVoice};

use crate::platform::timer;

/// Browsers list their voices some time after they are first asked.
const LOOKS: u32 = 20;
const LOOK_MS: u64 = 100;

/// Words that are being spoken; they stop when this is dropped.
#[derive(Debug)]
pub struct Speech {
    speech: SpeechSynthesis,
    words: SpeechSynthesisUtterance,
    _ended: Closure<dyn FnMut()>,
    _failed: Closure<dyn FnMut()>,
}

fn synthesis() -> Option<SpeechSynthesis> {
    let window = web_sys::window()?;
    let has_one = Reflect::get(&window, &JsValue::from_str("speechSynthesis")).is_ok_and(|speech| speech.is_object());
    if has_one { window.speech_synthesis().ok() } else { None }
}

fn voices() -> Vec<SpeechSynthesisVoice> {
    synthesis().map(|speech| speech.get_voices().iter().map(JsCast::unchecked_into).collect()).unwrap_or_default()
}

/// `vi`, `vi-VN`, `vi_VN`
fn is_vietnamese(voice: &SpeechSynthesisVoice) -> bool {
    let language = voice.lang().to_lowercase();
    language.split(['-', '_']).next() == Some("vi")
}

fn voice() -> Option<SpeechSynthesisVoice> {
    let mut voices: Vec<_> = voices().into_iter().filter(is_vietnamese).collect();
    let own = voices.iter().position(SpeechSynthesisVoice::local_service).unwrap_or(0);
    (own < voices.len()).then(|| voices.swap_remove(own))
}

/// Whether the device can read Vietnamese aloud.
pub async fn has_voice() -> bool {
    if synthesis().is_none() {
        return false;
    }
    for _ in 0..LOOKS {
        if !voices().is_empty() {
            break;
        }
        timer::sleep(LOOK_MS).await;
    }
    voice().is_some()
}

impl Speech {
    /// Begins to speak; `ended` is told once, with whether all was spoken.
    pub fn begin(words: &str, ended: impl Fn(bool) + Clone + 'static) -> Option<Self> {
        let (speech, voice) = (synthesis()?, voice()?);
        let words = SpeechSynthesisUtterance::new_with_text(words).ok()?;
        words.set_voice(Some(&voice));
        words.set_lang(&voice.lang());
        let failed = ended.clone();
        let ended = Closure::<dyn FnMut()>::new(move || ended(true));
        let failed = Closure::<dyn FnMut()>::new(move || failed(false));
        words.set_onend(Some(ended.as_ref().unchecked_ref()));
        words.set_onerror(Some(failed.as_ref().unchecked_ref()));
        speech.speak(&words);
        Some(Self { speech, words, _ended: ended, _failed: failed })
    }
}

impl Drop for Speech {
    fn drop(&mut self) {
        self.words.set_onend(None);
        self.words.set_onerror(None);
        // Some browsers swallow the next words when they are told to stop and nothing is being said.
        if self.speech.speaking() || self.speech.pending() {
            self.speech.cancel();
        }
    }
}
