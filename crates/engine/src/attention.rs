//! What a position's attention looks like, for samplers and for people.

/// Attention of the last position in every layer and head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttentionSignals {
    /// Layers.
    pub layers: usize,
    /// Query heads in a layer.
    pub heads: usize,
    /// Positions looked at, the last one's own included.
    pub keys: usize,
    /// query · key / √head before the softmax, (layers, heads, keys).
    pub scores: Vec<f32>,
    /// Entropy of the softmax over the keys, in nats, (layers, heads).
    pub entropy_nats: Vec<f32>,
}

impl AttentionSignals {
    /// Scores of one head, (keys); none for a layer or head there is not.
    pub fn head(&self, layer: usize, head: usize) -> &[f32] {
        let first = (layer * self.heads + head) * self.keys;
        self.scores.get(first..first + self.keys).unwrap_or(&[])
    }

    /// Scores of all heads of one layer, (heads, keys); none for a layer there is not.
    pub fn layer(&self, layer: usize) -> &[f32] {
        let length = self.heads * self.keys;
        self.scores.get(layer * length..(layer + 1) * length).unwrap_or(&[])
    }

    pub(crate) fn resize(&mut self, layers: usize, heads: usize, keys: usize) {
        (self.layers, self.heads, self.keys) = (layers, heads, keys);
        self.scores.resize(layers * heads * keys, 0.0);
        self.entropy_nats.resize(layers * heads, 0.0);
    }

    /// Copies a head's scores; returns the place of its entropy.
    pub(crate) fn take(&mut self, layer: usize, head: usize, scores: &[f32]) -> &mut f32 {
        let index = layer * self.heads + head;
        self.scores[index * self.keys..(index + 1) * self.keys].copy_from_slice(scores);
        &mut self.entropy_nats[index]
    }
}
