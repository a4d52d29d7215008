//! What a position's attention looks like, for samplers and for people.

/// Attention of the last position in every layer and head.
///
/// A layer with a sliding window has scores of the positions inside it alone, the last
/// [`Self::seen`] ones: to what is outside there is no attention, which is neither a score of 0 nor
/// one of −∞.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttentionSignals {
    /// Layers.
    pub layers: usize,
    /// Query heads in a layer.
    pub heads: usize,
    /// Positions there are, the last one's own included.
    pub keys: usize,
    /// Entropy of the softmax over the positions seen, in nats, (layers, heads).
    pub entropy_nats: Vec<f32>,
    /// What the softmax takes: query · key · scale, capped where the architecture caps it. (layers,
    /// heads · keys); a layer that sees fewer leaves the end of its part unused.
    scores: Vec<f32>,
    /// Of each layer, the positions seen.
    seen: Vec<usize>,
}

impl AttentionSignals {
    /// How many positions a layer looks at, the last one's own included; 0 for a layer there is not.
    pub fn seen(&self, layer: usize) -> usize {
        self.seen.get(layer).copied().unwrap_or(0)
    }

    /// Scores of one head before the softmax, (positions seen); none for a layer or head there is
    /// not.
    pub fn head(&self, layer: usize, head: usize) -> &[f32] {
        let seen = self.seen(layer);
        let first = layer * self.heads * self.keys + head * seen;
        self.scores.get(first..first + seen).filter(|_| head < self.heads).unwrap_or(&[])
    }

    /// Scores of all heads of one layer, (heads, positions seen); none for a layer there is not.
    pub fn layer(&self, layer: usize) -> &[f32] {
        let first = layer * self.heads * self.keys;
        self.scores.get(first..first + self.heads * self.seen(layer)).unwrap_or(&[])
    }

    pub(crate) fn resize(&mut self, layers: usize, heads: usize, keys: usize) {
        (self.layers, self.heads, self.keys) = (layers, heads, keys);
        self.scores.resize(layers * heads * keys, 0.0);
        self.entropy_nats.resize(layers * heads, 0.0);
        self.seen.resize(layers, 0);
    }

    /// Copies a head's scores; returns the place of its entropy. All heads of a layer have as many.
    pub(crate) fn take(&mut self, layer: usize, head: usize, scores: &[f32]) -> &mut f32 {
        self.seen[layer] = scores.len();
        let first = layer * self.heads * self.keys + head * scores.len();
        self.scores[first..first + scores.len()].copy_from_slice(scores);
        &mut self.entropy_nats[layer * self.heads + head]
    }
}
