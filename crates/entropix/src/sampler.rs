//! The sampler: logits in, decision out.

mod as_promised;
mod dirichlet;

use std::f64::consts::LN_2;

use crate::promised::Past;
use crate::random::{Uniforms, fixed_noise, invert, race};
use crate::{
    Action, Attention, AttentionMetrics, Candidate, Decision, Draw, EntropixConfig, Filter, Insert,
    Noise, Parameters, PlainConfig, Preset, Rule, SamplerConfig, SamplerError, Softmax,
    Uncertainty, conditions, dslider, filter, penalties, rules, sentence,
};

/// A configured sampler with its random stream and buffers.
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
pub struct Sampler {
    config: SamplerConfig,
    tools: Tools,
    seen: Option<Softmax>,
}

/// What a decision works with.
#[derive(Clone, Debug)]
struct Tools {
    uniforms: Uniforms,
    filter: Filter,
    attention_weights: Vec<f64>,
    /// Logits after penalties.
    punished: Vec<f32>,
    /// Of the promised sampler: the answer so far, its phrases, and the phrase begun last.
    past: Past,
    phrases: Vec<Vec<u32>>,
    phrase: usize,
    /// Of the Dirichlet sampler: its moving averages, from the first logits on.
    averages: Option<dslider::State>,
}

impl Sampler {
    /// A sampler whose draws repeat for ever for the same `seed`.
    ///
    /// # Errors
    /// A configuration value that is out of range.
    pub fn new(config: SamplerConfig, seed: u64) -> Result<Self, SamplerError> {
        config.check()?;
        let uniforms = Uniforms::new(seed);
        let tools = Tools {
            uniforms,
            filter: Filter::new(),
            attention_weights: Vec::new(),
            punished: Vec::new(),
            past: Past::default(),
            phrases: Vec::new(),
            phrase: 0,
            averages: None,
        };
        Ok(Self { config, tools, seen: None })
    }

    /// The configuration.
    pub fn config(&self) -> &SamplerConfig {
        &self.config
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
        let input = Input { attention, ..self.see(logits, generated)? };
        match &self.config {
            SamplerConfig::Greedy => self.tools.greedy(&input),
            SamplerConfig::Plain(config) => self.tools.plain(&input, config),
            SamplerConfig::Entropix(config) => self.tools.entropix(&input, config),
            SamplerConfig::Promised(config) => self.tools.promised(&input, config),
            SamplerConfig::Dslider(config) => self.tools.dirichlet(&input, config),
        }
    }

    /// The most probable token, whatever the configuration: as coded, the first token of an answer
    /// ([`EntropixConfig::first_token_argmax`]).
    ///
    /// # Errors
    /// No candidate.
    pub fn first(&mut self, logits: &[f32]) -> Result<Decision, SamplerError> {
        let input = self.see(logits, &[])?;
        let token = self.tools.most_probable(&input)?;
        let sentence = format!("the first token, without a rule: {}", sentence::MOST_PROBABLE);
        Ok(input.decision(Action::Argmax, token, sentence))
    }

    /// The softmax of the logits that the last decision was about; `None` before the first.
    pub fn softmax(&self) -> Option<&Softmax> {
        self.seen.as_ref()
    }

    fn see<'a>(
        &mut self,
        logits: &'a [f32],
        generated: &'a [u32],
    ) -> Result<Input<'a>, SamplerError> {
        let softmax = Softmax::of(logits).ok_or(SamplerError::NoCandidates)?;
        self.seen = Some(softmax);
        Ok(Input { logits, softmax, attention: None, generated })
    }

    /// The distribution the last decision drew from: `(token, probability)`, most probable first.
    ///
    /// Where nothing was drawn, the chosen token with probability 1.
    pub fn filtered(&self) -> &[(u32, f64)] {
        self.tools.filter.kept()
    }
}

/// What a decision is about.
struct Input<'a> {
    logits: &'a [f32],
    softmax: Softmax,
    attention: Option<Attention<'a>>,
    generated: &'a [u32],
}

impl Input<'_> {
    /// A decision without a draw, to be completed.
    fn decision(&self, action: Action, token: u32, sentence: String) -> Decision {
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

    fn log_probability(&self, token: u32) -> f64 {
        let logit = self.logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        self.softmax.log_probability(logit)
    }
}

impl Tools {
    fn greedy(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let token = self.most_probable(input)?;
        Ok(input.decision(Action::Argmax, token, sentence::MOST_PROBABLE.into()))
    }

    fn plain(&mut self, input: &Input<'_>, config: &PlainConfig) -> Result<Decision, SamplerError> {
        let nats = input.softmax.uncertainty().entropy_bits * LN_2;
        let config = &PlainConfig { temperature: config.temperature_at(nats), ..config.clone() };
        let mut logits = input.logits;
        if penalties::any(config) {
            self.punished.clear();
            self.punished.extend_from_slice(input.logits);
            penalties::apply(config, input.generated, &mut self.punished);
            logits = &self.punished;
        }
        self.filter.by_the_book(logits, config);
        if config.temperature == 0.0 {
            let token = self.filter.kept().first().ok_or(SamplerError::NoCandidates)?.0;
            return Ok(input.decision(Action::Argmax, token, sentence::by_the_book(config)));
        }
        let (token, draw) = self.draw()?;
        let PlainConfig { temperature, top_k, top_p, min_p, .. } = *config;
        Ok(Decision {
            parameters: Some(Parameters { temperature, top_p, top_k, min_p }),
            draw: Some(draw),
            ..input.decision(Action::Sample, token, sentence::by_the_book(config))
        })
    }

