//! Runs in pieces: blocks of items, one line of a log each, so that a run can stop anywhere and go on, and several
//! machines can share it.
//!
//! A log is a text: its first line says what was run, each other one holds the outcomes of a block. What was written of a
//! line when a run was killed is no line, and its block is run again.

mod plan;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::arms::Arm;
use crate::item::Item;
use crate::outcome::Outcome;
use crate::split::Part;
pub use plan::{Block, Plan, Share};

/// The version of the format.
pub const VERSION: u32 = 1;

/// What answers depend on: two runs under the same conditions have the same tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Conditions {
    /// The program.
    pub generator: String,
    /// The SHA-256 of the model file.
    pub model: String,
    /// What the engine computes with.
    pub engine: String,
    /// Which part of the items; `None` for questions from a file.
    pub part: Option<Part>,
    /// What the items follow from.
    pub seed: String,
    /// What the draws follow from.
    pub draws: String,
    /// The SHA-256 of all questions.
    pub questions: String,
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// Whether an answer ends with its first line.
    pub one_line: bool,
    /// Items of a block: a sham repeats what was seen in its own.
    pub block: u32,
    /// What is compared.
    pub arms: Vec<Arm>,
}

/// What is run: logs with the same can be put together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub version: u32,
    /// What answers depend on.
    pub conditions: Conditions,
    /// What is asked.
    pub families: Vec<Asked>,
}

/// The items of a family, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its name.
    pub family: String,
    /// The fact of each item.
    pub facts: Vec<u32>,
    /// The level of difficulty of each item, from 1.
    pub levels: Vec<u32>,
}

impl Asked {
    /// Of these items.
    pub fn of(family: &str, items: &[Item]) -> Self {
        Self {
            family: family.to_owned(),
            facts: items.iter().map(|item| item.fact).collect(),
            levels: items.iter().map(|item| item.level).collect(),
        }
    }
}

/// The outcomes of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The block.
    pub block: Block,
    /// (items, arms).
    pub outcomes: Vec<Vec<Outcome>>,
    /// How long each arm took.
    pub seconds: Vec<f64>,
}

/// A log that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// What was run.
    pub header: Header,
    /// What came of it so far.
    pub lines: Vec<Line>,
    /// Bytes of the whole lines: what comes after them is a line that was not finished.
    pub whole: usize,
}

/// Why a log can't be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The first line is none of a log.
    #[error("this is no log of an evaluation ({0}): choose another file to write to")]
    Foreign(String),
    /// Another version of the format.
    #[error(
        "this log has version {found} of the format, this program writes {VERSION}: choose another file to write to, or the program that began it"
    )]
    Version {
        /// The log's.
        found: u64,
    },
    /// A line that is no block's.
    #[error("line {line} is broken ({problem}): remove it, and its items are run again")]
    Broken {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// Something else was run.
    #[error(
        "this log is of another run: not the same {0}. Choose another file to write to, or run what it was begun with"
    )]
    Other(&'static str),
    /// Two logs have the same block with different outcomes.
    #[error(
        "two logs differ about items {from} and on of {family:?}: they were not made by the same program"
    )]
    Contradiction {
        /// The block's family.
        family: String,
        /// Its first item.
        from: u32,
    },
}

impl Log {
    /// Reads a log; `None` for one without a whole line. A run may have been killed inside a letter.
    ///
    /// # Errors
    /// It is none, or one of another version, or a line in it is broken.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, LogError> {
        let foreign = |problem: &dyn std::fmt::Display| LogError::Foreign(problem.to_string());
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let text = std::str::from_utf8(bytes.get(..whole).unwrap_or_default());
        let mut lines = (1..).zip(text.map_err(|error| foreign(&error))?.lines());
        let Some((_, first)) = lines.next() else { return Ok(None) };
        let value: serde_json::Value =
            serde_json::from_str(first).map_err(|error| foreign(&error))?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(found) if found != u64::from(VERSION) => return Err(LogError::Version { found }),
            _ => {}
        }
        let header = Header::deserialize(value).map_err(|error| foreign(&error))?;
        let blocks: HashSet<Block> = Plan::of(&header).blocks().into_iter().collect();
        let read = |(number, text)| {
            let broken = |problem: String| LogError::Broken { line: number, problem };
            let line: Line =
                serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
            match line.problem(&blocks, header.conditions.arms.len()) {
                Some(problem) => Err(broken(problem.to_owned())),
                None => Ok(line),
            }
        };
        let lines = lines.map(read).collect::<Result<_, _>>()?;
        Ok(Some(Self { header, lines, whole }))
    }

    /// Puts logs of one run together. A block that is in several counts once.
    ///
    /// # Errors
    /// They are of different runs, or have different outcomes for a block.
    pub fn merge(mut self, other: Self) -> Result<Self, LogError> {
        self.header.must_be(&other.header)?;
        for line in other.lines {
            match self.lines.iter().find(|own| own.block == line.block) {
                None => self.lines.push(line),
                Some(own) if own.outcomes == line.outcomes => {}
                Some(own) => {
                    let Block { family, from, .. } = own.block;
                    let family = self.header.families.get(family as usize);
                    let family = family.map(|asked| asked.family.clone()).unwrap_or_default();
                    return Err(LogError::Contradiction { family, from });
                }
            }
        }
        Ok(self)
    }

    /// The blocks that are still to be run.
    pub fn missing(&self) -> Vec<Block> {
        let done = |block: &Block| self.lines.iter().any(|line| line.block == *block);
        Plan::of(&self.header).blocks().into_iter().filter(|block| !done(block)).collect()
    }
}

impl Line {
    /// What is wrong with it in a log of these blocks and as many arms.
    fn problem(&self, blocks: &HashSet<Block>, arms: usize) -> Option<&'static str> {
        if !blocks.contains(&self.block) {
            return Some("there is no such block");
        }
        let items = self.outcomes.len() == (self.block.to - self.block.from) as usize;
        let arms = self.outcomes.iter().all(|item| item.len() == arms);
        (!items || !arms).then_some("it has outcomes too many or too few")
    }
}

impl Header {
    /// Its line.
    ///
    /// # Errors
    /// A number that JSON has no word for.
    pub fn line(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// Checks that both are of one run.
    ///
    /// # Errors
    /// [`LogError::Other`] names the first thing that differs.
    pub fn must_be(&self, other: &Self) -> Result<(), LogError> {
        let (own, others) = (&self.conditions, &other.conditions);
        let same = [
            ("version", self.version == other.version),
            ("program version", own.generator == others.generator),
            ("model", own.model == others.model),
            ("part", own.part == others.part),
            ("engine", own.engine == others.engine),
            ("seed", own.seed == others.seed),
            ("draws", own.draws == others.draws),
            ("most tokens", own.max_tokens == others.max_tokens),
            ("end of answers", own.one_line == others.one_line),
            ("families", self.families == other.families),
            ("questions", own.questions == others.questions),
            ("size of blocks", own.block == others.block),
            ("samplers", own.arms == others.arms),
        ];
        match same.into_iter().find(|(_, same)| !same) {
            Some((what, _)) => Err(LogError::Other(what)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
