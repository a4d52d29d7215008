//! Entropix as coded: what a rule wants is a plan, which is then acted on.

mod plan;

pub(crate) use plan::{Act, plan};

use self::plan::Plan;
use super::tools::{Input, Tools};
use crate::random::{fixed_noise, race};
use crate::{
    Action, AttentionMetrics, Candidate, Decision, Draw, EntropixConfig, Noise, Parameters, Preset,
    Rule, SamplerError, Uncertainty, rules, sentence,
};

/// Entropix as coded.
#[derive(Clone, Debug)]
pub struct Entropix {
    config: EntropixConfig,
    attention_weights: Vec<f64>,
    pub(crate) tools: Tools,
}

/// What the rules know.
struct Numbers {
    uncertainty: Uncertainty,
    attention: Option<AttentionMetrics>,
}

impl Entropix {
    pub(crate) fn new(config: EntropixConfig, seed: u64) -> Self {
        Self { config, attention_weights: Vec::new(), tools: Tools::new(seed) }
    }

    /// Its configuration.
    pub fn config(&self) -> &EntropixConfig {
        &self.config
    }

    pub(crate) fn decide(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let numbers = self.numbers(input)?;
        let Numbers { uncertainty, attention } = numbers;
        let plan = plan(&uncertainty, attention.as_ref(), input.generated, &self.config);
        let decision = self.act(&plan, &numbers, input)?;
        let Plan { rule, because, .. } = plan;
        Ok(Decision { uncertainty, attention, rule: Some(rule), because, ..decision })
    }

    fn numbers(&mut self, input: &Input<'_>) -> Result<Numbers, SamplerError> {
        let config = &self.config;
        let attention = match &input.attention {
            Some(attention) if config.preset.uses_attention() => {
                let weights = &mut self.attention_weights;
                Some(AttentionMetrics::with_buffer(attention, config.attention_variance, weights)?)
            }
            _ => None,
        };
        let uncertainty = if config.faithful_nan && !input.logits.iter().all(|l| l.is_finite()) {
            Uncertainty { entropy_bits: f64::NAN, varentropy_bits2: f64::NAN }
        } else {
            input.softmax.uncertainty()
        };
        Ok(Numbers { uncertainty, attention })
    }

    fn act(
        &mut self,
        plan: &Plan,
        numbers: &Numbers,
        input: &Input<'_>,
    ) -> Result<Decision, SamplerError> {
        let reason = sentence::reason(plan.rule, &numbers.uncertainty, &plan.because);
        match plan.act {
            Act::Argmax => {
                let sentence = format!("{reason}: {}", sentence::MOST_PROBABLE);
                Ok(input.decision(Action::Argmax, self.tools.most_probable(input)?, sentence))
            }
            Act::Pause => {
                let token = self.config.pause_token;
                self.tools.filter.only(token);
                let sentence = format!("{reason}: insert the pause token");
                Ok(input.decision(Action::Insert, token, sentence))
            }
            Act::Draw { parameters, draws } => {
                self.keep(input, &parameters);
                let logits_only =
                    numbers.attention.is_none() && self.config.preset.uses_attention();
                let filter = &self.tools.filter;
                let (kept, dropped) = (filter.kept().len(), filter.dropped());
                let how = sentence::as_coded(&parameters, draws, kept, dropped, logits_only);
                let link = match plan.rule {
                    Rule::Helv => ", pause token already inserted: ",
                    Rule::Adaptive => ", ",
                    Rule::Lelv | Rule::Lehv | Rule::Hehv => ": ",
                };
                let sentence = format!("{reason}{link}{how}");
                let decision = if draws == 1 {
                    let (token, draw) = self.draw(0, 1)?;
                    Decision { draw, ..input.decision(Action::Sample, token, sentence) }
                } else {
                    self.best_of(draws, numbers, input, sentence)?
                };
                Ok(Decision { parameters: Some(parameters), ..decision })
            }
        }
    }

    /// Leaves in the filter what may be drawn.
    fn keep(&mut self, input: &Input<'_>, parameters: &Parameters) {
        let filter = &mut self.tools.filter;
        if parameters.temperature.is_nan() {
            filter.greedy(input.logits);
        } else {
            let EntropixConfig { min_p_effect, nucleus, .. } = self.config;
            filter.with_quirks(input.logits, parameters, min_p_effect, nucleus);
        }
    }

    /// Draws several times from the same list; the best score wins, the first of equals.
    fn best_of(
        &mut self,
        draws: u32,
        numbers: &Numbers,
        input: &Input<'_>,
        sentence: String,
    ) -> Result<Decision, SamplerError> {
        let metrics = numbers.attention.unwrap_or_default();
        let constant = rules::confidence(&numbers.uncertainty, &metrics, &self.config);
        // An absurd configuration may divide by 0.
        let constant = if constant.is_finite() { constant } else { 0.0 };
        let mut candidates: Vec<Candidate> = Vec::with_capacity(draws as usize);
        let mut best = Candidate { token: 0, score: f64::NEG_INFINITY };
        let mut closest: Option<Draw> = None;
        for number in 0..draws {
            let (token, draw) = self.draw(number, draws)?;
            let candidate = Candidate { token, score: input.log_probability(token) + constant };
            if candidates.is_empty() || candidate.score > best.score {
                best = candidate;
            }
            closest = [closest, draw]
                .into_iter()
                .flatten()
                .reduce(|a, b| if b.margin < a.margin { b } else { a });
            candidates.push(candidate);
        }
        Ok(Decision {
            candidates: Some(candidates),
            draw: closest,
            ..input.decision(Action::BestOfN, best.token, sentence)
        })
    }

    /// Draw `number` of `draws`; one from the fixed noise has no uniform behind it.
    fn draw(&mut self, number: u32, draws: u32) -> Result<(u32, Option<Draw>), SamplerError> {
        match self.config.noise {
            Noise::Stream => self.tools.draw().map(|(token, draw)| (token, Some(draw))),
            Noise::Fixed => {
                let filter = &self.tools.filter;
                let dropped = filter.dropped();
                // From 31 October on the noise covers 256 tokens, whatever is kept of them.
                let least = if self.config.preset == Preset::Oct31 { 256 } else { 0 };
                let len = least.max(filter.kept().len() + dropped);
                let noise = fixed_noise(number, draws, len);
                let token = race(filter.kept(), dropped, &noise);
                token.map(|token| (token, None)).ok_or(SamplerError::NoCandidates)
            }
        }
    }
}
