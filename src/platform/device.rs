//! The device: storage granted or not, the service worker and its updates, the screen kept awake, what kind of phone.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Navigator, RegistrationOptions, ServiceWorkerRegistration, ServiceWorkerState, ServiceWorkerUpdateViaCache,
    StorageEstimate,
};

/// How to put the app on the home screen of this very phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InstallWay {
    /// Runs as an installed app already.
    Installed,
    /// Safari on iPhone and iPad: Share, then "Add to Home Screen".
    IosSafari,
    /// Another browser on iPhone: it must be Safari.
    IosOther,
    /// Chrome and its relatives on Android.
    Android,
    Desktop,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StorageState {
    pub used_bytes: u64,
    /// All that the browser would let this app use; 0 when it does not say.
    pub quota_bytes: u64,
    /// The browser promised not to clear it by itself.
    pub kept: bool,
}

/// A congress with its attachments takes a fraction of this.
const ROOM_LEFT_MIN_BYTES: u64 = 50_000_000;

impl StorageState {
    /// Whether what is stored is safe, in the words of the server's API.
    pub fn keeping(self) -> &'static str {
        match self {
            Self { quota_bytes: 0, kept: false, .. } => "unknown",
            Self { quota_bytes: 1.., .. } if self.quota_bytes.saturating_sub(self.used_bytes) < ROOM_LEFT_MIN_BYTES => {
                "nearly-full"
            }
            Self { kept: true, .. } => "kept",
            Self { kept: false, .. } => "may-be-cleared",
        }
    }
}

fn navigator() -> Option<Navigator> {
    Some(web_sys::window()?.navigator())
}

fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Asks the browser to keep the data. `false` is normal.
pub async fn ask_to_keep() -> bool {
    let Some(navigator) = navigator() else { return false };
    if member(&navigator, "storage").is_none() {
        return false;
    }
    let Ok(promise) = navigator.storage().persist() else { return false };
    JsFuture::from(promise).await.is_ok_and(|kept| kept.is_truthy())
}

pub async fn storage_state() -> StorageState {
    let mut state = StorageState::default();
    let Some(navigator) = navigator().filter(|navigator| member(navigator, "storage").is_some()) else { return state };
    if let Ok(promise) = navigator.storage().persisted() {
        state.kept = JsFuture::from(promise).await.is_ok_and(|kept| kept.is_truthy());
    }
    if let Ok(promise) = navigator.storage().estimate()
        && let Ok(estimate) = JsFuture::from(promise).await
    {
        let estimate = estimate.unchecked_ref::<StorageEstimate>();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes below 2^53")]
        let bytes = |count: Option<f64>| count.unwrap_or(0.0) as u64;
        (state.used_bytes, state.quota_bytes) = (bytes(estimate.get_usage()), bytes(estimate.get_quota()));
    }
    state
}

pub fn install_way() -> InstallWay {
    let Some(window) = web_sys::window() else { return InstallWay::Desktop };
    let standalone =
        window.match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches());
    let ios_standalone = member(&window.navigator(), "standalone").is_some_and(|value| value.is_truthy());
    if standalone || ios_standalone {
        return InstallWay::Installed;
    }
    let agent = window.navigator().user_agent().unwrap_or_default();
    let touch_mac = agent.contains("Macintosh") && window.navigator().max_touch_points() > 1;
    if agent.contains("iPhone") || agent.contains("iPad") || touch_mac {
        let other = ["CriOS", "FxiOS", "EdgiOS", "Zalo"].iter().any(|name| agent.contains(name));
        return if other { InstallWay::IosOther } else { InstallWay::IosSafari };
    }
    if agent.contains("Android") { InstallWay::Android } else { InstallWay::Desktop }
}

/// A short name for this device in the list of devices.
pub fn label() -> String {
    let agent = navigator().and_then(|navigator| navigator.user_agent().ok()).unwrap_or_default();
    let system =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "Mac")];
    let browser =
        [("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome")];
    let pick = |table: &[(&str, &'static str)], other| {
        table.iter().find(|(sign, _)| agent.contains(sign)).map_or(other, |(_, name)| *name)
    };
    format!("{} · {}", pick(&system, "Linux"), pick(&browser, "Safari"))
}

/// Keeps the screen on while it is held, where the browser can.
#[derive(Clone, Debug, Default)]
pub struct WakeLock(Rc<RefCell<Lock>>);

#[derive(Debug, Default)]
enum Lock {
    #[default]
    Asked,
    Held(JsValue),
    Released,
}

