//! The rules: which quadrant, and with which numbers.
//!
//! Generations A (b030904) and B (e55e9a3) run the same rules; they differ in the numbers of
//! [`EntropixConfig`] only.

use crate::{AttentionMetrics, EntropixConfig, Parameters, Quadrant, Uncertainty};

/// The rule for a point of the H–V plane (H in bits, V in bits²).
///
/// Strict inequalities, tested in this order: a value on a threshold matches neither side.
pub fn classify(entropy: f64, varentropy: f64, config: &EntropixConfig) -> Quadrant {
    let (h, v, c) = (entropy, varentropy, config);
    if h < c.low_logits_entropy_threshold && v < c.low_logits_varentropy_threshold {
        Quadrant::Lelv
    } else if h > c.high_logits_entropy_threshold && v < c.low_logits_varentropy_threshold {
        Quadrant::Helv
    } else if h < c.high_logits_entropy_threshold && v > c.high_logits_varentropy_threshold {
        Quadrant::Lehv
    } else if h > c.medium_logits_entropy_threshold && v > c.high_logits_varentropy_threshold {
        Quadrant::Hehv
    } else {
        Quadrant::Adaptive
    }
}

/// The numbers with which a rule draws (LELV draws nothing and gets the base numbers).
pub fn parameters(
    quadrant: Quadrant,
    uncertainty: &Uncertainty,
    attention: &AttentionMetrics,
    config: &EntropixConfig,
) -> Parameters {
    let (m, c) = (attention, config);
    let base =
        Parameters { temperature: c.temperature, top_p: c.top_p, top_k: c.top_k, min_p: c.min_p };
    let derived = match quadrant {
        Quadrant::Lelv => base,
        Quadrant::Helv => {
            let factor = c.helv_attn_ent_offset + term(c.helv_attn_ent_coef, m.attn_entropy);
            Parameters {
                temperature: at_most(c.temperature * factor, c.helv_temperature_max),
                ..base
            }
        }
        Quadrant::Lehv => {
            let factor = c.lehv_interaction_strength_offset
                + term(c.lehv_interaction_strength_coef, m.interaction_strength);
            let top_k = f64::from(c.top_k) * (1.0 + c.lehv_top_k_coef * (1.0 - m.agreement));
            Parameters {
                temperature: at_most(c.temperature * factor, c.lehv_temperature_max),
                top_k: (top_k as u32).max(c.lehv_top_k_min),
                ..base
            }
        }
        Quadrant::Hehv => {
            let factor = c.hehv_attn_vent_offset + term(c.hehv_attn_vent_coef, m.attn_varentropy);
            let top_p = c.top_p - term(c.hehv_attn_ent_coef, m.attn_entropy);
            Parameters {
                temperature: (c.temperature * factor).max(c.hehv_temperature_min),
                top_p: top_p.max(c.hehv_top_p_min),
                ..base
            }
        }
        Quadrant::Adaptive => adaptive(uncertainty, m, c),
    };
    Parameters { temperature: usable(derived.temperature), ..derived }
}

/// No quadrant matches: T₀·(offset + a·(H+V) + b·(AE+AV) − c·AG) and its companions.
fn adaptive(u: &Uncertainty, m: &AttentionMetrics, c: &EntropixConfig) -> Parameters {
    let logits = u.entropy_bits + u.varentropy_bits2;
    let attention = m.attn_entropy + m.attn_varentropy;
    let factor =
        c.ada_temp_offset + term(c.ada_temp_logits, logits) + term(c.ada_temp_attn, attention)
            - term(c.ada_temp_agree, m.agreement);
    let top_p = c.top_p * (1.0 + term(c.ada_top_p, m.attn_varentropy));
    let top_k = f64::from(c.top_k)
        * (1.0 + term(c.ada_top_k_int, m.interaction_strength)
            - term(c.ada_top_k_agree, m.agreement));
    let min_p = c.min_p * (1.0 - term(c.ada_min_p, logits));
    let top_k =
        clip(top_k.round_ties_even(), f64::from(c.ada_top_k_min), f64::from(c.ada_top_k_max));
    Parameters {
        temperature: c.temperature * clip(factor, c.ada_temp_min, c.ada_temp_max),
        top_p: clip(top_p, c.ada_top_p_min, c.ada_top_p_max),
        top_k: (top_k as u32).max(1),
        min_p: clip(min_p, c.ada_min_p_min, c.ada_min_p_max),
    }
}

/// What best of n adds to a candidate's log-probability, as coded at e55e9a3.
///
/// It does not depend on the candidate: the most probable of the n draws wins.
pub fn confidence(
    uncertainty: &Uncertainty,
    attention: &AttentionMetrics,
    config: &EntropixConfig,
) -> f64 {
    let (u, m, c) = (uncertainty, attention, config);
    c.ada_score_logits_ent * (1.0 - u.entropy_bits)
        + c.ada_score_attn_ent * (1.0 - m.attn_entropy)
        + c.ada_score_logits_vent * (1.0 - u.varentropy_bits2)
        + c.ada_score_attn_vent * (1.0 - m.attn_varentropy)
        + c.ada_score_agree * m.agreement
        + c.ada_score_int * m.interaction_strength
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
