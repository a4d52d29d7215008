//! Recorded answers for a page: questions at which samplers part.

use std::path::Path;

use anyhow::Context;
use entropix_eval::shard::{Line, Log};
use entropix_eval::{Outcome, Verdict};
use serde::Serialize;

use super::sample::items;
use crate::commands::evaluate::trace_name;

/// Whose answers are shown.
const ARMS: [&str; 4] = ["greedy", "plain", "PROMISED", "PROMISED sham"];
/// Questions of a family.
const QUESTIONS: usize = 3;

/// A question at which samplers part, and what they answered.
#[derive(Serialize)]
struct Parting<'a> {
    family: &'a str,
    item: u32,
    question: Option<String>,
    answers: Vec<Answer<'a>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    arm: &'a str,
    verdict: Verdict,
    claim: &'a str,
    /// The recorded answer, beside the list.
    file: String,
}

/// Copies recorded answers to the first questions of each family of which some are right and others are not, with a list
/// of them.
pub(super) fn write(log: &Log, from: &Path, to: &Path) -> anyhow::Result<()> {
    let arms: Vec<(usize, &str)> = log
        .header
        .conditions
        .arms
        .iter()
        .enumerate()
        .map(|(at, arm)| (at, arm.name.as_str()))
        .filter(|(_, name)| ARMS.contains(name))
        .collect();
    let mut questions = Vec::new();
    for (number, asked) in (0..).zip(&log.header.families) {
        let first = |line: &&Line| line.block.family == number && line.block.from == 0;
        let Some(line) = log.lines.iter().find(first) else { continue };
        let drawn = items(log, &asked.family, asked.facts.len());
        let parted = |(_, outcomes): &(u32, &Vec<Outcome>)| {
            let right = |&(at, _): &(usize, &str)| {
                outcomes.get(at).is_some_and(|outcome| outcome.verdict == Verdict::Right)
            };
            let count = arms.iter().filter(|arm| right(arm)).count();
            count > 0 && count < arms.len()
        };
        for (item, outcomes) in (0..).zip(&line.outcomes).filter(parted).take(QUESTIONS) {
            let mut answers = Vec::new();
            for &(at, arm) in &arms {
                let Some(outcome) = outcomes.get(at) else { continue };
                let file = trace_name(&asked.family, item, arm);
                let Outcome { verdict, claim, .. } = outcome;
                answers.push(Answer { arm, verdict: *verdict, claim, file });
            }
            let question = drawn.get(item as usize).map(|item| item.question.clone());
            questions.push(Parting { family: &asked.family, item, question, answers });
        }
    }
    copy(&questions, from, to)
}

/// Replaces what was in the folder.
fn copy(questions: &[Parting<'_>], from: &Path, to: &Path) -> anyhow::Result<()> {
    let failed = || format!("{} can't be written", to.display());
    std::fs::create_dir_all(to).with_context(failed)?;
    for entry in std::fs::read_dir(to).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            std::fs::remove_file(path).with_context(failed)?;
        }
    }
    for Answer { file, .. } in questions.iter().flat_map(|question| &question.answers) {
        let path = from.join(file);
        std::fs::copy(&path, to.join(file))
            .with_context(|| format!("{} is not there: run with --traces", path.display()))?;
    }
    let list = serde_json::to_string_pretty(questions)? + "\n";
    std::fs::write(to.join("index.json"), list).with_context(failed)
}
