//! What Entropix as coded would do, from the numbers alone.

use crate::{
    AttentionMetrics, Comparison, EntropixConfig, Insert, Parameters, Rule, Uncertainty,
    conditions, rules,
};

/// A rule, why it matched, and what it wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) rule: Rule,
    pub(crate) because: Vec<Comparison>,
    pub(crate) act: Act,
}

/// What a rule wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    /// The most probable token.
    Argmax,
    /// The pause token.
    Pause,
    /// The best of some draws.
    Draw { parameters: Parameters, draws: u32 },
}

/// The plan where H, V and attention are these, after the tokens `generated`.
pub(crate) fn plan(
    uncertainty: &Uncertainty,
    attention: Option<&AttentionMetrics>,
    generated: &[u32],
    config: &EntropixConfig,
) -> Plan {
    let (rule, because) = conditions::decide(uncertainty, attention, config);
    let act = match rule {
        Rule::Lelv => Act::Argmax,
        Rule::Helv if !has_paused(generated, config) => Act::Pause,
        Rule::Helv | Rule::Lehv | Rule::Hehv | Rule::Adaptive => {
            let metrics = attention.copied().unwrap_or_default();
            let mut parameters = rules::parameters(rule, uncertainty, &metrics, config);
            if uncertainty.entropy_bits.is_nan() {
                parameters.temperature = f64::NAN;
            }
            let draws = if rule == Rule::Adaptive { config.n_adaptive_samples } else { 1 };
            Act::Draw { parameters, draws }
        }
    };
    Plan { rule, because, act }
}

/// Whether HELV has had its pause and draws.
fn has_paused(generated: &[u32], config: &EntropixConfig) -> bool {
    match config.insert {
        Insert::Once => generated.contains(&config.pause_token),
        Insert::NotTwiceInARow => generated.last() == Some(&config.pause_token),
        Insert::Always => false,
    }
}
