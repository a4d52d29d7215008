//! Answers that are kept token by token, to be looked at.

use entropix_conversation::{Answer, Made};
use entropix_protocol::{ChatMessage, Finish, Recipe, SCHEMA, Step, Trace};

use crate::outcome::End;

/// Rows of a token's table that are kept.
const ROWS: usize = 8;

/// An answer in the making, with all that is recorded of it.
pub(super) struct Recording {
    answer: Answer,
    messages: Vec<ChatMessage>,
    prompt_tokens: u32,
}

impl Recording {
    pub(super) fn begin(messages: Vec<ChatMessage>, prompt_tokens: usize, recipe: Recipe) -> Self {
        Self {
            answer: Answer::begin(Made::of(recipe)),
            messages,
            prompt_tokens: prompt_tokens as u32,
        }
    }

    pub(super) fn take(&mut self, step: &Step) {
        self.answer.apply(step.clone());
    }

    /// As a trace, of which program and model are still to be named. It is short: a few rows of each table, no sketches.
    pub(super) fn finish(self, end: End) -> Trace {
        let Self { answer, messages, prompt_tokens } = self;
        let (mut tokens, mut retracted) = (answer.entries, answer.retracted);
        let gone = retracted.iter_mut().flat_map(|gone| &mut gone.tokens);
        for entry in tokens.iter_mut().chain(gone) {
            entry.top.truncate(ROWS);
            entry.sketch = None;
        }
        Trace {
            schema: SCHEMA,
            generator: String::new(),
            model: String::new(),
            messages,
            sampler: answer.made.recipe.sampler,
            seed: answer.made.recipe.seed,
            prompt_tokens,
            tokens,
            retracted,
            finish: match end {
                End::Model => Finish::EndOfTurn,
                End::Line | End::Cut => Finish::Stopped,
            },
        }
    }
}
