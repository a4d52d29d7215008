//! Answers: one token a task.

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
        match step {
            Step::Done { finish, stats } => {
                let stats = Stats { memory_bytes: memory_bytes(), ..stats };
                return Ok(Event::Generation { id, step: Step::Done { finish, stats } });
            }
            step => page::post(Event::Generation { id, step }),
        }
        task::next_task().await;
    }
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
