//! A whole answer at once.

use entropix::SamplerConfig;
use entropix_generate::{Chat, ChatError, Step};
use entropix_protocol::{Finish, Retracted, TokenEntry};

/// An answer, and what was taken back while it was made.
pub(crate) struct Answer {
    pub(crate) ids: Vec<u32>,
    pub(crate) tokens: Vec<TokenEntry>,
    pub(crate) retracted: Vec<Retracted>,
    pub(crate) finish: Finish,
}

impl Answer {
    /// Answers `prompt`.
    pub(crate) fn to(
        chat: &mut Chat,
        prompt: Vec<u32>,
        sampler: SamplerConfig,
        seed: u64,
        max_tokens: u32,
    ) -> Result<Self, ChatError> {
        let (mut tokens, mut retracted) = (Vec::new(), Vec::new());
        let mut finish = Finish::Stopped;
        let generation = chat.generate(prompt, sampler, seed, max_tokens)?;
        let generation = chat.finish(generation, |step| match step {
            Step::Token(entry) => tokens.push(TokenEntry::clone(entry)),
            Step::Retract { to, decision } => {
                retracted.push(Retracted::from_end(&mut tokens, *to, (**decision).clone()));
            }
            Step::Done(reason) => finish = *reason,
            Step::Prefill { .. } | Step::Branch { .. } => {}
        })?;
        Ok(Self { ids: generation.ids().to_vec(), tokens, retracted, finish })
    }

    pub(crate) fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text.as_str()).collect()
    }
}
