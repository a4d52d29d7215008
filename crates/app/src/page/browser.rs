//! Small errands in the browser.

use gloo::file::{Blob, ObjectUrl};
use gloo::net::http::Request;
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, File, HtmlAnchorElement};

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

/// Whether the page is part of another one.
pub(super) fn is_framed() -> bool {
    let top = window().top().ok().flatten();
    top.is_some_and(|top| JsValue::from(top) != JsValue::from(window()))
}

/// Whether the browser offers its storage and other powers here.
pub(super) fn is_secure() -> bool {
    window().is_secure_context()
}

/// What the browser can do, by the names of the workers' needs.
pub(super) fn features() -> Vec<String> {
    let flag = |name: &str, otherwise: bool| {
        let value = js_sys::Reflect::get(&window(), &JsValue::from_str(name)).ok();
        value.and_then(|value| value.as_bool()).unwrap_or(otherwise)
    };
    // Found out by the start script.
    let found = [
        ("simd", flag("entropixSimd", true)),
        ("relaxed-simd", flag("entropixRelaxedSimd", false)),
        ("threads", flag("crossOriginIsolated", false)),
    ];
    found.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect()
}

/// The text inside an element of the static page.
pub(super) fn text_of(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}

/// The fragment of the address.
pub(super) fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// The text at an address relative to the page.
pub(super) async fn fetch(url: &str) -> Result<String, String> {
    let response = Request::get(&absolute(url)).send().await.map_err(|error| error.to_string())?;
    if !response.ok() {
        return Err(format!("status {}", response.status()));
    }
    response.text().await.map_err(|error| error.to_string())
}

/// Whether a file begins with this text.
pub(super) async fn begins_with(blob: &web_sys::Blob, text: &str) -> bool {
    let Ok(part) = blob.slice_with_i32_and_i32(0, text.len() as i32) else { return false };
    text_of_blob(&part).await.as_deref() == Some(text)
}

/// The text of files that begin as an object of JSON does; nothing of others.
pub(super) async fn json(files: &web_sys::Blob) -> Option<String> {
    let begins = text_of_blob(&files.slice_with_i32_and_i32(0, 64).ok()?).await?;
    if !begins.trim_start().starts_with('{') {
        return None;
    }
    text_of_blob(files).await
}

async fn text_of_blob(blob: &web_sys::Blob) -> Option<String> {
    JsFuture::from(blob.text()).await.ok()?.as_string()
}

/// Removes an element of the static page.
pub(super) fn remove_by_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// Hands `text` to the person as a JSON file, each value on a line of its own if `lines`.
pub(super) fn download(name: &str, text: &str, lines: bool) {
    let value = if lines { js_sys::JSON::parse(text).ok() } else { None };
    let lines = value.and_then(|value| {
        js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into()).ok()
    });
    let text = lines.map_or_else(|| text.to_owned(), String::from);
    let url = ObjectUrl::from(Blob::new_with_options(text.as_str(), Some("application/json")));
    let Ok(anchor) = document().create_element("a") else { return };
    let anchor: HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser reads the address after this task; dropping it takes it back.
    Timeout::new(1000, move || drop(url)).forget();
}

/// The files that were picked or dropped, by name.
pub(super) fn files(list: Option<web_sys::FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    let mut files: Vec<File> = Vec::new();
    for file in (0..list.length()).filter_map(|at| list.get(at)) {
        let at = files.partition_point(|earlier| earlier.name() <= file.name());
        files.insert(at, file);
    }
    files
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

/// Puts a fragment into the address, and the whole into the clipboard where the browser lets it.
pub(super) fn share(hash: &str) {
    set_hash(hash);
    // Without the permission it is in the address bar.
    spawn_local(async {
        copy(&window().location().href().unwrap_or_default()).await;
    });
}

/// Puts a text into the clipboard. Returns whether the browser let it.
pub(super) async fn copy(text: &str) -> bool {
    is_secure() && JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// How far the page is scrolled, in CSS pixels.
pub(super) fn scrolled() -> f64 {
    window().scroll_y().unwrap_or(0.0)
}

/// How far the end of the page is below the window, in CSS pixels.
pub(super) fn to_end() -> f64 {
    let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(0.0);
    let all = document().document_element().map_or(0, |root| root.scroll_height());
    f64::from(all) - scrolled() - height
}

/// Scrolls to the end of the page.
pub(super) fn scroll_to_end() {
    if let Some(root) = document().document_element() {
        window().scroll_to_with_x_and_y(0.0, f64::from(root.scroll_height()));
    }
}

/// Whether the inspector lies over the conversation instead of beside it.
pub(super) fn is_narrow() -> bool {
    matches("(max-width: 959.98px)")
}

/// Whether fingers point here, and write on a keyboard on the screen.
pub(super) fn is_touch() -> bool {
    matches("(pointer: coarse)")
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}
