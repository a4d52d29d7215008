//! The Dirichlet sampler.

use super::tools::{Input, Tools};
use crate::dslider::{Policy, State, Step};
use crate::{Action, Decision, DsliderConfig, Parameters, SamplerError, sentence};

/// The Dirichlet sampler, with its moving averages: [`dslider`](crate::dslider).
#[derive(Clone, Debug)]
pub struct Dslider {
    config: DsliderConfig,
    /// From the first logits on.
    averages: Option<State>,
    pub(crate) tools: Tools,
}

impl Dslider {
    pub(crate) fn new(config: DsliderConfig, seed: u64) -> Self {
        Self { config, averages: None, tools: Tools::new(seed) }
    }

    pub(crate) fn decide(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let Self { config, averages, tools } = self;
        let state = match averages.take() {
            Some(state) => state,
            None => State::of_prefill([input.logits], config).ok_or(SamplerError::NoCandidates)?,
        };
        let mut uniforms = || tools.uniforms.next();
        let step = Step::new(&state, input.logits, config, Some(&mut uniforms))
            .ok_or(SamplerError::NoCandidates)?;
        tools.filter.exactly(&step.choice);
        let sentence = sentence::dirichlet(&step, state.top_entropy);
        let decision = match (step.policy, step.temperature) {
            (Policy::Argmax, _) | (_, None) => {
                let token = tools.most_probable(input)?;
                input.decision(Action::Argmax, token, sentence)
            }
            (policy, Some(temperature)) => {
                let (token, draw) = tools.draw()?;
                let top_k = if policy == Policy::Top { config.outlier_topk } else { 0 };
                Decision {
                    parameters: Some(Parameters { temperature, top_p: 1.0, top_k, min_p: 0.0 }),
                    draw: Some(draw),
                    ..input.decision(Action::Sample, token, sentence)
                }
            }
        };
        *averages = Some(step.after(decision.token, config));
        Ok(decision)
    }
}
