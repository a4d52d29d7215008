//! The weights of a llama model in memory.

use std::io::{Read, Seek};

use super::config::{Config, layer_tensor};
use crate::EngineError;
use crate::gguf::Header;
use crate::matrix::{Matrix, read_vector};
use crate::metadata::tensor;

/// Everything the file has.
pub(super) struct Weights {
    /// (vocabulary, hidden)
    pub(super) embedding: Matrix,
    pub(super) layers: Vec<Layer>,
    /// (hidden)
    pub(super) norm: Vec<f32>,
    /// (vocabulary, hidden), unless it is the embedding.
    output: Option<Matrix>,
    /// Angle per position of each pair of a head's dimensions, (head / 2).
    pub(super) frequencies: Vec<f64>,
}

/// One layer.
pub(super) struct Layer {
    /// (hidden)
    pub(super) attention_norm: Vec<f32>,
    /// (heads · head, hidden)
    pub(super) query: Matrix,
    /// (KV heads · head, hidden)
    pub(super) key: Matrix,
    /// (KV heads · head, hidden)
    pub(super) value: Matrix,
    /// (hidden, heads · head)
    pub(super) output: Matrix,
    /// (hidden)
    pub(super) feed_forward_norm: Vec<f32>,
    /// (feed forward, hidden)
    pub(super) gate: Matrix,
    /// (feed forward, hidden)
    pub(super) up: Matrix,
    /// (hidden, feed forward)
    pub(super) down: Matrix,
}

impl Weights {
    pub(super) fn read<R: Read + Seek>(
        config: &Config,
        header: &Header,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let layers = (0..config.layers).map(|layer| Layer::read(layer, header, reader));
        let layers = layers.collect::<Result<_, _>>()?;
        let output = match header.tensor("output.weight") {
            Some(tensor) => Some(Matrix::read(header, tensor, reader)?),
            None => None,
        };
        Ok(Self {
            embedding: Matrix::read(header, tensor(header, "token_embd.weight")?, reader)?,
            layers,
            norm: read_vector(header, tensor(header, "output_norm.weight")?, reader)?,
            output,
            frequencies: frequencies(config, header, reader)?,
        })
    }

    /// (vocabulary, hidden)
    pub(super) fn output(&self) -> &Matrix {
        self.output.as_ref().unwrap_or(&self.embedding)
    }
}

impl Layer {
    fn read<R: Read + Seek>(
        layer: usize,
        header: &Header,
        reader: &mut R,
    ) -> Result<Self, EngineError> {
        let tensor = |name: &str| tensor(header, &layer_tensor(layer, name));
        let mut matrix = |name: &str| Matrix::read(header, tensor(name)?, reader);
        let (query, key, value) = (matrix("attn_q")?, matrix("attn_k")?, matrix("attn_v")?);
        let output = matrix("attn_output")?;
        let (gate, up, down) = (matrix("ffn_gate")?, matrix("ffn_up")?, matrix("ffn_down")?);
        Ok(Self {
            attention_norm: read_vector(header, tensor("attn_norm")?, reader)?,
            query,
            key,
            value,
            output,
            feed_forward_norm: read_vector(header, tensor("ffn_norm")?, reader)?,
            gate,
            up,
            down,
        })
    }
}

/// base^(−2i/head), divided by what the file says for long contexts.
fn frequencies<R: Read + Seek>(
    config: &Config,
    header: &Header,
    reader: &mut R,
) -> Result<Vec<f64>, EngineError> {
    // One divisor for each frequency: Llama 3's way to reach beyond its first context length.
    let divisors = match header.tensor("rope_freqs.weight") {
        Some(tensor) => read_vector(header, tensor, reader)?,
        None => vec![1.0; config.head / 2],
    };
    let bad = |divisor: &f32| !(divisor.is_finite() && *divisor > 0.0);
    if divisors.iter().any(bad) {
        return Err(EngineError::tensor("rope_freqs.weight", "has an entry that is not positive"));
    }
    let (base, head) = (f64::from(config.rope_base), config.head as f64);
    let frequency = |(i, divisor): (usize, f32)| {
        // `libm`: the same digits natively and in a browser.
        libm::pow(base, -2.0 * i as f64 / head) / f64::from(divisor) / f64::from(config.rope_factor)
    };
    Ok(divisors.into_iter().enumerate().map(frequency).collect())
}
