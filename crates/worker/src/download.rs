//! Model bytes from the web: checked by length and hash, resumed after a broken connection or a pause.

use entropix_protocol::{Event, Phase, Problem, ProblemKind};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, Headers, ReadableStreamDefaultReader, RequestInit, Response};
use web_time::{Duration, Instant};

use crate::parts::Parts;
use crate::{page, state};

/// Attempts to go on after the connection broke.
const RESUMES: u32 = 3;
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Downloads from the first address that has the right file, and goes on with what an earlier download left. What has
/// come stays for the next one, unless the person threw it away or it was wrong.
pub(crate) async fn download(
    urls: &[String],
    bytes: f64,
    sha256: &str,
    abort: &AbortController,
) -> Result<Blob, Problem> {
    let total = bytes as u64;
    let mut parts = Parts::found(sha256, total).await;
    let result = from_any(urls, total, sha256, abort, &mut parts).await;
    if result.is_ok() || state::discarding() {
        // The whole takes their place, and not twice the room.
        parts.discard().await;
    } else {
        parts.settle().await?;
    }
    result
}

async fn from_any(
    urls: &[String],
    total: u64,
    sha256: &str,
    abort: &AbortController,
    parts: &mut Parts,
) -> Result<Blob, Problem> {
    let mut first_problem = None;
    for url in urls {
        match (Download { url, total, abort, parts, told: Instant::now() }).run(sha256).await {
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
    parts: &'a mut Parts,
    told: Instant,
}

/// How one connection ended.
enum End {
    /// All bytes came.
    Complete,
    /// It broke; the rest can be asked for.
    Broken(Problem),
    /// The server has another file by now: it is asked for from its beginning.
    Changed,
}

impl Download<'_> {
    async fn run(mut self, sha256: &str) -> Result<Blob, Problem> {
        let (mut resumes, mut changes) = (0, 0);
        // Whether what is here may be of two files.
        let mut mixed = self.parts.done() > 0;
        loop {
            if state::stopping() {
                return Err(stopped());
            }
            let before = self.parts.done();
            if before == self.total {
                let found = self.parts.hash();
                if found == sha256 {
                    return self.parts.whole();
                }
                self.parts.restart().await;
                if !mixed {
                    return Err(
                        self.wrong(&format!("is not the expected one: its SHA-256 is {found}"))
                    );
                }
                mixed = false;
                continue;
            }
            match self.connect().await? {
                End::Complete => {}
                End::Changed if changes < RESUMES => {
                    changes += 1;
                    mixed = false;
                    self.parts.restart().await;
                }
                End::Changed => return Err(self.lost()),
                End::Broken(problem) => {
                    // A connection that brought something does not use up an attempt.
                    resumes = if self.parts.done() > before { 0 } else { resumes + 1 };
                    if state::stopping() {
                        return Err(stopped());
                    }
                    if resumes >= RESUMES {
                        return Err(problem);
                    }
                    mixed |= self.parts.done() > 0;
                }
            }
        }
    }

    /// One connection: from what is there on, to the end or until it breaks.
    async fn connect(&mut self) -> Result<End, Problem> {
        let response = match self.request().await {
            Ok(response) => response,
            Err(_) if state::stopping() => return Err(stopped()),
            Err(_) => return Ok(End::Broken(self.unreachable())),
        };
        let goes_on = self.parts.done() > 0;
        if goes_on && response.status() == 416 {
            return Ok(End::Changed);
        }
        if !response.ok() {
            let message =
                format!("the server answered {} with status {}", self.url, response.status());
            let advice = "Try again later, or choose a GGUF file from this device.";
            return Err(Problem::new(ProblemKind::HttpStatus, message, advice));
        }
        self.check_kind(&response)?;
        let Some(body) = response.body() else { return Ok(End::Broken(self.unreachable())) };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let origin = self.origin(&response);
        if goes_on && response.status() != 206 {
            // The server sends everything again.
            self.parts.restart().await;
        } else if goes_on && self.is_other(&response, &origin) {
            let _ = JsFuture::from(reader.cancel()).await;
            return Ok(End::Changed);
        }
        self.parts.set_origin(origin);
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
            self.take(get("value").unchecked_ref()).await?;
        }
        let complete = self.parts.done() == self.total;
        Ok(if complete { End::Complete } else { End::Broken(self.lost()) })
    }

    async fn request(&self) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_signal(Some(&self.abort.signal()));
        let done = self.parts.done();
        if done > 0 {
            let headers = Headers::new()?;
            headers.set("Range", &format!("bytes={done}-"))?;
            init.set_headers(&headers);
        }
        JsFuture::from(page::scope().fetch_with_str_and_init(self.url, &init)).await?.dyn_into()
    }

    /// The address and the file's tag there, if the server lets us see it.
    fn origin(&self, response: &Response) -> String {
        header(response, "etag").map(|tag| format!("{} {tag}", self.url)).unwrap_or_default()
    }

    /// Whether the server has another file than the one of which there are parts, as far as it says.
    fn is_other(&self, response: &Response, origin: &str) -> bool {
        let from = format!("bytes {}-", self.parts.done());
        let whole = format!("/{}", self.total);
        let fits = |range: String| {
            range.starts_with(&from) && (range.ends_with(&whole) || range.ends_with("/*"))
        };
        let address = |origin: &str| origin.split_once(' ').map(|(url, _)| url.to_owned());
        let before = self.parts.origin();
        let same_address = address(before).is_some() && address(before) == address(origin);
        !header(response, "content-range").is_none_or(fits) || same_address && before != origin
    }

    /// A web page instead of a model is told apart before a hash is computed over it.
    fn check_kind(&self, response: &Response) -> Result<(), Problem> {
        if header(response, "content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let message = format!("the file at {} is a web page, not a model", self.url);
            let advice = "Check the address; a login page or a wrong path answers like this.";
            return Err(Problem::new(ProblemKind::NotAModel, message, advice));
        }
        Ok(())
    }

    async fn take(&mut self, chunk: &js_sys::Uint8Array) -> Result<(), Problem> {
        let done = self.parts.done() + u64::from(chunk.length());
        if done > self.total {
            self.abort.abort();
            self.parts.restart().await;
            return Err(self.wrong(&format!("is longer than the expected {} bytes", self.total)));
        }
        self.parts.take(chunk).await?;
        if self.told.elapsed() >= PROGRESS_EVERY || done == self.total {
            self.told = Instant::now();
            let (done, total) = (done as f64, self.total as f64);
            page::post(Event::Progress { phase: Phase::Download, done, total });
        }
        Ok(())
    }

    fn wrong(&self, how: &str) -> Problem {
        let message = format!("the file at {} {how}", self.url);
        let advice =
            "Nothing of it was kept. Try again later, or choose a GGUF file from this device.";
        Problem::new(ProblemKind::WrongFile, message, advice)
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
            self.parts.done() as f64 / 1e6,
            self.total as f64 / 1e6
        );
        Problem::new(ProblemKind::Network, message, "Check the connection and try again.")
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

fn stopped() -> Problem {
    Problem::new(ProblemKind::Network, "The download was stopped", "Press Load to start it again.")
}
