//! A recorded answer: what `entropix generate` prints, the page exports and `www/traces/` holds.

use entropix::{Decision, SamplerConfig};
use serde::{Deserialize, Serialize};

use crate::{ChatMessage, Finish, Seed, TokenEntry};

/// Version of the trace format.
pub const SCHEMA: u32 = 2;
/// Older versions that can be read.
const READS: [u32; 2] = [1, SCHEMA];

/// Tokens that were taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Retracted {
    /// Tokens of the answer that stayed.
    pub to: u32,
    /// The tokens that went.
    pub tokens: Vec<TokenEntry>,
    /// The decision after the last of them, with its sentence.
    pub reason: Decision,
}

impl Retracted {
    /// Takes back all but the first `to` of `tokens`.
    pub fn from_end(tokens: &mut Vec<TokenEntry>, to: u32, reason: Decision) -> Self {
        let gone = tokens.split_off(tokens.len().min(to as usize));
        Self { to, tokens: gone, reason }
    }
}

/// A recorded answer: what `entropix record` and the page's "Download trace" write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Trace {
    /// Version of the format: [`SCHEMA`], or an earlier one.
    #[cfg_attr(test, schemars(extend("enum" = READS)))]
    pub schema: u32,
    /// Program and version that made it.
    pub generator: String,
    /// Name of the model.
    pub model: String,
    /// The conversation before the answer.
    pub messages: Vec<ChatMessage>,
    /// The sampler and its numbers.
    #[cfg_attr(test, schemars(schema_with = "crate::schema::sampler"))]
    pub sampler: SamplerConfig,
    /// Seed of the random stream.
    pub seed: Seed,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// The answer, token by token; the end-of-generation token, if produced, is the last.
    pub tokens: Vec<TokenEntry>,
    /// What was taken back while it was made, in order. Not part of the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retracted: Vec<Retracted>,
    /// Why it ended.
    pub finish: Finish,
}

/// Why a trace can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// Made by a newer program.
    #[error("this trace has schema {found}, this program reads schemas up to {SCHEMA}")]
    Schema {
        /// The schema it has.
        found: u32,
    },
}

impl Trace {
    /// The whole answer.
    pub fn text(&self) -> String {
        self.tokens.iter().map(|token| token.text.as_str()).collect()
    }

    /// Checks that this program understands the trace.
    ///
    /// # Errors
    /// Another schema.
    pub fn check(&self) -> Result<(), TraceError> {
        if READS.contains(&self.schema) {
            Ok(())
        } else {
            Err(TraceError::Schema { found: self.schema })
        }
    }
}
