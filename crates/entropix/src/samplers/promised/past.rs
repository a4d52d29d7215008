//! The answer so far, and what to do next.

use crate::{PromisedConfig, Retraction, Rule};

/// Where a token of the answer came from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Drawn { high_entropy: bool },
    Inserted,
    Other,
}

/// The answer so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    origins: Vec<Origin>,
    inserts: u32,
    branchings: u32,
    resamples: u32,
    /// What was taken back last, until the next draw.
    retraction: Option<Retraction>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plan {
    Argmax,
    /// The phrase with this number.
    Insert(usize),
    Branch,
    /// Take back tokens.
    Resample(Retraction),
    /// Draw, and why nothing else.
    Draw(&'static str),
    /// Draw after tokens were taken back.
    DrawAgain(Retraction),
}

impl Past {
    /// Tokens of the answer so far.
    pub(super) fn tokens(&self) -> usize {
        self.origins.len()
    }

    /// Whether tokens were just taken back.
    pub(super) fn is_taken_back(&self) -> bool {
        self.retraction.is_some()
    }

    /// What to do where a rule matches, with these phrases, after `generated`.
    pub(super) fn plan(
        &self,
        rule: Rule,
        config: &PromisedConfig,
        phrases: &[Vec<u32>],
        generated: &[u32],
    ) -> Plan {
        if let Some(retraction) = self.retraction {
            return Plan::DrawAgain(retraction);
        }
        let next = self.inserts as usize % phrases.len().max(1);
        match rule {
            Rule::Lelv | Rule::Adaptive => Plan::Argmax,
            Rule::Helv if phrases.get(next).is_none_or(Vec::is_empty) => {
                Plan::Draw("there is no phrase to insert")
            }
            Rule::Helv if self.inserts >= config.max_inserts => {
                Plan::Draw("no more phrases in this answer")
            }
            Rule::Helv if self.origins.last() == Some(&Origin::Inserted) => {
                Plan::Draw("a phrase was just inserted")
            }
            Rule::Helv => Plan::Insert(next),
            Rule::Lehv if self.branchings >= config.max_branchings => {
                Plan::Draw("no more branching in this answer")
            }
            Rule::Lehv => Plan::Branch,
            Rule::Hehv if self.resamples >= config.max_resamples => {
                Plan::Draw("no more taking back in this answer")
            }
            Rule::Hehv => self.resample(config, generated),
        }
    }

    /// Takes back the uncertain stretch: the drawn tokens of high entropy just before.
    fn resample(&self, config: &PromisedConfig, generated: &[u32]) -> Plan {
        let uncertain = Origin::Drawn { high_entropy: true };
        let run = self.origins.iter().rev().take_while(|&&origin| origin == uncertain);
        let count = run.take(config.resample_reach as usize).count();
        let to = self.origins.len() - count;
        match generated.get(to) {
            Some(&banned) => {
                Plan::Resample(Retraction { to: to as u32, count: count as u32, banned })
            }
            None => Plan::Draw("no uncertain draw before it to take back"),
        }
    }

    pub(super) fn took_most_probable(&mut self) {
        self.origins.push(Origin::Other);
    }

    pub(super) fn drew(&mut self, high_entropy: bool) {
        self.retraction = None;
        self.origins.push(Origin::Drawn { high_entropy });
    }

    pub(super) fn began_phrase(&mut self) {
        self.inserts += 1;
        self.origins.push(Origin::Inserted);
    }

    pub(super) fn went_on_with_phrase(&mut self) {
        self.origins.push(Origin::Inserted);
    }

    pub(super) fn was_given(&mut self, tokens: usize) {
        self.retraction = None;
        self.origins.extend(std::iter::repeat_n(Origin::Other, tokens));
    }

    pub(super) fn kept_branch(&mut self, tokens: usize) {
        self.branchings += 1;
        self.origins.extend(std::iter::repeat_n(Origin::Other, tokens));
    }

    pub(super) fn took_back(&mut self, retraction: Retraction) {
        self.resamples += 1;
        self.origins.truncate(retraction.to as usize);
        self.retraction = Some(retraction);
    }
}
