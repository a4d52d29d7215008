//! The promised sampler, driven as a model's loop drives it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::sync::{Arc, Mutex};

use entropix::samplers::{Gate, Place, Promised};
use entropix::{
    Action, Branch, BranchScore, Decision, PromisedConfig, Rule, Sampler, SamplerConfig, Softmax,
    Uncertainty, promised,
};
use proptest::prelude::*;

/// Logits that follow from the text before: each quadrant comes up.
fn logits(context: &[u32], salt: u64) -> Vec<f32> {
    let mut state = salt ^ 0x9e37_79b9_7f4a_7c15;
    for &token in context {
        state = (state ^ u64::from(token)).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
    }
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32
    };
    let kind = next();
    (0..64)
        .map(|token| match kind {
            // Sure; one of equals; one and a long tail; a mixture.
            k if k < 0.3 => {
                if token == 7 {
                    9.0
                } else {
                    next()
                }
            }
            k if k < 0.5 => next() * 0.1,
            k if k < 0.7 => {
                if token == 3 {
                    5.5
                } else {
                    next()
                }
            }
            _ => {
                if token < 4 {
                    4.0 + next()
                } else {
                    next() * 3.0
                }
            }
        })
        .collect()
}

fn config() -> PromisedConfig {
    PromisedConfig { entropy_cut: 2.0, varentropy_cut: 2.0, ..PromisedConfig::default() }
}

/// An answer with everything that happened.
#[derive(Default)]
struct Answer {
    ids: Vec<u32>,
    inserted: Vec<bool>,
    decisions: Vec<Decision>,
    steps: usize,
}

fn answer(config: &PromisedConfig, salt: u64, length: usize) -> Answer {
    gated(config, salt, length, None)
}

fn gated(config: &PromisedConfig, salt: u64, length: usize, gate: Option<Box<dyn Gate>>) -> Answer {
    let phrases = vec![vec![60, 61], vec![62]];
    let promised = SamplerConfig::Promised(config.clone());
    let mut sampler = Sampler::with_phrases(promised, phrases, salt).unwrap();
    if let Some(gate) = gate {
        sampler.as_promised().unwrap().set_gate(gate);
    }
    let mut answer = Answer::default();
    while answer.ids.len() < length {
        answer.steps += 1;
        let mut decision = sampler.decide(&logits(&answer.ids, salt), None, &answer.ids).unwrap();
        match decision.action {
            Action::Insert => {
                let phrase = sampler.as_promised().unwrap().phrase().to_vec();
                assert_eq!(phrase[0], decision.token);
                assert_ne!(answer.inserted.last(), Some(&true), "two phrases in a row");
                answer.ids.push(phrase[0]);
                answer.inserted.push(true);
                for &token in &phrase[1..] {
                    sampler
                        .as_promised()
                        .unwrap()
                        .insert(&logits(&answer.ids, salt), token)
                        .unwrap();
                    answer.ids.push(token);
                    answer.inserted.push(true);
                }
            }
            Action::Branch => {
                let firsts: Vec<u32> = decision.branches.iter().map(|b| b.tokens[0]).collect();
                assert_eq!(firsts.len(), config.branches as usize);
                let branches = decision.branches.clone().into_iter();
                let branches = branches.map(|b| {
                    roll_out(sampler.as_promised().unwrap(), config, &answer.ids, b, salt)
                });
                let branches: Vec<_> = branches.collect();
                let kept = sampler.as_promised().unwrap().keep_branch(&mut decision, branches);
                let best = decision.branches.iter().map(|b| b.score).fold(f64::MIN, f64::max);
                assert!(decision.branches[kept].score >= best);
                assert_eq!(decision.token, firsts[kept]);
                answer.ids.extend(&decision.branches[kept].tokens);
                answer.inserted.resize(answer.ids.len(), false);
            }
            Action::Retract => {
                let retraction = decision.retraction.unwrap();
                let (to, count) = (retraction.to as usize, retraction.count as usize);
                assert_eq!(to + count, answer.ids.len());
                assert!((1..=config.resample_reach as usize).contains(&count));
                assert!(answer.inserted[to..].iter().all(|inserted| !inserted));
                assert_eq!(answer.ids[to], retraction.banned);
                answer.ids.truncate(to);
                answer.inserted.truncate(to);
            }
            Action::Argmax | Action::Sample | Action::Resample => {
                if decision.action == Action::Resample {
                    assert_ne!(decision.token, decision.retraction.unwrap().banned);
                }
                answer.ids.push(decision.token);
                answer.inserted.push(false);
            }
            Action::BestOfN | Action::Given | Action::Read => panic!("not here"),
        }
        answer.decisions.push(decision);
    }
    answer
}

