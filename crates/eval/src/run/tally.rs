//! What is counted while an answer is made.

use entropix::{Action, Branch, Decision, SamplerConfig};
use entropix_protocol::{Finish, Step, TokenEntry};
use sha2::{Digest, Sha256};

use super::Options;
use crate::outcome::{Acts, End, Signals, longest_repeat};
use crate::random::hex;

/// An answer that is complete.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) ids: Vec<u32>,
    pub(super) text: String,
    /// Without what the sampler put there: the parts between its phrases.
    pub(super) own: Vec<String>,
    pub(super) made: u32,
    pub(super) end: End,
    pub(super) log_probability: f64,
    pub(super) acts: Acts,
    pub(super) repeated: u32,
    pub(super) first: Signals,
    pub(super) mean: Signals,
}

/// An answer in the making.
#[derive(Debug)]
pub(super) struct Tally {
    tokens: Vec<Token>,
    made: u32,
    /// Tokens of a branch that was kept, which were made when it was.
    untold: usize,
    acts: Acts,
    over: Option<Finish>,
    /// Whether a token without a rule is inside a phrase or a branch.
    by_rules: bool,
}

#[derive(Debug)]
struct Token {
    id: u32,
    text: String,
    /// Whether the sampler put it there, whatever the model says.
    inserted: bool,
    log_probability: f64,
    signals: Signals,
}

impl Tally {
    pub(super) fn of(sampler: &SamplerConfig) -> Self {
        let by_rules = matches!(sampler, SamplerConfig::Promised(_));
        let acts = Acts::default();
        Self { tokens: Vec::new(), made: 0, untold: 0, acts, over: None, by_rules }
    }

    /// Counts a step. Returns how many tokens were made.
    pub(super) fn take(&mut self, step: &Step) -> u32 {
        let before = self.made;
        match step {
            Step::Token { entry } => {
                if let Some(untold) = self.untold.checked_sub(1) {
                    self.untold = untold;
                } else {
                    self.made += 1;
                    self.decided(&entry.decision);
                }
                self.tokens.push(Token::of(entry));
            }
            Step::Retract { to, reason } => {
                self.decided(reason);
                self.tokens.truncate(*to as usize);
            }
            Step::Done { finish, .. } => self.over = Some(*finish),
            Step::Prefill { .. } | Step::Branch { .. } => {}
        }
        self.made - before
    }

    fn decided(&mut self, decision: &Decision) {
        // Inside a phrase; or where a decision was taken back.
        if self.by_rules && decision.rule.is_none() || decision.action == Action::Resample {
            return;
        }
        let acts = &mut self.acts;
        acts.decisions += 1;
        if let Some(count) = decision.rule.and_then(|rule| acts.rules.get_mut(rule.index())) {
            *count += 1;
        }
        match decision.action {
            Action::Argmax => acts.argmax += 1,
            Action::Insert => acts.inserts += 1,
            Action::Branch => {
                acts.branchings += 1;
                let branches = decision.branches.iter();
                // This token is counted already.
                let all: usize = branches.map(|branch| branch.tokens.len()).sum();
                self.made += all.saturating_sub(1) as u32;
                let first = |branch: &&Branch| branch.tokens.first() == Some(&decision.token);
                let kept = decision.branches.iter().find(first);
                self.untold = kept.map_or(0, |branch| branch.tokens.len().saturating_sub(1));
            }
            Action::Retract => acts.retractions += 1,
            Action::BestOfN => acts.best_of += 1,
            Action::Sample | Action::Resample | Action::Given | Action::Read => {}
        }
    }

    fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text.as_str()).collect()
    }

    /// The tokens that are the model's own.
    fn own(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|token| !token.inserted)
    }

    /// The model's own text, in the parts that phrases leave of it.
    fn parts(&self) -> Vec<String> {
        let parts = self.tokens.split(|token| token.inserted);
        let text = |part: &[Token]| part.iter().map(|token| token.text.as_str()).collect();
        parts.map(text).filter(|part: &String| !part.is_empty()).collect()
    }

    /// Why the answer ends here, if it does.
    pub(super) fn end(&self, options: &Options) -> Option<End> {
        if options.one_line && self.has_line() {
            Some(End::Line)
        } else if self.own().count() >= options.max_tokens as usize {
            Some(End::Cut)
        } else {
            self.over.map(|finish| if finish == Finish::EndOfTurn { End::Model } else { End::Cut })
        }
    }

    /// Whether a line with text of the model's own is complete. After a phrase a new one begins.
    fn has_line(&self) -> bool {
        // Only the last token can have ended it.
        let last = self.tokens.last();
        let ends = last.is_some_and(|token| !token.inserted && token.text.contains('\n'));
        ends && self.parts().last().is_some_and(|part| part.trim_start().contains('\n'))
    }

    pub(super) fn finish(self, end: End) -> Answer {
        let (text, own) = (self.text(), self.parts());
        let ids: Vec<u32> = self.tokens.iter().map(|token| token.id).collect();
        let mean = |number: fn(&Token) -> f64| {
            self.tokens.iter().map(number).sum::<f64>() / self.tokens.len().max(1) as f64
        };
        Answer {
            made: self.made,
            end,
            log_probability: self.own().map(|token| token.log_probability).sum::<f64>()
                / self.own().count().max(1) as f64,
            acts: self.acts,
            repeated: longest_repeat(&ids),
            first: self.tokens.first().map(|token| token.signals).unwrap_or_default(),
            mean: Signals {
                entropy: mean(|token| token.signals.entropy),
                varentropy: mean(|token| token.signals.varentropy),
                margin: mean(|token| token.signals.margin),
            },
            ids,
            text,
            own,
        }
    }
}

impl Token {
    fn of(entry: &TokenEntry) -> Self {
        let uncertainty = entry.decision.uncertainty;
        let p = |at: usize| entry.top.get(at).map_or(0.0, |other| other.p);
        Self {
            id: entry.decision.token,
            text: entry.text.clone(),
            inserted: entry.decision.action == Action::Insert,
            // A token that was put there may have no probability at all.
            log_probability: entry.p.max(f64::MIN_POSITIVE).ln(),
            signals: Signals {
                entropy: uncertainty.entropy_bits,
                varentropy: uncertainty.varentropy_bits2,
                margin: p(0) - p(1),
            },
        }
    }
}

