//! Other thresholds, tried on an answer that is there: which of its tokens would fall under another rule.
//!
//! H and V of every token are in the answer, and so is attention where the sampler looked at it: no model is needed.
//! What would have come after a token that another rule decided is not known.

use entropix::{EntropixConfig, SamplerConfig, compare};
use entropix_conversation::Answer;
use entropix_protocol::{TokenEntry, json};

use crate::words::quoted;

/// The sampler of an answer with other thresholds.
#[derive(Debug, PartialEq)]
pub struct Trial {
    made: SamplerConfig,
    tried: SamplerConfig,
}

/// What the thresholds of a trial would decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Tokens that a rule decided.
    pub of: usize,
    /// Those of them that would fall under another rule.
    pub others: usize,
    /// The first of those.
    pub first: Option<First>,
    /// "high V 5 → 12.7 bits²: 14 of 100 tokens change rule".
    pub headline: String,
    /// What else must be known; "" for nothing.
    pub note: &'static str,
}

/// The first token that would fall under another rule.
#[derive(Clone, Debug, PartialEq)]
pub struct First {
    /// Its number in the answer, from 0.
    pub index: u32,
    /// The token, in quotes.
    pub label: String,
    /// The rule that decided, and the one that would have: "branch → adaptive".
    pub rules: String,
}

impl Trial {
    /// The sampler `made` with the thresholds of another one, which `text` says as JSON. Nothing where they are its
    /// own, or where the other one is of another kind or can't run.
    pub fn read(made: &SamplerConfig, text: &str) -> Option<Self> {
        let mut tried = made.clone();
        match (&mut tried, json::read(text).ok()?) {
            (SamplerConfig::Entropix(tried), SamplerConfig::Entropix(said))
                if tried.preset == said.preset =>
            {
                tried.low_logits_entropy_threshold = said.low_logits_entropy_threshold;
                tried.low_logits_varentropy_threshold = said.low_logits_varentropy_threshold;
                tried.medium_logits_entropy_threshold = said.medium_logits_entropy_threshold;
                tried.high_logits_entropy_threshold = said.high_logits_entropy_threshold;
                tried.high_logits_varentropy_threshold = said.high_logits_varentropy_threshold;
            }
            (SamplerConfig::Promised(tried), SamplerConfig::Promised(said)) => {
                tried.entropy_cut = said.entropy_cut;
                tried.varentropy_cut = said.varentropy_cut;
            }
            _ => return None,
        }
        let good = tried != *made && tried.check().is_ok();
        good.then(|| Self { made: made.clone(), tried })
    }

    /// The sampler with the other thresholds.
    pub fn sampler(&self) -> &SamplerConfig {
        &self.tried
    }

    /// What its thresholds would decide about an answer.
    pub fn verdict(&self, answer: &Answer) -> Verdict {
        let tokens = answer.tokens();
        let (mut of, mut others, mut first) = (0, 0, None);
        for (index, entry) in answer.entries.iter().enumerate() {
            let decision = &entry.decision;
            let Some(was) = decision.rule else { continue };
            of += 1;
            let (u, attention) = (&decision.uncertainty, decision.attention.as_ref());
            let before = tokens.get(..index).unwrap_or_default();
            let would = match &self.tried {
                SamplerConfig::Entropix(config) => {
                    compare::outcome(u, attention, before, config).rule
                }
                other => other.regions().map(|it| it.rule(u.entropy_bits, u.varentropy_bits2)),
            };
            let Some(would) = would.filter(|would| *would != was) else { continue };
            others += 1;
            first.get_or_insert_with(|| First {
                index: index as u32,
                label: quoted(&entry.label),
                rules: format!("{} → {}", was.name(), would.name()),
            });
        }
        let moved = self.moved();
        let headline = match others {
            0 => format!("{moved}: every token keeps its rule"),
            _ => format!("{moved}: {others} of {of} tokens change rule"),
        };
        Verdict { of, others, first, headline, note: self.note(answer) }
    }

    /// "high V 5 → 12.7 bits²", or how many thresholds moved.
    fn moved(&self) -> String {
        let both = numbers(&self.made).into_iter().zip(numbers(&self.tried));
        let mut moved = both.filter(|((_, was, _), (_, is, _))| was.total_cmp(is).is_ne());
        match (moved.next(), moved.count()) {
            (Some(((name, was, unit), (_, is, _))), 0) => format!("{name} {was} → {is} {unit}"),
            (_, more) => format!("{} thresholds moved", more + 1),
        }
    }

