//! The sampler's rules, as numbers: 0 argmax, 1 insert, 2 branch, 3 resample, 4 adaptive.

use entropix::{EntropixConfig, Preset, Quadrant};
use wasm_bindgen::prelude::*;

/// The thresholds of a preset: `[low H, low V, medium H, high H, high V]`, bits and bits².
#[wasm_bindgen]
pub fn thresholds(preset: &str) -> Vec<f64> {
    let c = EntropixConfig::preset(if preset == "A" { Preset::A } else { Preset::B });
    vec![
        c.low_logits_entropy_threshold,
        c.low_logits_varentropy_threshold,
        c.medium_logits_entropy_threshold,
        c.high_logits_entropy_threshold,
        c.high_logits_varentropy_threshold,
    ]
}

/// The rule at (H, V).
#[wasm_bindgen]
pub fn classify(entropy_bits: f64, varentropy_bits2: f64, thresholds: &[f64]) -> u8 {
    config(thresholds)
        .map_or(4, |config| index(entropix::classify(entropy_bits, varentropy_bits2, &config)))
}

/// The colours of the rules, each 0xRRGGBB.
#[wasm_bindgen]
pub fn rule_colors() -> Vec<u32> {
    [Quadrant::Lelv, Quadrant::Helv, Quadrant::Lehv, Quadrant::Hehv, Quadrant::Adaptive]
        .map(|rule| entropix_simplex::Srgb(entropix_simplex::triangle::rule_color(rule)).packed())
        .to_vec()
}

/// B with these thresholds; `None` if there are not five. Not inlined: the struct is large.
#[inline(never)]
pub(crate) fn config(thresholds: &[f64]) -> Option<EntropixConfig> {
    let &[low_h, low_v, medium_h, high_h, high_v] = thresholds else { return None };
    let mut config = EntropixConfig::preset(Preset::B);
    config.low_logits_entropy_threshold = low_h;
    config.low_logits_varentropy_threshold = low_v;
    config.medium_logits_entropy_threshold = medium_h;
    config.high_logits_entropy_threshold = high_h;
    config.high_logits_varentropy_threshold = high_v;
    Some(config)
}

fn index(rule: Quadrant) -> u8 {
    match rule {
        Quadrant::Lelv => 0,
        Quadrant::Helv => 1,
        Quadrant::Lehv => 2,
        Quadrant::Hehv => 3,
        Quadrant::Adaptive => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_make_the_rules() {
        let b = thresholds("B");
        assert_eq!(b, [0.1, 0.1, 3.0, 5.0, 5.0]);
        assert_eq!(classify(0.01, 0.01, &b), 0);
        assert_eq!(classify(6.0, 0.01, &b), 1);
        assert_eq!(classify(2.0, 8.0, &b), 2);
        assert_eq!(classify(6.0, 8.0, &b), 3);
        assert_eq!(classify(2.0, 2.0, &b), 4);
        assert_eq!(classify(6.0, 8.0, &[]), 4);
    }
}