fn roll_out(
    sampler: &mut Promised,
    config: &PromisedConfig,
    ids: &[u32],
    mut branch: Branch,
    salt: u64,
) -> Branch {
    loop {
        let context = [ids, branch.tokens.as_slice()].concat();
        let logits = logits(&context, salt);
        let softmax = Softmax::of(&logits).unwrap();
        let here = softmax.uncertainty();
        branch.entropies.push(here.entropy_bits);
        let tokens = branch.tokens.len();
        if sampler.is_calm(&logits, &softmax, tokens) || tokens >= config.branch_tokens as usize {
            return branch;
        }
        let drawn = sampler.continue_branch(&logits, &softmax).unwrap();
        branch.log_probabilities.push(-here.entropy_bits);
        branch.tokens.push(drawn.token);
    }
}

fn count(answer: &Answer, action: Action) -> u32 {
    answer.decisions.iter().filter(|decision| decision.action == action).count() as u32
}

/// The cuts themselves; remembers the places.
#[derive(Clone, Debug)]
struct Cuts {
    config: PromisedConfig,
    /// Tokens before each, whether it is in a branch, and whether tokens were taken back to it.
    seen: Arc<Mutex<Vec<(usize, bool, bool)>>>,
}

impl Gate for Cuts {
    fn rule(&mut self, place: &Place<'_>) -> Rule {
        assert_eq!(Softmax::of(place.logits).unwrap().uncertainty(), place.uncertainty);
        self.seen.lock().unwrap().push((place.tokens, place.in_branch, place.again));
        promised::rule(&place.uncertainty, &self.config).0
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(self.clone())
    }
}

/// One quadrant everywhere.
#[derive(Clone, Debug)]
struct Everywhere(Rule);

impl Gate for Everywhere {
    fn rule(&mut self, _: &Place<'_>) -> Rule {
        self.0
    }

    fn boxed(&self) -> Box<dyn Gate> {
        Box::new(self.clone())
    }
}

#[test]
fn all_follows_from_what_the_gate_says() {
    let acts = |rule, action| {
        let answer = gated(&config(), 5, 200, Some(Box::new(Everywhere(rule))));
        assert!(answer.decisions.iter().all(|decision| decision.rule == Some(rule)));
        count(&answer, action)
    };
    assert_eq!(acts(Rule::Lelv, Action::Argmax), 200);
    assert_eq!(acts(Rule::Helv, Action::Insert), config().max_inserts);
    assert_eq!(acts(Rule::Lehv, Action::Branch), config().max_branchings);
    // The first draw has none before it that could be taken back.
    assert_eq!(acts(Rule::Hehv, Action::Retract), config().max_resamples);
    // A branch that is never calm is as long as it may be.
    let answer = gated(&config(), 5, 60, Some(Box::new(Everywhere(Rule::Lehv))));
    let branches = answer.decisions.iter().flat_map(|decision| &decision.branches);
    let lengths = branches.map(|branch| branch.tokens.len() as u32);
    assert!(lengths.into_iter().all(|length| length == config().branch_tokens));
}

proptest! {
    #[test]
    fn every_answer_ends_within_its_budgets(salt: u64, reach in 1_u32..10) {
        let config = PromisedConfig { resample_reach: reach, ..config() };
        let answer = answer(&config, salt, 200);
        prop_assert!(count(&answer, Action::Insert) <= config.max_inserts);
        prop_assert!(count(&answer, Action::Branch) <= config.max_branchings);
        prop_assert!(count(&answer, Action::Retract) <= config.max_resamples);
        prop_assert_eq!(count(&answer, Action::Retract), count(&answer, Action::Resample));
        prop_assert!(answer.steps <= 200 + (config.max_resamples * (reach + 1)) as usize);
    }

    #[test]
    fn a_seed_repeats(salt: u64) {
        prop_assert_eq!(answer(&config(), salt, 50).ids, answer(&config(), salt, 50).ids);
    }

    #[test]
    fn a_gate_that_says_what_the_cuts_say_changes_nothing(salt: u64) {
        let seen = Arc::default();
        let gate = Cuts { config: config(), seen: Arc::clone(&seen) };
        let gated = gated(&config(), salt, 50, Some(Box::new(gate)));
        let alone = answer(&config(), salt, 50);
        prop_assert_eq!(&gated.ids, &alone.ids);
        let rules = |answer: &Answer| answer.decisions.iter().map(|d| d.rule).collect::<Vec<_>>();
        prop_assert_eq!(rules(&gated), rules(&alone));
        // It was asked once for each decision, and at the end of each step of a branch.
        let seen = seen.lock().unwrap();
        let outside = seen.iter().filter(|(_, in_branch, _)| !in_branch).count();
        prop_assert_eq!(outside, alone.decisions.len());
        let branches = alone.decisions.iter().flat_map(|decision| &decision.branches);
        let steps: usize = branches.map(|branch| branch.entropies.len()).sum();
        prop_assert_eq!(seen.len() - outside, steps);
        let again = seen.iter().filter(|(.., again)| *again).count() as u32;
        prop_assert!(count(&alone, Action::Retract).abs_diff(again) <= 1);
    }

    #[test]
    fn the_plane_has_no_gap(h in 0.0_f64..16.0, v in 0.0_f64..60.0) {
        let config = config();
        let mut sampler = Sampler::new(SamplerConfig::Promised(config.clone()), 0).unwrap();
        let at = Uncertainty { entropy_bits: h, varentropy_bits2: v };
        let calm = h <= config.entropy_cut && v <= config.varentropy_cut;
        prop_assert_eq!(promised::rule(&at, &config).0 == Rule::Lelv, calm);
        let decision = sampler.decide(&logits(&[h as u32, v as u32], 1), None, &[]).unwrap();
        prop_assert!(decision.rule.is_some_and(|q| q != Rule::Adaptive));
        prop_assert!(decision.because.iter().all(entropix::Comparison::holds));
    }
}

