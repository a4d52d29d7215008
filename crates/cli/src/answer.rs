//! A whole answer at once.

use entropix_conversation::{Answer as Recorded, Made, Progress};
use entropix_generate::{Chat, ChatError, Generation};
use entropix_protocol::{Finish, Recipe, Retracted, TokenEntry};

/// An answer, and what was taken back while it was made.
pub(crate) struct Answer {
    pub(crate) ids: Vec<u32>,
    pub(crate) tokens: Vec<TokenEntry>,
    pub(crate) retracted: Vec<Retracted>,
    pub(crate) finish: Finish,
}

impl Answer {
    /// Answers `prompt`.
    pub(crate) fn to(chat: &mut Chat, prompt: Vec<u32>, recipe: Recipe) -> Result<Self, ChatError> {
        let generation = chat.generate(prompt, recipe.clone())?;
        Self::finish(chat, generation, recipe)
    }

    /// Goes on with a text that ends with `prompt`.
    pub(crate) fn continuing(
        chat: &mut Chat,
        prompt: Vec<u32>,
        recipe: Recipe,
    ) -> Result<Self, ChatError> {
        let generation = chat.generate(prompt, recipe.clone())?.continuing();
        Self::finish(chat, generation, recipe)
    }

    fn finish(chat: &mut Chat, generation: Generation, recipe: Recipe) -> Result<Self, ChatError> {
        let mut answer = Recorded::begin(Made::of(recipe));
        let generation = chat.finish(generation, |step| {
            answer.apply(step.clone());
        })?;
        let finish = match answer.progress {
            Progress::Finished(finish) => finish,
            _ => Finish::Stopped,
        };
        let (tokens, retracted) = (answer.entries, answer.retracted);
        Ok(Self { ids: generation.ids().to_vec(), tokens, retracted, finish })
    }

    pub(crate) fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text.as_str()).collect()
    }
}
