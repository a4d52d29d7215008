//! What has come of a download: in the browser's storage as well, until it is whole, so that the next one goes on
//! from there. A part stands under the place where it begins, so that parts of two tabs fit together.

use entropix_protocol::{Event, Phase, Problem, ProblemKind};
use js_sys::{Array, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Headers, Request, Response, ResponseInit};

use crate::{page, state, storage};

const CACHE: &str = "entropix-parts";
/// Bytes after which what has come is stored.
const PART: u64 = 4 << 20;
/// Header of a stored part: the address that it came from, and the file's tag there.
const ORIGIN: &str = "x-origin";

pub(crate) struct Parts {
    sha256: String,
    hash: Sha256,
    /// Nothing where the browser refuses to store.
    cache: Option<Cache>,
    /// The bytes as blobs, which stay outside wasm memory.
    blobs: Array,
    /// Chunks after them.
    fresh: Array,
    fresh_bytes: u64,
    done: u64,
    stored: bool,
    /// Where they came from, if the server tags its files.
    origin: String,
}

impl Parts {
    /// What earlier downloads left of a file of `total` bytes.
    pub(crate) async fn found(sha256: &str, total: u64) -> Self {
        let mut parts = Self {
            sha256: sha256.to_owned(),
            hash: Sha256::new(),
            cache: storage::open(CACHE).await.ok(),
            blobs: Array::new(),
            fresh: Array::new(),
            fresh_bytes: 0,
            done: 0,
            stored: false,
            origin: String::new(),
        };
        while parts.done < total
            && !state::stopping()
            && let Some((blob, bytes, origin)) = parts.read().await
        {
            parts.done += bytes.len() as u64;
            parts.hash.update(&bytes);
            parts.blobs.push(&blob);
            (parts.stored, parts.origin) = (true, origin);
            let (done, total) = (parts.done as f64, total as f64);
            page::post(Event::Progress { phase: Phase::Read, done, total });
        }
        if parts.done > total {
            parts.restart().await;
        }
        parts
    }

    /// The stored part that comes next.
    async fn read(&self) -> Option<(Blob, Vec<u8>, String)> {
        let found = self.cache.as_ref()?.match_with_str(&key(&self.sha256, self.done));
        let response: Response = JsFuture::from(found).await.ok()?.dyn_into().ok()?;
        let origin = response.headers().get(ORIGIN).ok().flatten().unwrap_or_default();
        let blob: Blob = JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()?;
        let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
        let bytes = Uint8Array::new(&bytes).to_vec();
        (!bytes.is_empty()).then_some((blob, bytes, origin))
    }

    /// Bytes that are here.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// Where they came from: an address, a blank, and the file's tag there; "" if that is not known.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn set_origin(&mut self, origin: String) {
        self.origin = origin;
    }

    /// Takes in what came next; stores it once it is enough.
    pub(crate) async fn take(&mut self, chunk: &Uint8Array) -> Result<(), Problem> {
        self.done += u64::from(chunk.length());
        self.fresh_bytes += u64::from(chunk.length());
        self.hash.update(chunk.to_vec());
        self.fresh.push(chunk);
        if self.fresh_bytes >= PART { self.settle().await } else { Ok(()) }
    }

    /// Stores what is not stored yet.
    pub(crate) async fn settle(&mut self) -> Result<(), Problem> {
        let start = self.done - self.fresh_bytes;
        let Some(blob) = self.gather()? else { return Ok(()) };
        let Some(cache) = &self.cache else { return Ok(()) };
        if put(cache, &key(&self.sha256, start), &blob, &self.origin).await.is_ok() {
            self.stored = true;
            self.tell(self.done);
        } else {
            // Where there is no room for a part, there is none for the whole.
            self.discard().await;
            self.cache = None;
        }
        Ok(())
    }

    /// The chunks as one more blob.
    fn gather(&mut self) -> Result<Option<Blob>, Problem> {
        if self.fresh_bytes == 0 {
            return Ok(None);
        }
        let blob = Blob::new_with_u8_array_sequence(&self.fresh).map_err(|_| no_room())?;
        self.blobs.push(&blob);
        (self.fresh, self.fresh_bytes) = (Array::new(), 0);
        Ok(Some(blob))
    }

    /// All bytes.
    pub(crate) fn whole(&mut self) -> Result<Blob, Problem> {
        self.gather()?;
        Blob::new_with_blob_sequence(&self.blobs).map_err(|_| no_room())
    }

    /// SHA-256 of all bytes, in lower-case hex.
    pub(crate) fn hash(&self) -> String {
        storage::hex(self.hash.clone())
    }

    /// Begins anew, from nothing.
    pub(crate) async fn restart(&mut self) {
        self.discard().await;
        (self.blobs, self.fresh, self.fresh_bytes) = (Array::new(), Array::new(), 0);
        (self.done, self.hash) = (0, Sha256::new());
        self.origin.clear();
    }

    /// Removes from storage what is there.
    pub(crate) async fn discard(&mut self) {
        if std::mem::take(&mut self.stored) {
            forget(&self.sha256).await;
            self.tell(0);
        }
    }

    fn tell(&self, bytes: u64) {
        page::post(Event::Partial { sha256: self.sha256.clone(), bytes: bytes as f64 });
    }
}

/// Removes what is stored of a file.
pub(crate) async fn forget(sha256: &str) {
    let Ok(cache) = storage::open(CACHE).await else { return };
    let Ok(found) = JsFuture::from(cache.keys()).await else { return };
    for request in Array::from(&found).iter().filter_map(|it| it.dyn_into::<Request>().ok()) {
        if request.url().contains(sha256) {
            let _ = JsFuture::from(cache.delete_with_request(&request)).await;
        }
    }
}

async fn put(cache: &Cache, key: &str, blob: &Blob, origin: &str) -> Result<JsValue, JsValue> {
    let headers = Headers::new()?;
    headers.set(ORIGIN, origin)?;
    let init = ResponseInit::new();
    init.set_headers(&headers);
    let response = Response::new_with_opt_blob_and_init(Some(blob), &init)?;
    JsFuture::from(cache.put_with_str(key, &response)).await
}

/// The cache wants addresses; this one need not exist.
fn key(sha256: &str, start: u64) -> String {
    format!("{}/stored-parts/{sha256}/{start}", page::scope().location().origin())
}

fn no_room() -> Problem {
    let message = "The browser could not hold the downloaded file";
    Problem::new(ProblemKind::OutOfMemory, message, "Close other tabs and try again.")
}
