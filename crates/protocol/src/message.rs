//! What page and worker say to each other.

use entropix::{Decision, SamplerConfig};
use serde::{Deserialize, Serialize};

use crate::{PositionScore, Problem, TokenEntry};

/// Version of these messages; page and worker refuse to talk if theirs differ.
pub const PROTOCOL_VERSION: u32 = 3;

/// Name of the envelope's property that carries a `Blob` or `File` handle.
pub const BLOB: &str = "blob";

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
    /// The token ids the model produced for `content`, without the end-of-turn token.
    /// They are put into the next prompt as they are, so that the cache can be reused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<u32>>,
}

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// Addresses tried in order; the file must have this length and hash.
    Web {
        /// Name shown to people.
        name: String,
        /// Addresses, relative to the page or absolute.
        urls: Vec<String>,
        /// Length in bytes.
        bytes: f64,
        /// SHA-256 in lower-case hex.
        sha256: String,
    },
    /// A file the person picked (or bytes the page kept), attached as [`BLOB`]; not hashed.
    Blob {
        /// Name shown to people.
        name: String,
    },
}

/// Page to worker.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Fetch, check and load a model, replacing the one that is loaded.
    Load {
        /// Where it comes from.
        source: Source,
    },
    /// Answer a conversation. One generation at a time.
    Generate {
        /// Chosen by the page; every event about this generation carries it.
        id: u32,
        /// The conversation so far; the last turn is the user's.
        messages: Vec<ChatMessage>,
        /// The sampler and its numbers.
        sampler: SamplerConfig,
        /// Seed of the random stream.
        seed: u32,
        /// Most tokens to produce; 0 = as many as the context holds.
        max_tokens: u32,
        /// Whether to send each token's [`crate::AttentionEntropy`] along.
        #[serde(default)]
        attention: bool,
    },
    /// Predict given tokens, for evaluations.
    Score {
        /// Chosen by the page; every event about it carries it.
        id: u32,
        /// The tokens.
        ids: Vec<u32>,
        /// The first position to report.
        from: u32,
    },
    /// Count the tokens of a conversation, to warn before it is sent.
    Measure {
        /// Chosen by the page; the answer carries it.
        id: u32,
        /// The conversation with the text still being typed as its last turn.
        messages: Vec<ChatMessage>,
    },
    /// End the running generation (within one token) or download.
    Stop,
    /// Remove stored models from this browser.
    Forget,
}

/// What a load is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Bytes come over the network.
    Download,
    /// Bytes come from this browser's storage.
    Read,
    /// The model is being built in memory.
    Build,
}

/// Facts about a loaded model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Name in the manifest, or the file's name.
    pub name: String,
    /// GGUF architecture, such as `llama`.
    pub architecture: String,
    /// File length in bytes.
    pub bytes: f64,
    /// Positions the engine can hold.
    pub context_length: u32,
    /// Number of tokens in the vocabulary.
    pub vocabulary: u32,
    /// Number of layers.
    pub layers: u32,
    /// Commonest tensor type by bytes, such as `Q4_1`.
    pub quantization: String,
    /// What does the arithmetic: `scalar`, `avx2`, `simd128` or `candle`.
    pub kernel: String,
    /// The pause token of this model's vocabulary (`" ..."`), if it has one.
    pub pause_token: Option<u32>,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model produced an end-of-generation token.
    EndOfTurn,
    /// `max_tokens` were produced.
    MaxTokens,
    /// The context is full.
    ContextFull,
    /// The person stopped it.
    Stopped,
}

/// How fast a generation was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Of these, tokens that were still in the cache.
    pub reused_tokens: u32,
    /// Time spent on the prompt's other tokens, in ms.
    pub prefill_ms: f64,
    /// Tokens produced.
    pub tokens: u32,
    /// Time spent producing them, sampler included, in ms.
    pub decode_ms: f64,
    /// Of it, time spent on decisions and on what is recorded of them, in ms; inside branches it is not
    /// counted.
    #[serde(default)]
    pub sampler_ms: f64,
    /// WebAssembly memory, in bytes; 0 outside the browser.
    pub memory_bytes: f64,
}

impl Stats {
    /// Prompt tokens per second, or `None` if nothing was prefilled.
    pub fn prefill_tokens_per_second(&self) -> Option<f64> {
        rate(self.prompt_tokens.saturating_sub(self.reused_tokens), self.prefill_ms)
    }

    /// Produced tokens per second, or `None` if nothing was produced.
    pub fn decode_tokens_per_second(&self) -> Option<f64> {
        rate(self.tokens, self.decode_ms)
    }
}

fn rate(tokens: u32, ms: f64) -> Option<f64> {
    (tokens > 0 && ms > 0.0).then(|| f64::from(tokens) * 1000.0 / ms)
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The worker is up and will answer. Requests sent earlier were kept.
    Hello {
        /// [`PROTOCOL_VERSION`] of the worker.
        protocol: u32,
    },
    /// A load went on.
    Progress {
        /// What it is doing.
        phase: Phase,
        /// Bytes done.
        done: f64,
        /// Bytes in all.
        total: f64,
    },
    /// The model is loaded. The file is attached as [`BLOB`] (a handle, not a copy), so that the
    /// page can give it to a new worker without another download.
    Ready {
        /// Facts about it.
        model: ModelInfo,
        /// Time from the last byte to ready, in ms.
        build_ms: f64,
        /// Whether the bytes are in this browser's storage for the next visit, and if not, why.
        storage: Option<String>,
    },
    /// A load failed or was stopped, and the earlier model is still loaded. [`Event::Failed`]
    /// follows.
    Kept {
        /// Facts about the earlier model.
        model: ModelInfo,
    },
    /// Part of the prompt was read.
    Prefill {
        /// Which generation.
        id: u32,
        /// Tokens done, reused ones included.
        done: u32,
        /// Tokens in all.
        total: u32,
    },
    /// A token was chosen.
    Token {
        /// Which generation.
        id: u32,
        /// The token and everything known about it.
        entry: TokenEntry,
    },
    /// Branches went on; the tokens of the one that is kept follow.
    BranchProgress {
        /// Which generation.
        id: u32,
        /// How many branches there are.
        branches: u32,
        /// Tokens of the longest.
        tokens: u32,
    },
    /// Tokens were taken back.
    Retract {
        /// Which generation.
        id: u32,
        /// Tokens of the answer that stay.
        to: u32,
        /// The decision, with its sentence.
        reason: Decision,
    },
    /// A generation ended.
    Done {
        /// Which generation.
        id: u32,
        /// Why.
        finish: Finish,
        /// How fast it was.
        stats: Stats,
    },
    /// Part of the answer to [`Request::Score`]; [`Event::Done`] follows the last part.
    Scored {
        /// Which question.
        id: u32,
        /// The next positions.
        positions: Vec<PositionScore>,
    },
    /// The answer to [`Request::Measure`].
    Measured {
        /// Which question.
        id: u32,
        /// Tokens of the whole prompt.
        tokens: u32,
        /// Tokens the context holds.
        context_length: u32,
    },
    /// Stored models were removed.
    Forgotten,
    /// Something failed. The worker goes on, unless the kind is `Crashed` or `OutOfMemory`.
    Failed {
        /// The generation it belongs to, if any.
        id: Option<u32>,
        /// What happened and what to do.
        problem: Problem,
    },
}
