//! From a source to a loaded model.

use entropix_engine::PartName;
use entropix_generate::{Chat, problem_of_engine, problem_of_file};
use entropix_protocol::{About, Envelope, Event, Phase, Problem, ProblemKind, Source, Storage};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Blob};
use web_time::Instant;

#[cfg(not(feature = "generic"))]
use entropix_engine::Opened;
#[cfg(feature = "generic")]
use entropix_generic::Opened;

use crate::blob_reader::BlobReader;
use crate::{download, page, parts, state, storage, task};

/// Bytes between two progress messages while the model is built.
const PROGRESS_STEP: u64 = 4 << 20;

/// Fetches, checks and loads a model. The one that is loaded stays until the new one is known to
/// be sound; so does its answer, while a file is looked at.
pub(crate) async fn load(source: Source, only_stored: bool, blob: Option<Blob>) {
    let opened = match (&source, &blob) {
        (Source::Blob { name }, Some(blob)) => match open(blob, name) {
            Ok(opened) => Some(opened),
            Err(problem) => return refused(problem),
        },
        _ => None,
    };
    state::stop(true);
    while state::busy() {
        task::next_task().await;
    }
    let Ok(abort) = AbortController::new() else {
        return page::fail(
            About::Load,
            ProblemKind::Browser,
            "This browser can't cancel downloads",
            "Update the browser.",
        );
    };
    state::begin_loading(abort.clone());
    let result = fetch_and_build(source, only_stored, blob, opened, &abort).await;
    state::end_work();
    match result {
        Ok(ready) => page::send(&ready),
        Err(problem) => refused(problem),
    }
}

/// Removes a stored model, or what is there of one.
pub(crate) async fn forget(sha256: String) {
    storage::forget(&sha256).await;
    parts::forget(&sha256).await;
    page::post(Event::Forgotten { sha256 });
}

fn refused(problem: Problem) {
    if let Some(model) = state::model() {
        page::post(Event::Kept { model });
    }
    page::failed(About::Load, problem);
}

async fn fetch_and_build(
    source: Source,
    only_stored: bool,
    blob: Option<Blob>,
    opened: Option<Opened>,
    abort: &AbortController,
) -> Result<Envelope<Event>, Problem> {
    let (name, blob, storage) = match source {
        Source::Blob { name } => (name, blob.ok_or_else(no_file)?, Storage::OwnFile),
        Source::Web { name, urls, bytes, sha256 } => {
            if let Some(blob) = storage::find(&sha256, bytes).await {
                page::post(Event::Progress { phase: Phase::Read, done: bytes, total: bytes });
                // Another tab may have had the rest.
                parts::forget(&sha256).await;
                (name, blob, Storage::Stored)
            } else if only_stored {
                return Err(not_stored(&name));
            } else {
                let blob = download::download(&urls, bytes, &sha256, abort).await?;
                let storage = match storage::keep(&sha256, &blob).await {
                    Ok(()) => Storage::Stored,
                    Err(why) => Storage::NotStored { why },
                };
                (name, blob, storage)
            }
        }
    };
    let start = Instant::now();
    let opened = opened.map_or_else(|| open(&blob, &name), Ok)?;
    let chat = build(opened, &blob)?;
    let model = match PartName::of(&name) {
        Some(part) => chat.info(&format!("{}.gguf", part.model)),
        None => chat.info(&name),
    };
    state::set_chat(chat, model.clone());
    let build_ms = start.elapsed().as_secs_f64() * 1000.0;
    let message = Event::Ready { model, build_ms, storage };
    Ok(Envelope { message, blob: Some(blob) })
}

/// Reads and checks the header.
fn open(blob: &Blob, name: &str) -> Result<Opened, Problem> {
    let mut reader = reader(blob, |_| ())?;
    #[cfg(feature = "generic")]
    let opened = entropix_generic::open(&mut reader);
    #[cfg(not(feature = "generic"))]
    let opened = entropix_engine::open(&mut reader, entropix_engine::EngineOptions::default());
    opened.map_err(|error| problem_of_file(&error, name))
}

fn build(opened: Opened, blob: &Blob) -> Result<Chat, Problem> {
    let total = blob.size();
    let mut told = 0;
    let mut reader = reader(blob, move |at: u64| {
        if at >= told + PROGRESS_STEP {
            told = at;
            page::post(Event::Progress { phase: Phase::Build, done: at as f64, total });
        }
    })?;
    // Two models at once may be more than the browser allows.
    state::drop_chat();
    let loaded = opened.build(&mut reader).map_err(|error| problem_of_engine(&error))?;
    Ok(Chat::new(loaded))
}

fn reader<F: FnMut(u64)>(blob: &Blob, on_read: F) -> Result<BlobReader<F>, Problem> {
    BlobReader::new(blob.clone(), on_read).map_err(|error| unreadable(&error))
}

fn not_stored(name: &str) -> Problem {
    let message = format!("{name} is no longer in this browser's storage");
    Problem::new(ProblemKind::NotStored, message, "Press Load to download it again.")
}

fn no_file() -> Problem {
    let message = "The message named a file but brought none";
    Problem::new(ProblemKind::BadRequest, message, "Choose the file again.")
}

fn unreadable(error: &JsValue) -> Problem {
    let message = format!("The browser could not read the file: {error:?}");
    Problem::new(ProblemKind::Browser, message, "Choose the file again.")
}
