//! An answer, how it was made and how it stands.

use entropix::Action;
use entropix_protocol::{Beginning, Finish, Given, Recipe, Retracted, Stats, Step, TokenEntry};
use serde::{Deserialize, Serialize};

/// Name of a turn: never used twice in a conversation, and larger than its parent's.
pub type TurnId = u32;

/// Where an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// The prompt is being read: tokens done, tokens in all (0 = not known yet).
    Reading(u32, u32),
    /// Tokens are coming.
    Writing,
    /// Branches are tried: how many, tokens of the longest.
    Branching(u32, u32),
    /// It ended.
    Finished(Finish),
    /// What made it broke down in the middle.
    Interrupted,
    /// It was refused.
    Failed,
}

impl Progress {
    /// Whether more may come.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Reading(..) | Self::Writing | Self::Branching(..))
    }
}

/// How an answer is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Sampler, seed and length.
    pub recipe: Recipe,
    /// Instructions before the conversation; "" for none.
    pub system: String,
    /// Name of the model.
    pub model: String,
    /// Which vocabulary the token ids belong to, as [`Made::vocabulary_of`] names it; "" if that is not known.
    pub vocabulary: String,
    /// Where it parted from an earlier version, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
}

/// Where an answer parted from an earlier version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// That version, which may be gone.
    pub turn: TurnId,
    /// Its tokens that were kept.
    pub at: u32,
    /// What was said instead of the next one.
    pub given: Given,
}

impl Made {
    /// By a recipe alone, where nobody asks for the names.
    pub fn of(recipe: Recipe) -> Self {
        let [system, model, vocabulary] = [const { String::new() }; 3];
        Self { recipe, system, model, vocabulary, fork: None }
    }

    /// Token ids of two models of the same name are the same; of others they may not be.
    pub fn vocabulary_of(model: &entropix_protocol::ModelInfo) -> String {
        format!("{} {} {}", model.architecture, model.vocabulary, model.bytes)
    }
}

/// What a [`Step`] changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// The answer went on, but has the tokens it had.
    Progress,
    /// It has other tokens.
    Tokens,
    /// It is over.
    Over,
}

/// An answer and everything known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Its tokens.
    pub entries: Vec<TokenEntry>,
    /// What was taken back while it was made, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retracted: Vec<Retracted>,
    /// Where it is.
    pub progress: Progress,
    /// How it is made.
    pub made: Made,
    /// Tokens of the prompt; 0 as long as that is not known.
    #[serde(default)]
    pub prompt_tokens: u32,
    /// How fast it was.
    #[serde(default)]
    pub stats: Option<Stats>,
}

impl Answer {
    /// One that begins.
    pub fn begin(made: Made) -> Self {
        Self {
            entries: Vec::new(),
            retracted: Vec::new(),
            progress: Progress::Reading(0, 0),
            made,
            prompt_tokens: 0,
            stats: None,
        }
    }

    /// One that begins with the first `fork.at` tokens of this one.
    pub(crate) fn parted(&self, fork: Fork) -> Self {
        let at = fork.at as usize;
        let before = |retracted: &&Retracted| retracted.to < fork.at;
        let retracted = self.retracted.iter().filter(before).cloned().collect();
        let entries = self.entries.iter().take(at).cloned().collect();
        let made = Made { fork: Some(fork), ..self.made.clone() };
        Self { entries, retracted, ..Self::begin(made) }
    }

    /// What its generation begins with, as long as none of it has come.
    pub fn beginning(&self) -> Beginning {
        let fork = self.made.fork.as_ref();
        let parts = fork.filter(|fork| fork.at as usize == self.entries.len());
        Beginning {
            kept: self.tokens(),
            then: parts.map_or(Given::Nothing, |fork| fork.given.clone()),
        }
    }

    /// Whether it is a text that was read, however it goes on.
    pub fn is_text(&self) -> bool {
        let read = |entry: &TokenEntry| entry.decision.action == Action::Read;
        self.given_text().is_some() || self.entries.first().is_some_and(read)
    }

    /// The text that was to be read.
    pub fn given_text(&self) -> Option<&str> {
        match &self.made.fork.as_ref()?.given {
            Given::Whole(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it ended before its end.
    pub fn is_cut_short(&self) -> bool {
        let cut = matches!(
            self.progress,
            Progress::Finished(Finish::MaxTokens | Finish::Stopped) | Progress::Interrupted
        );
        cut && !self.entries.is_empty()
    }

    /// Goes on where it was cut short.
    pub(crate) fn resume(&mut self) {
        self.progress = Progress::Reading(0, 0);
        self.stats = None;
    }

    /// The text so far.
    pub fn text(&self) -> String {
        self.entries.iter().map(|entry| entry.text.as_str()).collect()
    }

    /// Index of the end-of-generation token, if there is one.
    pub fn end(&self) -> Option<usize> {
        (self.progress == Progress::Finished(Finish::EndOfTurn))
            .then(|| self.entries.len().checked_sub(1))
            .flatten()
    }

    /// Its token ids, the end-of-generation token included.
    pub fn tokens(&self) -> Vec<u32> {
        self.entries.iter().map(|entry| entry.decision.token).collect()
    }

    /// Its token ids, without the end-of-generation token.
    pub fn ids(&self) -> Vec<u32> {
        let mut ids = self.tokens();
        ids.truncate(self.end().unwrap_or(ids.len()));
        ids
    }

    /// Takes in what its generation did next. Nothing, once it is over.
    pub fn apply(&mut self, step: Step) -> Change {
        if !self.progress.is_running() {
            return Change::Nothing;
        }
        match step {
            Step::Prefill { done, total } => {
                self.progress = Progress::Reading(done, total);
                // What it begins with is read along.
                self.prompt_tokens = total.saturating_sub(self.entries.len() as u32);
                Change::Progress
            }
            Step::Token { entry } => {
                self.progress = Progress::Writing;
                self.entries.push(*entry);
                Change::Tokens
            }
            Step::Branch { branches, tokens } => {
                self.progress = Progress::Branching(branches, tokens);
                Change::Progress
            }
            Step::Retract { to, reason } => {
                self.progress = Progress::Writing;
                self.retracted.push(Retracted::from_end(&mut self.entries, to, *reason));
                Change::Tokens
            }
            Step::Done { finish, stats } => {
                self.progress = Progress::Finished(finish);
                if self.prompt_tokens == 0 {
                    self.prompt_tokens = stats.prompt_tokens;
                }
                self.stats = Some(stats);
                Change::Over
            }
        }
    }

    /// Ends it where it is.
    pub(crate) fn end_as(&mut self, progress: Progress) -> Change {
        if !self.progress.is_running() {
            return Change::Nothing;
        }
        self.progress = progress;
        Change::Over
    }
}
