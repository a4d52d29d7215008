//! The sampler's rules, as numbers: their places in [`Rule::ALL`].

use entropix::{Preset, Rule, Thresholds};
use entropix_simplex::color;
use wasm_bindgen::prelude::*;

/// The thresholds of a preset: `[low H, low V, medium H, high H, high V]`, bits and bits².
///
/// B0, in which the medium and the high H change places between two rules, has none.
#[wasm_bindgen]
pub fn thresholds(preset: &str) -> Vec<f64> {
    let Some(preset) = Preset::named(preset) else { return Vec::new() };
    let t = preset.thresholds();
    vec![t.low_entropy, t.low_varentropy, t.hehv_entropy, t.lehv_entropy, t.high_varentropy]
}

/// The rule at (H, V).
#[wasm_bindgen]
pub fn classify(entropy_bits: f64, varentropy_bits2: f64, thresholds: &[f64]) -> u8 {
    read(thresholds).map_or(index(Rule::Adaptive), |t| {
        index(entropix::classify(entropy_bits, varentropy_bits2, &t))
    })
}

/// The rules as traces have them, "LELV" first.
#[wasm_bindgen]
pub fn rule_codes() -> Vec<String> {
    Rule::ALL.map(|rule| rule.code().to_owned()).to_vec()
}

/// The names of the rules, "argmax" first.
#[wasm_bindgen]
pub fn rule_names() -> Vec<String> {
    Rule::ALL.map(|rule| rule.name().to_owned()).to_vec()
}

/// The colours of the rules, each 0xRRGGBB.
#[wasm_bindgen]
pub fn rule_colors() -> Vec<u32> {
    Rule::ALL.map(|rule| color::rule(rule).packed()).to_vec()
}

/// `None` if there are not five.
pub(crate) fn read(thresholds: &[f64]) -> Option<Thresholds> {
    <[f64; 5]>::try_from(thresholds).ok().map(Thresholds::from)
}

fn index(rule: Rule) -> u8 {
    rule.index() as u8
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
