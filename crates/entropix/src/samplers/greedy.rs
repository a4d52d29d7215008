//! Always the most probable token.

use super::tools::{Input, Tools};
use crate::{Action, Decision, SamplerError, sentence};

/// Always the most probable token.
#[derive(Clone, Debug)]
pub struct Greedy {
    pub(crate) tools: Tools,
}

impl Greedy {
    pub(crate) fn new(seed: u64) -> Self {
        Self { tools: Tools::new(seed) }
    }

    pub(crate) fn decide(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let token = self.tools.most_probable(input)?;
        Ok(input.decision(Action::Argmax, token, sentence::MOST_PROBABLE.into()))
    }
}
