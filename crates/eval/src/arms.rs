//! What is compared: samplers, PROMISED with parts of it switched off or decided by something else, and several answers
//! of which one is taken.

use std::collections::BTreeMap;

use entropix::{
    BranchScore, ModelDefaults, PlainConfig, PromisedConfig, SamplerConfig, SamplerKind,
};
use serde::{Deserialize, Serialize};

use crate::gates::{Bands, Signal};
use crate::item::Item;
use crate::random::seed;

/// One of the things that are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Arm {
    /// What it is called.
    pub name: String,
    /// What it does.
    pub method: Method,
}

/// How an arm comes to its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there are some forty")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Method {
    /// A sampler, as it is.
    Sampler(
        #[cfg_attr(test, schemars(with = "serde_json::Map<String, serde_json::Value>"))]
        SamplerConfig,
    ),
    /// PROMISED; something else than H and V decides about quadrants.
    Gated {
        /// Its numbers.
        #[cfg_attr(test, schemars(with = "serde_json::Map<String, serde_json::Value>"))]
        promised: PromisedConfig,
        /// What decides.
        by: Control,
    },
    /// Several answers, of which the one that most of them agree on is taken (self-consistency, arXiv:2203.11171); the
    /// first of equals.
    Vote {
        /// How many.
        answers: Answers,
        /// What makes them.
        #[cfg_attr(test, schemars(with = "serde_json::Map<String, serde_json::Value>"))]
        of: PlainConfig,
    },
    /// Several answers, of which the one with the highest mean log-probability is taken.
    BestOf {
        /// How many.
        answers: Answers,
        /// What makes them.
        #[cfg_attr(test, schemars(with = "serde_json::Map<String, serde_json::Value>"))]
        of: PlainConfig,
    },
    /// Greedy answers, each after another first token, the most probable ones; of the claim with the largest sum of mean
    /// margins the surest is taken (CoT-decoding, arXiv:2402.10200).
    FirstTokens {
        /// How many.
        answers: u32,
    },
}

/// How many answers are made, in the mean: as many tokens as another arm makes. 2.3 are two answers to most items, and three
/// to three in ten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answers {
    /// In families that are not named.
    pub usual: f64,
    /// In others.
    pub families: BTreeMap<String, f64>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { usual: 3.0, families: BTreeMap::new() }
    }
}

impl Answers {
    /// How many an item gets: at least one, at most 32.
    pub fn of(&self, item: &Item) -> u32 {
        let mean = self.families.get(&item.family).unwrap_or(&self.usual).clamp(1.0, 32.0);
        let share = f64::from(seed(&["answers", &item.family, &item.number.to_string()]) as u32);
        let more = share / f64::from(u32::MAX) < mean.fract();
        mean as u32 + u32::from(more)
    }
}

/// What decides about quadrants instead of H and V.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Control {
    /// What was right at such a place of another item.
    Sham,
    /// The same, but not about the most probable token: H and V still say where it is taken.
    ShamOfActs,
    /// One number.
    Bands(Bands),
}

/// Free numbers, chosen on the tuning part by the same budget for all ([`tuning`](crate::tuning)).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tuned {
    /// How it was tuned, in words.
    pub origin: String,
    /// Of "plain".
    pub plain: PlainConfig,
    /// Of PROMISED; the model's own if left out.
    pub cuts: Option<Cuts>,
    /// Filters with other numbers than their papers'.
    pub filters: Vec<Arm>,
    /// Answers that are voted about: as many tokens as PROMISED makes.
    pub voters: Several,
    /// Those of which the most probable one is taken.
    pub competitors: Several,
    /// Cuts of H, V and margin, each alone.
    pub bands: Vec<Bands>,
    /// All that was tried.
    pub tried: Vec<Tried>,
}

/// Where PROMISED cuts H and V.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// H above this is high, in bits.
    pub entropy: f64,
    /// V above this is high, in bits².
    pub varentropy: f64,
}

impl Cuts {
    /// Those of a sampler.
    pub fn of(promised: &PromisedConfig) -> Self {
        Self { entropy: promised.entropy_cut, varentropy: promised.varentropy_cut }
    }

    /// The sampler with these instead of its own.
    pub fn on(self, promised: &PromisedConfig) -> PromisedConfig {
        let (entropy_cut, varentropy_cut) = (self.entropy, self.varentropy);
        PromisedConfig { entropy_cut, varentropy_cut, ..promised.clone() }
    }
}

/// Several answers of one sampler.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Several {
    /// How many.
    pub answers: Answers,
    /// What makes them.
    pub of: PlainConfig,
}

/// A candidate, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// What is tuned.
    pub name: String,
    /// Its free number.
    pub value: f64,
    /// Accuracy, the mean over families.
    pub accuracy: f64,
}

/// Nothing but a draw at temperature 1: what is measured of a filter is the filter.
pub(crate) fn open() -> PlainConfig {
    PlainConfig { temperature: 1.0, top_k: 0, top_p: 1.0, ..PlainConfig::default() }
}

