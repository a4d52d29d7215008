//! The numbers with which the rules draw. Generations differ in the numbers of [`EntropixConfig`],
//! and in the form of the adaptive rule.

use std::f64::consts::LN_2;

use crate::{AttentionMetrics, EntropixConfig, Parameters, Preset, Rule, Uncertainty};

/// The numbers with which a rule draws (LELV draws nothing and gets the base numbers).
pub fn parameters(
    rule: Rule,
    uncertainty: &Uncertainty,
    attention: &AttentionMetrics,
    config: &EntropixConfig,
) -> Parameters {
    let (m, c) = (attention, config);
    let base =
        Parameters { temperature: c.temperature, top_p: c.top_p, top_k: c.top_k, min_p: c.min_p };
    let derived = match rule {
        Rule::Lelv => base,
        Rule::Helv => {
            let factor = c.helv_attn_ent_offset + term(c.helv_attn_ent_coef, m.attn_entropy);
            Parameters {
                temperature: at_most(c.temperature * factor, c.helv_temperature_max),
                ..base
            }
        }
        Rule::Lehv => {
            let factor = c.lehv_interaction_strength_offset
                + term(c.lehv_interaction_strength_coef, m.interaction_strength);
            let top_k = f64::from(c.top_k) * (1.0 + c.lehv_top_k_coef * (1.0 - m.agreement));
            Parameters {
                temperature: at_most(c.temperature * factor, c.lehv_temperature_max),
                top_k: (top_k as u32).max(c.lehv_top_k_min),
                ..base
            }
        }
        Rule::Hehv => {
            let factor = c.hehv_attn_vent_offset + term(c.hehv_attn_vent_coef, m.attn_varentropy);
            let top_p = c.top_p - term(c.hehv_attn_ent_coef, m.attn_entropy);
            Parameters {
                temperature: clip(
                    c.temperature * factor,
                    c.hehv_temperature_min,
                    c.hehv_temperature_max,
                ),
                top_p: top_p.max(c.hehv_top_p_min),
                ..base
            }
        }
        Rule::Adaptive => adaptive(uncertainty, m, c),
    };
    Parameters { temperature: usable(derived.temperature), ..derived }
}

/// None of the four matches.
fn adaptive(u: &Uncertainty, m: &AttentionMetrics, c: &EntropixConfig) -> Parameters {
    let (h, v) = (u.entropy_bits, u.varentropy_bits2);
    let (ae, av, ag) = (m.attn_entropy, m.attn_varentropy, m.agreement);
    let warmth = |logits: f64, attention: f64| {
        let factor =
            c.ada_temp_offset + term(c.ada_temp_logits, logits) + term(c.ada_temp_attn, attention)
                - term(c.ada_temp_agree, ag);
        c.temperature * clip(factor, c.ada_temp_min, c.ada_temp_max)
    };
    // In these bits and bits² are added, as coded.
    let (temperature, doubt) = match c.preset {
        Preset::A | Preset::B0 | Preset::B => (warmth(h + v, ae + av), h + v),
        Preset::Frog | Preset::Smollm => (warmth(h, ae), v),
        Preset::Oct31 => {
            let nats = h * LN_2;
            let ratio = (term(c.ada_temp_logits, nats) + c.ada_temp_offset) / (nats + 1e-6);
            (clip(c.temperature * ratio.sqrt(), c.ada_temp_min, c.ada_temp_max), v)
        }
    };
    let top_p = c.top_p * (1.0 + term(c.ada_top_p, av));
    let top_k = f64::from(c.top_k)
        * (1.0 + term(c.ada_top_k_int, m.interaction_strength) - term(c.ada_top_k_agree, ag));
    let base_min_p = if c.ada_base_min_p > 0.0 { c.ada_base_min_p } else { c.min_p };
    let min_p = base_min_p * (1.0 - term(c.ada_min_p, doubt));
    let top_k =
        clip(top_k.round_ties_even(), f64::from(c.ada_top_k_min), f64::from(c.ada_top_k_max));
    Parameters {
        temperature,
        top_p: clip(top_p, c.ada_top_p_min, c.ada_top_p_max),
        top_k: (top_k as u32).max(1),
        min_p: clip(min_p, c.ada_min_p_min, c.ada_min_p_max),
    }
}

/// What best of n adds to a candidate's log-probability.
///
/// It does not depend on the candidate: the most probable of the n draws wins.
pub fn confidence(
    uncertainty: &Uncertainty,
    attention: &AttentionMetrics,
    config: &EntropixConfig,
) -> f64 {
    let (u, m, c) = (uncertainty, attention, config);
    // From FROG on, each number is held against its high threshold.
    let scaled = !matches!(c.preset, Preset::A | Preset::B0 | Preset::B);
    let share = |value: f64, high: f64| if scaled { value / high } else { value };
    let terms = [
        (c.ada_score_logits_ent, true, u.entropy_bits, c.high_logits_entropy_threshold),
        (c.ada_score_attn_ent, true, m.attn_entropy, c.high_attention_entropy_threshold),
        (c.ada_score_logits_vent, true, u.varentropy_bits2, c.high_logits_varentropy_threshold),
        (c.ada_score_attn_vent, true, m.attn_varentropy, c.high_attention_varentropy_threshold),
        (c.ada_score_agree, false, m.agreement, c.high_agreement_threshold),
        (c.ada_score_int, false, m.interaction_strength, c.high_interaction_strength_threshold),
    ];
    let weigh = |(weight, less_is_better, value, high): (f64, bool, f64, f64)| {
        let share = share(value, high);
        term(weight, if less_is_better { 1.0 - share } else { share })
    };
    terms.into_iter().map(weigh).sum()
}

/// coefficient × metric, where a coefficient of 0 switches off even an infinite metric.
fn term(coefficient: f64, metric: f64) -> f64 {
    if coefficient == 0.0 { 0.0 } else { coefficient * metric }
}

/// A temperature that can divide logits, or 0 (greedy), whatever an absurd configuration made.
fn usable(temperature: f64) -> f64 {
    if temperature > 0.0 { temperature.min(f64::MAX) } else { 0.0 }
}

/// `x`, but not above `max`, where 0 means no limit.
fn at_most(x: f64, max: f64) -> f64 {
    if max == 0.0 { x } else { x.min(max) }
}

fn clip(x: f64, min: f64, max: f64) -> f64 {
    at_most(x.max(min), max)
}
