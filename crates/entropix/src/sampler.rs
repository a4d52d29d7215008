//! The sampler: logits in, decision out.

use crate::samplers::{Dslider, Entropix, Greedy, Input, Plain, Promised, Tools};
use crate::{Action, Attention, Decision, SamplerConfig, SamplerError, Softmax, sentence};

/// A configured sampler with its random stream, state and buffers.
///
/// ```
/// use entropix::{Action, PlainConfig, Sampler, SamplerConfig};
///
/// # fn main() -> Result<(), entropix::SamplerError> {
/// let config = PlainConfig { temperature: 1.0, top_k: 2, top_p: 1.0, ..PlainConfig::default() };
/// let mut sampler = Sampler::new(SamplerConfig::Plain(config), 7)?;
/// let decision = sampler.decide(&[2.0, 1.0, 2.0], None, &[])?;
/// assert_eq!(decision.action, Action::Sample);
/// assert_eq!(decision.sentence, "draw at temperature 1.00 from the top 2");
/// // What it drew from.
/// assert_eq!(sampler.filtered(), [(0, 0.5), (2, 0.5)]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Sampler {
    /// Always the most probable token.
    Greedy(Greedy),
    /// The usual samplers.
    Plain(Plain),
    /// Entropix as coded.
    Entropix(Entropix),
    /// Entropix as promised.
    Promised(Promised),
    /// The Dirichlet sampler.
    Dslider(Dslider),
}

impl Sampler {
    /// A sampler whose draws repeat for ever for the same `seed`. A promised one has nothing to insert:
    /// see [`Self::with_phrases`].
    ///
    /// # Errors
    /// A configuration value that is out of range.
    pub fn new(config: SamplerConfig, seed: u64) -> Result<Self, SamplerError> {
        Self::with_phrases(config, Vec::new(), seed)
    }

    /// The same, with the tokens of the phrases that a promised sampler inserts, in the order of
    /// [`PromisedConfig::phrases`](crate::PromisedConfig::phrases).
    ///
    /// # Errors
    /// A configuration value that is out of range.
    pub fn with_phrases(
        config: SamplerConfig,
        phrases: Vec<Vec<u32>>,
        seed: u64,
    ) -> Result<Self, SamplerError> {
        config.check()?;
        Ok(match config {
            SamplerConfig::Greedy => Self::Greedy(Greedy::new(seed)),
            SamplerConfig::Plain(config) => Self::Plain(Plain::new(config, seed)),
            SamplerConfig::Entropix(config) => Self::Entropix(Entropix::new(config, seed)),
            SamplerConfig::Promised(config) => Self::Promised(Promised::new(config, phrases, seed)),
            SamplerConfig::Dslider(config) => Self::Dslider(Dslider::new(config, seed)),
        })
    }

    /// Chooses the next token.
    ///
    /// `logits` are the raw logits of the last position, `generated` every token generated so far
    /// (the pause token is inserted only if it is not among them).
    ///
    /// # Errors
    /// No candidate, or attention of the wrong shape.
    pub fn decide(
        &mut self,
        logits: &[f32],
        attention: Option<Attention<'_>>,
        generated: &[u32],
    ) -> Result<Decision, SamplerError> {
        if let Some(attention) = &attention {
            attention.check()?;
        }
        let input = Input { attention, ..self.tools_mut().see(logits, generated)? };
        match self {
            Self::Greedy(sampler) => sampler.decide(&input),
            Self::Plain(sampler) => sampler.decide(&input),
            Self::Entropix(sampler) => sampler.decide(&input),
            Self::Promised(sampler) => sampler.decide(&input),
            Self::Dslider(sampler) => sampler.decide(&input),
        }
    }

