//! What a forward pass does beside multiplying by its weights.

use super::Config;
use super::rope::Rope;
use crate::kernel::Pairs;

/// Constants of an architecture, and what its layers do. [`Plan::new`] is what most do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// What embeddings are multiplied by.
    pub(crate) embedding_scale: Option<f32>,
    /// Which dimensions are rotated together.
    pub(crate) pairs: Pairs,
    /// The rotary embeddings that layers choose from.
    pub(crate) ropes: Vec<Rope>,
    /// One for each layer.
    pub(crate) layers: Vec<LayerPlan>,
    /// What query · key is multiplied by.
    pub(crate) attention_scale: f32,
    /// Soft cap of attention scores: cap · tanh(score / cap).
    pub(crate) attention_cap: Option<f32>,
    /// Between the two halves of a feed-forward network.
    pub(crate) activation: Activation,
    /// What attention and feed forward are multiplied by before they are added to the residual
    /// stream.
    pub(crate) residual_scale: Option<f32>,
    /// What logits are multiplied by.
    pub(crate) logit_scale: Option<f32>,
    /// Soft cap of logits, as of attention.
    pub(crate) logit_cap: Option<f32>,
}

/// What one layer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LayerPlan {
    /// Which of the plan's rotary embeddings; none: positions are not told.
    pub(crate) rope: Option<usize>,
    /// How many positions a token sees, its own the last; none: all up to its own.
    pub(crate) window: Option<usize>,
}

/// The gate of a feed-forward network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// x · sigmoid(x).
    Silu,
    /// x/2 · (1 + tanh(√(2/π)(x + 0.044715·x³))).
    GeluTanh,
}

impl Plan {
    /// All layers alike: one rotary embedding, all positions, nothing scaled or capped, SiLU.
    pub(crate) fn new(config: &Config, pairs: Pairs, rope: Rope) -> Self {
        Self {
            embedding_scale: None,
            pairs,
            ropes: vec![rope],
            layers: vec![LayerPlan { rope: Some(0), window: None }; config.layers],
            attention_scale: 1.0 / (config.head as f32).sqrt(),
            attention_cap: None,
            activation: Activation::Silu,
            residual_scale: None,
            logit_scale: None,
            logit_cap: None,
        }
    }

    /// The length of a text beyond which all its positions are rotated otherwise.
    pub(super) fn most_of_short_texts(&self) -> usize {
        self.ropes.iter().find_map(Rope::most_of_short_texts).unwrap_or(usize::MAX)
    }

    /// With this window, if there is one, in all layers but those that `is_global` names.
    pub(crate) fn with_windows(
        mut self,
        window: Option<usize>,
        is_global: impl Fn(usize) -> bool,
    ) -> Self {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            layer.window = window.filter(|_| !is_global(index));
        }
        self
    }
}
