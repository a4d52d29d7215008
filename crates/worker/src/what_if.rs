//! Continuations of an answer from other tokens, side by side: one token of each a task.

use entropix_protocol::{About, ChatMessage, Event, Parting, Problem, Recipe};

use crate::work::{self, chat};
use crate::{clock, page, state, task};

/// Continues an answer and tells how far each continuation came.
pub(crate) async fn what_if(
    id: u32,
    messages: Vec<ChatMessage>,
    recipe: Recipe,
    answer: Vec<u32>,
    partings: Vec<Parting>,
) {
    work::run(About::WhatIf { id }, run(id, messages, recipe, answer, partings)).await;
}

async fn run(
    id: u32,
    messages: Vec<ChatMessage>,
    recipe: Recipe,
    answer: Vec<u32>,
    partings: Vec<Parting>,
) -> Result<Event, Problem> {
    let mut what_if = chat(|chat| {
        let prompt = chat.prompt(&messages, clock::now())?;
        Ok(chat.what_if(prompt.ids, &messages, answer, partings, recipe))
    })?;
    while !state::stopping() && !what_if.is_over() {
        let grown = chat(|chat| what_if.advance(chat))?;
        page::post(Event::WhatIf { id, grown, last: false });
        task::next_task().await;
    }
    Ok(Event::WhatIf { id, grown: Vec::new(), last: true })
}
