//! What page and worker say to each other.

use entropix::Decision;
use serde::{Deserialize, Serialize};

use crate::{
    Beginning, ChatMessage, Finish, Grown, ModelInfo, Parting, PositionScore, Problem, Recipe,
    Stats, TokenEntry,
};

/// Version of these messages; page and worker refuse to talk if theirs differ.
pub const PROTOCOL_VERSION: u32 = 8;

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// A file the person picked (or bytes the page kept), attached to the envelope; not hashed.
    Blob {
        /// Name shown to people.
        name: String,
    },
}

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Fetch, check and load a model, replacing the one that is loaded.
    Load {
        /// Where it comes from.
        source: Source,
        /// Take it from this browser's storage or fail with [`crate::ProblemKind::NotStored`]: nothing is downloaded.
        #[serde(default)]
        only_stored: bool,
    },
    /// Answer a conversation. One generation at a time.
    Generate {
        /// Chosen by the page; every event about this generation carries it.
        id: u32,
        /// The conversation so far; the last turn is the user's. None: what it begins with is a text by itself.
        messages: Vec<ChatMessage>,
        /// How to answer.
        recipe: Recipe,
        /// What the answer begins with.
        #[serde(default)]
        beginning: Beginning,
    },
    /// Answer a conversation in several ways side by side: each is a generation, of which the first has the id and
    /// the others the next ones.
    SideBySide {
        /// Chosen by the page.
        id: u32,
        /// The conversation so far; the last turn is the user's.
        messages: Vec<ChatMessage>,
        /// How to answer: at most a few ways, since a pass over the weights is shared by all.
        recipes: Vec<Recipe>,
    },
    /// Continue an answer from other tokens, for a short while each.
    WhatIf {
        /// Chosen by the page; every event about it carries it.
        id: u32,
        /// The conversation that the answer answers.
        messages: Vec<ChatMessage>,
        /// How to go on. The most tokens are those of each.
        recipe: Recipe,
        /// The answer's tokens, that of its end included.
        answer: Vec<u32>,
        /// Where they part from it.
        partings: Vec<Parting>,
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
    /// End the running generation (within one token) or download, of which nothing is kept.
    Stop,
    /// End the running download, and keep what has come for the next one.
    Pause,
    /// Remove a stored model, or what is there of one, from this browser.
    Forget {
        /// Its SHA-256.
        sha256: String,
    },
    /// Hash a stored model again: [`Event::Verified`].
    Verify {
        /// What its SHA-256 should be.
        sha256: String,
        /// Its length in bytes.
        bytes: f64,
    },
    /// Give a sign of life: [`Event::Pong`].
    Ping,
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

/// Where a loaded model's bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// In this browser's storage, for the next visit.
    Stored,
    /// In memory only.
    NotStored {
        /// Why, in words.
        why: String,
    },
    /// In a file of the person's own, which is never stored.
    OwnFile,
}

/// What came of hashing a stored model again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is what it was.
    Sound,
    /// It is another file by now, which was removed.
    Damaged,
    /// The browser could not read it, which may pass.
    Unreadable,
}

/// What a generation did next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Read part of the prompt.
    Prefill {
        /// Tokens read, reused ones and those that are kept of an earlier answer included.
        done: u32,
        /// Tokens in all.
        total: u32,
    },
    /// Chose a token.
    Token {
        /// The token and everything known about it.
        entry: Box<TokenEntry>,
    },
    /// Went on with branches, of which one will be kept: its tokens follow.
    Branch {
        /// How many there are.
        branches: u32,
        /// Tokens of the longest.
        tokens: u32,
    },
    /// Took back tokens of the answer.
    Retract {
        /// Tokens that stay.
        to: u32,
        /// The decision, with its sentence.
        reason: Box<Decision>,
    },
    /// The answer is complete.
    Done {
        /// Why.
        finish: Finish,
        /// How fast it was.
        stats: Stats,
    },
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Loading a model.
    Load,
    /// A generation, which is over.
    Generation {
        /// Which one.
        id: u32,
    },
    /// Counting the tokens of a draft.
    Measure {
        /// Which question.
        id: u32,
    },
    /// Continuing an answer from other tokens.
    WhatIf {
        /// Which question.
        id: u32,
    },
    /// Predicting given tokens.
    Score {
        /// Which question.
        id: u32,
    },
    /// A request that could not be read, or the worker itself.
    Worker,
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The worker is up and will answer. Requests sent earlier were kept.
    Hello {
        /// [`PROTOCOL_VERSION`] of the worker.
        protocol: u32,
    },
    /// The answer to [`Request::Ping`].
    Pong,
    /// A load went on.
    Progress {
        /// What it is doing.
        phase: Phase,
        /// Bytes done.
        done: f64,
        /// Bytes in all.
        total: f64,
    },
    /// So much of a download is in this browser's storage, should it end here.
    Partial {
        /// SHA-256 of the whole file.
        sha256: String,
        /// From its beginning, in bytes; 0 if nothing is kept.
        bytes: f64,
    },
    /// The model is loaded. The file is attached to the envelope (a handle, not a copy), so that
    /// the page can give it to a new worker without another download.
    Ready {
        /// Facts about it.
        model: ModelInfo,
        /// Time from the last byte to ready, in ms.
        build_ms: f64,
        /// Where its bytes are kept.
        storage: Storage,
    },
    /// A load failed or was stopped, and the earlier model is still loaded. [`Event::Failed`]
    /// follows.
    Kept {
        /// Facts about the earlier model.
        model: ModelInfo,
    },
    /// A generation went on.
    Generation {
        /// Which one.
        id: u32,
        /// What it did.
        step: Step,
    },
    /// Part of the answer to [`Request::WhatIf`].
    WhatIf {
        /// Which question.
        id: u32,
        /// Those that went on.
        grown: Vec<Grown>,
        /// Whether nothing more will come.
        last: bool,
    },
    /// Part of the answer to [`Request::Score`].
    Scored {
        /// Which question.
        id: u32,
        /// The next positions.
        positions: Vec<PositionScore>,
        /// Whether these are the last ones.
        last: bool,
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
    /// A stored model, or what was there of one, was removed.
    Forgotten {
        /// Its SHA-256.
        sha256: String,
    },
    /// A stored model was hashed again. One that is damaged was removed, and [`Event::Forgotten`] came before; of one
    /// that is not there that is all that comes.
    Verified {
        /// What its SHA-256 should be.
        sha256: String,
        /// What came of it.
        verdict: Verdict,
    },
    /// Something failed. The worker goes on, unless the kind is `Crashed` or `OutOfMemory`.
    Failed {
        /// What it is about.
        about: About,
        /// What happened and what to do.
        problem: Problem,
    },
}
