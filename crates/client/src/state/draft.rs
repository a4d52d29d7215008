//! What is being written, and how much of the context it would take.

/// What is being written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub(crate) text: String,
    pub(crate) system: String,
    /// Tokens of the conversation with the draft, and of the context.
    pub(crate) measured: Option<(u32, u32)>,
    /// Number of the newest change.
    pub(crate) changes: u32,
}

impl Draft {
    /// The message.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The system prompt.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// Tokens of the conversation with the draft, and of the context.
    pub fn measured(&self) -> Option<(u32, u32)> {
        self.measured
    }

    pub(crate) fn take_measure(&mut self, id: u32, tokens: u32, context_length: u32) {
        if id == self.changes {
            self.measured = Some((tokens, context_length));
        }
    }

    pub(crate) fn cannot_measure(&mut self, id: u32) {
        if id == self.changes {
            self.measured = None;
        }
    }
}
