//! The Dirichlet sampler of November 2024, in numbers.

use crate::knob::{Group, Knob, Range, config};

/// Any number; its name is that of the original.
const fn coefficient() -> Knob {
    Knob::NUMBER.range(Range::Finite)
}

config! {
    /// The original's constants at 0a7f7bb, in the order in which they act. Entropies are in nats.
    ///
    /// A weight of a moving average is that of the new value. The original's `emwa_dir_coeff` is not
    /// here: nothing reads it.
    DsliderConfig {
        /// Log-probabilities below it become ln 10⁻⁸; below 0.
        noise_floor: f64 = -12.0, coefficient().range(Range::Below(0.0)).unit("nats");
        /// The most probable tokens that an inlier chooses among; 1 to 64.
        outlier_topk: u32 = 6, coefficient().range(Range::Between(1.0, 64.0)).unit("tokens");
        /// Outlier threshold: of each product of an average entropy and an average deviation.
        outlier_bilinear: f64 = 1.3, coefficient();
        /// Outlier threshold: of each average entropy.
        outlier_entropy: f64 = 0.8, coefficient();
        /// Outlier threshold: of each average deviation.
        outlier_deviation: f64 = 0.8, coefficient();
        /// Outlier threshold: of H.
        outlier_naked_entropy: f64 = 1.2, coefficient();
        /// Outlier threshold: of V.
        outlier_naked_varentropy: f64 = 1.2, coefficient();
        /// Outlier threshold: added.
        outlier_bias: f64 = 0.0, coefficient();
        /// An inlier whose top tokens have less entropy than this times the average, plus …
        argmax_weight: f64 = 0.1, coefficient();
        /// … this, takes the most probable token.
        argmax_bias: f64 = 1.2, coefficient();
        /// Target entropy of an outlier: of each average entropy.
        target_entropy: f64 = 1.0, coefficient();
        /// Target entropy of an outlier: of one over the average temperature.
        target_inverse_temperature: f64 = 8.0, coefficient();
        /// Target entropy of an outlier: added.
        target_bias: f64 = 0.0, coefficient();
        /// Average log-probabilities: their weight is this number to the power of …
        log_p_base: f64 = 4.0, coefficient().range(Range::Above(0.0));
        /// … minus this over the divergence.
        log_p_exponent: f64 = 3.0;
        /// An outlier whose negative Dirichlet log-likelihood is below this times the average, plus …
        dirichlet_weight: f64 = 0.1, coefficient();
        /// … this, takes the most probable token of the mixture.
        dirichlet_bias: f64 = 1.2, coefficient();
        /// The mixture: the model's share is this number to the power of …
        perturb_base: f64 = 10.0, coefficient().range(Range::Above(0.0));
        /// … minus this over the divergence.
        perturb_exponent: f64 = 1.0;
        /// Average temperature: weight.
        temperature_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average H and V: weight.
        naked_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average H of the mixture: weight.
        scaffold_entropy_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average V of the mixture: weight.
        scaffold_varentropy_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average entropy of the top tokens: weight.
        top_entropy_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average Dirichlet log-likelihood: weight.
        dirichlet_rate: f64 = 0.7, coefficient().range(Range::Between(0.0, 1.0));
        /// Average surprisal of the chosen token, as the model has it: weight.
        naked_cross_entropy_rate: f64 = 0.65, coefficient().range(Range::Between(0.0, 1.0));
        /// Average surprisal of the chosen token in the mixture: weight.
        scaffold_cross_entropy_rate: f64 = 0.65, coefficient().range(Range::Between(0.0, 1.0));
        /// Average square of what the model's surprisal is off: weight.
        naked_cross_variance_rate: f64 = 0.65, coefficient().range(Range::Between(0.0, 1.0));
        /// Average square of what the mixture's surprisal is off: weight.
        scaffold_cross_variance_rate: f64 = 0.75, coefficient().range(Range::Between(0.0, 1.0));
        /// On: the Dirichlet distribution's share in the mixture is a draw from it; off: its expectation.
        wild: bool = true, coefficient().label("draw the distribution").group(Group::Quirks);
    }
}
