//! Some answers to read, without whose they are: how often is the checker wrong?

use std::io::Write;

use entropix_eval::random::Random;
use entropix_eval::shard::Log;
use entropix_eval::{Family, Item, Outcome, Split};
use serde_json::json;

use crate::output::Out;

/// Writes `count` answers, each with its question and what the checker made of it, as JSON lines. Which ones follows from what
/// the run's items follow from.
pub(super) fn write(out: &mut Out, log: &Log, count: u32) -> anyhow::Result<()> {
    let seed = &log.header.conditions.seed;
    let mut random = Random::of(&["sample", seed]);
    let mut answers: Vec<(u32, u32, usize, &Outcome)> = log
        .lines
        .iter()
        .flat_map(|line| {
            let items = (line.block.from..line.block.to).zip(&line.outcomes);
            items.flat_map(move |(item, arms)| {
                let arms = arms.iter().enumerate();
                arms.map(move |(arm, outcome)| (line.block.family, item, arm, outcome))
            })
        })
        .collect();
    // Logs may be put together in any order.
    answers.sort_by_key(|&(family, item, arm, _)| (family, item, arm));
    random.shuffle(&mut answers);
    let families: Vec<(&str, Vec<Item>)> = log
        .header
        .families
        .iter()
        .map(|asked| (asked.family.as_str(), items(log, &asked.family, asked.facts.len())))
        .collect();
    for (family, item, _, outcome) in answers.into_iter().take(count as usize) {
        let Some((name, items)) = families.get(family as usize) else { continue };
        let question = items.get(item as usize).map(|item| &item.question);
        let Outcome { text, claim, verdict, .. } = outcome;
        let line = json!({
            "family": name, "question": question, "answer": text, "claim": claim, "verdict": verdict,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The items of a family of ours; none of somebody's questions.
pub(super) fn items(log: &Log, family: &str, count: usize) -> Vec<Item> {
    let conditions = &log.header.conditions;
    let split = conditions.part.map(|part| Split { part, seed: conditions.seed.clone() });
    let family = Family::named(family).zip(split);
    family.map(|(family, split)| family.items(&split, count)).unwrap_or_default()
}
