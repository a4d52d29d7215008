//! Models kept by the browser (Cache API), by their SHA-256. Only whole, checked files go in.

use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Response};

use crate::page;

const CACHE: &str = "entropix-models";

/// The model with this hash, if it is stored with this length.
pub(crate) async fn find(sha256: &str, bytes: f64) -> Option<Blob> {
    let found = JsFuture::from(open(CACHE).await.ok()?.match_with_str(&key(sha256))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    let blob: Blob = JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()?;
    if (blob.size() - bytes).abs() > 0.5 {
        return None;
    }
    Some(blob)
}

/// Stores a model. The error is why not, in words; it leaves nothing behind.
pub(crate) async fn keep(sha256: &str, blob: &Blob) -> Result<(), String> {
    let refused = || "the browser refused to store it".to_owned();
    let cache = open(CACHE).await?;
    let response = Response::new_with_opt_blob(Some(blob)).map_err(|_| refused())?;
    let put = JsFuture::from(cache.put_with_str(&key(sha256), &response)).await;
    put.map(drop).map_err(|error| match error.dyn_ref::<js_sys::Error>() {
        Some(error) if error.name() == "QuotaExceededError" => {
            "the browser's storage is full".to_owned()
        }
        Some(error) => String::from(error.message()),
        None => refused(),
    })
}

/// Removes a stored model.
pub(crate) async fn forget(sha256: &str) {
    if let Ok(cache) = open(CACHE).await {
        let _ = JsFuture::from(cache.delete_with_str(&key(sha256))).await;
    }
}

/// One of the browser's stores; the error is why there is none, in words.
pub(crate) async fn open(name: &str) -> Result<Cache, String> {
    // Only secure contexts (https, localhost) have storage; elsewhere `caches` is undefined.
    let defined = js_sys::Reflect::has(&page::scope(), &"caches".into()).unwrap_or(false);
    let caches = defined.then(|| page::scope().caches().ok()).flatten();
    let Some(caches) = caches else {
        return Err("the browser offers storage only over https or on localhost".to_owned());
    };
    let opened = JsFuture::from(caches.open(name)).await;
    opened
        .and_then(JsValue::dyn_into)
        .map_err(|_| "the browser refused storage to this page".to_owned())
}

/// The cache wants addresses; this one need not exist.
fn key(sha256: &str) -> String {
    format!("{}/stored-models/{sha256}", page::scope().location().origin())
}

/// A hash in lower-case hex, as models are named by it.
pub(crate) fn hex(hash: Sha256) -> String {
    let digits: Vec<_> = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
