//! Free numbers: four candidates for each method, the best one on the tuning part is taken.
//!
//! The budget is the same for all. PROMISED's number is the quantile of the model's own H and V, over greedy answers to
//! the same items, at which both are cut.

use entropix::{PlainConfig, PromisedConfig, SamplerConfig};

use crate::analysis::Table;
use crate::arms::{Answers, Arm, Control, Cuts, Method, Several, Tried, Tuned, open};
use crate::gates::{Bands, Look, Signal};

/// A method with a free number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    /// Temperature, with top-k 40 and top-p 0.9.
    Plain,
    /// The quantile of the cuts.
    Promised,
    /// The same: of H alone, as often in each quadrant.
    ByEntropy,
    /// Of a filter at temperature 1.
    TopK,
    /// The same.
    TopP,
    /// The same.
    MinP,
    /// The same.
    Typical,
    /// The same.
    TopNSigma,
    /// The same.
    TopH,
    /// The temperature at forks; 0.5 elsewhere.
    TwoTemperatures,
    /// Temperature of answers that are voted about.
    Vote,
    /// Temperature of answers of which the most probable one is taken.
    BestOf,
}

impl Free {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Plain,
        Self::Promised,
        Self::ByEntropy,
        Self::TopK,
        Self::TopP,
        Self::MinP,
        Self::Typical,
        Self::TopNSigma,
        Self::TopH,
        Self::TwoTemperatures,
        Self::Vote,
        Self::BestOf,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Promised => "PROMISED",
            Self::ByEntropy => "PROMISED by H",
            Self::TopK => "top-k",
            Self::TopP => "top-p",
            Self::MinP => "min-p",
            Self::Typical => "typical",
            Self::TopNSigma => "top-nσ",
            Self::TopH => "top-H",
            Self::TwoTemperatures => "two temperatures",
            Self::Vote => "self-consistency",
            Self::BestOf => "best of several",
        }
    }

    /// The candidates.
    pub fn values(self) -> [f64; 4] {
        match self {
            Self::Plain | Self::Vote | Self::BestOf => [0.3, 0.5, 0.7, 1.0],
            Self::Promised | Self::ByEntropy => [0.7, 0.8, 0.9, 0.95],
            Self::TopK => [5.0, 20.0, 40.0, 100.0],
            Self::TopP | Self::Typical => [0.5, 0.7, 0.9, 0.95],
            Self::MinP => [0.05, 0.1, 0.2, 0.4],
            Self::TopNSigma => [0.5, 1.0, 1.5, 2.0],
            Self::TopH => [0.2, 0.4, 0.6, 0.8],
            Self::TwoTemperatures => [0.8, 1.0, 1.2, 1.5],
        }
    }

    /// Whether its candidates need to know what came of others: how many answers are as many tokens, how often PROMISED is
    /// in each quadrant.
    fn is_late(self) -> bool {
        matches!(self, Self::ByEntropy | Self::Vote | Self::BestOf)
    }

    /// The method with this number.
    fn method(self, value: f64, known: &Known<'_>) -> Method {
        let plain = |config| Method::Sampler(SamplerConfig::Plain(config));
        let usual = PlainConfig { temperature: value, ..PlainConfig::default() };
        let answers = || known.answers_at(value).cloned().unwrap_or_default();
        match self {
            Self::Promised => {
                let config = cut(known.promised, value, known.greedy);
                Method::Sampler(SamplerConfig::Promised(config))
            }
            Self::Plain => plain(usual),
            Self::TopK => plain(PlainConfig { top_k: value as u32, ..open() }),
            Self::TopP => plain(PlainConfig { top_p: value, ..open() }),
            Self::MinP => plain(PlainConfig { min_p: value, ..open() }),
            Self::Typical => plain(PlainConfig { typical_p: value, ..open() }),
            Self::TopNSigma => plain(PlainConfig { top_n_sigma: value, ..open() }),
            Self::TopH => plain(PlainConfig { top_h: value, ..open() }),
            Self::TwoTemperatures => {
                plain(PlainConfig { temperature: 0.5, fork_temperature: value, ..open() })
            }
            Self::ByEntropy => {
                let looks = known.looks_at(value).unwrap_or_default();
                let bands = Bands::fitted(Signal::Entropy, looks);
                let by = Control::Bands(bands.unwrap_or_else(|| Bands::all_low(Signal::Entropy)));
                Method::Gated { promised: cut(known.promised, value, known.greedy), by }
            }
            Self::Vote => Method::Vote { answers: answers(), of: usual },
            Self::BestOf => Method::BestOf { answers: answers(), of: usual },
        }
    }
}

