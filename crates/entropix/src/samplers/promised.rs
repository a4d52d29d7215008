//! The promised sampler: what to do is a plan, which is then acted on.

mod gate;
mod past;

pub use self::gate::{Gate, Place};
use self::past::{Past, Plan};
use super::plain::Chain;
use super::tools::{Input, Tools};
use crate::promised::{self, Branch, Retraction};
use crate::{
    Action, Comparison, Decision, PromisedConfig, Rule, SamplerError, Softmax, filter, sentence,
};

/// The promised sampler, with the answer so far.
///
/// It needs whoever runs the model:
/// * After [`Action::Insert`] the phrase's other tokens follow, each through [`Self::insert`].
/// * After [`Action::Branch`] each token of [`Decision::branches`] is put after a fork of the cache
///   of its own, and goes on by [`Self::continue_branch`] until [`Self::is_calm`], the end of the
///   answer or [`PromisedConfig::branch_tokens`]; [`Self::keep_branch`] then chooses.
/// * After [`Action::Retract`] the cache is truncated to [`Retraction::to`] tokens of the answer, and
///   [`Sampler::decide`](crate::Sampler::decide) is called with the logits there.
#[derive(Clone, Debug)]
pub struct Promised {
    config: PromisedConfig,
    phrases: Vec<Vec<u32>>,
    gate: Option<Box<dyn Gate>>,
    past: Past,
    /// The phrase begun last.
    phrase: usize,
    usual: Chain,
    /// Where tokens were taken back.
    heated: Chain,
    /// Logits without the banned token.
    allowed: Vec<f32>,
    pub(crate) tools: Tools,
}

impl Promised {
    pub(crate) fn new(config: PromisedConfig, phrases: Vec<Vec<u32>>, seed: u64) -> Self {
        Self {
            usual: Chain::new(config.draws(1.0)),
            heated: Chain::new(config.draws(config.resample_heat)),
            config,
            phrases,
            gate: None,
            past: Past::default(),
            phrase: 0,
            allowed: Vec::new(),
            tools: Tools::new(seed),
        }
    }

    /// Its configuration.
    pub fn config(&self) -> &PromisedConfig {
        &self.config
    }

    /// Lets something else than the cuts of H and V decide about quadrants, from the next decision on.
    pub fn set_gate(&mut self, gate: Box<dyn Gate>) {
        self.gate = Some(gate);
    }

    /// The tokens of the phrase that the last [`Action::Insert`] began.
    pub fn phrase(&self) -> &[u32] {
        self.phrases.get(self.phrase).map_or(&[], Vec::as_slice)
    }

    /// Puts the next token of an inserted phrase, whatever the logits say.
    ///
    /// # Errors
    /// No candidate: logits that hold no number.
    pub fn insert(&mut self, logits: &[f32], token: u32) -> Result<Decision, SamplerError> {
        let input = self.tools.see(logits, &[])?;
        self.past.went_on_with_phrase();
        Ok(input.decision(Action::Insert, token, "part of the inserted phrase".into()))
    }

    /// Draws a token inside a branch: no rules there. `softmax` is that of the logits.
    ///
    /// # Errors
    /// No candidate.
    pub fn continue_branch(
        &mut self,
        logits: &[f32],
        softmax: &Softmax,
    ) -> Result<Decision, SamplerError> {
        let input = Input { logits, softmax: *softmax, attention: None, generated: &[] };
        let decision = self.usual.decide(&input, &mut self.tools)?;
        let sentence = format!("inside a branch: {}", decision.sentence);
        Ok(Decision { sentence, ..decision })
    }

    pub(crate) fn skip(&mut self, tokens: usize) {
        self.past.was_given(tokens);
    }

    /// Whether a branch of some `tokens` has come to where H and V are both low. `softmax` is that of the logits.
    pub fn is_calm(&mut self, logits: &[f32], softmax: &Softmax, tokens: usize) -> bool {
        let tokens = self.past.tokens() + tokens;
        let uncertainty = softmax.uncertainty();
        let place = Place { logits, uncertainty, tokens, in_branch: true, again: false };
        self.quadrant(&place).0 == Rule::Lelv
    }

    /// The quadrant that a place counts as, and why.
    fn quadrant(&mut self, place: &Place<'_>) -> (Rule, Vec<Comparison>) {
        match &mut self.gate {
            None => promised::rule(&place.uncertainty, &self.config),
            Some(gate) => (gate.rule(place), gate.why(place)),
        }
    }

