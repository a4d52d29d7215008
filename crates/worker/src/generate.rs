//! Answers: one token of each a task.

use entropix_protocol::{About, Beginning, ChatMessage, Event, Problem, Recipe, Stats, Step};

use crate::work::{self, chat};
use crate::{clock, page, state, task};

/// Answers a conversation.
pub(crate) async fn generate(
    id: u32,
    messages: Vec<ChatMessage>,
    recipe: Recipe,
    beginning: Beginning,
) {
    work::run(About::Generation { id }, answer(id, messages, recipe, beginning)).await;
}

async fn answer(
    id: u32,
    messages: Vec<ChatMessage>,
    recipe: Recipe,
    beginning: Beginning,
) -> Result<Event, Problem> {
    let mut generation = chat(|chat| {
        let prompt = chat.prompt(&messages, clock::now())?;
        chat.go_on(prompt.ids, beginning, recipe)
    })?;
    loop {
        // Read before the chat is borrowed: both are in one cell.
        let stopping = state::stopping();
        let step = chat(|chat| {
            Ok(if stopping { generation.stop(chat) } else { generation.advance(chat)? })
        })?;
        let over = matches!(step, Step::Done { .. });
        let event = went_on(id, step);
        if over {
            return Ok(event);
        }
        page::post(event);
        task::next_task().await;
    }
}

/// Answers a conversation in several ways side by side; the first one has this id, the others the next ones.
pub(crate) async fn side_by_side(id: u32, messages: Vec<ChatMessage>, recipes: Vec<Recipe>) {
    let about = (id..).take(recipes.len()).map(|id| About::Generation { id });
    work::run_all(&about.collect::<Vec<_>>(), answers(id, messages, recipes)).await;
}

async fn answers(
    id: u32,
    messages: Vec<ChatMessage>,
    recipes: Vec<Recipe>,
) -> Result<Vec<Event>, Problem> {
    let mut all = chat(|chat| {
        let prompt = chat.prompt(&messages, clock::now())?;
        Ok(chat.side_by_side(prompt.ids, recipes))
    })?;
    loop {
        let stopping = state::stopping();
        let steps = chat(|chat| Ok(if stopping { all.stop(chat) } else { all.advance(chat) }))?;
        let events = steps.into_iter().map(|(number, step)| {
            let id = id + number as u32;
            match step {
                Ok(step) => went_on(id, step),
                Err(error) => {
                    Event::Failed { about: About::Generation { id }, problem: error.problem() }
                }
            }
        });
        if all.is_over() {
            return Ok(events.collect());
        }
        events.for_each(page::post);
        task::next_task().await;
    }
}

/// What the page is told; of the end also how much memory there is.
fn went_on(id: u32, step: Step) -> Event {
    let step = match step {
        Step::Done { finish, stats } => {
            Step::Done { finish, stats: Stats { memory_bytes: memory_bytes(), ..stats } }
        }
        step => step,
    };
    Event::Generation { id, step }
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
        chat.prompt(messages, clock::now()).map(|prompt| (prompt.ids.len() as u32, context_length))
    });
    match counted {
        None => {}
        Some(Ok((tokens, context_length))) => {
            page::post(Event::Measured { id, tokens, context_length });
        }
        Some(Err(error)) => page::failed(About::Measure { id }, error.problem()),
    }
}
