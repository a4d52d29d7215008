//! Rotary embeddings: by which angle each pair of a head's dimensions turns from position to position.

use std::f64::consts::PI;

use super::Config;
use super::tensors::Tensors;
use crate::EngineError;
use crate::metadata::Keys;

/// A rotary embedding, as the header says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rope {
    /// Dimensions that are rotated: the first ones of a head.
    pub(crate) width: usize,
    /// The first pair turns by 1 radian a position, the i-th by base^(−2i/width).
    pub(crate) base: f32,
    /// How it reaches beyond the context length that it was trained with at first.
    pub(crate) scaling: Scaling,
    /// What cosines and sines are multiplied by: attention scores by its square.
    pub(crate) magnitude: f32,
}

/// How angles become smaller for longer contexts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scaling {
    /// All by this factor (1 for none).
    Linear(f32),
    /// Long wavelengths by a factor, short ones not at all, a ramp in between.
    Yarn(Yarn),
    /// Each pair by its own divisor, in a tensor of (width / 2) that a file may have, and all by a
    /// factor.
    Divisors(&'static str, f32),
    /// Each pair by a divisor for texts of at most so many positions, and by another for longer
    /// ones, wherever in the text it is.
    LongAndShort(usize),
}

/// Peng et al., "YaRN: Efficient Context Window Extension of Large Language Models" (2023).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Yarn {
    factor: f32,
    /// In positions.
    first_context: usize,
    /// Turns within the first context from which on a pair is left alone, and to which it is
    /// scaled in full.
    fast: f32,
    slow: f32,
}

/// Angle per position of each pair, in radians, (width / 2).
pub(super) struct Frequencies {
    of_pairs: Vec<f64>,
    /// Of texts of more than so many positions.
    of_long_texts: Option<(usize, Vec<f64>)>,
    pub(super) magnitude: f64,
}

impl Frequencies {
    /// Those of a text of so many positions.
    pub(super) fn of_text(&self, positions: usize) -> &[f64] {
        match &self.of_long_texts {
            Some((most, long)) if positions > *most => long,
            _ => &self.of_pairs,
        }
    }
}

impl Rope {
    /// Without scaling.
    pub(crate) fn plain(config: &Config, base: f32) -> Self {
        Self { width: config.head, base, scaling: Scaling::Linear(1.0), magnitude: 1.0 }
    }

    /// What the header says of it: `rope.…`.
    ///
    /// # Errors
    /// An entry of another type, without sense, or of a scaling that is not known here.
    pub(crate) fn read(keys: Keys<'_>, config: &Config) -> Result<Self, EngineError> {
        const WIDTH: &str = "rope.dimension_count";
        const FACTOR: &str = "rope.scaling.factor";
        let width = keys.optional_number(WIDTH)?.unwrap_or(config.head);
        if width > config.head || width % 2 != 0 {
            let problem = format!("{width} of a head's {} dimensions", config.head);
            return Err(keys.error(WIDTH, problem));
        }
        let factor = keys.optional_positive(FACTOR)?;
        let factor = factor.or(keys.optional_positive("rope.scale_linear")?);
        let mut magnitude = keys.optional_positive("rope.scaling.attn_factor")?.unwrap_or(1.0);
        let needed = || factor.ok_or_else(|| keys.error(FACTOR, "missing"));
        let scaling = match keys.optional_text("rope.scaling.type")? {
            None => Scaling::Linear(factor.unwrap_or(1.0)),
            // The factors of `longrope` are tensors: see `with_divisors`.
            Some("none" | "longrope") => Scaling::Linear(1.0),
            Some("linear") => Scaling::Linear(needed()?),
            Some("yarn") => {
                let yarn = Yarn::read(keys, config, needed()?)?;
                magnitude *= 1.0 + 0.1 * libm::logf(yarn.factor.max(1.0));
                Scaling::Yarn(yarn)
            }
            Some(other) => {
                return Err(EngineError::unsupported(
                    format!("rope scaling of type {other:?}"),
                    "none, linear, yarn, longrope, and Llama 3's factors in rope_freqs.weight",
                ));
            }
        };
        let base = base(keys, "rope.freq_base")?.unwrap_or(10_000.0);
        Ok(Self { width, base, scaling, magnitude })
    }

    /// The same with a tensor of divisors, where the file has it.
    pub(crate) fn with_divisors(mut self, tensor: &'static str) -> Self {
        if let Scaling::Linear(factor) = self.scaling {
            self.scaling = Scaling::Divisors(tensor, factor);
        }
        self
    }

