//! The page: its root's attributes, focus, scrolling, the clipboard.

use std::cell::Cell;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CssStyleSheet, Document, Element, HtmlElement};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// Which build of the app this page runs: the folder of its own program, which is named by its content. A build that is
/// not a release has none, and is named by its version.
pub fn build() -> String {
    let program = document().and_then(|document| document.query_selector("link[rel=modulepreload]").ok().flatten());
    let address = program.and_then(|program| program.get_attribute("href")).unwrap_or_default();
    let folder = address.split('/').find(|part| part.starts_with("app-"));
    folder.unwrap_or(env!("CARGO_PKG_VERSION")).to_owned()
}

/// Sets an attribute of `<html>`.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = root() {
        // It fails only for names that are no names.
        let _ = root.set_attribute(name, value);
    }
}

/// The root of the site is another name of its first screen: nothing is built twice for it.
pub fn name_first_screen(first: &str) {
    let Some(window) = web_sys::window() else { return };
    if path() == "/"
        && let Ok(history) = window.history()
    {
        // Where it is refused, the address is one that no screen has, and the person is told so.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(first));
    }
}

/// Adds a rule, which may be a whole layer, behind all others.
pub fn add_rule(rule: &str) {
    let sheets = document().map(|document| document.style_sheets());
    let last = sheets.and_then(|sheets| sheets.item(sheets.length().checked_sub(1)?));
    if let Some(sheet) = last.and_then(|sheet| sheet.dyn_into::<CssStyleSheet>().ok()) {
        let end = sheet.css_rules().map_or(0, |rules| rules.length());
        // Without it the text is plain, and can be read.
        let _ = sheet.insert_rule_with_index(rule, end);
    }
}

/// The element the app is mounted to.
pub fn mount_point() -> Option<HtmlElement> {
    document()?.get_element_by_id("app")?.dyn_into().ok()
}

/// Takes the static shell away and says that the first screen is painted from local data.
pub fn ready() {
    if let Some(shell) = document().and_then(|document| document.get_element_by_id("shell")) {
        shell.remove();
    }
    set_root("data-app", "ready");
}

/// Says that the app cannot go on: the lifeboat takes over.
pub fn failed() {
    set_root("data-app", "failed");
}

/// Puts the focus on the element, without scrolling to it.
pub fn focus(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that takes no focus stays as it is.
        let _ = element.focus_with_options(&options);
    }
}

/// Puts the focus on the element with this id and brings it into view.
pub fn focus_field(id: &str) {
    let found = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that takes no focus stays as it is.
        let _ = element.focus();
    }
}

/// Puts the focus on the element if the one that had it is gone from the page.
pub fn focus_if_lost(selector: &str) {
    let held = document().and_then(|document| document.active_element());
    if held.is_none_or(|held| held.tag_name() == "BODY") {
        focus(selector);
    }
}

thread_local! {
    static SCROLLED: Cell<f64> = const { Cell::new(0.0) };
}

/// Notes how far the page is scrolled whenever it is, and just before a screen may change.
pub fn follow_scroll() {
    let Some(window) = web_sys::window() else { return };
    let scrolled = window.clone();
    let closure = Closure::<dyn FnMut()>::new(move || SCROLLED.set(scrolled.scroll_y().unwrap_or(0.0)));
    for event in ["scroll", "click", "popstate"] {
        // First of all listeners. It fails only for closures that are no functions.
        let note = closure.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback_and_bool(event, note, true);
    }
    closure.forget();
}

/// How far the page was scrolled down at its last turn. To ask the browser after a screen has changed would make it
/// lay out the new one for an answer about the old.
pub fn last_scroll() -> f64 {
    SCROLLED.get()
}

pub fn scroll_to(top: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, top);
    }
}

/// Moves on from where the page is.
pub fn scroll_by(distance: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, scrolled() + distance);
    }
}

/// How far the page is scrolled down now; it makes the browser lay out what has changed.
pub fn scrolled() -> f64 {
    web_sys::window().and_then(|window| window.scroll_y().ok()).unwrap_or(0.0)
}

