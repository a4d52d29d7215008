//! What temperature, min-p, top-k and top-p leave of a sketched distribution.

use std::f64::consts::LN_2;

use libm::log;

use super::tail::Bin;
use super::{Scale, Sketch};
use crate::exp::exp;
use crate::{Parameters, Uncertainty};

/// What takes a token out, in the order of [`Filter::by_the_book`](crate::Filter::by_the_book).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its probability is too small a share of the largest.
    MinP,
    /// Enough others are more probable.
    TopK,
    /// Those that are more probable hold enough of what is left.
    TopP,
}

impl Stage {
    /// "min-p", "top-k" or "top-p".
    pub const fn name(self) -> &'static str {
        match self {
            Self::MinP => "min-p",
            Self::TopK => "top-k",
            Self::TopP => "top-p",
        }
    }
}

/// A distribution after temperature, min-p, top-k and top-p.
#[derive(Debug)]
pub struct Turned {
    /// H and V of what is left, normalised.
    pub uncertainty: Uncertainty,
    /// How many tokens are left.
    pub left: f64,
    /// Whether that is their number, and not about as many: a cut goes through tokens of which the sketch knows
    /// only how many are alike.
    pub is_exact: bool,
    scale: Scale,
    least: f64,
    most: f64,
    mass: f64,
}

impl Turned {
    /// The probability of a token, or what takes it out, by its logit minus the largest one, in nats, and the
    /// number of tokens that are more probable.
    ///
    /// # Errors
    /// The stage at which it falls.
    pub fn fate(&self, logit: f64, rank: usize) -> Result<f64, Stage> {
        let (x, rank) = (self.scale.shifted(logit), rank as f64);
        if x < self.least {
            Err(Stage::MinP)
        } else if rank >= self.most {
            Err(Stage::TopK)
        } else if rank >= self.left {
            Err(Stage::TopP)
        } else {
            Ok(exp(x) / self.mass)
        }
    }

    /// The same of a token by its probability at temperature 1, as a share of the largest one.
    ///
    /// # Errors
    /// The stage at which it falls.
    pub fn fate_of_share(&self, share: f64, rank: usize) -> Result<f64, Stage> {
        self.fate(log(share), rank)
    }
}

