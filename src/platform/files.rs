//! Files: content by its hash, attachments in the Cache API, texts that a person takes away.

use congress::carrying::Setback;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Cache, Response};

use crate::account::Account;
use crate::platform::timer;

/// A download keeps its address in this page for so long.
const ADDRESS_KEPT_MS: u64 = 60_000;

/// Hands a text to the browser as a file to be saved.
pub fn save_text(name: &str, text: &str) -> bool {
    let Some(address) = text_address(text) else { return false };
    let clicked = click_download(&address, name).is_some();
    spawn_local(async move {
        timer::sleep(ADDRESS_KEPT_MS).await;
        // What cannot be let go now goes with the page.
        let _ = web_sys::Url::revoke_object_url(&address);
    });
    clicked
}

fn text_address(text: &str) -> Option<String> {
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok()
}

fn click_download(address: &str, name: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let link: web_sys::HtmlElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", address).ok()?;
    link.set_attribute("download", name).ok()?;
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    Some(())
}

/// The body as text, if it is what its hash says.
pub async fn verified_text(response: &Response, sha256: &str) -> Option<String> {
    let bytes = body(response).await?;
    if !has_hash(&bytes, sha256).await {
        return None;
    }
    String::from_utf8(bytes.to_vec()).ok()
}

/// Keeps an attachment, if it is what its hash says.
pub async fn keep(account: &Account, response: &Response, sha256: &str) -> Result<(), Setback> {
    let copy = response.clone().map_err(|_| Setback::Broken)?;
    let bytes = body(response).await.ok_or(Setback::Broken)?;
    if !has_hash(&bytes, sha256).await {
        return Err(Setback::Broken);
    }
    let cache = cache(account).await.ok_or(Setback::NoRoom)?;
    // A browser that does not keep it says that there is no room, or nothing that could be understood.
    JsFuture::from(cache.put_with_str(&path(sha256), &copy)).await.map(drop).map_err(|_| Setback::NoRoom)
}

/// Whether this browser keeps attachments at all: not without a secure context (plain http in a hall).
pub fn can_keep() -> bool {
    web_sys::window().is_some_and(|window| {
        js_sys::Reflect::get(&window, &JsValue::from_str("caches")).is_ok_and(|it| !it.is_undefined())
    })
}

/// Removes those among the hashes that are attachments.
pub async fn remove(account: &Account, hashes: &[String]) {
    let Some(cache) = cache(account).await else { return };
    for sha256 in hashes {
        // What is not there need not be removed; what cannot be removed now is counted and tried again at the next look.
        let _ = JsFuture::from(cache.delete_with_str(&path(sha256))).await;
    }
}

/// An address in this page for an attachment that is not kept.
pub async fn passing_address(response: &Response, sha256: &str) -> Option<String> {
    let copy = response.clone().ok()?;
    let bytes = body(response).await?;
    if !has_hash(&bytes, sha256).await {
        return None;
    }
    object_address(&copy).await
}

/// Hashes of the attachments that are kept.
pub async fn kept(account: &Account) -> Vec<String> {
    let Some(cache) = cache(account).await else { return Vec::new() };
    let Ok(list) = JsFuture::from(cache.keys()).await else { return Vec::new() };
    let list = js_sys::Array::from(&list);
    let requests = list.iter().filter_map(|request| request.dyn_into::<web_sys::Request>().ok());
    requests.filter_map(|request| request.url().rsplit('/').next().map(str::to_owned)).collect()
}

/// An address in this page for a kept attachment.
pub async fn address(account: &Account, sha256: &str) -> Option<String> {
    let cache = cache(account).await?;
    let response: Response = JsFuture::from(cache.match_with_str(&path(sha256))).await.ok()?.dyn_into().ok()?;
    object_address(&response).await
}

async fn object_address(response: &Response) -> Option<String> {
    let blob = JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok()
}

/// An address that [`address`] gave is not needed any more.
pub fn release(address: &str) {
    // It fails only for what is no address.
    let _ = web_sys::Url::revoke_object_url(address);
}

pub async fn forget(account: &Account) {
    if let Some(caches) = web_sys::window().and_then(|window| window.caches().ok()) {
        // What cannot be removed now is removed with the origin's data by the browser.
        let _ = JsFuture::from(caches.delete(&cache_name(account))).await;
    }
}

fn cache_name(account: &Account) -> String {
    format!("files-{}", account.key())
}

fn path(sha256: &str) -> String {
    format!("/blob/{sha256}")
}

async fn cache(account: &Account) -> Option<Cache> {
    let caches = web_sys::window()?.caches().ok()?;
    JsFuture::from(caches.open(&cache_name(account))).await.ok()?.dyn_into().ok()
}

async fn body(response: &Response) -> Option<Uint8Array> {
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&buffer))
}

/// Without a secure context (plain http in a hall) there is no subtle crypto: then the length is all that was checked.
async fn has_hash(bytes: &Uint8Array, sha256: &str) -> bool {
    let subtle = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| js_sys::Reflect::get(&crypto, &JsValue::from_str("subtle")).ok())
        .and_then(|subtle| subtle.dyn_into::<web_sys::SubtleCrypto>().ok());
    let Some(subtle) = subtle else { return true };
    let Ok(digest) = subtle.digest_with_str_and_buffer_source("SHA-256", bytes) else { return false };
    let Ok(digest) = JsFuture::from(digest).await else { return false };
    let hex: String = Uint8Array::new(&digest).to_vec().iter().map(|byte| format!("{byte:02x}")).collect();
    hex == sha256
}
