//! Answers: one token a task.

use entropix_generate::{Chat, ChatError, Generation, Step};
use entropix_protocol::{ChatMessage, Event, Finish, Problem, ProblemKind, Stats};

use crate::{page, state, task};

/// Answers a conversation that `begin` puts to the model.
pub(crate) async fn generate(
    id: u32,
    begin: impl FnOnce(&mut Chat) -> Result<Generation, ChatError>,
) {
    work(id, run(id, begin)).await;
}

/// Runs a piece of work about which the page is told as `id`, unless there is other work.
pub(crate) async fn work(id: u32, run: impl Future<Output = Result<(Finish, Stats), Problem>>) {
    if state::busy() {
        let advice = "Wait until it is done, or stop it.";
        return page::fail(
            Some(id),
            ProblemKind::NotReady,
            "Another answer or a load is going on",
            advice,
        );
    }
    state::begin_generating();
    let result = run.await;
    // First end, then tell: the page may ask for the next answer at once.
    state::end_work();
    match result {
        Ok((finish, stats)) => page::post(&Event::Done { id, finish, stats }),
        Err(problem) => page::failed(Some(id), problem),
    }
}

async fn run(
    id: u32,
    begin: impl FnOnce(&mut Chat) -> Result<Generation, ChatError>,
) -> Result<(Finish, Stats), Problem> {
    let mut generation = chat(begin)?;
    let finish = loop {
        if state::stopping() {
            break chat(|chat| Ok(generation.stop(chat)))?;
        }
        match chat(|chat| generation.advance(chat))? {
            Step::Prefill { done, total } => page::post(&Event::Prefill { id, done, total }),
            Step::Token(entry) => page::post(&Event::Token { id, entry: *entry }),
            Step::Branch { branches, tokens } => {
                page::post(&Event::BranchProgress { id, branches, tokens });
            }
            Step::Retract { to, decision } => {
                page::post(&Event::Retract { id, to, reason: *decision });
            }
            Step::Done(finish) => break finish,
        }
        task::next_task().await;
    };
    Ok((finish, stats(&generation)))
}

fn stats(generation: &Generation) -> Stats {
    Stats { memory_bytes: memory_bytes(), ..generation.stats() }
}

/// Bytes of wasm memory, which never shrinks: the peak so far.
fn memory_bytes() -> f64 {
    let memory: js_sys::WebAssembly::Memory =
        wasm_bindgen::JsCast::unchecked_into(wasm_bindgen::memory());
    let buffer: js_sys::ArrayBuffer = wasm_bindgen::JsCast::unchecked_into(memory.buffer());
    f64::from(buffer.byte_length())
}

/// Counts the tokens of a conversation. Says nothing if no model is loaded: nothing can be sent then.
pub(crate) fn measure(id: u32, messages: &[ChatMessage]) {
    let counted = state::with_chat(|chat| {
        let context_length = chat.loaded().model.shape().context_length as u32;
        chat.prompt(messages).map(|prompt| (prompt.ids.len() as u32, context_length))
    });
    match counted {
        None => {}
        Some(Ok((tokens, context_length))) => {
            page::post(&Event::Measured { id, tokens, context_length });
        }
        Some(Err(error)) => page::failed(None, error.problem()),
    }
}

/// Uses the loaded model, with errors in words.
pub(crate) fn chat<T>(act: impl FnOnce(&mut Chat) -> Result<T, ChatError>) -> Result<T, Problem> {
    match state::with_chat(act) {
        Some(result) => result.map_err(|error| error.problem()),
        None => {
            Err(Problem::new(ProblemKind::NotReady, "No model is loaded", "Load a model first."))
        }
    }
}
