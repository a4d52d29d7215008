//! The usual samplers.

use std::f64::consts::LN_2;

use super::tools::{Input, Tools};
use crate::{Action, Decision, Parameters, PlainConfig, SamplerError, penalties, sentence};

/// The usual samplers, one after the other.
#[derive(Clone, Debug)]
pub struct Plain {
    chain: Chain,
    pub(crate) tools: Tools,
}

impl Plain {
    pub(crate) fn new(config: PlainConfig, seed: u64) -> Self {
        Self { chain: Chain::new(config), tools: Tools::new(seed) }
    }

    pub(crate) fn decide(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        self.chain.decide(input, &mut self.tools)
    }
}

/// Penalties, filters and draw by the book, for whoever has the tools.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    config: PlainConfig,
    /// Logits after penalties.
    punished: Vec<f32>,
}

impl Chain {
    pub(super) fn new(config: PlainConfig) -> Self {
        Self { config, punished: Vec::new() }
    }

    pub(super) fn decide(
        &mut self,
        input: &Input<'_>,
        tools: &mut Tools,
    ) -> Result<Decision, SamplerError> {
        let nats = input.softmax.uncertainty().entropy_bits * LN_2;
        let temperature = self.config.temperature_at(nats);
        let config = &PlainConfig { temperature, ..self.config.clone() };
        let mut logits = input.logits;
        if penalties::any(config) {
            self.punished.clear();
            self.punished.extend_from_slice(input.logits);
            penalties::apply(config, input.generated, &mut self.punished);
            logits = &self.punished;
        }
        tools.filter.by_the_book(logits, config);
        if config.temperature == 0.0 {
            let token = tools.filter.kept().first().ok_or(SamplerError::NoCandidates)?.0;
            return Ok(input.decision(Action::Argmax, token, sentence::by_the_book(config)));
        }
        let (token, draw) = tools.draw()?;
        let PlainConfig { temperature, top_k, top_p, min_p, .. } = *config;
        Ok(Decision {
            parameters: Some(Parameters { temperature, top_p, top_k, min_p }),
            draw: Some(draw),
            ..input.decision(Action::Sample, token, sentence::by_the_book(config))
        })
    }
}
