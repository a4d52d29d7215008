//! `cargo xtask bench`: the same engine natively and in a headless browser.
//!
//! Two programs measure and print one JSON object a line:
//! `{"where":"native","metric":"decode_tps","values":[51.2,50.9,51.5,51.1,51.3]}`.

use std::env;
use std::fs;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::command::follow;
use crate::manifest::Manifest;
use crate::models;
use crate::page;
use crate::project::Project;
use crate::test::{Browser, node, npm_packages};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model to measure
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Measure here only
    #[arg(long)]
    only: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Native,
    Browser,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Metric {
    #[serde(rename = "load_ms")]
    Load,
    #[serde(rename = "prefill_24_tps")]
    Prefill24,
    #[serde(rename = "prefill_266_tps")]
    Prefill266,
    #[serde(rename = "decode_tps")]
    Decode,
    #[serde(rename = "batch_4_ratio")]
    Batch,
    #[serde(rename = "attention_percent")]
    Attention,
    #[serde(rename = "empty_memory_mib")]
    Empty,
    #[serde(rename = "peak_memory_mib")]
    Memory,
    #[serde(rename = "triangle_repaint_ms")]
    Repaint,
    #[serde(rename = "drag_task_ms")]
    DragTask,
    #[serde(rename = "drag_frame_ms")]
    DragFrame,
    #[serde(rename = "drag_frame_20_ms")]
    DragFrame20,
}

/// The rows of the table.
const ROWS: [(Metric, &str); 12] = [
    (Metric::Load, "load, ms"),
    (Metric::Prefill24, "prefill of 24 tokens, tokens/s"),
    (Metric::Prefill266, "prefill of 266 tokens, tokens/s"),
    (Metric::Decode, "decode, tokens/s"),
    (Metric::Batch, "a step of 4 forks, times a step of 1"),
    (Metric::Attention, "attention observed, % more time a token"),
    (Metric::Empty, "memory with the model and no text, MiB"),
    (Metric::Memory, "peak memory, MiB"),
    (Metric::Repaint, "triangle of 640 px with contours, full repaint, ms"),
    (Metric::DragTask, "dragging its point, longest task, ms"),
    (Metric::DragFrame, "dragging its point, 95 % of frames within, ms"),
    (Metric::DragFrame20, "the same among 20 linked charts, ms"),
];

/// Fewer runs than this say little.
const RUNS: usize = 5;

#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    r#where: Place,
    metric: Metric,
    values: Vec<f64>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let manifest = Manifest::read(project)?;
    let model = match &options.model {
        Some(name) => manifest.named(name)?,
        None => manifest.default_model(),
    };
    let path = models::ensure(project, &manifest, model)?;
    let mut results = Vec::new();

    if options.only != Some(Place::Browser) {
        let mut command = project.command("cargo");
        command
            .args(["run", "--quiet", "--release", "--package", "entropix-cli", "--"])
            .args(["bench", "--json", "--model"])
            .arg(&path);
        follow(&mut command, |line| results.extend(read(line)))?;
    }
    if options.only != Some(Place::Native) {
        npm_packages(project)?;
        page::build(project, false)?;
        let browser = Browser::ensure(project)?;
        for script in ["elements.mjs", "browser.mjs"] {
            let mut command = project.command(node()?);
            command
                .arg(project.tests().join("bench").join(script))
                .env("ENTROPIX_DIST", project.dist())
                .env("ENTROPIX_MODELS", project.models())
                .env("ENTROPIX_MODEL", &model.name)
                .env("ENTROPIX_XTASK", env::current_exe()?);
            browser.name_to(&mut command);
            follow(&mut command, |line| results.extend(read(line)))?;
        }
    }

    if results.is_empty() {
        bail!("nothing was measured");
    }
    for result in results.iter().filter(|result| result.values.len() < RUNS) {
        println!("{:?}, {:?}: fewer than {RUNS} runs", result.r#where, result.metric);
    }
    let file = project.target().join("bench.json");
    fs::create_dir_all(project.target())?;
    fs::write(&file, format!("{:#}\n", json!({ "model": model.name, "results": results })))
        .with_context(|| format!("cannot write {}", file.display()))?;
    print!("\n{}, median (lowest to highest)\n\n{}", model.name, table(&results));
    Ok(())
}

/// A line that is no measurement is for people, and has been printed.
fn read(line: &str) -> Option<Measured> {
    let measured: Measured = serde_json::from_str(line).ok()?;
    (!measured.values.is_empty()).then_some(measured)
}

/// The results as a Markdown table.
fn table(results: &[Measured]) -> String {
    let mut text = "| | native | browser |\n| --- | --- | --- |\n".to_owned();
    for (metric, title) in ROWS {
        let cell = |place| {
            results
                .iter()
                .rev()
                .find(|result| result.metric == metric && result.r#where == place)
                .map_or_else(|| "–".to_owned(), |result| summary(&result.values))
        };
        let row = ["", title, &cell(Place::Native), &cell(Place::Browser), ""].join(" | ");
        text.push_str(row.trim());
        text.push('\n');
    }
    text
}

/// `51.2 (50.9–51.5)`
fn summary(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let median = f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2]);
    format!("{} ({}–{})", short(median), short(sorted[0]), short(sorted[n - 1]))
}

/// Three digits that count.
fn short(value: f64) -> String {
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_measurements_among_other_lines() {
        let line = r#"{"where":"browser","metric":"prefill_24_tps","values":[3,1,2.5]}"#;
        let measured = read(line).unwrap();
        assert_eq!(measured.r#where, Place::Browser);
        assert_eq!(measured.metric, Metric::Prefill24);
        assert_eq!(serde_json::to_string(&measured).unwrap(), line.replace("3,1", "3.0,1.0"));
        for line in ["", "loading", "{}", r#"{"where":"native","metric":"load_ms","values":[]}"#] {
            assert!(read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn medians() {
        assert_eq!(summary(&[3.0, 1.0, 2.0]), "2.00 (1.00–3.00)");
        assert_eq!(summary(&[10.0, 400.4, 50.0, 60.0]), "55.0 (10.0–400)");
    }

    #[test]
    fn the_table_has_a_cell_for_everything() {
        let measured = read(r#"{"where":"native","metric":"decode_tps","values":[50]}"#).unwrap();
        let text = table(&[measured]);
        assert_eq!(text.lines().count(), 2 + ROWS.len());
        assert!(text.contains("| decode, tokens/s | 50.0 (50.0–50.0) | – |\n"), "{text}");
    }
}
