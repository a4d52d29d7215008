//! Answers of all arms to some items, many at a time.

mod recording;
mod several;
mod tally;

use std::collections::HashMap;
use std::sync::Arc;

use entropix::SamplerConfig;
use entropix_engine::LocalTime;
use entropix_generate::{Chat, ChatError, Generation, ReadPrompt, batch};
use entropix_protocol::{ChatMessage, Given, Recipe, Role, Seed, Trace};
use web_time::Instant;

use crate::arms::{Arm, Control, Method};
use crate::gates::{Donors, Look, Looks, Recorder, Sham};
use crate::item::Item;
use crate::outcome::Outcome;
use crate::random::seed;
use recording::Recording;
use tally::{Answer, Tally};

/// For templates that name the date: the same on every day.
const NOW: LocalTime = LocalTime { year: 2024, month: 10, day: 4, hour: 12, minute: 0, second: 0 };

/// How answers are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// What every draw follows from, besides the item.
    pub draws: String,
    /// Most tokens of an answer, those of inserted phrases aside.
    pub max_tokens: u32,
    /// Whether an answer ends with its first line.
    pub one_line: bool,
    /// Answers that are made side by side. The tokens are the same for any number.
    pub width: usize,
    /// Whether single answers are kept as traces.
    pub traced: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { draws: String::new(), max_tokens: 24, one_line: true, width: 16, traced: false }
    }
}

/// Why items could not be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The engine or a sampler failed.
    #[error("item {number} of {family:?}: {why}")]
    Answer {
        /// Its family.
        family: String,
        /// Its number.
        number: u32,
        /// What happened.
        why: ChatError,
    },
    /// A sham without the real sampler.
    #[error("{0:?} repeats what PROMISED saw on other items: run PROMISED as well")]
    NoDonor(String),
    /// A sham of items that are all of one fact.
    #[error(
        "{0:?} repeats what PROMISED saw on other facts: a block needs two at least, make it larger"
    )]
    OneFact(String),
}

/// What came of some items.
#[derive(Debug)]
pub struct Answered {
    /// (items, arms).
    pub outcomes: Vec<Vec<Outcome>>,
    /// How long each arm took, in seconds, prompts aside; a step of several answers is shared among them in equal parts, so
    /// that it is exact only for one at a time.
    pub seconds: Vec<f64>,
    /// Single answers, if they are kept.
    pub traces: Vec<Traced>,
    /// What the first promised sampler saw on each item, the donor of shams if there are any: (items, looks).
    pub looks: Vec<Vec<Look>>,
}

/// An answer, token by token.
#[derive(Debug)]
pub struct Traced {
    /// The item's place among those that were run.
    pub item: usize,
    /// The arm's.
    pub arm: usize,
    /// The answer, without the names of program and model.
    pub trace: Trace,
}

/// An answer to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Job {
    item: usize,
    arm: usize,
    /// Which one, of several answers.
    answer: u32,
}

/// Answers items by all arms: first those that need nothing, then shams of what PROMISED saw on these very items. They
/// should be of one family. `told` hears of every token that was made.
///
/// # Errors
/// The engine or a sampler failed, or a sham lacks the real sampler.
pub fn run(
    chat: &mut Chat,
    items: &[Item],
    arms: &[Arm],
    options: &Options,
    mut told: impl FnMut(u32),
) -> Result<Answered, RunError> {
    let is_sham = |arm: &Arm| arm.needs().is_some();
    let promised = arms.iter().find_map(Arm::needs);
    let donor = promised.and_then(|own| arms.iter().position(|arm| arm.is_donor(own)));
    if let (Some(sham), None) = (arms.iter().find(|arm| is_sham(arm)), donor) {
        return Err(RunError::NoDonor(sham.name.clone()));
    }
    let mut run = Run {
        items,
        arms,
        options,
        recorded: donor.or_else(|| arms.iter().position(is_promised)),
        // Copies would share what they hold.
        looks: items.iter().map(|_| Looks::default()).collect(),
        donors: None,
        seconds: vec![0.0; arms.len()],
        traces: Vec::new(),
    };
    let mut answers = run.answers(chat, |arm| !is_sham(arm), &mut told)?;
    let looks: Vec<Vec<Look>> = run.looks.iter().map(Looks::take).collect();
    if let Some(sham) = arms.iter().find(|arm| is_sham(arm)).filter(|_| !items.is_empty()) {
        let facts = items.iter().map(|item| item.fact);
        let seen = facts.zip(looks.iter().map(Vec::as_slice));
        let first = items.first().map(|item| (item.family.as_str(), item.number.to_string()));
        let (family, number) = first.unwrap_or_default();
        let donors = Donors::of(seen, &[&options.draws, "donors", family, &number]);
        let donors = donors.ok_or_else(|| RunError::OneFact(sham.name.clone()))?;
        run.donors = Some(Arc::new(donors));
    }
    answers.extend(run.answers(chat, is_sham, &mut told)?);
    let outcomes = run.outcomes(answers);
    Ok(Answered { outcomes, seconds: run.seconds, traces: run.traces, looks })
}