    fn note(&self, answer: &Answer) -> &'static str {
        let asks = |config: &EntropixConfig| {
            config.wants_attention && (config.attention_gates || config.agreement_gates)
        };
        match &self.tried {
            SamplerConfig::Entropix(config) if asks(config) => {
                let recorded = |entry: &TokenEntry| {
                    entry.decision.rule.is_none() || entry.decision.attention.is_some()
                };
                if answer.entries.iter().all(recorded) {
                    "Attention counts as recorded."
                } else {
                    "By H and V alone where no attention was recorded, as in the answer."
                }
            }
            SamplerConfig::Promised(_) if !answer.retracted.is_empty() => {
                "Words that were taken back do not count; branches may end elsewhere."
            }
            SamplerConfig::Promised(_) => "Branches may end elsewhere.",
            _ => "",
        }
    }
}

/// The thresholds, by name, with their units.
fn numbers(sampler: &SamplerConfig) -> Vec<(&'static str, f64, &'static str)> {
    match sampler {
        SamplerConfig::Entropix(config) => vec![
            ("low H", config.low_logits_entropy_threshold, "bits"),
            ("low V", config.low_logits_varentropy_threshold, "bits²"),
            ("medium H", config.medium_logits_entropy_threshold, "bits"),
            ("high H", config.high_logits_entropy_threshold, "bits"),
            ("high V", config.high_logits_varentropy_threshold, "bits²"),
        ],
        SamplerConfig::Promised(config) => vec![
            ("cut of H", config.entropy_cut, "bits"),
            ("cut of V", config.varentropy_cut, "bits²"),
        ],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::{AttentionMetrics, Preset, Rule};
    use entropix_conversation::Conversation;
    use entropix_protocol::Trace;
    use serde_json::{Value, json};

    fn recorded(name: &str) -> (Trace, Answer) {
        let path = format!("{}/../../www/traces/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let trace: Trace = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let conversation = Conversation::recorded(trace.clone());
        let last = conversation.path().last().unwrap().id;
        let answer = conversation.answer(last).unwrap().clone();
        (trace, answer)
    }

    fn with(sampler: &SamplerConfig, changes: &[(&str, Value)]) -> String {
        let mut all = serde_json::to_value(sampler).unwrap();
        for (name, value) in changes {
            all[name] = value.clone();
        }
        all.to_string()
    }

    fn tried(answer: &Answer, changes: &[(&str, Value)]) -> Option<Trial> {
        let made = &answer.made.recipe.sampler;
        Trial::read(made, &with(made, changes))
    }

    #[test]
    fn a_higher_line_of_v_makes_tokens_adaptive() {
        let (trace, answer) = recorded("larger-b");
        let trial = tried(&answer, &[("high_logits_varentropy_threshold", json!(12.7))]).unwrap();
        let verdict = trial.verdict(&answer);
        // From the trace alone: what was above 5 bits² is no longer, all else is as it was.
        let v = |at: &usize| trace.tokens[*at].decision.uncertainty.varentropy_bits2;
        let down: Vec<usize> =
            (0..trace.tokens.len()).filter(|at| v(at) > 5.0 && v(at) <= 12.7).collect();
        assert_eq!((verdict.others, verdict.of), (down.len(), 100));
        let first = verdict.first.unwrap();
        assert_eq!((first.index as usize, first.rules.as_str()), (down[0], "branch → adaptive"));
        assert_eq!(first.label, "“To”");
        assert!(
            verdict.headline.starts_with("high V 5 → 12.7 bits²: ")
                && verdict.headline.ends_with(" of 100 tokens change rule"),
            "{}",
            verdict.headline
        );
        assert_eq!(verdict.note, "");
    }

    #[test]
    fn a_line_that_passes_no_token_changes_nothing() {
        let (_, answer) = recorded("larger-b");
        let trial = tried(&answer, &[("high_logits_varentropy_threshold", json!(5.0001))]).unwrap();
        let verdict = trial.verdict(&answer);
        assert_eq!((verdict.others, verdict.first), (0, None));
        let words = "high V 5 → 5.0001 bits²: every token keeps its rule";
        assert_eq!(verdict.headline, words);
    }

    #[test]
    fn every_answer_falls_under_its_rules_until_a_line_moves() {
        for name in ["larger-b", "larger-promised", "sky-b"] {
            let (_, answer) = recorded(name);
            let made = answer.made.recipe.sampler.clone();
            let verdict = Trial { tried: made.clone(), made }.verdict(&answer);
            assert_eq!(verdict.others, 0, "{name}");
            let ruled = answer.entries.iter().filter(|entry| entry.decision.rule.is_some());
            assert_eq!(verdict.of, ruled.count(), "{name}");
        }
    }

    #[test]
    fn one_token_is_one() {
        let (_, mut answer) = recorded("larger-b");
        answer.entries.truncate(1);
        answer.entries[0].decision.rule = Some(Rule::Lelv);
        let trial = tried(&answer, &[("low_logits_entropy_threshold", json!(0.2))]).unwrap();
        let words = "low H 0.1 → 0.2 bits: 1 of 1 tokens change rule";
        assert_eq!(trial.verdict(&answer).headline, words);
    }

    #[test]
    fn the_promised_sampler_has_two_cuts() {
        let (trace, answer) = recorded("larger-promised");
        let changes = [("entropy_cut", json!(1.0)), ("varentropy_cut", json!(2.0))];
        let trial = tried(&answer, &changes).unwrap();
        let verdict = trial.verdict(&answer);
        let others = trace.tokens.iter().filter(|token| {
            let u = &token.decision.uncertainty;
            let would = match (u.entropy_bits > 1.0, u.varentropy_bits2 > 2.0) {
                (false, false) => Rule::Lelv,
                (true, false) => Rule::Helv,
                (false, true) => Rule::Lehv,
                (true, true) => Rule::Hehv,
            };
            token.decision.rule.is_some_and(|rule| rule != would)
        });
        assert_eq!(verdict.others, others.count());
        assert!(verdict.others > 0);
        assert!(verdict.headline.starts_with("2 thresholds moved: "), "{}", verdict.headline);
        let note = if trace.retracted.is_empty() {
            "Branches may end elsewhere."
        } else {
            "Words that were taken back do not count; branches may end elsewhere."
        };
        assert_eq!(verdict.note, note);
    }

    #[test]
    fn what_asks_for_attention_gets_what_was_recorded() {
        let (_, mut answer) = recorded("larger-b");
        let config = EntropixConfig::preset(Preset::Smollm);
        answer.made.recipe.sampler = SamplerConfig::Entropix(config);
        answer.entries.truncate(2);
        // The first token has no rule in this preset.
        answer.entries[0].decision.rule = None;
        let u = &mut answer.entries[1].decision.uncertainty;
        (u.entropy_bits, u.varentropy_bits2) = (1.0, 7.0);
        answer.entries[1].decision.rule = Some(Rule::Lehv);
        let of = |answer: &Answer, high_v: f64| {
            let change = [("high_logits_varentropy_threshold", json!(high_v))];
            let verdict = tried(answer, &change).unwrap().verdict(answer);
            (verdict.of, verdict.others, verdict.note)
        };
        let alone = "By H and V alone where no attention was recorded, as in the answer.";
        assert_eq!(of(&answer, 6.5), (1, 0, alone));
        assert_eq!(of(&answer, 7.5), (1, 1, alone));
        // Attention alone kept it from the rule: no line of V brings it there.
        let far = AttentionMetrics { attn_entropy: 99.0, ..AttentionMetrics::default() };
        answer.entries[1].decision.attention = Some(far);
        answer.entries[1].decision.rule = Some(Rule::Adaptive);
        for high_v in [1.0, 6.5, 7.5] {
            assert_eq!(of(&answer, high_v), (1, 0, "Attention counts as recorded."));
        }
    }

    #[test]
    fn nothing_but_thresholds_is_taken() {
        let (_, answer) = recorded("larger-b");
        let made = &answer.made.recipe.sampler;
        let changes = [("low_logits_entropy_threshold", json!(0.25)), ("temperature", json!(9.0))];
        let trial = tried(&answer, &changes).unwrap();
        let SamplerConfig::Entropix(config) = trial.sampler() else { panic!() };
        let SamplerConfig::Entropix(own) = made else { panic!() };
        assert_eq!(config.temperature.to_bits(), own.temperature.to_bits());
        assert!((config.low_logits_entropy_threshold - 0.25).abs() < 1e-12);
        let promised = with(&SamplerConfig::Promised(entropix::PromisedConfig::default()), &[]);
        let frog = with(&SamplerConfig::Entropix(EntropixConfig::preset(Preset::Frog)), &[]);
        for text in ["", "{}", "[1]", "{\"kind\":\"greedy\"}", &promised, &frog, &with(made, &[])] {
            assert_eq!(Trial::read(made, text), None, "{text}");
        }
        for bad in [json!(-1.0), json!("much"), json!(null)] {
            assert_eq!(tried(&answer, &[("high_logits_entropy_threshold", bad)]), None);
        }
        let plain = &SamplerConfig::Greedy;
        assert_eq!(Trial::read(plain, &with(plain, &[])), None);
    }
}
