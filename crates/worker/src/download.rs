//! Model bytes from the web: checked by length and hash, resumed after a broken connection.

use entropix_protocol::{Event, Phase, Problem, ProblemKind};
use js_sys::{Array, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, Headers, ReadableStreamDefaultReader, RequestInit, Response};
use web_time::{Duration, Instant};

use crate::{page, state};

/// Attempts to go on after the connection broke.
const RESUMES: u32 = 3;
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Downloads from the first address that has the right file.
pub(crate) async fn download(
    urls: &[String],
    bytes: f64,
    sha256: &str,
    abort: &AbortController,
) -> Result<Blob, Problem> {
    let mut first_problem = None;
    for url in urls {
        match Download::new(url, bytes as u64, abort).run(sha256).await {
            Ok(blob) => return Ok(blob),
            Err(problem) if state::stopping() => return Err(problem),
            // The first address is the one that people know.
            Err(problem) => first_problem = first_problem.or(Some(problem)),
        }
    }
    Err(first_problem.unwrap_or_else(|| {
        Problem::new(
            ProblemKind::BadRequest,
            "The model has no address",
            "Choose a GGUF file instead.",
        )
    }))
}

struct Download<'a> {
    url: &'a str,
    total: u64,
    abort: &'a AbortController,
    done: u64,
    hash: Sha256,
    /// The browser's own chunks: they stay outside wasm memory.
    chunks: Array,
    told: Instant,
}

/// How one connection ended.
enum End {
    /// All bytes came.
    Complete,
    /// It broke; the rest can be asked for.
    Broken(Problem),
}

impl<'a> Download<'a> {
    fn new(url: &'a str, total: u64, abort: &'a AbortController) -> Self {
        let (hash, chunks) = (Sha256::new(), Array::new());
        Self { url, total, abort, done: 0, hash, chunks, told: Instant::now() }
    }

    async fn run(mut self, sha256: &str) -> Result<Blob, Problem> {
        let mut resumes = 0;
        loop {
            let before = self.done;
            match self.connect().await? {
                End::Complete => break,
                End::Broken(problem) => {
                    // A connection that brought something does not use up an attempt.
                    resumes = if self.done > before { 0 } else { resumes + 1 };
                    if resumes >= RESUMES || state::stopping() {
                        return Err(if state::stopping() { stopped() } else { problem });
                    }
                }
            }
        }
        let found = hex(&self.hash.finalize());
        if found != sha256 {
            let message =
                format!("the file at {} is not the expected one: its SHA-256 is {found}", self.url);
            return Err(Problem::new(ProblemKind::WrongFile, message, WRONG));
        }
        Blob::new_with_u8_array_sequence(&self.chunks).map_err(|_| {
            let message = "The browser could not hold the downloaded file";
            Problem::new(ProblemKind::OutOfMemory, message, "Close other tabs and try again.")
        })
    }

    /// One connection: from `done` on, to the end or until it breaks.
    async fn connect(&mut self) -> Result<End, Problem> {
        let response = match self.request().await {
            Ok(response) => response,
            Err(_) if state::stopping() => return Err(stopped()),
            Err(_) => return Ok(End::Broken(self.unreachable())),
        };
        if !response.ok() {
            let message =
                format!("the server answered {} with status {}", self.url, response.status());
            let advice = "Try again later, or choose a GGUF file from this device.";
            return Err(Problem::new(ProblemKind::HttpStatus, message, advice));
        }
        if self.done > 0 && response.status() != 206 {
            self.restart();
        }
        self.check_kind(&response)?;
        let Some(body) = response.body() else { return Ok(End::Broken(self.unreachable())) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        loop {
            let Ok(read) = JsFuture::from(reader.read()).await else {
                return if state::stopping() {
                    Err(stopped())
                } else {
                    Ok(End::Broken(self.lost()))
                };
            };
            let get = |name: &str| Reflect::get(&read, &name.into()).unwrap_or(JsValue::UNDEFINED);
            if get("done").is_truthy() {
                break;
            }
            self.take(get("value").unchecked_ref())?;
        }
        if self.done == self.total { Ok(End::Complete) } else { Ok(End::Broken(self.lost())) }
    }

    async fn request(&self) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_signal(Some(&self.abort.signal()));
        if self.done > 0 {
            let headers = Headers::new()?;
            headers.set("Range", &format!("bytes={}-", self.done))?;
            init.set_headers(&headers);
        }
        JsFuture::from(page::scope().fetch_with_str_and_init(self.url, &init)).await?.dyn_into()
    }

    /// The server sends everything again.
    fn restart(&mut self) {
        self.done = 0;
        self.hash = Sha256::new();
        self.chunks = Array::new();
    }

    /// A web page instead of a model is told apart before a hash is computed over it.
    fn check_kind(&self, response: &Response) -> Result<(), Problem> {
        let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
        if kind.starts_with("text/html") {
            let message = format!("the file at {} is a web page, not a model", self.url);
            let advice = "Check the address; a login page or a wrong path answers like this.";
            return Err(Problem::new(ProblemKind::NotAModel, message, advice));
        }
        Ok(())
    }

    fn take(&mut self, chunk: &Uint8Array) -> Result<(), Problem> {
        self.done += u64::from(chunk.length());
        if self.done > self.total {
            self.abort_connection();
            let message = format!(
                "the file at {} is longer than the expected {} bytes",
                self.url, self.total
            );
            return Err(Problem::new(ProblemKind::WrongFile, message, WRONG));
        }
        self.hash.update(chunk.to_vec());
        self.chunks.push(chunk);
        if self.told.elapsed() >= PROGRESS_EVERY || self.done == self.total {
            self.told = Instant::now();
            let (done, total) = (self.done as f64, self.total as f64);
            page::post(Event::Progress { phase: Phase::Download, done, total });
        }
        Ok(())
    }

    fn abort_connection(&self) {
        self.abort.abort();
    }

    fn unreachable(&self) -> Problem {
        let message = format!("the file at {} could not be reached", self.url);
        let advice = "Check the connection and try again, or choose a GGUF file from this device.";
        Problem::new(ProblemKind::Network, message, advice)
    }

    fn lost(&self) -> Problem {
        let message = format!(
            "The connection to {} was lost after {:.1} of {:.1} MB",
            self.url,
            self.done as f64 / 1e6,
            self.total as f64 / 1e6
        );
        Problem::new(ProblemKind::Network, message, "Check the connection and try again.")
    }
}

const WRONG: &str =
    "Nothing of it was kept. Try again later, or choose a GGUF file from this device.";

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn stopped() -> Problem {
    Problem::new(ProblemKind::Network, "The download was stopped", "Press Load to start it again.")
}
