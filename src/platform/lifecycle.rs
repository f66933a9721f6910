//! When the app is shown, hidden, resumed, or told that a network is there.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventTarget, VisibilityState};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// Shown, resumed, or the network may be back: try everything.
    Awake,
    /// Hidden or about to leave: save what is being written.
    Hidden,
}

/// Tells of every moment for as long as the page lives.
pub fn watch(tell: impl Fn(Moment) + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let visibility = {
        let (tell, document) = (tell.clone(), document.clone());
        move || {
            tell(if document.visibility_state() == VisibilityState::Visible { Moment::Awake } else { Moment::Hidden });
        }
    };
    listen(&document, "visibilitychange", visibility);
    for event in ["pageshow", "online"] {
        let tell = tell.clone();
        listen(&window, event, move || tell(Moment::Awake));
    }
    for event in ["pagehide", "freeze"] {
        let tell = tell.clone();
        listen(&window, event, move || tell(Moment::Hidden));
    }
}

fn listen(target: &EventTarget, event: &str, call: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(call);
    // It fails only for closures that are no functions.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}