    /// Chooses among branches, the first of equals: `decision` becomes the one that the trace keeps.
    /// Returns the number of the branch.
    pub fn keep_branch(&mut self, decision: &mut Decision, branches: Vec<Branch>) -> usize {
        decision.branches = branches;
        let mut best: Option<(usize, f64)> = None;
        for (number, branch) in decision.branches.iter_mut().enumerate() {
            branch.score = promised::score(branch, self.config.branch_score);
            if best.is_none_or(|(_, score)| branch.score > score) {
                best = Some((number, branch.score));
            }
        }
        let (number, score) = best.unwrap_or_default();
        if let Some(branch) = decision.branches.get(number) {
            let tokens = &branch.tokens;
            decision.token = tokens.first().copied().unwrap_or(decision.token);
            self.past.kept_branch(tokens.len());
            let tried = decision.branches.len();
            decision.sentence.push_str(&sentence::kept(number, tried, tokens.len(), score));
        }
        number
    }

    pub(crate) fn decide(&mut self, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let uncertainty = input.softmax.uncertainty();
        let (logits, tokens) = (input.logits, self.past.tokens());
        let again = self.past.is_taken_back();
        let place = Place { logits, uncertainty, tokens, in_branch: false, again };
        let (rule, because) = self.quadrant(&place);
        let plan = self.past.plan(rule, &self.config, &self.phrases, input.generated);
        // A gate need not say why.
        let reason = match because[..] {
            [] => format!("counted as {}", rule.code()),
            _ => sentence::reason(rule, &uncertainty, &because),
        };
        let high_entropy = matches!(rule, Rule::Helv | Rule::Hehv);
        let decision = self.act(plan, &reason, high_entropy, input)?;
        Ok(Decision { rule: Some(rule), because, ..decision })
    }

    fn act(
        &mut self,
        plan: Plan,
        reason: &str,
        high_entropy: bool,
        input: &Input<'_>,
    ) -> Result<Decision, SamplerError> {
        Ok(match plan {
            Plan::Argmax => {
                let token = self.tools.most_probable(input)?;
                self.past.took_most_probable();
                let sentence = format!("{reason}: {}", sentence::MOST_PROBABLE);
                input.decision(Action::Argmax, token, sentence)
            }
            Plan::Insert(phrase) => {
                self.phrase = phrase;
                let text = self.config.phrases.get(phrase).map_or("", |text| text.trim());
                let sentence = format!("{reason}: insert “{text}”");
                let token = *self.phrase().first().ok_or(SamplerError::NoCandidates)?;
                self.tools.filter.only(token);
                self.past.began_phrase();
                input.decision(Action::Insert, token, sentence)
            }
            Plan::Branch => self.branch(reason, input)?,
            Plan::Resample(retraction) => {
                self.past.took_back(retraction);
                self.tools.filter.only(retraction.banned);
                let sentence = format!("{reason}: {}", sentence::take_back(retraction.count));
                Decision {
                    retraction: Some(retraction),
                    ..input.decision(Action::Retract, retraction.banned, sentence)
                }
            }
            Plan::Draw(why) => {
                let decision = self.usual.decide(input, &mut self.tools)?;
                self.past.drew(high_entropy);
                let sentence = format!("{reason}, {why}: {}", decision.sentence);
                Decision { sentence, ..decision }
            }
            Plan::DrawAgain(retraction) => {
                let Retraction { count, banned, .. } = retraction;
                let decision = self.draw_without(input, banned)?;
                self.past.drew(high_entropy);
                let sentence = format!(
                    "{} taken back, the first of them banned: {}",
                    sentence::tokens(count as usize),
                    decision.sentence
                );
                let retraction = Some(retraction);
                Decision { action: Action::Resample, retraction, sentence, ..decision }
            }
        })
    }

    /// The most probable tokens, each the first of a branch.
    fn branch(&mut self, reason: &str, input: &Input<'_>) -> Result<Decision, SamplerError> {
        let branches = self.config.branches as usize;
        let firsts = filter::most_probable(input.logits, &input.softmax, branches);
        let token = firsts.first().ok_or(SamplerError::NoCandidates)?.0;
        let branch = |&(token, _): &(u32, f64)| Branch {
            tokens: vec![token],
            log_probabilities: vec![input.log_probability(token)],
            ..Branch::default()
        };
        let branches: Vec<_> = firsts.iter().map(branch).collect();
        self.tools.filter.only(token);
        let sentence = format!("{reason}: branch");
        Ok(Decision { branches, ..input.decision(Action::Branch, token, sentence) })
    }

    /// A heated draw that can't choose one token, unless there is no other.
    fn draw_without(&mut self, input: &Input<'_>, banned: u32) -> Result<Decision, SamplerError> {
        let Self { allowed, heated, tools, .. } = self;
        allowed.clear();
        allowed.extend_from_slice(input.logits);
        if let Some(logit) = allowed.get_mut(banned as usize) {
            *logit = f32::NEG_INFINITY;
        }
        let is_left = filter::argmax(allowed).is_some();
        let logits = if is_left { allowed.as_slice() } else { input.logits };
        let input = Input { logits, softmax: input.softmax, attention: None, generated: &[] };
        heated.decide(&input, tools)
    }
}