/// Samplers that need a name besides that of their kind, with the numbers that their papers take.
fn plain() -> [(&'static str, PlainConfig); 13] {
    let heated = |temperature| PlainConfig { temperature, ..open() };
    [
        // What B draws with where none of its rules changes it; its min-p has no effect as coded.
        ("plain as B", PlainConfig { top_k: 27, top_p: 0.9, ..heated(0.666) }),
        ("temperature 0.3", heated(0.3)),
        ("temperature 0.7", heated(0.7)),
        ("temperature 1", open()),
        ("temperature 1.5", heated(1.5)),
        ("top-k 40", PlainConfig { top_k: 40, ..open() }),
        ("top-p 0.9", PlainConfig { top_p: 0.9, ..open() }),
        ("min-p 0.1", PlainConfig { min_p: 0.1, ..open() }),
        ("typical 0.9", PlainConfig { typical_p: 0.9, ..open() }),
        ("p-less", PlainConfig { p_less: true, ..open() }),
        ("top-nσ 1", PlainConfig { top_n_sigma: 1.0, ..open() }),
        ("top-H 0.4", PlainConfig { top_h: 0.4, ..open() }),
        ("two temperatures", PlainConfig { temperature: 0.5, fork_temperature: 1.0, ..open() }),
    ]
}

/// PROMISED with some of its acts; what it may not do is drawn.
fn ablations(full: &PromisedConfig) -> [(&'static str, PromisedConfig); 4] {
    let with = |insert: bool, branch: bool, resample: bool| PromisedConfig {
        max_inserts: if insert { full.max_inserts } else { 0 },
        max_branchings: if branch { full.max_branchings } else { 0 },
        max_resamples: if resample { full.max_resamples } else { 0 },
        ..full.clone()
    };
    [
        ("PROMISED argmax", with(false, false, false)),
        ("PROMISED argmax+insert", with(true, false, false)),
        ("PROMISED argmax+branch", with(false, true, false)),
        ("PROMISED argmax+resample", with(false, false, true)),
    ]
}

/// Where CNTP (arXiv:2507.03038) tries several ways: H above 0.5 nats; elsewhere it takes the most probable token.
fn cautious_cuts() -> Bands {
    let cuts = [0.5 * std::f64::consts::LOG2_E, f64::MAX, f64::MAX];
    Bands { signal: Signal::Entropy, cuts }
}

/// CNTP as far as PROMISED's branches can do it: three, of at most ten tokens, the likeliest is kept. Its own are drawn, end
/// with punctuation instead of where H is low again, and are eight above 3.5 nats.
fn cautious(promised: &PromisedConfig) -> Method {
    let promised = PromisedConfig {
        branches: 3,
        branch_tokens: 10,
        branch_score: BranchScore::LogProbability,
        max_branchings: u32::MAX,
        ..promised.clone()
    };
    Method::Gated { promised, by: Control::Bands(cautious_cuts()) }
}

/// Every arm, for a model and with these free numbers. Where there are no cuts of one number yet, their arms are missing.
pub fn all(model: &ModelDefaults, tuned: &Tuned) -> Vec<Arm> {
    let cuts = tuned.cuts.unwrap_or_else(|| Cuts::of(&model.promised));
    let model = &ModelDefaults { promised: cuts.on(&model.promised), ..model.clone() };
    let kinds = SamplerKind::ALL.into_iter().map(|kind| match kind {
        SamplerKind::Plain => (kind.name(), SamplerConfig::Plain(tuned.plain.clone())),
        kind => (kind.name(), kind.config(model)),
    });
    let plain = plain().map(|(name, config)| (name, SamplerConfig::Plain(config)));
    let ablations = ablations(&model.promised);
    let ablations = ablations.map(|(name, config)| (name, SamplerConfig::Promised(config)));
    let samplers = kinds.chain(plain).chain(ablations);
    let samplers = samplers.map(|(name, config)| (name.to_owned(), Method::Sampler(config)));

    let gated = |by| Method::Gated { promised: model.promised.clone(), by };
    let shams = [("PROMISED sham", Control::Sham), ("PROMISED sham of acts", Control::ShamOfActs)];
    let shams = shams.map(|(name, by)| (name.to_owned(), gated(by)));
    let bands = tuned.bands.iter().map(|&bands| {
        (format!("PROMISED by {}", bands.signal.name()), gated(Control::Bands(bands)))
    });
    let (vote, best) = (tuned.voters.clone(), tuned.competitors.clone());
    let several = [
        ("self-consistency".to_owned(), Method::Vote { answers: vote.answers, of: vote.of }),
        ("best of several".to_owned(), Method::BestOf { answers: best.answers, of: best.of }),
        ("CoT-decoding".to_owned(), Method::FirstTokens { answers: 10 }),
        ("cautious".to_owned(), cautious(&model.promised)),
    ];
    let arms = samplers.chain(shams).chain(bands).chain(several);
    let arms = arms.map(|(name, method)| Arm { name, method });
    arms.chain(tuned.filters.iter().cloned()).collect()
}

impl Arm {
    /// The sampler that makes its answers.
    pub fn sampler(&self) -> SamplerConfig {
        match &self.method {
            Method::Sampler(config) => config.clone(),
            Method::Gated { promised, .. } => SamplerConfig::Promised(promised.clone()),
            Method::Vote { of, .. } | Method::BestOf { of, .. } => SamplerConfig::Plain(of.clone()),
            Method::FirstTokens { .. } => SamplerConfig::Greedy,
        }
    }

    /// Whether it does something in some answers only: a comparison of those in which it never did says nothing.
    pub fn acts(&self) -> bool {
        match &self.method {
            Method::Sampler(config) => {
                !matches!(config, SamplerConfig::Greedy | SamplerConfig::Plain(_))
            }
            Method::Gated { .. } => true,
            Method::Vote { .. } | Method::BestOf { .. } | Method::FirstTokens { .. } => false,
        }
    }

    /// How many answers are voted about in the mean, if any are.
    pub fn votes(&self) -> Option<f64> {
        let Method::Vote { answers, .. } = &self.method else { return None };
        let of = &answers.families;
        let mean = of.values().sum::<f64>() / of.len().max(1) as f64;
        Some(if of.is_empty() { answers.usual } else { mean })
    }

    /// Whether it does what PROMISED does, decided by something else.
    pub fn is_control(&self) -> bool {
        matches!(self.method, Method::Gated { .. })
    }

    /// How many answers to an item it makes.
    pub fn answers(&self, item: &Item) -> u32 {
        match &self.method {
            Method::Sampler(_) | Method::Gated { .. } => 1,
            Method::Vote { answers, .. } | Method::BestOf { answers, .. } => answers.of(item),
            Method::FirstTokens { answers } => *answers,
        }
    }

    /// Whether it is real PROMISED, whose looks a sham needs.
    pub fn is_donor(&self, promised: &PromisedConfig) -> bool {
        matches!(&self.method, Method::Sampler(SamplerConfig::Promised(own)) if own == promised)
    }

    /// The promised sampler whose looks it needs, if it is a sham.
    pub fn needs(&self) -> Option<&PromisedConfig> {
        match &self.method {
            Method::Gated { promised, by: Control::Sham | Control::ShamOfActs } => Some(promised),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arms() -> Vec<Arm> {
        let bands = Signal::ALL.map(|signal| Bands { signal, cuts: [1.0, 2.0, 3.0] }).to_vec();
        all(&ModelDefaults::default(), &Tuned { bands, ..Tuned::default() })
    }

    #[test]
    fn names_differ_and_numbers_are_in_range() {
        let arms = arms();
        let mut names: Vec<_> = arms.iter().map(|arm| arm.name.clone()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), arms.len());
        for arm in &arms {
            // Lists of names are written with commas.
            assert!(!arm.name.contains(','), "{}", arm.name);
            assert_eq!(arm.sampler().check(), Ok(()), "{}", arm.name);
        }
        let named = |name: &str| arms.iter().any(|arm| arm.name == name);
        for kind in SamplerKind::ALL {
            assert!(named(kind.name()));
        }
        assert!(
            ["PROMISED by H", "PROMISED by V", "PROMISED by margin", "cautious", "CoT-decoding"]
                .into_iter()
                .all(named)
        );
    }

    #[test]
    fn an_arm_can_be_written_and_read() {
        for arm in arms() {
            let json = serde_json::to_string(&arm).unwrap();
            assert_eq!(serde_json::from_str::<Arm>(&json).unwrap(), arm, "{json}");
        }
    }

    #[test]
    fn as_many_answers_as_in_the_mean() {
        let families = [("sums".to_owned(), 2.3), ("facts".to_owned(), 0.2)].into();
        let answers = Answers { usual: 5.0, families };
        let mean = |family: &str| {
            let item = |number| Item {
                family: family.to_owned(),
                number,
                fact: 0,
                level: 1,
                examples: [].into(),
                question: String::new(),
                expected: crate::Expected::Sequence(Vec::new()),
            };
            (0..2000).map(|number| f64::from(answers.of(&item(number)))).sum::<f64>() / 2000.0
        };
        // Five standard deviations: √(0.3 · 0.7 ÷ 2000) = 0.01.
        assert!((mean("sums") - 2.3).abs() < 0.05, "{}", mean("sums"));
        assert_eq!((mean("facts"), mean("others")), (1.0, 5.0));
    }

    #[test]
    fn a_sham_needs_the_real_one() {
        let arms = arms();
        let arm = |name: &str| arms.iter().find(|arm| arm.name == name).unwrap();
        let promised = arm("PROMISED sham").needs().unwrap();
        assert!(arm("PROMISED").is_donor(promised));
        assert!(!arm("PROMISED argmax").is_donor(promised));
        assert_eq!(arm("PROMISED by H").needs(), None);
    }
}