    /// The same with a tensor of divisors for short texts and one for long ones.
    ///
    /// # Errors
    /// The header does not say which texts are short.
    pub(crate) fn with_long_and_short_divisors(
        mut self,
        keys: Keys<'_>,
        config: &Config,
    ) -> Result<Self, EngineError> {
        let short = keys.optional_number("rope.scaling.original_context_length")?;
        self.scaling = Scaling::LongAndShort(short.unwrap_or(config.context_length));
        Ok(self)
    }

    /// The length of a text from which on all its positions are rotated otherwise.
    pub(super) fn most_of_short_texts(&self) -> Option<usize> {
        match self.scaling {
            Scaling::LongAndShort(most) => Some(most),
            _ => None,
        }
    }

    /// Computes the angles; reads the divisors.
    ///
    /// # Errors
    /// The divisors can't be read or are not positive.
    pub(super) fn frequencies(
        &self,
        tensors: &mut Tensors<'_>,
    ) -> Result<Frequencies, EngineError> {
        let (base, width) = (f64::from(self.base), self.width as f64);
        // `libm`: the same digits natively and in a browser.
        let plain = (0..self.width / 2).map(|i| libm::pow(base, -2.0 * i as f64 / width));
        let mut divided = |name| {
            let divisors = divisors(tensors, name, self.width / 2)?;
            Ok(plain.clone().zip(divisors).map(|(turn, by)| turn / f64::from(by)).collect())
        };
        let mut of_long_texts = None;
        let of_pairs: Vec<f64> = match &self.scaling {
            Scaling::Linear(factor) => plain.map(|turn| turn / f64::from(*factor)).collect(),
            Scaling::Yarn(yarn) => plain
                .enumerate()
                .map(|(i, turn)| turn * yarn.scale_of(i as f64, base, width))
                .collect(),
            Scaling::Divisors(name, factor) => {
                let turns: Result<Vec<f64>, EngineError> = divided(name);
                turns?.into_iter().map(|turn| turn / f64::from(*factor)).collect()
            }
            Scaling::LongAndShort(most) => {
                of_long_texts = Some((*most, divided("rope_factors_long.weight")?));
                divided("rope_factors_short.weight")?
            }
        };
        Ok(Frequencies { of_pairs, of_long_texts, magnitude: f64::from(self.magnitude) })
    }
}

/// The base of a rotary embedding, if the header has it.
///
/// # Errors
/// It is not above 1: later pairs would not turn more slowly.
pub(crate) fn base(keys: Keys<'_>, entry: &str) -> Result<Option<f32>, EngineError> {
    let base = keys.optional_positive(entry)?;
    match base {
        Some(base) if base <= 1.0 => Err(keys.error(entry, format!("is {base}, not above 1"))),
        _ => Ok(base),
    }
}

/// Divisors of the frequencies; ones where the file has no such tensor.
fn divisors(tensors: &mut Tensors<'_>, name: &str, count: usize) -> Result<Vec<f32>, EngineError> {
    if !tensors.has(name) {
        return Ok(vec![1.0; count]);
    }
    let divisors = tensors.vector(name, count)?;
    if divisors.iter().any(|divisor| !(divisor.is_finite() && *divisor > 0.0)) {
        return Err(EngineError::tensor(name, "has an entry that is not positive"));
    }
    Ok(divisors)
}

impl Yarn {
    fn read(keys: Keys<'_>, config: &Config, factor: f32) -> Result<Self, EngineError> {
        for other in ["rope.scaling.yarn_ext_factor", "rope.scaling.yarn_attn_factor"] {
            if keys
                .optional_positive(other)?
                .is_some_and(|number| number.to_bits() != 1_f32.to_bits())
            {
                return Err(EngineError::unsupported(other.to_owned(), "YaRN as published"));
            }
        }
        let first_context = keys.optional_number("rope.scaling.original_context_length")?;
        Ok(Self {
            factor,
            first_context: first_context.unwrap_or(config.context_length),
            fast: keys.optional_positive("rope.scaling.yarn_beta_fast")?.unwrap_or(32.0),
            slow: keys.optional_positive("rope.scaling.yarn_beta_slow")?.unwrap_or(1.0),
        })
    }

    /// What the frequency of pair `i` is multiplied by.
    fn scale_of(&self, i: f64, base: f64, width: f64) -> f64 {
        // The pair that makes so many turns within the first context.
        let pair = |turns: f32| {
            let wavelength = self.first_context as f64 / (f64::from(turns) * 2.0 * PI);
            width * libm::log(wavelength) / (2.0 * libm::log(base))
        };
        let low = pair(self.fast).floor().max(0.0);
        let high = pair(self.slow).ceil().min(width - 1.0);
        let scaled = ((i - low) / (high - low).max(0.001)).clamp(0.0, 1.0);
        scaled / f64::from(self.factor) + (1.0 - scaled)
    }
}