impl Sketch {
    /// What these numbers leave, by the book: temperature, then min-p, top-k (0 = all) and the smallest set that
    /// holds `top_p` of what they left. As good as the sketch is at this temperature; where [`Turned::is_exact`] says
    /// so, which tokens fall is exact but for rounding.
    ///
    /// ```
    /// use entropix::{Parameters, Sketch, sketch::Stage};
    ///
    /// let sketch = Sketch::of(&[0.4, 0.3, 0.2, 0.1].map(|p: f32| p.ln()), 64).unwrap();
    /// let with = Parameters { temperature: 1.0, min_p: 0.3, top_k: 0, top_p: 0.7 };
    /// let turned = sketch.turned(&with);
    /// let fates: Vec<_> =
    ///     sketch.top().enumerate().map(|(rank, (_, logit))| turned.fate(logit, rank)).collect();
    /// assert!((fates[0].unwrap() - 4.0 / 7.0).abs() < 1e-3);
    /// assert_eq!(fates[2..], [Err(Stage::TopP), Err(Stage::MinP)]);
    /// assert!(turned.left == 2.0 && turned.is_exact);
    /// ```
    pub fn turned(&self, with: &Parameters) -> Turned {
        let Parameters { temperature, top_p, top_k, min_p } = *with;
        let scale = self.scale(temperature);
        let (named, last) = (self.top.len(), self.top().last().map_or(0.0, |(_, logit)| logit));
        let least = log(min_p.clamp(0.0, 1.0));
        let most = if top_k == 0 { f64::INFINITY } else { f64::from(top_k) };
        let is_cut = top_p < 1.0 || min_p > 0.0 || top_k > 0;
        let (mut groups, mut all, mut count, mut total) = (Vec::new(), 0.0, 0.0, 0.0);
        let mut add = |tokens: f64, logit: f64, bound: f64| {
            all += tokens;
            let tokens = tokens.min(most - count);
            if scale.shifted(bound) < least || tokens <= 0.0 {
                return;
            }
            let x = scale.shifted(logit);
            count += tokens;
            total += tokens * exp(x);
            groups.push((tokens, x));
        };
        for (_, logit) in self.top() {
            add(1.0, logit, logit);
        }
        // None of the others is more probable than the last one that has a name.
        if is_cut {
            for (tokens, logit) in self.tail.iter().flat_map(Bin::slices) {
                add(tokens, logit, logit.min(last));
            }
        } else {
            for (tokens, logit) in self.tail_atoms() {
                add(tokens, logit, logit.min(last));
            }
        }
        // Before top-p nothing, or all, of those without a name is taken out.
        let deepest =
            self.tail.iter().flat_map(Bin::slices).map(|(_, logit)| logit).fold(0.0, f64::min);
        // Its bin may reach further down: at most by a quarter of 1 + depth.
        let spared =
            self.tail.is_empty() || scale.shifted(deepest - 0.25 * (1.0 - deepest)) >= least;
        let is_whole =
            count >= all && spared || scale.shifted(last) < least || most <= named as f64;
        let enough = if top_p < 1.0 { top_p * total } else { f64::INFINITY };
        let (mut left, mut mass, mut first, mut second) = (0.0, 0.0, 0.0, 0.0);
        for (tokens, x) in groups {
            let weight = exp(x);
            // The one that reaches it is among them.
            let tokens = ((enough - mass) / weight).ceil().max(1.0).min(tokens);
            left += tokens;
            mass += tokens * weight;
            first += tokens * weight * x;
            second += tokens * weight * x * x;
            if mass >= enough {
                break;
            }
        }
        let mean = first / mass;
        Turned {
            uncertainty: Uncertainty {
                entropy_bits: (log(mass) - mean).max(0.0) / LN_2,
                varentropy_bits2: (second / mass - mean * mean).max(0.0) / (LN_2 * LN_2),
            },
            left,
            is_exact: is_whole && (left <= named as f64 || left >= all),
            scale,
            least,
            most,
            mass,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Filter, PlainConfig};

    fn by_the_book(logits: &[f32], with: &Parameters) -> Vec<(u32, f64)> {
        let Parameters { temperature, top_p, top_k, min_p } = *with;
        let config = PlainConfig { temperature, min_p, top_k, top_p, ..PlainConfig::default() };
        Filter::new().by_the_book(logits, &config).to_vec()
    }

    /// H and V of probabilities, from their definition.
    fn moments(p: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
        let h: f64 = p.clone().map(|p| -p * p.log2()).sum();
        (h, p.map(|p| p * (p.log2() + h).powi(2)).sum())
    }

    proptest! {
        #[test]
        fn it_is_what_the_filters_leave(
            steep in 0.5_f32..2.5,
            noise in prop::collection::vec(0.0_f32..1.0, 3000),
            temperature in 0.3_f64..3.0,
            top_k in prop_oneof![Just(0_u32), 1_u32..65],
            top_p in prop_oneof![Just(1.0), 0.0_f64..1.0],
            min_p in prop_oneof![Just(0.0), 0.0_f64..0.5],
        ) {
            // As a model's: falling with the logarithm of the rank.
            let logits: Vec<f32> =
                (1_u16..).zip(&noise).map(|(rank, off)| off - steep * f32::from(rank).ln()).collect();
            let with = Parameters { temperature, top_p, top_k, min_p };
            let kept = by_the_book(&logits, &with);
            let sketch = Sketch::of(&logits, 64).unwrap();
            let turned = sketch.turned(&with);
            // What is exact is so but for two tokens that the sketch's rounding changes. Else a cut goes into a bin of
            // those without a name, and one by mass goes by what it left: bins are at most a quarter of 1 + depth
            // wide, in nats.
            let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let depth = |logit: f32| f64::from(max - logit);
            let beside = |cut: f64| {
                let near = |logit: &&f32| (depth(**logit) - cut).abs() <= 0.25 * (1.0 + cut);
                logits.iter().filter(near).count() as f64
            };
            let last = kept.last().map_or(0.0, |(id, _)| depth(logits[*id as usize]));
            let floor = if min_p > 0.0 { -temperature * min_p.ln() } else { last };
            let loose = (kept.len() as f64 * 0.1).max(beside(last)).max(beside(floor));
            let near = if turned.is_exact { 1.0 } else { loose };
            prop_assert!((turned.left - kept.len() as f64).abs() <= near, "{} of {}", turned.left, kept.len());
            let same = (turned.left - kept.len() as f64).abs() < 0.5;
            // As many need not be the same ones: then the probability of those beside the cut may be others'.
            let beside_last = kept.last().map_or(0.0, |(_, p)| p * (0.25 * (1.0 + last) / temperature).exp());
            let share = if turned.is_exact { 0.01 } else { 0.01 + near * beside_last };
            let mut fallen = 0;
            for (rank, (token, logit)) in sketch.top().enumerate() {
                let want = kept.iter().find(|(id, _)| *id == token).map(|(_, p)| *p);
                match (turned.fate(logit, rank), want) {
                    (Ok(p), Some(want)) if same => {
                        prop_assert!((p - want).abs() <= 1e-6 + share * want, "{p} for {want}");
                    }
                    (Err(_), None) | (Ok(_), Some(_)) => {}
                    (Ok(_), None) | (Err(_), Some(_)) => fallen += 1,
                }
            }
            prop_assert!(f64::from(fallen) <= near, "{fallen} others");
            if same {
                let (h, v) = moments(kept.iter().map(|(_, p)| *p));
                let u = turned.uncertainty;
                let surprise = if turned.is_exact { h } else { -beside_last.log2() };
                prop_assert!((u.entropy_bits - h).abs() <= 2e-3 + share * h.max(surprise), "H {u:?} for {h}");
                prop_assert!((u.varentropy_bits2 - v).abs() <= 5e-3 + share * v.max((surprise - h).powi(2)), "V {u:?} for {v}");
            }
            let before = by_the_book(&logits, &Parameters { top_p: 1.0, ..with }).len();
            match before {
                66..=2998 => prop_assert!(!turned.is_exact, "{before} are left before top-p"),
                0..63 => prop_assert!(turned.is_exact),
                // Of all, too, unless the least probable are near the cut.
                3000 if min_p == 0.0 => {
                    prop_assert_eq!(turned.is_exact, turned.left <= 64.0 || turned.left >= 3000.0 - 1e-6);
                }
                _ => {}
            }
        }

        #[test]
        fn without_cuts_it_is_the_sketch_at_a_temperature(
            logits in prop::collection::vec(-9.0_f32..9.0, 1..300),
            temperature in 0.3_f64..3.0,
        ) {
            let sketch = Sketch::of(&logits, 64).unwrap();
            let turned = sketch.turned(&Parameters { temperature, top_p: 1.0, top_k: 0, min_p: 0.0 });
            let want = sketch.uncertainty(temperature);
            prop_assert!((turned.uncertainty.entropy_bits - want.entropy_bits).abs() < 1e-9);
            prop_assert!((turned.uncertainty.varentropy_bits2 - want.varentropy_bits2).abs() < 1e-9);
            prop_assert!((turned.left - logits.len() as f64).abs() < 1e-6 && turned.is_exact);
            for (rank, (token, logit)) in sketch.top().enumerate() {
                let want = sketch.probability(token, temperature).unwrap();
                prop_assert!((turned.fate(logit, rank).unwrap() - want).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn each_stage_is_named() {
        let logits: Vec<f32> = [0.4, 0.3, 0.15, 0.1, 0.05].map(f32::ln).to_vec();
        let sketch = Sketch::of(&logits, 64).unwrap();
        let fates = |with: &Parameters| -> Vec<Option<&str>> {
            let turned = sketch.turned(with);
            let fate = |(rank, (_, logit))| turned.fate(logit, rank).err().map(Stage::name);
            sketch.top().enumerate().map(fate).collect()
        };
        let usual = Parameters { temperature: 1.0, top_p: 1.0, top_k: 0, min_p: 0.0 };
        assert_eq!(fates(&usual), [None; 5]);
        let all = Parameters { min_p: 0.2, top_k: 3, top_p: 0.8, ..usual };
        // .05/.4 < .2; three are kept; (.4 + .3)/.85 ≥ .8.
        assert_eq!(fates(&all), [None, None, Some("top-p"), Some("top-k"), Some("min-p")]);
        for with in [
            Parameters { top_p: 0.0, ..usual },
            Parameters { top_k: 1, ..usual },
            Parameters { min_p: 1.0, ..usual },
            Parameters { temperature: 0.0, top_p: 0.9, ..usual },
        ] {
            assert!((sketch.turned(&with).left - 1.0).abs() < 1e-9, "{with:?}");
        }
    }
}
