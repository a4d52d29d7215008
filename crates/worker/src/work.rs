//! Work that takes several tasks: one at a time, and it can be stopped between them.

use entropix_generate::{Chat, ChatError};
use entropix_protocol::{About, Event, Problem, ProblemKind};

use crate::{page, state};

/// Runs a piece of work and tells the page the last event of it, unless there is other work.
pub(crate) async fn run(about: About, work: impl Future<Output = Result<Event, Problem>>) {
    if state::busy() {
        let advice = "Wait until it is done, or stop it.";
        let message = "Another answer or a load is going on";
        return page::fail(about, ProblemKind::NotReady, message, advice);
    }
    state::begin_generating();
    let result = work.await;
    // First end, then tell: the page may ask for the next answer at once.
    state::end_work();
    match result {
        Ok(event) => page::post(event),
        Err(problem) => page::failed(about, problem),
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
