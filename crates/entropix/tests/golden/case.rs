//! Reading the golden files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "a test")]

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A file and its list of cases.
pub(crate) fn cases(json: &str) -> (Value, Vec<Value>) {
    let file: Value = serde_json::from_str(json).unwrap();
    let cases = file["cases"].as_array().unwrap().clone();
    (file, cases)
}

/// A number, or one of the strings that stand for those JSON lacks.
pub(crate) fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some(text) => text.parse().unwrap(),
        None => value.as_f64().unwrap_or_else(|| panic!("not a number: {value}")),
    }
}

pub(crate) fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| number(v) as f32).collect()
}

pub(crate) fn token(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

pub(crate) fn tokens(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(token).collect()
}

/// The case's logits, inline or made from its recipe.
pub(crate) fn logits(case: &Value) -> Vec<f32> {
    if case["logits"].is_array() { numbers(&case["logits"]) } else { cook(&case["recipe"]) }
}

fn cook(recipe: &Value) -> Vec<f32> {
    let mut state = token(&recipe["seed"]);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) * 2_f64.powi(-24)
    };
    let (center, scale) = (number(&recipe["center"]), number(&recipe["scale"]));
    let mut logits: Vec<f32> = (0..token(&recipe["n"]))
        .map(|_| {
            let z = ((next() + next()) + next()) + next() - 2.0;
            (center + scale * z) as f32
        })
        .collect();
    for change in recipe["overrides"].as_array().into_iter().flatten() {
        logits[token(&change[0]) as usize] = number(&change[1]) as f32;
    }

    let bytes: Vec<u8> = logits.iter().flat_map(|l| l.to_le_bytes()).collect();
    let want = recipe["sha256_f32le"].as_str().unwrap();
    let want: Vec<u8> = (0..want.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&want[i..i + 2], 16).unwrap())
        .collect();
    assert_eq!(Sha256::digest(&bytes)[..], want, "the recipe gives other logits");
    logits
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

/// Equal within a relative or an absolute tolerance, whichever is wider; infinities must agree.
#[track_caller]
pub(crate) fn close(what: &str, got: f64, want: f64, relative: f64, absolute: f64) {
    let tolerance = absolute.max(relative * want.abs());
    let good = got == want || (got - want).abs() <= tolerance && want.is_finite();
    assert!(good, "{what}: got {got}, want {want}");
}
