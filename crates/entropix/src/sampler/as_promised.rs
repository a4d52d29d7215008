//! Decisions of the promised sampler.

use super::{Input, Sampler, Tools};
use crate::promised::{self, Branch, Plan, Retraction};
use crate::{
    Action, BranchScore, Decision, PromisedConfig, SamplerConfig, SamplerError, Softmax,
    Uncertainty,
};
use crate::{filter, sentence};

/// What only a [`PromisedConfig`] needs from whoever runs the model.
///
/// * After [`Action::Insert`] the phrase's other tokens follow, each through [`Self::insert`].
/// * After [`Action::Branch`] each token of [`Decision::branches`] is put after a fork of the cache
///   of its own, and goes on by [`Self::continue_branch`] until [`Self::is_calm`], the end of the
///   answer or [`PromisedConfig::branch_tokens`]; [`Self::keep_branch`] then chooses.
/// * After [`Action::Retract`] the cache is truncated to [`Retraction::to`] tokens of the answer, and
///   [`Self::decide`] is called with the logits there.
impl Sampler {
    /// Tokens of the configuration's phrases, in their order; there is nothing to insert without.
    pub fn set_phrases(&mut self, phrases: Vec<Vec<u32>>) {
        self.tools.phrases = phrases;
    }

    /// The tokens of the phrase that the last [`Action::Insert`] began.
    pub fn phrase(&self) -> &[u32] {
        self.tools.phrases.get(self.tools.phrase).map_or(&[], Vec::as_slice)
    }

    /// Puts the next token of an inserted phrase, whatever the logits say.
    ///
    /// # Errors
    /// No candidate: logits that hold no number.
    pub fn insert(&mut self, logits: &[f32], token: u32) -> Result<Decision, SamplerError> {
        let input = self.see(logits, &[])?;
        self.tools.past.went_on_with_phrase();
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
        let draws = self.promised().map(|config| config.draws(1.0));
        let Some(draws) = draws else { return self.tools.greedy(&input) };
        let decision = self.tools.plain(&input, &draws)?;
        let sentence = format!("inside a branch: {}", decision.sentence);
        Ok(Decision { sentence, ..decision })
    }

    /// Whether a branch has come to where H and V are both low.
    pub fn is_calm(&self, uncertainty: &Uncertainty) -> bool {
        self.promised().is_none_or(|config| promised::is_calm(uncertainty, config))
    }

    /// Chooses among branches, the first of equals: `decision` becomes the one that the trace keeps.
    /// Returns the number of the branch.
    pub fn keep_branch(&mut self, decision: &mut Decision, branches: Vec<Branch>) -> usize {
        let how = self.promised().map_or(BranchScore::Both, |config| config.branch_score);
        decision.branches = branches;
        let mut best: Option<(usize, f64)> = None;
        for (number, branch) in decision.branches.iter_mut().enumerate() {
            branch.score = promised::score(branch, how);
            if best.is_none_or(|(_, score)| branch.score > score) {
                best = Some((number, branch.score));
            }
        }
        let (number, score) = best.unwrap_or_default();
        if let Some(branch) = decision.branches.get(number) {
            let tokens = &branch.tokens;
            decision.token = tokens.first().copied().unwrap_or(decision.token);
            self.tools.past.kept_branch(tokens.len());
            let tried = decision.branches.len();
            decision.sentence.push_str(&sentence::kept(number, tried, tokens.len(), score));
        }
        number
    }

    /// The configuration, if this is the promised sampler.
    pub fn promised(&self) -> Option<&PromisedConfig> {
        match &self.config {
            SamplerConfig::Promised(config) => Some(config),
            _ => None,
        }
    }
}

impl Tools {
    pub(super) fn promised(
        &mut self,
        input: &Input<'_>,
        config: &PromisedConfig,
    ) -> Result<Decision, SamplerError> {
        let uncertainty = input.softmax.uncertainty();
        let (rule, because) = promised::rule(&uncertainty, config);
        let reason = sentence::reason(rule, &uncertainty, &because);
        let high_entropy = uncertainty.entropy_bits > config.entropy_cut;
        let plan = self.past.plan(rule, config, &self.phrases, input.generated);
        let decision = match plan {
            Plan::Argmax => {
                let token = self.most_probable(input)?;
                self.past.took_most_probable();
                let sentence = format!("{reason}: {}", sentence::MOST_PROBABLE);
                input.decision(Action::Argmax, token, sentence)
            }
            Plan::Insert(phrase) => {
                self.phrase = phrase;
                let text = config.phrases.get(phrase).map_or("", |text| text.trim());
                let sentence = format!("{reason}: insert “{text}”");
                let first = self.phrases.get(phrase).and_then(|tokens| tokens.first());
                let token = *first.ok_or(SamplerError::NoCandidates)?;
                self.filter.only(token);
                self.past.began_phrase();
                input.decision(Action::Insert, token, sentence)
            }
            Plan::Branch => {
                let firsts =
                    filter::most_probable(input.logits, &input.softmax, config.branches as usize);
                let token = firsts.first().ok_or(SamplerError::NoCandidates)?.0;
                let branch = |&(token, _): &(u32, f64)| Branch {
                    tokens: vec![token],
                    log_probabilities: vec![input.log_probability(token)],
                    ..Branch::default()
                };
                let branches: Vec<_> = firsts.iter().map(branch).collect();
                self.filter.only(token);
                let sentence = format!("{reason}: branch");
                Decision { branches, ..input.decision(Action::Branch, token, sentence) }
            }
            Plan::Resample(retraction) => {
                self.past.took_back(retraction);
                self.filter.only(retraction.banned);
                let sentence = format!("{reason}: {}", sentence::take_back(retraction.count));
                Decision {
                    retraction: Some(retraction),
                    ..input.decision(Action::Retract, retraction.banned, sentence)
                }
            }
            Plan::Draw(why) => {
                let decision = self.plain(input, &config.draws(1.0))?;
                self.past.drew(high_entropy);
                let sentence = format!("{reason}, {why}: {}", decision.sentence);
                Decision { sentence, ..decision }
            }
            Plan::DrawAgain(retraction) => {
                let Retraction { count, banned, .. } = retraction;
                let decision =
                    self.plain_without(input, &config.draws(config.resample_heat), banned)?;
                self.past.drew(high_entropy);
                let sentence = format!(
                    "{} taken back, the first of them banned: {}",
                    sentence::tokens(count as usize),
                    decision.sentence
                );
                let retraction = Some(retraction);
                Decision { action: Action::Resample, retraction, sentence, ..decision }
            }
        };
        Ok(Decision { rule: Some(rule), because, ..decision })
    }

    /// A plain draw that can't choose one token, unless there is no other.
    fn plain_without(
        &mut self,
        input: &Input<'_>,
        config: &crate::PlainConfig,
        banned: u32,
    ) -> Result<Decision, SamplerError> {
        let mut others = std::mem::take(&mut self.punished);
        others.clear();
        others.extend_from_slice(input.logits);
        if let Some(logit) = others.get_mut(banned as usize) {
            *logit = f32::NEG_INFINITY;
        }
        let is_left = filter::argmax(&others).is_some();
        let logits = if is_left { &others } else { input.logits };
        let allowed = Input { logits, softmax: input.softmax, attention: None, generated: &[] };
        let decision = self.plain(&allowed, config);
        self.punished = others;
        decision
    }
}