/// What tells the tokens of an answer from others: 64 bits.
pub(super) fn fingerprint(ids: &[u32]) -> String {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.to_le_bytes());
    }
    hex(hash.finalize().get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::{Retraction, Rule, Uncertainty};
    use entropix_protocol::Stats;

    fn decision(action: Action, rule: Option<Rule>, token: u32) -> Decision {
        Decision {
            uncertainty: Uncertainty { entropy_bits: f64::from(token), varentropy_bits2: 1.0 },
            attention: None,
            rule,
            because: Vec::new(),
            action,
            parameters: None,
            candidates: None,
            draw: None,
            branches: Vec::new(),
            retraction: None,
            token,
            sentence: String::new(),
        }
    }

    fn token(decision: Decision, text: &str, p: f64) -> Step {
        let entry = TokenEntry {
            text: text.to_owned(),
            label: String::new(),
            p,
            rank: 0,
            decision,
            top: Vec::new(),
            sketch: None,
            branch_texts: Vec::new(),
            attention: None,
        };
        Step::Token { entry: Box::new(entry) }
    }

    fn promised() -> Tally {
        Tally::of(&SamplerConfig::Promised(entropix::PromisedConfig::default()))
    }

    #[test]
    fn all_that_is_made_counts() {
        let mut tally = promised();
        let branch = |tokens: &[u32]| Branch { tokens: tokens.to_vec(), ..Branch::default() };
        let branching = Decision {
            branches: vec![branch(&[7, 8]), branch(&[1, 2, 3]), branch(&[4])],
            ..decision(Action::Branch, Some(Rule::Lehv), 1)
        };
        let retraction = Retraction { to: 1, count: 2, banned: 2 };
        let reason = Decision {
            retraction: Some(retraction),
            ..decision(Action::Retract, Some(Rule::Hehv), 2)
        };
        let inside = |id| decision(Action::Sample, None, id);
        let steps = [
            // All branches were made when one is kept.
            (token(branching, " a", 0.5), 6),
            (token(inside(2), " b", 0.25), 0),
            (token(inside(3), " c", 0.25), 0),
            (Step::Retract { to: 1, reason: Box::new(reason) }, 0),
            (token(decision(Action::Resample, Some(Rule::Hehv), 9), " d", 0.125), 1),
            (token(decision(Action::Insert, Some(Rule::Helv), 5), " e", 1.0), 1),
            (token(decision(Action::Insert, None, 6), " f", 1.0), 1),
        ];
        for (step, made) in steps {
            assert_eq!(tally.take(&step), made);
        }
        let answer = tally.finish(End::Model);
        assert_eq!((answer.text.as_str(), answer.made), (" a d e f", 9));
        assert_eq!(answer.own, [" a d"]);
        assert_eq!(answer.ids, [1, 9, 5, 6]);
        let acts = Acts {
            decisions: 3,
            inserts: 1,
            branchings: 1,
            retractions: 1,
            rules: [0, 1, 1, 1, 0],
            ..Acts::default()
        };
        assert_eq!(answer.acts, acts);
        assert!(
            (answer.log_probability - f64::midpoint(0.5_f64.ln(), 0.125_f64.ln())).abs() < 1e-12
        );
        assert!((answer.mean.entropy - 21.0 / 4.0).abs() < 1e-12);
        assert!((answer.first.entropy - 1.0).abs() < 1e-12);
    }

    fn end(tally: &Tally, one_line: bool) -> Option<End> {
        tally.end(&Options { max_tokens: 4, one_line, ..Options::default() })
    }

    #[test]
    fn a_line_ends_after_text_of_the_model() {
        let mut tally = promised();
        let argmax = |id| decision(Action::Argmax, Some(Rule::Lelv), id);
        let phrase = |rule| decision(Action::Insert, rule, 8);
        for (step, ended) in [
            (token(argmax(1), "\n", 1.0), None),
            (token(phrase(Some(Rule::Helv)), " ... wait,", 1.0), None),
            (token(phrase(None), " let me think.", 1.0), None),
            (token(argmax(1), "\n", 1.0), None),
            (token(argmax(2), "4.\n", 1.0), Some(End::Line)),
        ] {
            tally.take(&step);
            assert_eq!(end(&tally, true), ended, "{:?}", tally.text());
            assert_eq!(end(&tally, false), None);
        }
        assert_eq!(tally.parts(), ["\n", "\n4.\n"]);
        // A line that was begun before a phrase is not ended by a break after it.
        let mut broken = promised();
        for (step, ended) in [
            (token(argmax(1), "It is", 1.0), None),
            (token(phrase(Some(Rule::Helv)), " ... wait", 1.0), None),
            (token(argmax(1), "\n\n", 1.0), None),
            (token(argmax(2), "cold\n", 1.0), Some(End::Line)),
        ] {
            broken.take(&step);
            assert_eq!(end(&broken, true), ended, "{:?}", broken.text());
        }
        // The fourth one of its own; then the model itself ended it.
        tally.take(&token(argmax(3), " 5", 1.0));
        assert_eq!(end(&tally, false), Some(End::Cut));
        let done = Step::Done { finish: Finish::EndOfTurn, stats: Stats::default() };
        let mut short = promised();
        short.take(&token(argmax(3), " 5", 1.0));
        short.take(&done);
        assert_eq!((end(&short, true), end(&short, false)), (Some(End::Model), Some(End::Model)));
    }

    #[test]
    fn fingerprints_tell_answers_apart() {
        // By Python: hashlib.sha256(struct.pack("<3I", 1, 2, 3)).hexdigest()[:16].
        assert_eq!(fingerprint(&[1, 2, 3]), "4636993d3e1da4e9");
        assert_ne!(fingerprint(&[1, 2]), fingerprint(&[2, 1]));
    }
}
