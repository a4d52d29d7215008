//! What is known about the model.

use entropix_protocol::{ModelInfo, Phase, ProblemKind, Storage};

/// The model's condition.
#[allow(clippy::large_enum_variant, reason = "there is one; its size depends on the target")]
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ModelStatus {
    /// No model, nothing under way.
    #[default]
    Empty,
    /// A load was asked for; the worker has not answered yet.
    Starting,
    /// Bytes are moving or the model is being built.
    Loading {
        /// What is being done.
        phase: Phase,
        /// Bytes done.
        done: f64,
        /// Bytes in all; 0 if unknown.
        total: f64,
    },
    /// A model answers.
    Ready {
        /// Facts about it.
        model: ModelInfo,
        /// Where its bytes are kept.
        storage: Storage,
    },
}

impl ModelStatus {
    /// The loaded model.
    pub fn model(&self) -> Option<&ModelInfo> {
        match self {
            Self::Ready { model, .. } => Some(model),
            _ => None,
        }
    }

    /// Whether a load is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Starting | Self::Loading { .. })
    }

    /// Share done, 0..=1, if it is known.
    pub fn fraction(&self) -> Option<f64> {
        match self {
            Self::Loading { done, total, .. } if *total > 0.0 => {
                Some((done / total).clamp(0.0, 1.0))
            }
            _ => None,
        }
    }
}

/// Whether the worker is gone after such a problem.
pub(crate) fn is_fatal(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::Crashed | ProblemKind::OutOfMemory)
}
