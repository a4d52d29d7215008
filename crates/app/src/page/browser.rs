//! Small errands in the browser.

use gloo::file::{Blob, File, FileList, ObjectUrl};
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement};

pub(super) use gloo::utils::{document, window};

/// The content of `<meta name=…>`.
pub(super) fn meta(name: &str) -> Option<String> {
    document()
        .query_selector(&format!("meta[name=\"{name}\"]"))
        .ok()
        .flatten()?
        .get_attribute("content")
}

/// An address relative to the page, made absolute.
pub(super) fn absolute(url: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.href())
}

/// Whether the browser offers its storage and other powers here.
pub(super) fn is_secure() -> bool {
    window().is_secure_context()
}

/// What the start script found out about SIMD.
pub(super) fn has_simd() -> bool {
    js_sys::Reflect::get(&window(), &JsValue::from_str("entropixSimd"))
        .ok()
        .and_then(|value| value.as_bool())
        .unwrap_or(true)
}

/// Removes an element of the static page.
pub(super) fn remove_by_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// Hands `text` to the person as a JSON file.
pub(super) fn download(name: &str, text: &str) {
    let url = ObjectUrl::from(Blob::new_with_options(text, Some("application/json")));
    let Ok(anchor) = document().create_element("a") else { return };
    let anchor: HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser reads the address after this task; dropping it takes it back.
    Timeout::new(1000, move || drop(url)).forget();
}

/// The first of the files that were picked or dropped.
pub(super) fn first_file(files: Option<web_sys::FileList>) -> Option<File> {
    FileList::from(files?).first().cloned()
}

/// The nearest ancestor (or the element itself) that matches.
pub(super) fn closest(target: Option<web_sys::EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// Changes the fragment of the address, without an entry in the history.
pub(super) fn set_hash(hash: &str) {
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{hash}"))));
    }
}

/// Whether the end of the page is in view.
pub(super) fn is_at_end() -> bool {
    let Some(root) = document().document_element() else { return false };
    let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(0.0);
    let scrolled = window().scroll_y().unwrap_or(0.0);
    f64::from(root.scroll_height()) - scrolled - height < 120.0
}

/// Scrolls to the end of the page.
pub(super) fn scroll_to_end() {
    if let Some(root) = document().document_element() {
        window().scroll_to_with_x_and_y(0.0, f64::from(root.scroll_height()));
    }
}

/// Whether the inspector lies over the conversation instead of beside it.
pub(super) fn is_narrow() -> bool {
    window()
        .match_media("(max-width: 1099.98px)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}
