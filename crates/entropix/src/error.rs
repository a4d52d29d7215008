//! What can go wrong.

/// Why no token could be chosen, or why a configuration was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplerError {
    /// No logit can be chosen.
    #[error("no token can be chosen: every logit is NaN or −∞")]
    NoCandidates,
    /// The attention scores do not fill `heads × keys`, or there are none.
    #[error("attention has {scores} scores for {heads} heads × {keys} keys")]
    AttentionShape {
        /// Number of heads announced.
        heads: usize,
        /// Number of keys announced.
        keys: usize,
        /// Number of scores given.
        scores: usize,
    },
    /// A number of the configuration is out of range.
    #[error("sampler setting {field} is {value}, but must be {wanted}")]
    InvalidConfig {
        /// Name of the setting.
        field: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        wanted: crate::range::Range,
    },
}
