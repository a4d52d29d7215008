//! The Dirichlet sampler of November 2024, in numbers.

use serde::{Deserialize, Serialize};

use super::{check, check_number};
use crate::SamplerError;

/// The original's constants at 0a7f7bb. Entropies are in nats.
///
/// A weight of a moving average is that of the new value. The original's `emwa_dir_coeff` is not
/// here: nothing reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DsliderConfig {
    /// Log-probabilities below it become ln 10⁻⁸; below 0.
    pub noise_floor: f64,
    /// The most probable tokens that an inlier chooses among; 1 to 64.
    pub outlier_topk: u32,
    /// An inlier whose top tokens have less entropy than this times the average, plus …
    pub argmax_weight: f64,
    /// … this, takes the most probable token.
    pub argmax_bias: f64,
    /// An outlier whose negative Dirichlet log-likelihood is below this times the average, plus …
    pub dirichlet_weight: f64,
    /// … this, takes the most probable token of the mixture.
    pub dirichlet_bias: f64,
    /// Outlier threshold: of each product of an average entropy and an average deviation.
    pub outlier_bilinear: f64,
    /// Outlier threshold: of each average entropy.
    pub outlier_entropy: f64,
    /// Outlier threshold: of each average deviation.
    pub outlier_deviation: f64,
    /// Outlier threshold: of H.
    pub outlier_naked_entropy: f64,
    /// Outlier threshold: of V.
    pub outlier_naked_varentropy: f64,
    /// Outlier threshold: added.
    pub outlier_bias: f64,
    /// Target entropy of an outlier: of each average entropy.
    pub target_entropy: f64,
    /// Target entropy of an outlier: of one over the average temperature.
    pub target_inverse_temperature: f64,
    /// Target entropy of an outlier: added.
    pub target_bias: f64,
    /// Average temperature: weight.
    pub temperature_rate: f64,
    /// Average H and V: weight.
    pub naked_rate: f64,
    /// Average H of the mixture: weight.
    pub scaffold_entropy_rate: f64,
    /// Average V of the mixture: weight.
    pub scaffold_varentropy_rate: f64,
    /// Average entropy of the top tokens: weight.
    pub top_entropy_rate: f64,
    /// Average Dirichlet log-likelihood: weight.
    pub dirichlet_rate: f64,
    /// Average surprisal of the chosen token, as the model has it: weight.
    pub naked_cross_entropy_rate: f64,
    /// Average surprisal of the chosen token in the mixture: weight.
    pub scaffold_cross_entropy_rate: f64,
    /// Average square of what the model's surprisal is off: weight.
    pub naked_cross_variance_rate: f64,
    /// Average square of what the mixture's surprisal is off: weight.
    pub scaffold_cross_variance_rate: f64,
    /// Average log-probabilities: their weight is this number to the power of …
    pub log_p_base: f64,
    /// … minus this over the divergence.
    pub log_p_exponent: f64,
    /// The mixture: the model's share is this number to the power of …
    pub perturb_base: f64,
    /// … minus this over the divergence.
    pub perturb_exponent: f64,
    /// On: the Dirichlet distribution's share in the mixture is a draw from it; off: its expectation.
    pub wild: bool,
}

impl Default for DsliderConfig {
    fn default() -> Self {
        Self {
            noise_floor: -12.0,
            outlier_topk: 6,
            argmax_weight: 0.1,
            argmax_bias: 1.2,
            dirichlet_weight: 0.1,
            dirichlet_bias: 1.2,
            outlier_bilinear: 1.3,
            outlier_entropy: 0.8,
            outlier_deviation: 0.8,
            outlier_naked_entropy: 1.2,
            outlier_naked_varentropy: 1.2,
            outlier_bias: 0.0,
            target_entropy: 1.0,
            target_inverse_temperature: 8.0,
            target_bias: 0.0,
            temperature_rate: 0.7,
            naked_rate: 0.7,
            scaffold_entropy_rate: 0.7,
            scaffold_varentropy_rate: 0.7,
            top_entropy_rate: 0.7,
            dirichlet_rate: 0.7,
            naked_cross_entropy_rate: 0.65,
            scaffold_cross_entropy_rate: 0.65,
            naked_cross_variance_rate: 0.65,
            scaffold_cross_variance_rate: 0.75,
            log_p_base: 4.0,
            log_p_exponent: 3.0,
            perturb_base: 10.0,
            perturb_exponent: 1.0,
            wild: true,
        }
    }
}

impl DsliderConfig {
    /// Every number with its name, in the order in which they act; switches are not numbers.
    pub fn numbers(&self) -> [(&'static str, f64); 29] {
        [
            ("noise_floor", self.noise_floor),
            ("outlier_topk", f64::from(self.outlier_topk)),
            ("outlier_bilinear", self.outlier_bilinear),
            ("outlier_entropy", self.outlier_entropy),
            ("outlier_deviation", self.outlier_deviation),
            ("outlier_naked_entropy", self.outlier_naked_entropy),
            ("outlier_naked_varentropy", self.outlier_naked_varentropy),
            ("outlier_bias", self.outlier_bias),
            ("argmax_weight", self.argmax_weight),
            ("argmax_bias", self.argmax_bias),
            ("target_entropy", self.target_entropy),
            ("target_inverse_temperature", self.target_inverse_temperature),
            ("target_bias", self.target_bias),
            ("log_p_base", self.log_p_base),
            ("log_p_exponent", self.log_p_exponent),
            ("dirichlet_weight", self.dirichlet_weight),
            ("dirichlet_bias", self.dirichlet_bias),
            ("perturb_base", self.perturb_base),
            ("perturb_exponent", self.perturb_exponent),
            ("temperature_rate", self.temperature_rate),
            ("naked_rate", self.naked_rate),
            ("scaffold_entropy_rate", self.scaffold_entropy_rate),
            ("scaffold_varentropy_rate", self.scaffold_varentropy_rate),
            ("top_entropy_rate", self.top_entropy_rate),
            ("dirichlet_rate", self.dirichlet_rate),
            ("naked_cross_entropy_rate", self.naked_cross_entropy_rate),
            ("scaffold_cross_entropy_rate", self.scaffold_cross_entropy_rate),
            ("naked_cross_variance_rate", self.naked_cross_variance_rate),
            ("scaffold_cross_variance_rate", self.scaffold_cross_variance_rate),
        ]
    }

    /// Checks that every number is finite, weights are 0 to 1, bases above 0, and the rest in range.
    ///
    /// # Errors
    /// [`SamplerError::InvalidConfig`] names the first number that is not.
    pub fn check(&self) -> Result<(), SamplerError> {
        for (name, value) in self.numbers() {
            if name.ends_with("_rate") {
                check(name, value, (0.0..=1.0).contains(&value), "0 to 1")?;
            } else if name.ends_with("_base") {
                check(name, value, value.is_finite() && value > 0.0, "finite and above 0")?;
            } else if name.ends_with("_exponent") {
                check_number(name, value)?;
            } else {
                check(name, value, value.is_finite(), "finite")?;
            }
        }
        check("noise_floor", self.noise_floor, self.noise_floor < 0.0, "below 0")?;
        let topk = self.outlier_topk;
        check("outlier_topk", f64::from(topk), (1..=64).contains(&topk), "1 to 64")
    }
}
