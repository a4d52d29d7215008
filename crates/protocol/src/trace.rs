//! A recorded answer: what `entropix generate` prints, the page exports and `www/traces/` holds.

use entropix::{Decision, SamplerConfig, Sketch};
use serde::{Deserialize, Serialize};

use crate::{ChatMessage, Finish, Seed};

/// Version of the trace format.
pub const SCHEMA: u32 = 2;
/// Older versions that can be read.
const READS: [u32; 2] = [1, SCHEMA];

/// One of the most probable next tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Alternative {
    /// Token id.
    pub id: u32,
    /// How to show it: its text, or its bytes as `⟨E2 80⟩` where they are not whole characters.
    pub label: String,
    /// Probability at temperature 1 over the whole vocabulary.
    #[cfg_attr(test, schemars(range(min = 0, max = 1.000_000_1)))]
    pub p: f64,
}

/// How widely the last position looked, in each layer and head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AttentionEntropy {
    /// Heads in a layer.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub heads: u32,
    /// Positions looked at: no entropy is larger than their number's log₂.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub keys: u32,
    /// Entropy of the attention over the positions, in bits: layer by layer, head by head.
    pub bits: Vec<f32>,
}

/// One token of an answer and everything the sampler knew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TokenEntry {
    /// The text this token completes. The texts of an answer, joined, are the answer: a token that
    /// ends inside a character has "" and the next one brings the whole character.
    pub text: String,
    /// How to show the token by itself, as in [`Alternative::label`].
    pub label: String,
    /// Probability of this token at temperature 1 over the whole vocabulary.
    #[cfg_attr(test, schemars(range(min = 0, max = 1.000_000_1)))]
    pub p: f64,
    /// Number of tokens that were more probable.
    pub rank: u32,
    /// The decision.
    pub decision: Decision,
    /// The ten most probable tokens, most probable first.
    #[cfg_attr(test, schemars(length(max = 10)))]
    pub top: Vec<Alternative>,
    /// The distribution at any temperature: the 64 most probable tokens, and how many others have
    /// which logits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(schema_with = "crate::schema::sketch"))]
    pub sketch: Option<Sketch>,
    /// The text of each of the decision's branches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branch_texts: Vec<String>,
    /// Attention of the position that predicted this token, if it was asked for and the engine has
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<AttentionEntropy>,
}

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
