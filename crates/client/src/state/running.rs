//! The answers that are being made.

use entropix_conversation::TurnId;

/// Answers that are being made side by side; mostly it is one.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    /// Generation of the first one; the others have the next ones.
    pub(crate) generation: u32,
    pub(crate) turns: Vec<TurnId>,
    /// Whether the worker was asked; before that they wait for an earlier answer's end, or for the model.
    pub(crate) sent: bool,
}

impl Running {
    /// The answer that a generation makes.
    pub(crate) fn turn(&self, generation: u32) -> Option<TurnId> {
        let number = generation.checked_sub(self.generation)?;
        self.turns.get(number as usize).copied()
    }

    /// The generations, with what each makes.
    pub(crate) fn each(&self) -> impl Iterator<Item = (u32, TurnId)> {
        (self.generation..).zip(self.turns.iter().copied())
    }
}
