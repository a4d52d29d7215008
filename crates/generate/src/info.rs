//! Facts about a model, for people.

use entropix_engine::{Facts, ModelShape, Tokenizer, Weights, compared};
use entropix_protocol::{ModelInfo, WeightsInfo};

/// Text of Entropix's pause token (2564 in Llama 3's vocabulary), looked up in the model's own.
pub const PAUSE_TEXT: &str = " ...";

/// Facts about a loaded model under the name that people know it by.
pub(crate) fn info(
    name: &str,
    facts: &Facts,
    shape: &ModelShape,
    tokenizer: &Tokenizer,
) -> ModelInfo {
    let own = shape.kernel != "candle";
    ModelInfo {
        name: name.to_owned(),
        architecture: shape.architecture.clone(),
        bytes: facts.bytes as f64,
        parameters: facts.parameters as f64,
        weights: weights(facts),
        known: known(own.then_some(shape.architecture.as_str())),
        notes: tokenizer.notes().to_vec(),
        licence: facts.licence.clone(),
        template: facts.template.map(|template| template.format.unwrap_or("its own").to_owned()),
        cache_bytes: facts.cache_bytes.map(|bytes| bytes as f64),
        context_length: shape.context_length as u32,
        vocabulary: shape.vocabulary as u32,
        layers: shape.layers as u32,
        quantization: facts.quantization.map_or_else(String::new, |dtype| dtype.to_string()),
        kernel: shape.kernel.to_owned(),
        pause_token: tokenizer.token(PAUSE_TEXT),
    }
}

fn weights(facts: &Facts) -> Vec<WeightsInfo> {
    let of_type = |weights: &Weights| WeightsInfo {
        dtype: weights.dtype.to_string(),
        tensors: weights.tensors as u32,
        bytes: weights.bytes as f64,
        memory: weights.packed as f64,
    };
    facts.weights.iter().map(of_type).collect()
}

/// What is known about the results of an architecture; of none, about those of candle-transformers.
pub fn known(architecture: Option<&str>) -> String {
    match architecture.and_then(compared) {
        Some(nats) => {
            format!("compared with independent implementations: within {nats} nats")
        }
        None => "not compared with any other implementation".to_owned(),
    }
}