#[test]
fn all_four_actions_come_up() {
    let answers: Vec<_> = (0..20).map(|salt| answer(&config(), salt, 100)).collect();
    for action in [Action::Argmax, Action::Insert, Action::Branch, Action::Resample] {
        assert!(answers.iter().any(|answer| count(answer, action) > 0), "{action:?}");
    }
}

#[test]
fn what_is_taken_back_is_banned_only_there() {
    // Two tokens, so that the ban decides.
    let config = PromisedConfig { entropy_cut: 0.5, varentropy_cut: 0.001, ..config() };
    let mut sampler = Sampler::new(SamplerConfig::Promised(config), 3).unwrap();
    let logits = [1.0, 0.0];
    let first = sampler.decide(&logits, None, &[]).unwrap();
    assert_eq!((first.action, first.rule), (Action::Sample, Some(Rule::Hehv)));
    let back = sampler.decide(&logits, None, &[first.token]).unwrap();
    assert_eq!(back.action, Action::Retract);
    assert_eq!(
        back.sentence,
        "H 0.84 bits > 0.50 and V 0.409 bits² > 0.001: take back 1 token and draw again"
    );
    let again = sampler.decide(&logits, None, &[]).unwrap();
    assert_eq!((again.action, again.token), (Action::Resample, 1 - first.token));
    assert_eq!(
        again.sentence,
        "1 token taken back, the first of them banned: draw at temperature 1.05 from the top 40 (top-p 0.90)"
    );
}

#[test]
fn scores_are_means_in_bits() {
    let branch = |first: u32, p: [f64; 2], entropies: [f64; 2]| Branch {
        tokens: vec![first, 9],
        log_probabilities: p.map(f64::ln).to_vec(),
        entropies: entropies.to_vec(),
        ..Branch::default()
    };
    let branches = vec![branch(1, [0.5, 0.25], [3.0, 1.0]), branch(2, [0.25, 0.25], [0.0, 1.0])];
    let keep = |branch_score| {
        let config = PromisedConfig { branch_score, varentropy_cut: 0.1, ..config() };
        let mut sampler = Sampler::new(SamplerConfig::Promised(config), 3).unwrap();
        let mut decision = sampler.decide(&[3.0, 0.0, 0.0, 0.0], None, &[]).unwrap();
        assert_eq!(decision.action, Action::Branch);
        let kept = sampler.as_promised().unwrap().keep_branch(&mut decision, branches.clone());
        (kept, decision.branches.iter().map(|b| b.score).collect::<Vec<_>>(), decision.sentence)
    };
    assert_eq!(keep(BranchScore::LogProbability).1, [-1.5, -2.0]);
    assert_eq!(keep(BranchScore::Entropy).1, [-2.0, -0.5]);
    let (kept, scores, sentence) = keep(BranchScore::Both);
    assert_eq!((kept, scores), (1, vec![-3.5, -2.5]));
    assert!(
        sentence.ends_with("branch into 2, keep number 2: 2 tokens, score −2.50 bits"),
        "{sentence}"
    );
}

#[test]
fn bad_numbers_are_named() {
    let check = |change: fn(&mut PromisedConfig)| {
        let mut config = PromisedConfig::default();
        change(&mut config);
        Sampler::new(SamplerConfig::Promised(config), 0).map(|_| ()).unwrap_err().to_string()
    };
    assert!(check(|c| c.entropy_cut = f64::NAN).contains("entropy_cut"));
    assert!(check(|c| c.varentropy_cut = -1.0).contains("varentropy_cut"));
    assert!(check(|c| c.branches = 1).contains("branches is 1, but must be 2 to 16"));
    assert!(check(|c| c.branch_tokens = 0).contains("branch_tokens"));
    assert!(check(|c| c.resample_reach = 65).contains("resample_reach"));
    assert!(check(|c| c.resample_heat = 0.0).contains("resample_heat"));
    let unknown = serde_json::from_str::<SamplerConfig>(r#"{"kind":"promised","nonsense":1}"#);
    assert!(unknown.unwrap_err().to_string().contains("nonsense"));
}
