//! What came of an evaluation, from its logs.

mod answers;
mod publish;
mod sample;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use entropix_eval::analysis::{Sureness, Table};
use entropix_eval::random::hex;
use entropix_eval::shard::Log;
use entropix_eval::statistics::{Estimate, PairedDifference};
use sha2::{Digest, Sha256};

use self::publish::Publish;
use crate::output::{Out, out, tell};

#[derive(Args)]
pub(crate) struct Options {
    /// Logs of `entropix evaluate`: of one run, whole or in shares
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// What the others are compared with; the first one if left out
    #[arg(long, value_name = "NAME")]
    against: Option<String>,
    /// Some answers to read instead, as JSON lines without whose they are: is the checker right?
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["against", "file"])]
    sample: Option<u32>,
    #[command(flatten)]
    publish: Publish,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut merged: Option<Log> = None;
    let mut hashes = Vec::new();
    for path in &options.logs {
        let name = || path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("{} can't be read", name()))?;
        hashes.push(hex(&Sha256::digest(&bytes)));
        let log = Log::read(&bytes).with_context(name)?;
        let log = log.with_context(|| format!("{} is empty", name()))?;
        merged = Some(match merged {
            None => log,
            Some(before) => before.merge(log).with_context(name)?,
        });
    }
    let Some(log) = merged else { bail!("there is no log") };
    let missing: u32 = log.missing().iter().map(|block| block.to - block.from).sum();
    if missing > 0 {
        tell(&format!("note: {missing} items are still to be run; what follows is of the others"));
    }
    let table = Table::of(&log);
    if table.families.is_empty() {
        bail!("no item was run yet");
    }
    if let Some(path) = &options.publish.file {
        return options.publish.write(path, &log, hashes);
    }
    if let Some(count) = options.sample {
        return sample::write(&mut out(), &log, count);
    }
    let base = match &options.against {
        None => 0,
        Some(name) => table.arms.iter().position(|own| own == name).with_context(|| {
            format!("there is no {name:?} in this run, only {}", table.arms.join(", "))
        })?,
    };
    let mut out = out();
    accuracies(&mut out, &table, base)?;
    families(&mut out, &table)?;
    knowing(&mut out, &table, base)
}

/// Accuracy, its difference, and what it costs.
fn accuracies(out: &mut Out, table: &Table, base: usize) -> anyhow::Result<()> {
    let against = table.arms.get(base).map_or("", String::as_str);
    writeln!(out, "Mean over {} families; 95 % intervals, facts resampled", table.families.len())?;
    writeln!(
        out,
        "{:24} {:>18} {:>32} {:>7} {:>7} {:>7} {:>8} {:>8}",
        "",
        "right, %",
        format!("more than {against}, points (p)"),
        "tokens",
        "made",
        "acted",
        "nothing",
        "log p"
    )?;
    for (arm, name) in table.arms.iter().enumerate() {
        let accuracy = table.accuracy(arm, None).map_or_else(String::new, percent);
        let difference = (arm != base).then(|| table.difference(arm, base, None)).flatten();
        let difference = difference.map_or_else(String::new, points);
        let means = table.means(arm, None);
        writeln!(
            out,
            "{name:24} {accuracy:>18} {difference:>32} {:7.1} {:7.1} {:5.0} % {:6.1} % {:8.2}",
            means.tokens,
            means.made,
            100.0 * means.acted,
            100.0 * means.nothing,
            means.log_probability,
        )?;
    }
    Ok(())
}

fn families(out: &mut Out, table: &Table) -> anyhow::Result<()> {
    writeln!(out, "\nRight in each family, %")?;
    for (family, own) in table.families.iter().enumerate() {
        writeln!(out, "{} ({} items)", own.name, own.outcomes.len())?;
        for (arm, name) in table.arms.iter().enumerate() {
            let accuracy = table.accuracy(arm, Some(family)).map_or_else(String::new, percent);
            let [argmax, inserts, branchings, retractions] = table.means(arm, Some(family)).acts;
            writeln!(
                out,
                "  {name:22} {accuracy:>18}   argmax {argmax:.1}, phrases {inserts:.2}, branchings {branchings:.2}, taken back {retractions:.2} an answer",
            )?;
        }
    }
    Ok(())
}

/// Whether what the model seemed to know tells right answers from others.
fn knowing(out: &mut Out, table: &Table, arm: usize) -> anyhow::Result<()> {
    let name = table.arms.get(arm).map_or("", String::as_str);
    writeln!(out, "\nAUROC of {name}'s answers: right ones against others; 50 % is a coin")?;
    for (family, own) in table.families.iter().enumerate() {
        writeln!(out, "{}", own.name)?;
        for by in Sureness::ALL {
            let area = table.discrimination(arm, by, family);
            let area = area.map_or_else(|| "all alike".to_owned(), percent);
            writeln!(out, "  {:22} {area:>18}", by.name())?;
        }
    }
    Ok(())
}

fn percent(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{:.1} ({:.1}–{:.1})", 100.0 * value, 100.0 * low, 100.0 * high)
}

fn points(difference: PairedDifference) -> String {
    let PairedDifference { difference, low, high, p } = difference;
    format!("{:+.1} ({:+.1} to {:+.1}; {p:.4})", 100.0 * difference, 100.0 * low, 100.0 * high)
}
