//! Free numbers of the samplers that an evaluation compares, chosen on the tuning part.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix_eval::analysis::Table;
use entropix_eval::arms::{Tried, Tuned};
use entropix_eval::gates::Look;
use entropix_eval::plan::Tier;
use entropix_eval::run::{self, run};
use entropix_eval::tuning::{Candidate, Free, Known, candidates, equal_tokens, watching};
use entropix_eval::{Arm, Item, Part, Split};
use entropix_generate::Chat;

use crate::model::{ModelOptions, file_name, load, of_model};
use crate::output::{out, tell};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// The run of the plan whose families, lengths and samplers it is for
    #[arg(long, value_name = "NAME", default_value = "1", value_parser = super::evaluate::tier)]
    tier: &'static Tier,
    /// Other families of our own tasks, with commas between them
    #[arg(long, value_delimiter = ',')]
    families: Vec<String>,
    /// Only these of the methods with a free number, with commas between them; the others keep their usual numbers
    #[arg(long, value_delimiter = ',', value_parser = method)]
    methods: Vec<Free>,
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
    let families = match &options.families[..] {
        [] => options.tier.families.to_vec(),
        names => super::evaluate::families(names)?,
    };
    // What can't be written should not be found out at the end.
    if let Some(path) = &options.output {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let is_there = folder.is_none_or(std::path::Path::is_dir) && !path.is_dir();
        anyhow::ensure!(is_there, "{} can't be written: there is no such folder", path.display());
    }
    let mut chat = load(&options.model)?;
    let promised = of_model(&chat, &options.model)?.promised;
    let split = Split { part: Part::Tuning, seed: options.seed.clone() };
    let items = families.iter().map(|family| family.items(&split, options.items as usize));
    let items: Vec<Vec<Item>> = items.collect();
    let mut work = Work { chat: &mut chat, items, options, table: None };

    let chosen = |free: &Free| options.methods.is_empty() || options.methods.contains(free);
    let free: Vec<Free> = options.tier.free().iter().copied().filter(chosen).collect();
    let (_, greedy) = work.answers(&[watching(&promised)])?;
    tell(&format!("{} places of greedy answers", greedy.len()));
    let mut known =
        Known { promised: &promised, greedy: &greedy, answers: Vec::new(), looks: Vec::new() };
    let early = candidates(&free, &known, false);
    let mut tuned = Tuned { origin: options.origin(), ..Tuned::default() };
    work.choose(&mut tuned, &early)?;
    // What PROMISED sees with each of its cuts, and how many plain answers are as many tokens as the one that was taken.
    for Candidate { value, arm, .. } in early.iter().filter(|it| it.free == Free::Promised) {
        let (_, looks) = work.answers(std::slice::from_ref(arm))?;
        known.looks.push((*value, looks));
    }
    let chosen = tuned.cuts.context("PROMISED was not tuned")?.on(&promised);
    let taken = early.iter().position(|tried| tried.arm.is_donor(&chosen));
    let taken = taken.context("PROMISED was not tuned")?;
    let value = early.get(taken).map_or(0.0, |taken| taken.value);
    let looks = known.looks.iter().find(|(own, _)| own.to_bits() == value.to_bits());
    tuned.fit(looks.map_or(&[], |(_, looks)| looks));
    let table = work.table.take().context("nothing was tuned")?;
    for (at, plain) in early.iter().enumerate().filter(|(_, it)| it.free == Free::Plain) {
        known.answers.push((plain.value, equal_tokens(&table, taken, at)));
    }
    work.choose(&mut tuned, &candidates(&free, &known, true))?;
    write(options, &tuned)
}

fn method(name: &str) -> Result<Free, String> {
    let found = Free::ALL.into_iter().find(|free| free.name() == name);
    found.ok_or_else(|| format!("there are {}", Free::ALL.map(Free::name).join(", ")))
}

struct Work<'a> {
    chat: &'a mut Chat,
    /// By family.
    items: Vec<Vec<Item>>,
    options: &'a Options,
    /// What came of the candidates that were chosen from last.
    table: Option<Table>,
}

impl Work<'_> {
    /// Runs candidates, tells of each, and takes the best of each method.
    fn choose(&mut self, tuned: &mut Tuned, candidates: &[Candidate]) -> anyhow::Result<()> {
        let arms: Vec<Arm> = candidates.iter().map(|candidate| candidate.arm.clone()).collect();
        let (table, _) = self.answers(&arms)?;
        let accuracy = |arm| table.accuracy(arm, None).map_or(0.0, |accuracy| accuracy.value);
        let accuracies: Vec<f64> = (0..arms.len()).map(accuracy).collect();
        tuned.choose(candidates, &accuracies);
        for Tried { name, value, accuracy } in tuned.tried.iter().rev().take(arms.len()).rev() {
            tell(&format!("{name:20} {value:6} {:5.1} % right", 100.0 * accuracy));
        }
        self.table = Some(table);
        Ok(())
    }

    /// What came of some arms, and what the first promised one saw.
    fn answers(&mut self, arms: &[Arm]) -> anyhow::Result<(Table, Vec<Look>)> {
        let Tier { max_tokens, one_line, .. } = *self.options.tier;
        let draws = self.options.seed.clone();
        let ways = run::Options { draws, max_tokens, one_line, ..run::Options::default() };
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

impl Options {
    /// How it is tuned, in words.
    fn origin(&self) -> String {
        format!(
            "entropix {} tune --tier {} --items {} --seed {}, {}",
            env!("CARGO_PKG_VERSION"),
            self.tier.name,
            self.items,
            self.seed,
            file_name(&self.model)
        )
    }
}

/// All or nothing.
fn write(options: &Options, tuned: &Tuned) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(tuned)? + "\n";
    match &options.output {
        Some(path) => {
            let new = path.with_extension("json.new");
            let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
            written.with_context(|| format!("{} can't be written", path.display()))
        }
        None => Ok(out().write_all(text.as_bytes())?),
    }
}
