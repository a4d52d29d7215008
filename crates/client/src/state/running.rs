//! The answer that is being made.

use entropix_conversation::TurnId;

/// An answer that is being made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub(crate) generation: u32,
    pub(crate) turn: TurnId,
    /// Whether the worker was asked; before that it waits for an earlier answer's end, or for the model.
    pub(crate) sent: bool,
}
