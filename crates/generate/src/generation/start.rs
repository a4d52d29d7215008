//! What an answer begins with.

use entropix::samplers::Gate;
use entropix::{Sampler, SamplerConfig};
use entropix_engine::{TextStream, Tokenizer};
use entropix_protocol::{Beginning, Given, Recipe, Stats};

use super::{FIRST_PIECE, Generation, Put, Stage};
use crate::cache::PromptCache;
use crate::entry::Record;
use crate::{Chat, ChatError, phrases};

impl Chat {
    /// Starts an answer to `prompt`; [`Generation::advance`] does the work.
    ///
    /// # Errors
    /// An empty prompt, one that does not fit, or a sampler configuration out of range.
    pub fn generate(&mut self, prompt: Vec<u32>, recipe: Recipe) -> Result<Generation, ChatError> {
        self.go_on(prompt, Beginning::default(), recipe)
    }

    /// Starts an answer that has a beginning already. Its kept tokens are read with the prompt, or come out
    /// of a cache; they are not told, and what is given after them is told as
    /// [`Action::Given`](entropix::Action::Given). [`Recipe::max_tokens`] counts what comes after both. After a whole
    /// text ([`Given::Whole`]) nothing comes; its tokens are told as [`Action::Read`](entropix::Action::Read).
    ///
    /// The same prompt, recipe and beginning give the same tokens, whatever was cached: the sampler knows of
    /// a beginning only which tokens it has, see [`Sampler::give`].
    ///
    /// # Errors
    /// As of [`Self::generate`]; the beginning must fit, too.
    pub fn go_on(
        &mut self,
        prompt: Vec<u32>,
        beginning: Beginning,
        recipe: Recipe,
    ) -> Result<Generation, ChatError> {
        self.begin(prompt, None, beginning, recipe)
    }

    /// As [`Self::go_on`] does; `read` is a cache of exactly the prompt, if there is one.
    pub(super) fn begin(
        &mut self,
        prompt: Vec<u32>,
        read: Option<PromptCache>,
        beginning: Beginning,
        recipe: Recipe,
    ) -> Result<Generation, ChatError> {
        let Recipe { sampler, seed, max_tokens, attention, one_line } = recipe;
        let Beginning { kept, then } = beginning;
        if prompt.is_empty() {
            return Err(ChatError::EmptyPrompt);
        }
        let given = ids(self.tokenizer(), &then)?;
        let reads = matches!(then, Given::Whole(_));
        if reads && given.is_empty() {
            return Err(ChatError::EmptyPrompt);
        }
        let context_length = self.loaded.model.shape().context_length;
        let tokens = prompt.len() + kept.len() + given.len();
        if tokens >= context_length {
            return Err(ChatError::PromptTooLong { tokens, context_length });
        }
        let phrases = match &sampler {
            SamplerConfig::Promised(config) => phrases::tokens(self.tokenizer(), config)?,
            _ => Vec::new(),
        };
        let mut sampler = Sampler::with_phrases(sampler, phrases, seed.0)?;
        sampler.skip(kept.len());
        let known = [prompt.as_slice(), &kept].concat();
        let mut cache = match read {
            Some(read) => read,
            None => self.pool.resume(self.loaded.model.as_ref(), &known)?,
        };
        cache.observe(attention || sampler.as_coded().is_some_and(|s| s.config().wants_attention));
        let reused_tokens = cache.len() as u32;
        let stats = Stats { prompt_tokens: reused_tokens, reused_tokens, ..Stats::default() };
        let max_tokens = match max_tokens as usize {
            _ if reads => 0,
            0 => usize::MAX,
            most => most,
        };
        let begins = TextStream::new(self.tokenizer());
        let mut generation = Generation {
            prompt,
            cache,
            sampler,
            stage: Stage::Reading,
            max_tokens: max_tokens.saturating_add(kept.len() + given.len()),
            generated: kept,
            given: given.into(),
            reads,
            text: begins.clone(),
            begins,
            record: Record::Full { attention },
            kept: true,
            one_line,
            piece: FIRST_PIECE,
            stats,
        };
        generation.spell(self);
        if generation.cache.len() == known.len() {
            generation.stage = generation.first();
        }
        Ok(generation)
    }
}

impl Generation {
    /// Goes on with the prompt's text instead of answering it: a space between them is kept.
    #[must_use]
    pub fn continuing(self) -> Self {
        Self { begins: TextStream::continued(), text: TextStream::continued(), ..self }
    }

    /// Leaves no trace: nothing is recorded of its tokens, and its cache is not kept.
    pub(crate) fn in_passing(self) -> Self {
        Self { record: Record::Nothing, kept: false, ..self }
    }

    /// Records of each token no more than the decision, its probability and the two most probable tokens, which costs
    /// little; its cache is not kept.
    #[must_use]
    pub fn brief(self) -> Self {
        Self { record: Record::Brief, kept: false, ..self }
    }

    /// Does not keep its cache for later prompts.
    #[must_use]
    pub fn unkept(self) -> Self {
        Self { kept: false, ..self }
    }

    /// Lets something else than the cuts of H and V decide about quadrants, if the sampler is the promised one.
    #[must_use]
    pub fn gated(mut self, gate: Box<dyn Gate>) -> Self {
        if let Some(promised) = self.sampler.as_promised() {
            promised.set_gate(gate);
        }
        self
    }

    /// What comes when all of the beginning that is not told was read.
    pub(super) fn first(&mut self) -> Stage {
        let from = if self.reads { Put::Read } else { Put::Given };
        Stage::put(std::mem::take(&mut self.given), from)
    }

    /// Spells the tokens that there are: the next one's text goes on from them.
    pub(super) fn spell(&mut self, chat: &Chat) {
        self.text = self.begins.clone();
        for id in self.generated.clone() {
            self.complete_text(chat, id);
        }
    }
}

fn ids(tokenizer: &Tokenizer, given: &Given) -> Result<Vec<u32>, ChatError> {
    Ok(match given {
        Given::Nothing => Vec::new(),
        Given::Token(id) => vec![*id],
        Given::Text(text) => tokenizer.encode_continuation(text)?,
        Given::Whole(text) => tokenizer.encode(text, false)?,
    })
}
