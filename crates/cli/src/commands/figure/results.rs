//! What came of the evaluation, as a picture.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use entropix_eval::results::{Cell, Finding, Results, Run};
use entropix_eval::statistics::Estimate;
use entropix_simplex::forest::{Forest, Row};

use crate::text;

#[derive(Args)]
pub(super) struct Options {
    /// Published results (`entropix results --publish`), for the picture "results"
    #[arg(long, value_name = "FILE", default_value = "www/results/summary.json")]
    results: PathBuf,
    /// Which run of the plan
    #[arg(long, value_name = "NAME", default_value = "1")]
    tier: String,
    /// Every sampler against the first one in this family, instead of what was named in advance
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
}

impl Options {
    /// The picture, `width` px wide.
    pub(super) fn forest(&self, width: f64) -> anyhow::Result<Forest> {
        let results = read(&self.results)?;
        let run = results.runs.iter().find(|run| run.tier == self.tier).with_context(|| {
            let names: Vec<_> = results.runs.iter().map(|run| run.tier.as_str()).collect();
            format!("{} has the runs {}", self.results.display(), names.join(", "))
        })?;
        let title = self.family.clone().unwrap_or_else(|| "all families".to_owned());
        let mut rows = if self.family.is_none() { planned(run) } else { Vec::new() };
        if rows.is_empty() {
            rows = against_first(run, self.family.as_deref())?;
        }
        Ok(Forest {
            title: format!("Right answers, {title}: difference and 95 % interval"),
            axis: "points (hundredths of all answers)".to_owned(),
            rows,
            reference: 0.0,
            zone: 2.0,
            width,
        })
    }
}

fn read(path: &Path) -> anyhow::Result<Results> {
    let foreign = || format!("{} holds no results of an evaluation", path.display());
    let results: Results = serde_json::from_str(&text::read(path)?).with_context(foreign)?;
    results.shown().with_context(foreign)
}

/// The comparisons that were named in advance, and what is shown besides.
fn planned(run: &Run) -> Vec<Row> {
    let row = |it: &entropix_eval::results::Comparison| {
        let sure = matches!(it.finding, Finding::Helps | Finding::Hurts);
        row(format!("{} − {}", it.arm, it.against), it.difference, sure)
    };
    let besides = run
        .besides
        .iter()
        .map(|it| self::row(format!("{} − {}", it.arm, it.against), it.difference, false));
    run.comparisons.iter().map(row).chain(besides).collect()
}

/// All arms against the first one, in a family or over all.
fn against_first(run: &Run, family: Option<&str>) -> anyhow::Result<Vec<Row>> {
    let names = &run.summary.families;
    let number = |family| {
        let at = names.iter().position(|name| name == family).map(|at| at + 1);
        at.with_context(|| format!("there are the families {}", names.join(", ")))
    };
    let at = family.map_or(Ok(0), number)?;
    let first = run.conditions.arms.first().map_or("", |arm| arm.name.as_str());
    let arms = run.conditions.arms.iter().zip(&run.summary.arms);
    let rows = arms.filter_map(|(arm, cells)| {
        let Cell { difference, .. } = cells.get(at)?;
        // None of them is called significant.
        Some(row(format!("{} − {first}", arm.name), (*difference)?, false))
    });
    Ok(rows.collect())
}

fn row(name: String, it: Estimate, filled: bool) -> Row {
    let [value, low, high] = [it.value, it.low, it.high].map(|share| 100.0 * share);
    Row { name, value, low, high, said: said(value, low, high), filled }
}

/// "+1.2 (−0.3 to +2.7)"
fn said(value: f64, low: f64, high: f64) -> String {
    let signed = |number: f64| match format!("{number:+.1}") {
        zero if zero.ends_with("0.0") && zero.len() == 4 => "0.0".to_owned(),
        signed => signed.replace('-', "−"),
    };
    format!("{} ({} to {})", signed(value), signed(low), signed(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs() {
        assert_eq!(said(1.24, -0.26, 2.0), "+1.2 (−0.3 to +2.0)");
        assert_eq!(said(0.0, -0.04, 20.0), "0.0 (0.0 to +20.0)");
    }
}