/// Brings an element to the top of the view.
pub fn scroll_to_id(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Brings an element to the middle of the view.
pub fn scroll_to_middle(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Moves a row that scrolls sideways, so that one of its children is seen. The page stays where it is.
pub fn bring_into_row(id: &str) {
    let child = document().and_then(|document| document.get_element_by_id(id));
    let child = child.and_then(|child| child.dyn_into::<HtmlElement>().ok());
    if let Some((child, row)) = child.and_then(|child| Some((child.clone(), child.parent_element()?))) {
        row.set_scroll_left(child.offset_left() - (row.client_width() - child.offset_width()) / 2);
    }
}

/// Moves a pane that scrolls by itself, so that something in it is seen. The page stays where it is.
pub fn bring_into_pane(id: &str, pane: &str) {
    let child = document().and_then(|document| document.get_element_by_id(id));
    let Some((child, pane)) = child.and_then(|child| Some((child.clone(), child.closest(pane).ok()??))) else { return };
    let (place, frame) = (child.get_bounding_client_rect(), pane.get_bounding_client_rect());
    if place.top() < frame.top() || place.bottom() > frame.bottom() {
        #[expect(clippy::cast_possible_truncation, reason = "a distance in pixels")]
        let by = (place.top() - frame.top() - frame.height() / 2.0) as i32;
        pane.set_scroll_top(pane.scroll_top() + by);
    }
}

/// Height of the window in CSS pixels.
pub fn window_height() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or(800.0)
}

/// The size of the page's letters in CSS pixels.
pub fn rem_px() -> f64 {
    let style = root().and_then(|root| web_sys::window()?.get_computed_style(&root).ok()?);
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(18.0)
}

/// Height of everything that can be scrolled through.
pub fn page_height() -> f64 {
    root().map_or(0.0, |root| f64::from(root.scroll_height()))
}

/// Whether panes stand side by side (the same line as in the style sheets).
pub fn is_wide() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(min-width: 48rem)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Distance of an element's top from the top of the view.
pub fn top_of(id: &str) -> Option<f64> {
    Some(document()?.get_element_by_id(id)?.get_bounding_client_rect().top())
}

/// Distance of an element's top from the top of the view, and its height.
pub fn box_of(id: &str) -> Option<(f64, f64)> {
    let rect = document()?.get_element_by_id(id)?.get_bounding_client_rect();
    Some((rect.top(), rect.height()))
}

/// Adds HTML at the end of an element. Its words must be escaped.
pub fn append_html(element: &Element, html: &str) -> bool {
    element.insert_adjacent_html("beforeend", html).is_ok()
}

/// Adds HTML at the beginning of an element. Its words must be escaped.
pub fn prepend_html(element: &Element, html: &str) -> bool {
    element.insert_adjacent_html("afterbegin", html).is_ok()
}

/// Takes everything out of an element.
pub fn clear(element: &Element) {
    element.set_inner_html("");
}

/// Puts HTML in place of what an element holds. Its words must be escaped.
pub fn set_html(id: &str, html: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.set_inner_html(html);
    }
}

pub fn set_class(id: &str, class: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.set_class_name(class);
    }
}

/// Sets an attribute, or takes it away.
pub fn set_attribute(id: &str, name: &str, value: Option<&str>) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        // It fails only for names that are no names.
        let _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

/// The id of the nearest element around an event that the selector fits; empty when it has none.
pub fn id_at(event: &web_sys::Event, selector: &str) -> String {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.and_then(|target| target.closest(selector).ok().flatten()).map(|found| found.id()).unwrap_or_default()
}

/// Copies text, also where the modern clipboard is not allowed.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = js_sys::Reflect::get(&window.navigator(), &JsValue::from_str("clipboard")).ok();
    if clipboard.is_some_and(|clipboard| clipboard.is_object())
        && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
    {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

/// Selects the text in a field outside of the view and lets the browser copy the selection.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document()?;
    let field: web_sys::HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document.dyn_ref::<web_sys::HtmlDocument>()?.exec_command("copy").unwrap_or(false);
    field.remove();
    Some(copied)
}

/// Where the app came from: `https://host`.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Asks the browser to print the page, or to make a PDF of it.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // Where it is not allowed, nothing happens.
        let _ = window.print();
    }
}

/// The path of the address.
pub fn path() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// The part of the address after `#`.
pub fn fragment() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A reload that is refused leaves the page as it is.
        let _ = window.location().reload();
    }
}

/// Opens an address in a new tab, or downloads it where tabs are not to be had.
pub fn open(address: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.open_with_url_and_target(address, "_blank");
    }
}

/// Writes a line to the browser's console, for those who look after the app.
pub fn report(message: &str) {
    web_sys::console::error_1(&JsValue::from_str(message));
}
