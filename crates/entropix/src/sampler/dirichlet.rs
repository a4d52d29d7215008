//! The Dirichlet sampler.

use super::{Input, Tools};
use crate::dslider::{Policy, State, Step};
use crate::{Action, Decision, DsliderConfig, Parameters, SamplerError, sentence};

impl Tools {
    pub(super) fn dirichlet(
        &mut self,
        input: &Input<'_>,
        config: &DsliderConfig,
    ) -> Result<Decision, SamplerError> {
        let state = match self.averages.take() {
            Some(state) => state,
            None => State::of_prefill([input.logits], config).ok_or(SamplerError::NoCandidates)?,
        };
        let mut uniforms = || self.uniforms.next();
        let step = Step::new(&state, input.logits, config, Some(&mut uniforms))
            .ok_or(SamplerError::NoCandidates)?;
        self.filter.exactly(&step.choice);
        let sentence = sentence::dirichlet(&step, state.top_entropy);
        let decision = match (step.policy, step.temperature) {
            (Policy::Argmax, _) | (_, None) => {
                let token = self.most_probable(input)?;
                input.decision(Action::Argmax, token, sentence)
            }
            (policy, Some(temperature)) => {
                let (token, draw) = self.draw()?;
                let top_k = if policy == Policy::Top { config.outlier_topk } else { 0 };
                Decision {
                    parameters: Some(Parameters { temperature, top_p: 1.0, top_k, min_p: 0.0 }),
                    draw: Some(draw),
                    ..input.decision(Action::Sample, token, sentence)
                }
            }
        };
        self.averages = Some(step.after(decision.token, config));
        Ok(decision)
    }
}