/// The tokens that ask an item's question in a new conversation, after its examples.
///
/// # Errors
/// The file has no sound template, or it refused the question.
pub fn prompt(chat: &Chat, item: &Item) -> Result<Vec<u32>, ChatError> {
    Ok(chat.prompt(&messages(item), NOW)?.ids)
}

fn messages(item: &Item) -> Vec<ChatMessage> {
    let message =
        |role, content: &String| ChatMessage { role, content: content.clone(), ids: None };
    let examples = item.examples.iter().flat_map(|(question, answer)| {
        [message(Role::User, question), message(Role::Assistant, answer)]
    });
    examples.chain([message(Role::User, &item.question)]).collect()
}

fn is_promised(arm: &Arm) -> bool {
    matches!(arm.method, Method::Sampler(SamplerConfig::Promised(_)))
}

struct Run<'a> {
    items: &'a [Item],
    arms: &'a [Arm],
    options: &'a Options,
    /// The arm whose looks are kept.
    recorded: Option<usize>,
    looks: Vec<Looks>,
    donors: Option<Arc<Donors>>,
    /// By arm.
    seconds: Vec<f64>,
    traces: Vec<Traced>,
}

/// An answer in the making.
struct Going {
    job: Job,
    generation: Generation,
    tally: Tally,
    recording: Option<Recording>,
}

