//! Work that takes several tasks: one at a time, and it can be stopped between them.

use entropix_generate::{Chat, ChatError};
use entropix_protocol::{About, Event, Problem, ProblemKind};

use crate::{page, state};

/// Runs a piece of work and tells the page the last event of it, unless there is other work.
pub(crate) async fn run(about: About, work: impl Future<Output = Result<Event, Problem>>) {
    run_all(&[about], async { work.await.map(|event| vec![event]) }).await;
}

/// The same for work that is about several things.
pub(crate) async fn run_all(
    about: &[About],
    work: impl Future<Output = Result<Vec<Event>, Problem>>,
) {
    let result = if state::busy() {
        let advice = "Wait until it is done, or stop it.";
        let message = "Another answer or a load is going on";
        Err(Problem::new(ProblemKind::NotReady, message, advice))
    } else {
        state::begin_generating();
        let result = work.await;
        // First end, then tell: the page may ask for the next answer at once.
        state::end_work();
        result
    };
    match result {
        Ok(events) => events.into_iter().for_each(page::post),
        Err(problem) => {
            for &about in about {
                page::failed(about, problem.clone());
            }
        }
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