/// What candidates are made from.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// PROMISED's numbers, cuts aside.
    pub promised: &'a PromisedConfig,
    /// What the model saw in greedy answers.
    pub greedy: &'a [Look],
    /// By temperature: how many plain answers are as many tokens as one of PROMISED; none before PROMISED is chosen.
    pub answers: Vec<(f64, Answers)>,
    /// By quantile: what PROMISED saw with such cuts.
    pub looks: Vec<(f64, Vec<Look>)>,
}

impl Known<'_> {
    fn answers_at(&self, temperature: f64) -> Option<&Answers> {
        let same = |(own, _): &&(f64, Answers)| own.to_bits() == temperature.to_bits();
        self.answers.iter().find(same).map(|(_, answers)| answers)
    }

    fn looks_at(&self, quantile: f64) -> Option<&[Look]> {
        let same = |(own, _): &&(f64, Vec<Look>)| own.to_bits() == quantile.to_bits();
        self.looks.iter().find(same).map(|(_, looks)| looks.as_slice())
    }
}

/// PROMISED that always takes the most probable token: what it sees are greedy answers.
pub fn watching(promised: &PromisedConfig) -> Arm {
    let config = Cuts { entropy: f64::MAX, varentropy: f64::MAX }.on(promised);
    let method = Method::Sampler(SamplerConfig::Promised(config));
    Arm { name: "watching".to_owned(), method }
}

/// PROMISED with both cuts at a quantile of what was seen.
fn cut(promised: &PromisedConfig, quantile: f64, looks: &[Look]) -> PromisedConfig {
    let at = |number: fn(&Look) -> f64| {
        let mut numbers: Vec<f64> = looks.iter().map(number).collect();
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len().saturating_sub(1) as f64;
        // Two decimals are what people can write down.
        numbers.get((quantile * last).round() as usize).map(|cut| (cut * 100.0).round() / 100.0)
    };
    let own = Cuts::of(promised);
    let cuts = Cuts {
        entropy: at(|look| look.uncertainty.entropy_bits).unwrap_or(own.entropy),
        varentropy: at(|look| look.uncertainty.varentropy_bits2).unwrap_or(own.varentropy),
    };
    cuts.on(promised)
}

/// A method with one of its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The method.
    pub free: Free,
    /// Its number.
    pub value: f64,
    /// What is run.
    pub arm: Arm,
}

/// All candidates of these methods: of those that can be tuned by themselves, or of those that need to know the others.
pub fn candidates(free: &[Free], known: &Known<'_>, late: bool) -> Vec<Candidate> {
    let of = |free: Free| {
        free.values().map(|value| {
            let arm =
                Arm { name: format!("{} {value}", free.name()), method: free.method(value, known) };
            Candidate { free, value, arm }
        })
    };
    free.iter().copied().filter(|free| free.is_late() == late).flat_map(of).collect()
}

impl Tuned {
    /// Takes the best candidate of each method, the first of equals. Accuracies are in the candidates' order.
    pub fn choose(&mut self, candidates: &[Candidate], accuracies: &[f64]) {
        let tried = candidates.iter().zip(accuracies);
        for (Candidate { free, value, .. }, &accuracy) in tried.clone() {
            let name = free.name().to_owned();
            self.tried.push(Tried { name, value: *value, accuracy });
        }
        for free in Free::ALL {
            let own = tried.clone().filter(|(candidate, _)| candidate.free == free);
            let best = own.reduce(|best, other| if other.1 > best.1 { other } else { best });
            let Some((Candidate { arm, .. }, _)) = best else { continue };
            match (free, &arm.method) {
                (Free::Plain, Method::Sampler(SamplerConfig::Plain(config))) => {
                    self.plain = config.clone();
                }
                (Free::Promised, Method::Sampler(SamplerConfig::Promised(config))) => {
                    self.cuts = Some(Cuts::of(config));
                }
                (_, Method::Vote { of, answers }) => {
                    self.voters = Several { answers: answers.clone(), of: of.clone() };
                }
                (_, Method::BestOf { of, answers }) => {
                    self.competitors = Several { answers: answers.clone(), of: of.clone() };
                }
                (_, method) => {
                    // Its number stands among those that were tried.
                    let name = format!("{} (tuned)", free.name());
                    self.filters.push(Arm { name, method: method.clone() });
                }
            }
        }
    }