impl Run<'_> {
    /// All answers of some arms.
    fn answers(
        &mut self,
        chat: &mut Chat,
        which: impl Fn(&Arm) -> bool,
        told: &mut impl FnMut(u32),
    ) -> Result<HashMap<Job, Answer>, RunError> {
        let arms: Vec<_> = self.arms.iter().enumerate().filter(|(_, arm)| which(arm)).collect();
        // All of an item one after the other, so that its prompt need not be kept for long.
        let mut jobs = self.items.iter().enumerate().flat_map(|(item, asked)| {
            arms.iter().flat_map(move |&(arm, config)| {
                (0..config.answers(asked)).map(move |answer| Job { item, arm, answer })
            })
        });
        let mut prompt: Option<(usize, ReadPrompt)> = None;
        let mut going: Vec<Going> = Vec::new();
        let mut answers = HashMap::new();
        loop {
            while going.len() < self.options.width.max(1)
                && let Some(job) = jobs.next()
            {
                let failed = |error| self.failed(job, error);
                if prompt.as_ref().is_none_or(|(item, _)| *item != job.item) {
                    let Some(item) = self.items.get(job.item) else { continue };
                    let ids = self::prompt(chat, item).map_err(failed)?;
                    prompt = Some((job.item, chat.read_prompt(ids).map_err(failed)?));
                }
                if let Some((_, prompt)) = &prompt {
                    going.push(self.begin(chat, prompt, job).map_err(failed)?);
                }
            }
            if going.is_empty() {
                return Ok(answers);
            }
            let mut side: Vec<_> = going.iter_mut().map(|going| &mut going.generation).collect();
            let start = Instant::now();
            let steps = batch::advance(chat, &mut side);
            let share = start.elapsed().as_secs_f64() / side.len() as f64;
            for Going { job, .. } in &going {
                if let Some(seconds) = self.seconds.get_mut(job.arm) {
                    *seconds += share;
                }
            }
            for (mut one, step) in std::mem::take(&mut going).into_iter().zip(steps) {
                let step = step.map_err(|error| self.failed(one.job, error))?;
                told(one.tally.take(&step));
                if let Some(recording) = &mut one.recording {
                    recording.take(&step);
                }
                let Some(end) = one.tally.end(self.options) else {
                    going.push(one);
                    continue;
                };
                let Going { job, mut generation, tally, recording } = one;
                generation.stop(chat);
                answers.insert(job, tally.finish(end));
                self.traces.extend(recording.map(|recording| Traced {
                    item: job.item,
                    arm: job.arm,
                    trace: recording.finish(end),
                }));
            }
        }
    }

    fn failed(&self, job: Job, why: ChatError) -> RunError {
        let item = self.items.get(job.item);
        RunError::Answer {
            family: item.map(|item| item.family.clone()).unwrap_or_default(),
            number: item.map_or(0, |item| item.number),
            why,
        }
    }

    fn begin(&self, chat: &mut Chat, prompt: &ReadPrompt, job: Job) -> Result<Going, ChatError> {
        let (Some(item), Some(arm)) = (self.items.get(job.item), self.arms.get(job.arm)) else {
            return Err(ChatError::EmptyPrompt);
        };
        let number = item.number.to_string();
        let answer = job.answer.to_string();
        let names = [self.options.draws.as_str(), &item.family, &number];
        let recipe = Recipe {
            sampler: arm.sampler(),
            // The same for all arms: what they share, they share.
            seed: Seed(seed(&[&names[..], &[&answer]].concat())),
            // Phrases need room that the answer does not lose; the tally ends it.
            max_tokens: self.options.max_tokens.saturating_mul(2),
            attention: false,
            one_line: self.options.one_line,
        };
        let tally = Tally::of(&recipe.sampler);
        let is_single = matches!(arm.method, Method::Sampler(_) | Method::Gated { .. });
        let recording = (self.options.traced && is_single)
            .then(|| Recording::begin(messages(item), prompt.ids().len(), recipe.clone()));
        let then = match &arm.method {
            Method::FirstTokens { answers } => {
                let firsts = prompt.first_tokens(*answers as usize);
                firsts.get(job.answer as usize).map_or(Given::Nothing, |&first| Given::Token(first))
            }
            _ => Given::Nothing,
        };
        let generation = chat.answer_after(prompt, then, recipe)?;
        let generation = if recording.is_some() { generation.unkept() } else { generation.brief() };
        let generation = match &arm.method {
            Method::Gated { promised, by } => {
                let sham = |acts_only| {
                    let names = [&names[..], &["sham", &arm.name]].concat();
                    let donors = self.donors.clone().unwrap_or_default();
                    Sham::new(promised.clone(), donors, job.item, &names, acts_only)
                };
                match *by {
                    Control::Sham => generation.gated(Box::new(sham(false))),
                    Control::ShamOfActs => generation.gated(Box::new(sham(true))),
                    Control::Bands(bands) => generation.gated(Box::new(bands)),
                }
            }
            Method::Sampler(SamplerConfig::Promised(config)) if self.recorded == Some(job.arm) => {
                let looks = self.looks.get(job.item).cloned().unwrap_or_default();
                generation.gated(Box::new(Recorder::new(config.clone(), looks)))
            }
            Method::Sampler(_)
            | Method::Vote { .. }
            | Method::BestOf { .. }
            | Method::FirstTokens { .. } => generation,
        };
        Ok(Going { job, generation, tally, recording })
    }

    /// What came of all answers: (items, arms).
    fn outcomes(&self, mut answers: HashMap<Job, Answer>) -> Vec<Vec<Outcome>> {
        let items = self.items.iter().enumerate();
        items
            .map(|(item, asked)| {
                let arms = self.arms.iter().enumerate();
                arms.filter_map(|(arm, config)| {
                    let jobs = (0..config.answers(asked)).map(|answer| Job { item, arm, answer });
                    let made: Vec<_> = jobs.filter_map(|job| answers.remove(&job)).collect();
                    several::outcome(asked, &config.method, self.options.one_line, made)
                })
                .collect()
            })
            .collect()
    }
}
