//! How often each rule decided.

use entropix::{Action, Rule};
use entropix_protocol::TokenEntry;

/// How many tokens each rule decided, and how many none did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By rule, as [`Rule::ALL`] has them.
    pub by_rule: [usize; Rule::ALL.len()],
    /// Tokens without a rule, such as the first one of some presets.
    pub without: usize,
}

impl Counts {
    /// Those of some tokens.
    pub fn of(entries: &[TokenEntry]) -> Self {
        let mut counts = Self::default();
        for entry in entries {
            let rule = entry.decision.rule;
            match rule.and_then(|rule| counts.by_rule.get_mut(rule.index())) {
                Some(count) => *count += 1,
                None => counts.without += 1,
            }
        }
        counts
    }

    /// Names, numbers and words: every rule, and what has none if there is such a token.
    pub fn lines(&self) -> Vec<(&'static str, usize, String)> {
        let rules = Rule::ALL.into_iter().zip(self.by_rule);
        let mut lines: Vec<_> = rules
            .map(|(rule, count)| (rule.code(), count, format!("{}: {}", rule.when(), rule.what())))
            .collect();
        if self.without > 0 {
            let words = "the first token: take the most probable, whatever H and V are";
            lines.push(("no rule", self.without, words.to_owned()));
        }
        lines
    }
}

/// Of the promised sampler: what was done, how often, in words.
pub fn done(entries: &[TokenEntry], times_back: usize) -> Vec<(&'static str, usize, String)> {
    let count = |good: fn(Action) -> bool, ruled: bool| {
        let decisions = entries.iter().map(|entry| &entry.decision);
        decisions.filter(|d| d.rule.is_some() == ruled && good(d.action)).count()
    };
    let drew = |action| matches!(action, Action::Sample | Action::Resample);
    [
        ("argmax", count(|a| a == Action::Argmax, true), "low H, low V: the most probable token"),
        ("phrases", count(|a| a == Action::Insert, true), "high H, low V: inserted"),
        ("branchings", count(|a| a == Action::Branch, true), "low H, high V: several paths tried"),
        ("back", times_back, "high H, high V: tokens taken back and drawn again"),
        ("drawn", count(drew, true), "drawn again, over budget, or nothing else to do"),
        ("no rule", count(|_| true, false), "the rest of phrases, and inside branches"),
    ]
    .map(|(name, count, words)| (name, count, words.to_owned()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix_protocol::Trace;

    #[test]
    fn every_token_is_counted_once() {
        let recorded = include_str!("../../../www/traces/larger-b.json");
        let mut trace: Trace = serde_json::from_str(recorded).unwrap();
        assert_eq!(Counts::of(&trace.tokens).by_rule, [1, 0, 28, 4, 67]);
        trace.tokens[1].decision.rule = None;
        let counts = Counts::of(&trace.tokens);
        assert_eq!(counts.without, 1);
        let all: usize = counts.lines().iter().map(|(_, count, _)| count).sum();
        assert_eq!(all, trace.tokens.len());
        assert_eq!(Counts::default().lines().len(), 5, "no rule is left out");
    }

    #[test]
    fn words() {
        let [(name, count, words), ..] = &Counts::default().lines()[..] else { panic!() };
        assert_eq!(
            (*name, *count, words.as_str()),
            ("LELV", 0, "low H, low V: take the most probable")
        );
    }
}