    /// Cuts of one number, from what PROMISED saw as it was chosen.
    pub fn fit(&mut self, looks: &[Look]) {
        let bands = Signal::ALL.into_iter().filter_map(|signal| Bands::fitted(signal, looks));
        self.bands = bands.collect();
    }
}

/// How many of one arm's answers are as many tokens as one of another's, in each family and in the mean.
pub fn equal_tokens(table: &Table, arm: usize, of: usize) -> Answers {
    let ratio = |family| {
        let made = |arm| table.means(arm, family).made;
        made(arm) / made(of).max(1.0)
    };
    let families = table.families.iter().enumerate();
    Answers {
        usual: ratio(None),
        families: families.map(|(at, family)| (family.name.clone(), ratio(Some(at)))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::{Rule, Uncertainty};

    fn looks() -> Vec<Look> {
        let look = |at: u32| Look {
            tokens: 0,
            in_branch: false,
            uncertainty: Uncertainty {
                entropy_bits: f64::from(at) / 100.0,
                varentropy_bits2: f64::from(1000 - at) / 50.0,
            },
            margin: 0.5,
            rule: Rule::Lelv,
        };
        (0..=1000).map(look).collect()
    }

    fn all(looks: &[Look]) -> Vec<Candidate> {
        let promised = &PromisedConfig::default();
        let answers = [0.3, 0.5, 0.7, 1.0].map(|at| (at, Answers::default())).to_vec();
        let seen = [0.7, 0.8, 0.9, 0.95].map(|at| (at, looks.to_vec())).to_vec();
        let known = Known { promised, greedy: looks, answers, looks: seen };
        [false, true].map(|late| candidates(&Free::ALL, &known, late)).concat()
    }

    #[test]
    fn each_method_has_the_same_budget() {
        let all = all(&looks());
        for free in Free::ALL {
            assert_eq!(all.iter().filter(|candidate| candidate.free == free).count(), 4);
        }
        for Candidate { arm, .. } in &all {
            assert_eq!(arm.sampler().check(), Ok(()), "{}", arm.name);
        }
        assert_eq!(watching(&PromisedConfig::default()).sampler().check(), Ok(()));
        let mut methods: Vec<_> = all.iter().map(|candidate| &candidate.arm.method).collect();
        methods.dedup();
        assert_eq!(methods.len(), all.len());
    }

    #[test]
    fn cuts_are_quantiles_of_greedy_answers() {
        let config = cut(&PromisedConfig::default(), 0.9, &looks());
        assert!((config.entropy_cut - 9.0).abs() < 1e-9, "{config:?}");
        assert!((config.varentropy_cut - 18.0).abs() < 1e-9, "{config:?}");
        let own = PromisedConfig::default();
        assert_eq!(cut(&own, 0.9, &[]), own);
    }

    #[test]
    fn the_best_is_taken_and_the_first_of_equals() {
        let all = all(&looks());
        let accuracy = |candidate: &Candidate| match candidate.free {
            Free::Plain => f64::from(candidate.value >= 0.5),
            Free::Promised | Free::Vote => candidate.value,
            _ => 0.0,
        };
        let accuracies: Vec<f64> = all.iter().map(accuracy).collect();
        let mut tuned = Tuned::default();
        tuned.choose(&all, &accuracies);
        let temperature = |config: &PlainConfig| config.temperature;
        assert!((temperature(&tuned.plain) - 0.5).abs() < 1e-9);
        assert!((temperature(&tuned.voters.of) - 1.0).abs() < 1e-9);
        assert!((temperature(&tuned.competitors.of) - 0.3).abs() < 1e-9);
        assert_eq!(tuned.cuts, Some(Cuts::of(&cut(&PromisedConfig::default(), 0.95, &looks()))));
        assert_eq!(tuned.filters.len(), 8);
        assert!(tuned.filters.iter().any(|arm| arm.name == "top-k (tuned)"));
        assert!(tuned.filters.iter().any(|arm| arm.name == "PROMISED by H (tuned)"));
        assert_eq!(tuned.tried.len(), all.len());
        tuned.fit(&looks());
        assert_eq!(tuned.bands.len(), 3);
        let json = serde_json::to_string(&tuned).unwrap();
        assert_eq!(serde_json::from_str::<Tuned>(&json).unwrap(), tuned);
    }
}
