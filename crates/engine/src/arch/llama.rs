//! The llama family: SmolLM2, Llama 3, TinyLlama, Mistral. Dense layers without biases.

use crate::EngineError;
use crate::decoder::{Architecture, Config, LayerTensors, Pass, Scratch, Tensors};
use crate::matrix::Matrix;
use crate::metadata::Keys;

/// What a llama file says beside its sizes.
pub(super) struct Llama {
    /// Angle per position of the first pair's frequency, 1; the i-th pair's is base^(−2i/head).
    rope_base: f32,
    /// Positions are divided by this (`linear` scaling; 1 for none).
    rope_factor: f32,
}

/// One layer.
pub(super) struct Layer {
    /// (hidden)
    attention_norm: Vec<f32>,
    /// (heads · head, hidden)
    query: Matrix,
    /// (KV heads · head, hidden)
    key: Matrix,
    /// (KV heads · head, hidden)
    value: Matrix,
    /// (hidden, heads · head)
    output: Matrix,
    /// (hidden)
    feed_forward_norm: Vec<f32>,
    /// (feed forward, hidden)
    gate: Matrix,
    /// (feed forward, hidden)
    up: Matrix,
    /// (hidden, feed forward)
    down: Matrix,
}

impl Architecture for Llama {
    const NAME: &'static str = "llama";
    const EXAMPLE: &'static str = "SmolLM2";

    type Layer = Layer;

    fn read(keys: Keys<'_>, config: &Config) -> Result<Self, EngineError> {
        let rope = keys.optional_number("rope.dimension_count")?.unwrap_or(config.head);
        if rope != config.head {
            let what = format!("rotary embedding of {rope} out of {} dimensions", config.head);
            return Err(EngineError::unsupported(what, "all dimensions of a head"));
        }
        // 0, where some dense files have the entry, is no positive number.
        if keys.number("expert_count").is_ok() {
            return Err(EngineError::unsupported("a mixture of experts".into(), "dense models"));
        }
        Ok(Self {
            rope_base: keys.optional_positive("rope.freq_base")?.unwrap_or(10_000.0),
            rope_factor: rope_factor(keys)?,
        })
    }

    fn layer(
        &self,
        config: &Config,
        tensors: &mut LayerTensors<'_, '_>,
    ) -> Result<Layer, EngineError> {
        let Config { hidden, feed_forward, .. } = *config;
        let (queries, keys) = (config.queries(), config.keys());
        Ok(Layer {
            attention_norm: tensors.vector("attn_norm", hidden)?,
            query: tensors.matrix("attn_q", queries, hidden)?,
            key: tensors.matrix("attn_k", keys, hidden)?,
            value: tensors.matrix("attn_v", keys, hidden)?,
            output: tensors.matrix("attn_output", hidden, queries)?,
            feed_forward_norm: tensors.vector("ffn_norm", hidden)?,
            gate: tensors.matrix("ffn_gate", feed_forward, hidden)?,
            up: tensors.matrix("ffn_up", feed_forward, hidden)?,
            down: tensors.matrix("ffn_down", hidden, feed_forward)?,
        })
    }

    /// base^(−2i/head), divided by what the file says for long contexts.
    fn frequencies(
        &self,
        config: &Config,
        tensors: &mut Tensors<'_>,
    ) -> Result<Vec<f64>, EngineError> {
        const DIVISORS: &str = "rope_freqs.weight";
        // One divisor for each frequency: Llama 3's way to reach beyond its first context length.
        let divisors = if tensors.has(DIVISORS) {
            tensors.vector(DIVISORS, config.head / 2)?
        } else {
            vec![1.0; config.head / 2]
        };
        let bad = |divisor: &f32| !(divisor.is_finite() && *divisor > 0.0);
        if divisors.iter().any(bad) {
            return Err(EngineError::tensor(DIVISORS, "has an entry that is not positive"));
        }
        let (base, factor) = (f64::from(self.rope_base), f64::from(self.rope_factor));
        let frequency = |(i, divisor): (usize, f32)| {
            // `libm`: the same digits natively and in a browser.
            libm::pow(base, -2.0 * i as f64 / config.head as f64) / f64::from(divisor) / factor
        };
        Ok(divisors.into_iter().enumerate().map(frequency).collect())
    }

    fn forward(&self, layer: &Layer, pass: &mut Pass<'_, '_>) -> Result<(), EngineError> {
        let math = pass.math;

        // Attention: each token asks (query) what the earlier ones offer (keys, values).
        let Scratch { residual, normed, rounded, query, key, value, .. } = &mut *pass.scratch;
        math.rms_norm(residual, &layer.attention_norm, normed);
        let input = math.input(normed, rounded);
        math.product(&layer.query, input, query);
        math.product(&layer.key, input, key);
        math.product(&layer.value, input, value);
        pass.rope_neighbours();
        pass.attend()?;
        let Scratch { residual, normed, rounded, attention_output, result, gate, up, .. } =
            &mut *pass.scratch;
        math.product(&layer.output, math.input(attention_output, rounded), result);
        math.add(result, residual);

        // Feed forward: each token by itself.
        math.rms_norm(residual, &layer.feed_forward_norm, normed);
        let input = math.input(normed, rounded);
        math.product(&layer.gate, input, gate);
        math.product(&layer.up, input, up);
        math.swiglu(gate, up);
        math.product(&layer.down, math.input(gate, rounded), result);
        math.add(result, residual);
        Ok(())
    }
}

/// What positions are divided by.
fn rope_factor(keys: Keys<'_>) -> Result<f32, EngineError> {
    const FACTOR: &str = "rope.scaling.factor";
    let factor = keys.optional_positive(FACTOR)?;
    let factor = factor.or(keys.optional_positive("rope.scale_linear")?);
    match keys.optional_text("rope.scaling.type")? {
        None => Ok(factor.unwrap_or(1.0)),
        Some("none") => Ok(1.0),
        Some("linear") => factor.ok_or_else(|| keys.error(FACTOR, "missing")),
        Some(other) => Err(EngineError::unsupported(
            format!("rope scaling of type {other:?}"),
            "none, linear, and Llama 3's factors in rope_freqs.weight",
        )),
    }
}
