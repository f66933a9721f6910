//! The live stream (server-sent events).

use sync::client::StreamEvent;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

/// One open stream; closed when dropped. It never reconnects by itself: the machine decides.
#[derive(Debug)]
pub struct LiveStream {
    source: EventSource,
    _handlers: [Closure<dyn FnMut(Event)>; 3],
}

impl LiveStream {
    pub fn open(url: &str, tell: impl Fn(StreamEvent) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let opened = tell.clone();
        let on_open = Closure::new(move |_: Event| opened(StreamEvent::Opened));
        let heard = tell.clone();
        let on_message = Closure::new(move |event: Event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            // A message that this build does not understand still shows that something is new.
            match text.and_then(|text| serde_json::from_str(&text).ok()) {
                Some(live) => heard(StreamEvent::Message(live)),
                None => heard(StreamEvent::Closed),
            }
        });
        let closing = source.clone();
        let on_error = Closure::new(move |_: Event| {
            closing.close();
            tell(StreamEvent::Closed);
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, _handlers: [on_open, on_message, on_error] })
    }
}

impl Drop for LiveStream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
