//! The list of models the page offers.

use entropix::PromisedConfig;
use entropix_protocol::Source;
use serde::{Deserialize, Serialize};

/// One model of `models/manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Name shown to people.
    pub name: String,
    /// File name.
    pub file: String,
    /// Length in bytes.
    pub bytes: f64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
    /// Licence of the weights.
    pub licence: String,
    /// Bytes that keys and values of one token take.
    #[serde(default)]
    pub cache: f64,
    /// Whether the makers of this page ran this file.
    #[serde(default = "yes")]
    pub tried: bool,
    /// Cuts and phrases of the sampler PROMISED.
    #[serde(default)]
    pub promised: PromisedConfig,
    /// Bytes of it that are in this browser; the list says nothing of it.
    #[serde(default)]
    pub here: f64,
    /// Addresses, tried in order; relative ones are relative to the page.
    pub urls: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Tokens of the conversation for which memory is estimated.
const CONVERSATION: f64 = 2000.0;

impl Model {
    /// Memory that it needs with a conversation of 2,000 tokens, in bytes: weights take what they take in
    /// the file.
    pub fn memory(&self) -> f64 {
        self.bytes + CONVERSATION * self.cache
    }

    /// Whether all of it is in this browser.
    pub fn is_stored(&self) -> bool {
        self.here >= self.bytes
    }

    /// Whether some of it is in this browser, of a download that was broken off.
    pub fn is_part(&self) -> bool {
        0.0 < self.here && self.here < self.bytes
    }

    /// What the worker is told. `absolute` turns an address relative to the page into one that
    /// means the same in the worker, which lives elsewhere.
    pub fn source(&self, absolute: impl Fn(&str) -> String) -> Source {
        Source::Web {
            name: self.name.clone(),
            urls: self.urls.iter().map(|url| absolute(url)).collect(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
        }
    }
}

/// One recorded answer of `traces/index.json`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recording {
    /// File beside the index.
    pub file: String,
    /// What was asked.
    pub prompt: String,
    /// What made it.
    pub by: String,
    /// File of its continuations from other words, if they are recorded.
    pub what_if: Option<String>,
}
