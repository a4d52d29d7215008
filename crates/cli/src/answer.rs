//! A whole answer at once.

use entropix_generate::{Chat, ChatError};
use entropix_protocol::{Finish, Recipe, Retracted, Step, TokenEntry};

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
        let (mut tokens, mut retracted) = (Vec::new(), Vec::new());
        let mut finish = Finish::Stopped;
        let generation = chat.generate(prompt, recipe)?;
        let generation = chat.finish(generation, |step| match step {
            Step::Token { entry } => tokens.push(TokenEntry::clone(entry)),
            Step::Retract { to, reason } => {
                retracted.push(Retracted::from_end(&mut tokens, *to, (**reason).clone()));
            }
            Step::Done { finish: how, .. } => finish = *how,
            Step::Prefill { .. } | Step::Branch { .. } => {}
        })?;
        Ok(Self { ids: generation.ids().to_vec(), tokens, retracted, finish })
    }

    pub(crate) fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text.as_str()).collect()
    }
}
