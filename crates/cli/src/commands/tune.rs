//! Free numbers of the samplers that an evaluation compares, chosen on the tuning part.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix::SamplerConfig;
use entropix_eval::analysis::Table;
use entropix_eval::arms::Tuned;
use entropix_eval::gates::Look;
use entropix_eval::run::{self, run};
use entropix_eval::tuning::{Candidate, Known, candidates, equal_tokens, watching};
use entropix_eval::{Arm, Item, Method, Part, Split};
use entropix_generate::Chat;

use crate::model::{ModelOptions, load, of_model};
use crate::output::{out, tell};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Families of our own tasks, with commas between them; all if left out
    #[arg(long, value_delimiter = ',')]
    families: Vec<String>,
    /// Items of a family
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    items: u32,
    /// What items and draws follow from
    #[arg(long, default_value = "0")]
    seed: String,
    /// Where to write the numbers, for `entropix evaluate --tuned`; standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run_command(options: &Options) -> anyhow::Result<()> {
    let families = super::evaluate::families(&options.families)?;
    // What can't be written should not be found out at the end.
    let output = options.output.as_ref().map(|path| {
        let file = File::options().append(true).create(true).open(path);
        file.with_context(|| format!("{} can't be written", path.display()))
    });
    output.transpose()?;
    let mut chat = load(&options.model)?;
    let promised = of_model(&chat, &options.model)?.promised;
    let split = Split { part: Part::Tuning, seed: options.seed.clone() };
    let items = families.iter().map(|family| family.items(&split, options.items as usize));
    let mut work = Work { chat: &mut chat, items: items.collect(), draws: options.seed.clone() };

    let (_, greedy) = work.answers(&[watching(&promised)])?;
    tell(&format!("{} places of greedy answers", greedy.len()));
    let mut tuned = Tuned::default();
    let mut known = Known { promised: &promised, greedy: &greedy, answers: tuned.answers.clone() };
    work.choose(&mut tuned, &candidates(&known, false))?;
    let chosen = tuned.promised.clone().unwrap_or_else(|| promised.clone());
    let arm = |name: &str, config| Arm { name: name.to_owned(), method: Method::Sampler(config) };
    let both = [
        arm("PROMISED", SamplerConfig::Promised(chosen)),
        arm("plain", SamplerConfig::Plain(tuned.plain.clone())),
    ];
    let (table, looks) = work.answers(&both)?;
    tuned.fit(&looks);
    known.answers = equal_tokens(&table, 0, 1);
    work.choose(&mut tuned, &candidates(&known, true))?;
    write(options, &tuned)
}

struct Work<'a> {
    chat: &'a mut Chat,
    /// By family.
    items: Vec<Vec<Item>>,
    draws: String,
}

impl Work<'_> {
    /// Runs candidates, tells of each, and takes the best of each method.
    fn choose(&mut self, tuned: &mut Tuned, candidates: &[Candidate]) -> anyhow::Result<()> {
        let arms: Vec<Arm> = candidates.iter().map(|candidate| candidate.arm.clone()).collect();
        let (table, _) = self.answers(&arms)?;
        let accuracy = |arm| table.accuracy(arm, None).map_or(0.0, |accuracy| accuracy.value);
        let accuracies: Vec<f64> = (0..arms.len()).map(accuracy).collect();
        for (arm, accuracy) in arms.iter().zip(&accuracies) {
            tell(&format!("{:24} {:5.1} % right", arm.name, 100.0 * accuracy));
        }
        tuned.choose(candidates, &accuracies);
        Ok(())
    }

    /// What came of some arms, and what the first promised one saw.
    fn answers(&mut self, arms: &[Arm]) -> anyhow::Result<(Table, Vec<Look>)> {
        let ways = run::Options { draws: self.draws.clone(), ..run::Options::default() };
        let mut looks = Vec::new();
        let mut families = Vec::new();
        for items in &self.items {
            let answered = run(self.chat, items, arms, &ways, |_| {})?;
            looks.extend(answered.looks.concat());
            let name = items.first().map_or("", |item| item.family.as_str());
            tell(&format!("{name}: {} items, {} samplers", items.len(), arms.len()));
            families.push((items.as_slice(), answered.outcomes));
        }
        Ok((Table::of_items(arms, families), looks))
    }
}

fn write(options: &Options, tuned: &Tuned) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(tuned)? + "\n";
    match &options.output {
        Some(path) => std::fs::write(path, text)
            .with_context(|| format!("{} can't be written", path.display())),
        None => Ok(out().write_all(text.as_bytes())?),
    }
}
