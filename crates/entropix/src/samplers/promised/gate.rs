//! What may decide about quadrants instead of the cuts.

use std::fmt::Debug;

use crate::{Comparison, Rule, Uncertainty};

/// A place at which the promised sampler asks in which quadrant it is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The logits there, (vocabulary).
    pub logits: &'a [f32],
    /// Their H and V.
    pub uncertainty: Uncertainty,
    /// Tokens of the answer before it, those of the branch included.
    pub tokens: usize,
    /// Whether it is inside a branch, which ends where H and V are low.
    pub in_branch: bool,
    /// Whether tokens were just taken back to it: whatever the quadrant, a draw follows.
    pub again: bool,
}

/// Decides about quadrants instead of the cuts of H and V; all else stays as it is. For controlled experiments: what
/// is left of the sampler when its two numbers say nothing?
pub trait Gate: Debug + Send {
    /// The quadrant that a place counts as. All that the sampler does follows from it: its rule, where a branch ends,
    /// and which draws may be taken back (those of high entropy: HELV and HEHV).
    fn rule(&mut self, place: &Place<'_>) -> Rule;

    /// Which comparisons of H and V decided it, if they did.
    fn why(&self, _place: &Place<'_>) -> Vec<Comparison> {
        Vec::new()
    }

    /// A copy with the same state.
    fn boxed(&self) -> Box<dyn Gate>;
}

impl Clone for Box<dyn Gate> {
    fn clone(&self) -> Self {
        self.as_ref().boxed()
    }
}
