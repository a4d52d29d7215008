//! What each rule asks for, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{AttentionMetrics, EntropixConfig, Rule, Uncertainty};

/// A number that rules compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Metric {
    /// Entropy of the logits, in bits.
    H,
    /// Varentropy of the logits, in bits².
    V,
    /// Mean attention entropy, in bits.
    #[serde(rename = "AE")]
    AttentionEntropy,
    /// Variance of the heads' attention entropies, in bits².
    #[serde(rename = "AV")]
    AttentionVariance,
    /// Agreement of the heads.
    #[serde(rename = "AG")]
    Agreement,
    /// Interaction strength.
    #[serde(rename = "IS")]
    Interaction,
}

impl Metric {
    /// Its short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::H => "H",
            Self::V => "V",
            Self::AttentionEntropy => "AE",
            Self::AttentionVariance => "AV",
            Self::Agreement => "AG",
            Self::Interaction => "IS",
        }
    }

    /// Its unit; empty for the two without.
    pub fn unit(self) -> &'static str {
        match self {
            Self::H | Self::AttentionEntropy => "bits",
            Self::V | Self::AttentionVariance => "bits²",
            Self::Agreement | Self::Interaction => "",
        }
    }
}

/// A number held against a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The rule that asks.
    pub rule: Rule,
    /// Which number.
    pub metric: Metric,
    /// Its value.
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    #[serde(deserialize_with = "crate::json::infinite")]
    pub value: f64,
    /// Whether the rule wants it above the threshold, or below.
    pub above: bool,
    /// The threshold.
    pub threshold: f64,
    /// Whether a value on the threshold holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_equal: bool,
}

impl Comparison {
    /// Whether the number is where the rule wants it.
    pub fn holds(&self) -> bool {
        let beyond =
            if self.above { self.value > self.threshold } else { self.value < self.threshold };
        beyond || (self.or_equal && self.value.total_cmp(&self.threshold).is_eq())
    }
}

/// The first rule all of whose conditions hold, with these; or, for the adaptive rule, the first
/// condition that failed of each of the four.
///
/// Without attention, nothing is asked of it.
pub fn decide(
    uncertainty: &Uncertainty,
    attention: Option<&AttentionMetrics>,
    config: &EntropixConfig,
) -> (Rule, Vec<Comparison>) {
    let mut failed = Vec::with_capacity(Rule::TESTED.len());
    for rule in Rule::TESTED {
        let conditions = conditions(rule, uncertainty, attention, config);
        match conditions.clone().find(|one| !one.holds()) {
            Some(one) => failed.push(one),
            None => return (rule, conditions.collect()),
        }
    }
    (Rule::Adaptive, failed)
}

/// What a rule asks for, with or without attention. The values are 0.
pub fn asked(rule: Rule, attention: bool, config: &EntropixConfig) -> Vec<Comparison> {
    let metrics = attention.then(AttentionMetrics::default);
    conditions(rule, &Uncertainty::default(), metrics.as_ref(), config).collect()
}

/// What a rule asks for, and the numbers it gets.
fn conditions(
    rule: Rule,
    u: &Uncertainty,
    attention: Option<&AttentionMetrics>,
    c: &EntropixConfig,
) -> impl Iterator<Item = Comparison> + Clone + use<> {
    let [h, v] = c.thresholds().sides(rule);
    let low_v = matches!(rule, Rule::Lelv | Rule::Helv);
    let is_hehv = rule == Rule::Hehv;
    let pick = |above: bool, low: f64, high: f64| (above, if above { high } else { low });
    let ae = pick(is_hehv, c.low_attention_entropy_threshold, c.high_attention_entropy_threshold);
    let av =
        pick(!low_v, c.low_attention_varentropy_threshold, c.high_attention_varentropy_threshold);
    let ag = pick(is_hehv, c.low_agreement_threshold, c.high_agreement_threshold);
    let is = match rule {
        // The one rule that holds a low threshold from above.
        Rule::Lehv => (true, c.low_interaction_strength_threshold),
        _ => pick(
            is_hehv,
            c.low_interaction_strength_threshold,
            c.high_interaction_strength_threshold,
        ),
    };
    let m = attention.copied().unwrap_or_default();
    let (gates, more) =
        (attention.is_some() && c.attention_gates, attention.is_some() && c.agreement_gates);
    [
        (true, Metric::H, u.entropy_bits, h),
        (true, Metric::V, u.varentropy_bits2, v),
        (gates, Metric::AttentionEntropy, m.attn_entropy, ae),
        (gates, Metric::AttentionVariance, m.attn_varentropy, av),
        (more, Metric::Agreement, m.agreement, ag),
        (more, Metric::Interaction, m.interaction_strength, is),
    ]
    .into_iter()
    .filter(|(asked, ..)| *asked)
    .map(move |(_, metric, value, (above, threshold))| Comparison {
        rule,
        metric,
        value,
        above,
        threshold,
        or_equal: false,
    })
}
