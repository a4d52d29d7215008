//! The weights of one layer, and how they are read from a file.

use super::Config;
use super::linear::Linear;
use super::tensors::LayerTensors;
use crate::EngineError;

/// Attention, then feed forward; each adds to the residual stream.
pub(crate) struct Layer {
    pub(crate) attention: Attention,
    pub(crate) feed_forward: FeedForward,
}

/// Each token asks (query) what the ones that it sees offer (keys, values).
pub(crate) struct Attention {
    /// Of what it reads, (hidden).
    pub(crate) norm: Option<Vec<f32>>,
    pub(crate) inputs: Inputs,
    /// RMS norms of queries and keys before they are rotated: (head) for each head by itself, or of
    /// all heads together.
    pub(crate) query_norm: Option<Vec<f32>>,
    pub(crate) key_norm: Option<Vec<f32>>,
    /// (hidden, heads · head)
    pub(crate) output: Linear,
    /// Of what it adds, (hidden).
    pub(crate) post_norm: Option<Vec<f32>>,
}

/// From the residual stream to queries, keys and values.
pub(crate) enum Inputs {
    /// (heads · head, hidden), and twice (KV heads · head, hidden).
    Separate { query: Linear, key: Linear, value: Linear },
    /// The three below each other.
    Fused(Linear),
}

/// Each token by itself.
pub(crate) struct FeedForward {
    /// Of what it reads, (hidden).
    pub(crate) norm: Option<Vec<f32>>,
    pub(crate) gated: Gated,
    /// (hidden, feed forward)
    pub(crate) down: Linear,
    /// Of what it adds, (hidden).
    pub(crate) post_norm: Option<Vec<f32>>,
}

/// From the residual stream to the gate, and to what it lets through.
pub(crate) enum Gated {
    /// Twice (feed forward, hidden).
    Separate { gate: Linear, up: Linear },
    /// The two below each other.
    Fused(Linear),
}

impl Attention {
    /// `attn_q`, `attn_k`, `attn_v` or all three as `attn_qkv`, and `attn_output`: with biases where
    /// the file has them, without norms.
    pub(crate) fn read(
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Self, EngineError> {
        let (queries, keys) = (config.queries(), config.keys());
        let inputs = if tensors.has("attn_qkv") {
            Inputs::Fused(tensors.linear("attn_qkv", queries + 2 * keys, config.hidden)?)
        } else {
            Inputs::Separate {
                query: tensors.linear("attn_q", queries, config.hidden)?,
                key: tensors.linear("attn_k", keys, config.hidden)?,
                value: tensors.linear("attn_v", keys, config.hidden)?,
            }
        };
        Ok(Self {
            norm: None,
            inputs,
            query_norm: None,
            key_norm: None,
            output: tensors.linear("attn_output", config.hidden, queries)?,
            post_norm: None,
        })
    }
}

impl FeedForward {
    /// `ffn_gate`, `ffn_up` and `ffn_down`: with biases where the file has them, without norms.
    pub(crate) fn read(
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Self, EngineError> {
        let Config { hidden, feed_forward, .. } = *config;
        let gate = tensors.linear("ffn_gate", feed_forward, hidden)?;
        let up = tensors.linear("ffn_up", feed_forward, hidden)?;
        Self::with(Gated::Separate { gate, up }, config, tensors)
    }

    /// The same with the gate in `ffn_up`, above what it lets through.
    pub(crate) fn read_fused(
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Self, EngineError> {
        let both = tensors.linear("ffn_up", 2 * config.feed_forward, config.hidden)?;
        Self::with(Gated::Fused(both), config, tensors)
    }

    fn with(
        gated: Gated,
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Self, EngineError> {
        let down = tensors.linear("ffn_down", config.hidden, config.feed_forward)?;
        Ok(Self { norm: None, gated, down, post_norm: None })
    }
}
