//! What a trace keeps of a logits vector: small, and good at every usual temperature.

use std::f64::consts::LN_2;

use libm::log;
use serde::{Deserialize, Serialize};

use crate::Uncertainty;
use crate::exp::exp;
use crate::filter::highest;
use crate::uncertainty::largest;
use tail::{Bin, Bins};
pub use text::SketchError;
pub use turned::{Stage, Turned};

mod tail;
mod text;
mod turned;

/// Depths are in whole steps: at temperature 0.3 that moves a probability by less than 0.2 %.
const STEPS_PER_NAT: f64 = 1000.0;
/// Tokens deeper than this below the largest logit, in nats, count as impossible: at temperature 3
/// a million of them hold 10⁻⁸ of the mass.
const DEEPEST: f32 = 100.0;
/// Below this a temperature counts as this one.
const LEAST_TEMPERATURE: f64 = 1e-4;

/// A next-token distribution in some 500 characters: the most probable tokens one by one, the rest
/// as a histogram. It answers for any temperature without the logits.
///
/// With 64 tokens kept and a temperature from 0.3 to 3, H, V and probabilities are within 1 % of
/// those of the logits, or within 10⁻³ bits, 10⁻³ bits² and 10⁻⁶, whichever is wider. A temperature
/// below 10⁻⁴, or NaN, counts as 10⁻⁴.
///
/// As text, and in JSON, it is one word of letters, digits, `-`, `_` and one `.`; whatever text can
/// be read is a distribution, so that no method fails.
///
/// ```
/// use entropix::Sketch;
///
/// let logits: Vec<f32> = (0..1000_u16).map(|token| f32::from(token % 100) / 10.0).collect();
/// let sketch = Sketch::of(&logits, 64).unwrap();
/// let text = sketch.to_string();
/// assert!(text.len() < 400);
///
/// let read: Sketch = text.parse()?;
/// assert_eq!(read, sketch);
/// let (token, logit) = read.top().next().unwrap();
/// assert_eq!((token, logit), (99, 0.0));
/// assert!(read.uncertainty(2.0).entropy_bits > read.uncertainty(0.5).entropy_bits);
/// assert!(read.probability(99, 0.5) > read.probability(99, 2.0));
/// assert!(read.tail_probability(2.0) > read.tail_probability(0.5));
/// # Ok::<(), entropix::SketchError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sketch {
    /// (token, depth in steps), by depth.
    top: Vec<(u32, u32)>,
    /// By depth.
    tail: Vec<Bin>,
}

impl Sketch {
    /// Keeps the `kept` most probable tokens (ties by lower id) and a histogram of the rest.
    ///
    /// NaN counts as −∞. `None` if no token has a probability.
    pub fn of(logits: &[f32], kept: usize) -> Option<Self> {
        let max = largest(logits)?;
        // No NaN gets here, but ∞ − ∞ is one.
        let depth = |logit: f32| {
            let depth = max - logit;
            if depth.is_nan() { 0.0 } else { depth }
        };
        let top = highest(logits, kept);
        // The rest is what comes after the last one: smaller, or as large from this token on.
        let (least, from) = match top.last() {
            _ if top.len() < kept => (f32::NEG_INFINITY, u32::MAX),
            Some(&(last, least)) => (least, last.saturating_add(1)),
            None => (f32::INFINITY, 0),
        };
        let mut bins = Bins::new();
        for (token, &logit) in (0..).zip(logits) {
            if logit < least || (logit <= least && token >= from) {
                bins.add(depth(logit));
            }
        }
        let top = top.into_iter().map(|(token, logit)| (token, depth(logit)));
        let top = top.take_while(|&(_, depth)| depth <= DEEPEST);
        let top: Vec<_> = top.map(|(token, depth)| (token, steps(depth))).collect();
        Some(Self { top, tail: bins.finish() })
    }

    /// The tokens kept, most probable first, with their logits minus the largest one, in nats.
    pub fn top(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.top.iter().map(|&(token, depth)| (token, 0.0 - f64::from(depth) / STEPS_PER_NAT))
    }

    /// H and V of softmax(l/`temperature`).
    pub fn uncertainty(&self, temperature: f64) -> Uncertainty {
        let scale = self.scale(temperature);
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for (count, logit) in self.atoms() {
            let x = scale.shifted(logit);
            let weight = count * exp(x);
            sum += weight;
            first += weight * x;
            second += weight * x * x;
        }
        let mean = first / sum;
        Uncertainty {
            entropy_bits: (log(sum) - mean).max(0.0) / LN_2,
            varentropy_bits2: (second / sum - mean * mean).max(0.0) / (LN_2 * LN_2),
        }
    }

    /// What softmax(l/`temperature`) gives a token; `None` for one that is not kept.
    pub fn probability(&self, token: u32, temperature: f64) -> Option<f64> {
        let scale = self.scale(temperature);
        let (_, logit) = self.top().find(|&(id, _)| id == token)?;
        Some(exp(scale.shifted(logit)) / scale.weight(self.atoms()))
    }

    /// What softmax(l/`temperature`) gives to all tokens together that are not kept.
    pub fn tail_probability(&self, temperature: f64) -> f64 {
        let scale = self.scale(temperature);
        scale.weight(self.tail_atoms()) / scale.weight(self.atoms())
    }

    /// How many tokens have which logit (minus the largest one), as far as the sketch knows.
    fn atoms(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.top().map(|(_, logit)| (1.0, logit)).chain(self.tail_atoms())
    }

    fn tail_atoms(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.tail.iter().flat_map(Bin::atoms).filter(|&(count, _)| count > 0.0)
    }

    fn scale(&self, temperature: f64) -> Scale {
        let max = self.atoms().map(|(_, logit)| logit).fold(f64::NEG_INFINITY, f64::max);
        // `max` also replaces NaN.
        Scale { max, temperature: temperature.max(LEAST_TEMPERATURE) }
    }
}

/// How logits become weights, the largest of which is 1.
#[derive(Debug)]
struct Scale {
    max: f64,
    temperature: f64,
}

impl Scale {
    fn shifted(&self, logit: f64) -> f64 {
        (logit - self.max) / self.temperature
    }

    /// Of all these tokens.
    fn weight(&self, atoms: impl Iterator<Item = (f64, f64)>) -> f64 {
        atoms.fold(0.0, |sum, (count, logit)| sum + count * exp(self.shifted(logit)))
    }
}

/// A depth in steps.
fn steps(nats: f32) -> u32 {
    (f64::from(nats) * STEPS_PER_NAT).round() as u32
}
