//! Penalties for what has been said already: they change logits before anything else looks at them.

use crate::PlainConfig;

/// A repeat longer than this counts as this long.
const LONGEST_REPEAT: usize = 64;

/// Whether a penalty is on.
pub(crate) fn any(config: &PlainConfig) -> bool {
    punishes_tokens(config) || config.dry_multiplier > 0.0
}

/// Changes `logits` by the repetition penalty, then by DRY.
pub(crate) fn apply(config: &PlainConfig, generated: &[u32], logits: &mut [f32]) {
    if punishes_tokens(config) {
        repetition(config, generated, logits);
    }
    if config.dry_multiplier > 0.0 {
        dry(config, generated, logits);
    }
}

fn punishes_tokens(config: &PlainConfig) -> bool {
    config.repetition_penalty.total_cmp(&1.0).is_ne()
}

/// Tokens of the last `repetition_window` become less probable: a positive logit is divided by the
/// penalty, a negative one multiplied (CTRL, arXiv:1909.05858, section 4.1).
fn repetition(config: &PlainConfig, generated: &[u32], logits: &mut [f32]) {
    let window = match config.repetition_window {
        0 => usize::MAX,
        window => window as usize,
    };
    let mut recent = generated[generated.len().saturating_sub(window)..].to_vec();
    recent.sort_unstable();
    recent.dedup();
    let penalty = config.repetition_penalty;
    for id in recent {
        change(logits, id, |logit| if logit > 0.0 { logit / penalty } else { logit * penalty });
    }
}

/// "Don't repeat yourself": a token that would prolong a repeat of n tokens loses
/// multiplier · baseⁿ⁻ᵃ, where a is the length allowed (p-e-w, text-generation-webui 5677).
fn dry(config: &PlainConfig, generated: &[u32], logits: &mut [f32]) {
    // (token that came next, length of the repeat it would prolong)
    let mut repeats: Vec<(u32, usize)> = Vec::new();
    for (end, &next) in generated.iter().enumerate().skip(1) {
        let earlier = generated.get(..end).unwrap_or(&[]);
        let same = earlier.iter().rev().zip(generated.iter().rev());
        let length = same.take(LONGEST_REPEAT).take_while(|(a, b)| a == b).count();
        if length < config.dry_allowed_length.max(1) as usize {
            continue;
        }
        match repeats.iter_mut().find(|(token, _)| *token == next) {
            Some((_, longest)) => *longest = length.max(*longest),
            None => repeats.push((next, length)),
        }
    }
    for (token, length) in repeats {
        let over = length.saturating_sub(config.dry_allowed_length as usize);
        let penalty = config.dry_multiplier * config.dry_base.powi(over as i32);
        change(logits, token, |logit| logit - penalty);
    }
}

/// A finite logit stays finite; what is infinite or NaN stays.
fn change(logits: &mut [f32], id: u32, to: impl Fn(f64) -> f64) {
    if let Some(logit) = logits.get_mut(id as usize).filter(|logit| logit.is_finite()) {
        *logit = to(f64::from(*logit)).clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(config: &PlainConfig, generated: &[u32], logits: &[f32]) -> Vec<f32> {
        let mut logits = logits.to_vec();
        assert!(any(config));
        apply(config, generated, &mut logits);
        logits
    }

    #[test]
    fn what_was_said_is_less_probable() {
        let config = PlainConfig { repetition_penalty: 2.0, ..PlainConfig::default() };
        assert_eq!(after(&config, &[1, 2, 1, 99], &[4.0, 4.0, -4.0]), [4.0, 2.0, -8.0]);
        let short = PlainConfig { repetition_window: 1, ..config.clone() };
        assert_eq!(after(&short, &[1, 2], &[4.0, 4.0, -4.0]), [4.0, 4.0, -8.0]);
        let all = PlainConfig { repetition_window: 0, ..config };
        assert_eq!(after(&all, &[1, 2], &[4.0, 4.0, -4.0]), [4.0, 2.0, -8.0]);
    }

    #[test]
    fn what_would_prolong_a_repeat_loses_more_the_longer_it_is() {
        let config = PlainConfig {
            dry_multiplier: 1.0,
            dry_base: 2.0,
            dry_allowed_length: 2,
            ..PlainConfig::default()
        };
        // "1 2 3 … 1 2": 3 would make it three.
        assert_eq!(after(&config, &[1, 2, 3, 0, 1, 2], &[0.0; 4]), [0.0, 0.0, 0.0, -1.0]);
        // "0 1 2 3 … 0 1 2"
        assert_eq!(after(&config, &[0, 1, 2, 3, 9, 0, 1, 2], &[0.0; 4]), [0.0, 0.0, 0.0, -2.0]);
        // One token is not too long a repeat.
        assert_eq!(after(&config, &[2, 3, 0, 2], &[0.0; 4]), [0.0; 4]);
        // An endless repeat stays a number.
        let long = after(&config, &[1; 4000], &[0.0; 2]);
        assert!(long[1] < -1e18 && long[1].is_finite());
    }

    #[test]
    fn nothing_to_do_is_seen() {
        assert!(!any(&PlainConfig::default()));
    }
}