    /// The most probable token, whatever the configuration: as coded, the first token of an answer
    /// ([`first_token_argmax`](crate::EntropixConfig::first_token_argmax)).
    ///
    /// # Errors
    /// No candidate.
    pub fn first(&mut self, logits: &[f32]) -> Result<Decision, SamplerError> {
        let tools = self.tools_mut();
        let input = tools.see(logits, &[])?;
        let token = tools.most_probable(&input)?;
        let sentence = format!("the first token, without a rule: {}", sentence::MOST_PROBABLE);
        Ok(input.decision(Action::Argmax, token, sentence))
    }

    /// Begins after `tokens` tokens that the answer has already, whoever chose them: as if they had been
    /// [given](Self::give), one after the other, without their logits.
    pub fn skip(&mut self, tokens: usize) {
        self.tools_mut().uniforms.skip(tokens);
        if let Self::Promised(sampler) = self {
            sampler.skip(tokens);
        }
    }

    /// Puts a token that was given from outside, whatever the logits say.
    ///
    /// So that a seed repeats what comes after it, each given token takes one number of the random
    /// stream, and nothing else: the Dirichlet sampler's averages begin at its next decision, and the
    /// promised one neither takes a given token back nor counts it as inserted or branched. Plain samplers
    /// take one number for each token that they draw, too: what they said themselves may be given, and
    /// they go on as if they had never stopped.
    ///
    /// # Errors
    /// No candidate: logits that hold no number.
    pub fn give(&mut self, logits: &[f32], token: u32) -> Result<Decision, SamplerError> {
        self.put(logits, token, Action::Given, sentence::GIVEN)
    }

    /// Takes the next token of a text that is only read, whatever the logits say: as [`Self::give`] does.
    ///
    /// # Errors
    /// No candidate: logits that hold no number.
    pub fn read(&mut self, logits: &[f32], token: u32) -> Result<Decision, SamplerError> {
        self.put(logits, token, Action::Read, sentence::READ)
    }

    fn put(
        &mut self,
        logits: &[f32],
        token: u32,
        action: Action,
        why: &str,
    ) -> Result<Decision, SamplerError> {
        let tools = self.tools_mut();
        let input = tools.see(logits, &[])?;
        tools.filter.only(token);
        let decision = input.decision(action, token, why.into());
        self.skip(1);
        Ok(decision)
    }

    /// The softmax of the logits that the last decision was about; `None` before the first.
    pub fn softmax(&self) -> Option<&Softmax> {
        self.tools().seen.as_ref()
    }

    /// The distribution the last decision drew from: `(token, probability)`, most probable first.
    ///
    /// Where nothing was drawn, the chosen token with probability 1.
    pub fn filtered(&self) -> &[(u32, f64)] {
        self.tools().filter.kept()
    }

    /// Entropix as coded, if this is it.
    pub fn as_coded(&self) -> Option<&Entropix> {
        match self {
            Self::Entropix(sampler) => Some(sampler),
            Self::Greedy(_) | Self::Plain(_) | Self::Promised(_) | Self::Dslider(_) => None,
        }
    }

    /// The promised sampler, if this is it.
    pub fn as_promised(&mut self) -> Option<&mut Promised> {
        match self {
            Self::Promised(sampler) => Some(sampler),
            Self::Greedy(_) | Self::Plain(_) | Self::Entropix(_) | Self::Dslider(_) => None,
        }
    }

    fn tools(&self) -> &Tools {
        match self {
            Self::Greedy(Greedy { tools })
            | Self::Plain(Plain { tools, .. })
            | Self::Entropix(Entropix { tools, .. })
            | Self::Promised(Promised { tools, .. })
            | Self::Dslider(Dslider { tools, .. }) => tools,
        }
    }

    fn tools_mut(&mut self) -> &mut Tools {
        match self {
            Self::Greedy(Greedy { tools })
            | Self::Plain(Plain { tools, .. })
            | Self::Entropix(Entropix { tools, .. })
            | Self::Promised(Promised { tools, .. })
            | Self::Dslider(Dslider { tools, .. }) => tools,
        }
    }
}