    fn entropix(
        &mut self,
        input: &Input<'_>,
        config: &EntropixConfig,
    ) -> Result<Decision, SamplerError> {
        let attention = match &input.attention {
            Some(attention) if config.preset.uses_attention() => {
                let weights = &mut self.attention_weights;
                Some(AttentionMetrics::with_buffer(attention, config.attention_variance, weights)?)
            }
            _ => None,
        };
        let logits_only = attention.is_none() && config.preset.uses_attention();
        let metrics = attention.unwrap_or_default();
        let uncertainty = if config.faithful_nan && !input.logits.iter().all(|l| l.is_finite()) {
            Uncertainty { entropy_bits: f64::NAN, varentropy_bits2: f64::NAN }
        } else {
            input.softmax.uncertainty()
        };
        let (rule, because) = conditions::decide(&uncertainty, attention.as_ref(), config);
        let reason = sentence::reason(rule, &uncertainty, &because);
        let paused = match config.insert {
            Insert::Once => input.generated.contains(&config.pause_token),
            Insert::NotTwiceInARow => input.generated.last() == Some(&config.pause_token),
            Insert::Always => false,
        };

        let decision = match rule {
            Rule::Lelv => {
                let sentence = format!("{reason}: {}", sentence::MOST_PROBABLE);
                input.decision(Action::Argmax, self.most_probable(input)?, sentence)
            }
            Rule::Helv if !paused => {
                self.filter.only(config.pause_token);
                let sentence = format!("{reason}: insert the pause token");
                input.decision(Action::Insert, config.pause_token, sentence)
            }
            Rule::Helv | Rule::Lehv | Rule::Hehv | Rule::Adaptive => {
                let draws = if rule == Rule::Adaptive { config.n_adaptive_samples } else { 1 };
                let mut parameters = rules::parameters(rule, &uncertainty, &metrics, config);
                if uncertainty.entropy_bits.is_nan() {
                    parameters.temperature = f64::NAN;
                }
                let (min_p, nucleus) = (config.min_p_effect, config.nucleus);
                if parameters.temperature.is_nan() {
                    self.filter.greedy(input.logits);
                } else {
                    self.filter.with_quirks(input.logits, &parameters, min_p, nucleus);
                }
                let (kept, dropped) = (self.filter.kept().len(), self.filter.dropped());
                let how = sentence::as_coded(&parameters, draws, kept, dropped, logits_only);
                let link = match rule {
                    Rule::Helv => ", pause token already inserted: ",
                    Rule::Adaptive => ", ",
                    _ => ": ",
                };
                let sentence = format!("{reason}{link}{how}");
                let decision = if draws == 1 {
                    let (token, draw) = self.draw_as(config, 0, 1)?;
                    Decision { draw, ..input.decision(Action::Sample, token, sentence) }
                } else {
                    let constant = rules::confidence(&uncertainty, &metrics, config);
                    // An absurd configuration may divide by 0.
                    let constant = if constant.is_finite() { constant } else { 0.0 };
                    self.best_of(config, constant, input, sentence)?
                };
                Decision { parameters: Some(parameters), ..decision }
            }
        };
        Ok(Decision { uncertainty, attention, rule: Some(rule), because, ..decision })
    }

    /// Draws several times from the same list; the best score wins, the first of equals.
    fn best_of(
        &mut self,
        config: &EntropixConfig,
        constant: f64,
        input: &Input<'_>,
        sentence: String,
    ) -> Result<Decision, SamplerError> {
        let draws = config.n_adaptive_samples;
        let mut candidates: Vec<Candidate> = Vec::with_capacity(draws as usize);
        let mut best = Candidate { token: 0, score: f64::NEG_INFINITY };
        let mut closest: Option<Draw> = None;
        for number in 0..draws {
            let (token, draw) = self.draw_as(config, number, draws)?;
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
    fn draw_as(
        &mut self,
        config: &EntropixConfig,
        number: u32,
        draws: u32,
    ) -> Result<(u32, Option<Draw>), SamplerError> {
        match config.noise {
            Noise::Stream => self.draw().map(|(token, draw)| (token, Some(draw))),
            Noise::Fixed => {
                let dropped = self.filter.dropped();
                // From 31 October on the noise covers 256 tokens, whatever is kept of them.
                let least = if config.preset == Preset::Oct31 { 256 } else { 0 };
                let len = least.max(self.filter.kept().len() + dropped);
                let noise = fixed_noise(number, draws, len);
                let token = race(self.filter.kept(), dropped, &noise);
                token.map(|token| (token, None)).ok_or(SamplerError::NoCandidates)
            }
        }
    }

    fn draw(&mut self) -> Result<(u32, Draw), SamplerError> {
        invert(self.filter.kept(), self.uniforms.next()).ok_or(SamplerError::NoCandidates)
    }

    fn most_probable(&mut self, input: &Input<'_>) -> Result<u32, SamplerError> {
        let token = filter::argmax(input.logits).ok_or(SamplerError::NoCandidates)?;
        self.filter.only(token);
        Ok(token)
    }
}
