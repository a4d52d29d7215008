//! What every sampler works with.

use crate::random::{Uniforms, invert};
use crate::{Action, Attention, Decision, Draw, Filter, SamplerError, Softmax, filter};

/// What a decision is about.
pub(crate) struct Input<'a> {
    pub(crate) logits: &'a [f32],
    pub(crate) softmax: Softmax,
    pub(crate) attention: Option<Attention<'a>>,
    pub(crate) generated: &'a [u32],
}

impl Input<'_> {
    /// A decision without a draw, to be completed.
    pub(crate) fn decision(&self, action: Action, token: u32, sentence: String) -> Decision {
        Decision {
            uncertainty: self.softmax.uncertainty(),
            attention: None,
            rule: None,
            because: Vec::new(),
            action,
            parameters: None,
            candidates: None,
            draw: None,
            branches: Vec::new(),
            retraction: None,
            token,
            sentence,
        }
    }

    /// The log-probability of a token at temperature 1, in nats.
    pub(super) fn log_probability(&self, token: u32) -> f64 {
        let logit = self.logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        self.softmax.log_probability(logit)
    }
}

/// A random stream, and buffers that live from token to token.
#[derive(Clone, Debug)]
pub(crate) struct Tools {
    pub(crate) uniforms: Uniforms,
    pub(crate) filter: Filter,
    /// The softmax of the logits that the last decision was about.
    pub(crate) seen: Option<Softmax>,
}

impl Tools {
    pub(super) fn new(seed: u64) -> Self {
        Self { uniforms: Uniforms::new(seed), filter: Filter::new(), seen: None }
    }

    /// Looks at logits.
    pub(crate) fn see<'a>(
        &mut self,
        logits: &'a [f32],
        generated: &'a [u32],
    ) -> Result<Input<'a>, SamplerError> {
        let softmax = Softmax::of(logits).ok_or(SamplerError::NoCandidates)?;
        self.seen = Some(softmax);
        Ok(Input { logits, softmax, attention: None, generated })
    }

    /// Draws from what the filter left.
    pub(super) fn draw(&mut self) -> Result<(u32, Draw), SamplerError> {
        invert(self.filter.kept(), self.uniforms.next()).ok_or(SamplerError::NoCandidates)
    }

    pub(crate) fn most_probable(&mut self, input: &Input<'_>) -> Result<u32, SamplerError> {
        let token = filter::argmax(input.logits).ok_or(SamplerError::NoCandidates)?;
        self.filter.only(token);
        Ok(token)
    }
}