impl WakeLock {
    pub fn take() -> Self {
        let lock = Self::default();
        let held = lock.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let request = navigator()
                .and_then(|navigator| member(&navigator, "wakeLock"))
                .and_then(|wake_lock| {
                    let request: Function = member(&wake_lock, "request")?.dyn_into().ok()?;
                    request.call1(&wake_lock, &JsValue::from_str("screen")).ok()
                })
                .and_then(|promise| promise.dyn_into::<Promise>().ok());
            if let Some(promise) = request
                && let Ok(sentinel) = JsFuture::from(promise).await
            {
                let before = held.0.replace(Lock::Held(sentinel));
                if matches!(before, Lock::Released) {
                    held.release();
                }
            }
        });
        lock
    }

    pub fn release(&self) {
        if let Lock::Held(sentinel) = self.0.replace(Lock::Released)
            && let Some(release) = member(&sentinel, "release").and_then(|f| f.dyn_into::<Function>().ok())
        {
            // A lock that the browser took back already is released.
            let _ = release.call0(&sentinel);
        }
    }
}

/// How long one try to store the app's files is waited for.
const WORKER_TRY_MS: i32 = 10_000;

/// Whether the app itself opens without a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AppFiles {
    /// Still being stored, or the storing failed.
    Pending,
    Stored,
    /// This browser, or an address without https, cannot store them.
    Impossible,
}

/// Waits for a while until the service worker has stored the app's files. One that could not store them has left nothing
/// behind, not even its registration: it is registered anew.
pub async fn worker_ready() -> AppFiles {
    if cfg!(debug_assertions) {
        return AppFiles::Stored;
    }
    let Some(navigator) = navigator().filter(|navigator| member(navigator, "serviceWorker").is_some()) else {
        return AppFiles::Impossible;
    };
    let Ok(ready) = navigator.service_worker().ready() else { return AppFiles::Impossible };
    let sides = js_sys::Array::of2(&ready, &crate::platform::timer::rejecting_after(WORKER_TRY_MS));
    match JsFuture::from(Promise::race(&sides)).await {
        Ok(_) => AppFiles::Stored,
        Err(_) => {
            register().await;
            AppFiles::Pending
        }
    }
}

/// Registers the service worker; one that is registered already stays as it is.
async fn register() -> Option<ServiceWorkerRegistration> {
    if cfg!(debug_assertions) {
        return None;
    }
    let navigator = navigator().filter(|navigator| member(navigator, "serviceWorker").is_some())?;
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let promise = navigator.service_worker().register_with_options("/sw.js", &options);
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// Has the service worker of a release build store the app, and calls `ready` whenever a newer one waits.
pub async fn register_worker(ready: impl Fn() + Clone + 'static) {
    register().await;
    while worker_ready().await == AppFiles::Pending {}
    let Some(registration) = registration().await else { return };
    if registration.waiting().is_some() {
        ready();
    }
    let found = registration.clone();
    let on_found = Closure::<dyn FnMut()>::new(move || {
        let Some(worker) = found.installing() else { return };
        let (installing, ready) = (worker.clone(), ready.clone());
        let had_worker = found.active().is_some();
        let on_state = Closure::<dyn FnMut()>::new(move || {
            if installing.state() == ServiceWorkerState::Installed && had_worker {
                ready();
            }
        });
        worker.set_onstatechange(Some(on_state.as_ref().unchecked_ref()));
        on_state.forget();
    });
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    on_found.forget();
}

/// Asks the service worker to keep the screens of the staff too.
pub async fn keep_staff_screens() {
    if let Some(worker) = registration().await.and_then(|registration| registration.active()) {
        post(&worker, "staff");
    }
}

/// Whether the screens of the staff are on the device: the service worker notes it once they are.
pub async fn are_staff_screens_kept() -> bool {
    let Some(caches) = web_sys::window().and_then(|window| window.caches().ok()) else { return false };
    JsFuture::from(caches.match_with_str("/staff-mark")).await.is_ok_and(|found| !found.is_undefined())
}

fn post(worker: &web_sys::ServiceWorker, kind: &str) -> bool {
    let message = js_sys::Object::new();
    let set = Reflect::set(&message, &JsValue::from_str("type"), &JsValue::from_str(kind));
    set.is_ok() && worker.post_message(&message).is_ok()
}

/// Looks for a newer version of the app.
pub async fn look_for_update() {
    if let Some(registration) = registration().await
        && let Ok(promise) = registration.update()
    {
        // Without a connection there is nothing to look at.
        let _ = JsFuture::from(promise).await;
    }
}

/// Lets the waiting version take over, then loads the page from it.
pub async fn activate_update() {
    if let Some(worker) = registration().await.and_then(|registration| registration.waiting())
        && post(&worker, "activate")
    {
        crate::platform::timer::sleep(400).await;
    }
    crate::platform::dom::reload();
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let navigator = navigator().filter(|navigator| member(navigator, "serviceWorker").is_some())?;
    JsFuture::from(navigator.service_worker().get_registration()).await.ok()?.dyn_into().ok()
}
