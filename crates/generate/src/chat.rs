//! A loaded model and its conversation.

use entropix_engine::{Loaded, LocalTime, Message, Prompt, Tokenizer};
use entropix_protocol::{ChatMessage, ModelInfo, Role};

use crate::ChatError;
use crate::info::info;
use crate::pool::{Pool, PoolLimits};

/// A loaded model, and the caches of the conversations it is having.
pub struct Chat {
    pub(crate) loaded: Loaded,
    pub(crate) pool: Pool,
    /// Logits of a batch, (sequences, vocabulary).
    pub(crate) scratch: Vec<f32>,
}

impl Chat {
    /// A model that has read nothing yet.
    pub fn new(loaded: Loaded) -> Self {
        let limits = PoolLimits::of(loaded.model.shape());
        Self::with_limits(loaded, limits)
    }

    /// The same, with other limits of what is kept between answers.
    pub fn with_limits(loaded: Loaded, limits: PoolLimits) -> Self {
        Self { loaded, pool: Pool::new(limits), scratch: Vec::new() }
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.loaded.tokenizer
    }

    /// The model with its file's other parts.
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Facts about the model under the name that people know it by.
    pub fn info(&self, name: &str) -> ModelInfo {
        let Loaded { facts, tokenizer, model, .. } = &self.loaded;
        info(name, facts, model.shape(), tokenizer)
    }

    /// The prompt of a conversation, up to where the answer begins. `now` is for templates that name the date. Of no
    /// messages it is what a text by itself begins after.
    ///
    /// # Errors
    /// The file has no sound template, or it refused the conversation.
    pub fn prompt(&self, messages: &[ChatMessage], now: LocalTime) -> Result<Prompt, ChatError> {
        if messages.is_empty() {
            let ids = self.tokenizer().start().into_iter().collect();
            return Ok(Prompt { text: String::new(), ids });
        }
        let messages: Vec<_> = messages
            .iter()
            .map(|message| Message {
                role: role(message.role),
                content: &message.content,
                ids: message.ids.as_deref(),
            })
            .collect();
        Ok(self.loaded.template.prompt(&self.loaded.tokenizer, &messages, true, now)?)
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
