//! How fast this machine would answer, measured in half a second and without a model.

use std::collections::BTreeMap;

use entropix::{Sketch, Softmax, filter};
use entropix_engine::gguf::Dtype;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::page;

/// The usual types of weights.
const TYPES: [Dtype; 6] =
    [Dtype::Q4_0, Dtype::Q4_1, Dtype::Q4_K, Dtype::Q5_K, Dtype::Q6_K, Dtype::Q8_0];
/// How long each is multiplied at least, in ms.
const EACH: f64 = 60.0;
/// Tokens of a usual vocabulary.
const VOCABULARY: u32 = 49_152;
/// Decisions that are timed.
const DECISIONS: u32 = 20;

/// Bytes of a file by type of weights that this machine multiplies in a second, and under `decision` how many ms one token's
/// numbers take. Nothing where there is no clock.
///
/// # Errors
/// There is no memory for the weights that are made up, in words.
#[wasm_bindgen]
pub fn throughput() -> Result<JsValue, JsValue> {
    let Some(clock) = page::scope().performance() else { return Ok(JsValue::UNDEFINED) };
    let now = || clock.now();
    let mut found = BTreeMap::new();
    for dtype in TYPES {
        let rate = entropix_engine::throughput(dtype, EACH, &now);
        found.insert(dtype.to_string(), rate.map_err(|error| error.to_string())?);
    }
    found.insert("decision".to_owned(), decision(&now));
    Ok(found.serialize(&Serializer::json_compatible())?)
}

/// What is computed of a token's logits, in ms.
fn decision(now: &dyn Fn() -> f64) -> f64 {
    // Spread over all depths, as a model's are.
    let logit = |at: u32| (at.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 20) as f32;
    let logits: Vec<f32> = (0..VOCABULARY).map(logit).collect();
    let start = now();
    let mut seen = 0;
    for _ in 0..DECISIONS {
        if let Some(softmax) = Softmax::of(&logits) {
            seen += filter::most_probable(&logits, &softmax, 10).len();
            seen += usize::from(Sketch::of(&logits, 64).is_some());
        }
    }
    debug_assert!(seen > 0, "nothing is left out as unused");
    (now() - start) / f64::from(DECISIONS)
}
