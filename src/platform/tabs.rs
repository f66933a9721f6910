//! Tells other tabs of this device that the ledger changed. Efficient only: correctness never depends on it.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

#[derive(Debug)]
pub struct Tabs {
    channel: Option<BroadcastChannel>,
}

impl Tabs {
    /// Calls `heard` when another tab has written for this account.
    pub fn join(account: &str, heard: impl FnMut() + 'static) -> Self {
        let channel = BroadcastChannel::new(&format!("ledger-{account}")).ok();
        if let Some(channel) = &channel {
            let closure = Closure::<dyn FnMut()>::new(heard);
            channel.set_onmessage(Some(closure.as_ref().unchecked_ref()));
            closure.forget();
        }
        Self { channel }
    }

    pub fn tell(&self) {
        if let Some(channel) = &self.channel {
            // A channel that cannot send leaves the other tabs to find out by themselves.
            let _ = channel.post_message(&JsValue::TRUE);
        }
    }
}
