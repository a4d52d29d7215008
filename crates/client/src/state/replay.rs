//! What a link repeats.

use std::collections::VecDeque;

use entropix_protocol::{Given, ModelInfo};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::link;
use crate::manifest::Model;
use crate::settings::Settings;

/// What a link repeats.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Replay {
    /// The question.
    pub(crate) prompt: String,
    pub(crate) system: String,
    /// Where the answer parted, first to last: tokens that were kept, and what was said then.
    pub(crate) forks: VecDeque<(u32, Given)>,
    /// The model's name, the types of its weights, and its hash if its file is one of a list.
    pub(crate) model: String,
    pub(crate) weights: String,
    pub(crate) sha256: String,
    pub(crate) settings: Settings,
}

/// A replay as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The question.
    pub prompt: String,
    /// With which model it was answered, and what follows from the one that is loaded.
    pub note: String,
    /// Whether it can be repeated now.
    pub can: bool,
}

impl Replay {
    /// Reads the fragment of an address; `None` if it repeats no answer.
    pub(crate) fn read(settings: &Settings, link: &str) -> Option<Self> {
        let mut replay = Self { settings: link::read(settings, link)?, ..Self::default() };
        for (name, value) in link.split('&').filter_map(|part| part.split_once('=')) {
            let text = percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "prompt" => replay.prompt = text,
                "system" => replay.system = text,
                "model" => replay.model = text,
                "weights" => replay.weights = text,
                "sha256" => replay.sha256 = text,
                "fork" => replay.forks.push_back(fork(&text)?),
                _ => {}
            }
        }
        (!replay.prompt.trim().is_empty()).then_some(replay)
    }

    pub(crate) fn write(&self) -> String {
        let mut link = link::write(&self.settings);
        let mut put = |name: &str, text: &str| {
            if !text.is_empty() {
                link.push('&');
                link.push_str(name);
                link.push('=');
                link.extend(utf8_percent_encode(text, NON_ALPHANUMERIC));
            }
        };
        put("prompt", &self.prompt);
        put("system", &self.system);
        for (at, given) in &self.forks {
            match given {
                Given::Token(id) => put("fork", &format!("{at}.{id}")),
                Given::Text(text) => put("fork", &format!("{at}:{text}")),
                Given::Nothing | Given::Whole(_) => {}
            }
        }
        put("model", &self.model);
        put("weights", &self.weights);
        put("sha256", &self.sha256);
        link
    }

    /// Whether a model is the one of the link. One of a person's own has no hash: name and weights tell.
    pub(crate) fn is_of(&self, model: &ModelInfo, entry: Option<&Model>) -> bool {
        match entry.filter(|_| !self.sha256.is_empty()) {
            Some(entry) => entry.sha256 == self.sha256,
            None => (&self.model, &self.weights) == (&model.name, &model.quantization),
        }
    }
}

/// `12.345`: after 12 tokens the one with this id; `12:so`: this text.
fn fork(text: &str) -> Option<(u32, Given)> {
    let (at, given) = text.split_at(text.find(['.', ':'])?);
    let rest = given.get(1..)?;
    let given = if given.starts_with('.') {
        Given::Token(rest.parse().ok()?)
    } else {
        Given::Text(rest.to_owned())
    };
    Some((at.parse().ok()?, given))
}
