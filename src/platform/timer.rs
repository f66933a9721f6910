//! Waiting, and being woken later.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// A call that comes after a while, unless this is dropped before.
#[derive(Debug)]
pub struct Alarm {
    handle: i32,
    _call: Closure<dyn FnMut()>,
}

/// Calls once after `ms` milliseconds.
pub fn after(ms: u64, call: impl FnOnce() + 'static) -> Option<Alarm> {
    let mut call = Some(call);
    let closure = Closure::<dyn FnMut()>::new(move || {
        if let Some(call) = call.take() {
            call();
        }
    });
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let function = closure.as_ref().unchecked_ref();
    let handle = web_sys::window()?.set_timeout_with_callback_and_timeout_and_arguments_0(function, ms).ok()?;
    Some(Alarm { handle, _call: closure })
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}

/// A promise that rejects after a while: the other side of a race.
pub fn rejecting_after(ms: i32) -> Promise {
    Promise::new(&mut |_, reject| {
        if let Some(window) = web_sys::window() {
            // Without a timer the race has one side only, which is the old behaviour of a promise.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, ms);
        }
    })
}

/// Lets the browser answer and paint what waits, and goes on at once. Work in slices does this between them: a timer
/// that is set again and again waits 4 ms each time, a message does not.
pub async fn turn() {
    let Ok(channel) = MessageChannel::new() else { return sleep(0).await };
    let (here, there) = (channel.port1(), channel.port2());
    let promise = Promise::new(&mut |resolve, _| {
        here.set_onmessage(Some(&resolve));
        if there.post_message(&JsValue::NULL).is_err() {
            // Nobody would ever wake this.
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
    here.close();
}

/// Waits.
pub async fn sleep(ms: u64) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}

/// A page that is hidden is not painted; nobody waits longer for it.
const UNPAINTED_MAX_MS: i32 = 100;

/// Waits until what changed in the page has been painted.
pub async fn painted() {
    let promise = Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        let (after_frame, done) = (window.clone(), resolve.clone());
        // Called before the frame is painted: what it asks for comes behind.
        let frame = Closure::once_into_js(move || {
            let _ = after_frame.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 0);
        });
        let _ = window.request_animation_frame(frame.unchecked_ref());
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, UNPAINTED_MAX_MS);
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}
