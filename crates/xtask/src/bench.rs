//! `cargo xtask bench`: the same engine natively and in a headless browser, and others beside it.
//!
//! Programs measure and print one JSON object a line:
//! `{"where":"native","metric":"decode_tps","values":[51.2,50.9,51.5,51.1,51.3]}`.

use std::env;
use std::fs;
use std::iter;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::build;
use crate::command::follow;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;
use crate::tools::browser::Browser;
use crate::tools::node::{node, npm_packages};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The model to measure
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Measure here only
    #[arg(long)]
    only: Option<Place>,
    /// Measure llama.cpp and wllama, too (Linux; packages from npm, 130 MB)
    #[arg(long)]
    peers: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Native,
    #[serde(rename = "llama.cpp")]
    #[value(skip)]
    LlamaCpp,
    Browser,
    #[value(skip)]
    Wllama,
}

/// The columns of the table.
const COLUMNS: [(Place, &str); 4] = [
    (Place::Native, "native"),
    (Place::LlamaCpp, "llama.cpp"),
    (Place::Browser, "browser"),
    (Place::Wllama, "wllama"),
];

/// Ours, and what it is compared with.
const PAIRS: [(Place, Place); 2] =
    [(Place::Native, Place::LlamaCpp), (Place::Browser, Place::Wllama)];

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
    #[serde(rename = "what_if_percent")]
    WhatIf,
    #[serde(rename = "evaluation_ratio")]
    Evaluation,
    #[serde(rename = "attention_percent")]
    Attention,
    #[serde(rename = "decision_ms")]
    Decision,
    #[serde(rename = "sampler_ms")]
    Sampler,
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
    #[serde(rename = "drag_frame_50_ms")]
    DragFrame50,
    #[serde(rename = "drag_work_50_ms")]
    DragWork50,
    #[serde(rename = "token_work_ms")]
    TokenWork,
    #[serde(rename = "token_work_2000_ms")]
    TokenWork2000,
    #[serde(rename = "token_task_ms")]
    TokenTask,
    #[serde(rename = "hover_ms")]
    Hover,
}

/// The rows of the table.
const ROWS: [(Metric, &str); 21] = [
    (Metric::Load, "load, ms"),
    (Metric::Prefill24, "prefill of 24 tokens, tokens/s"),
    (Metric::Prefill266, "prefill of 266 tokens, tokens/s"),
    (Metric::Decode, "decode, tokens/s"),
    (Metric::Batch, "a step of 4 forks, times a step of 1"),
    (Metric::WhatIf, "15 continuations of 40 tokens side by side, % of the time one by one"),
    (
        Metric::Evaluation,
        "answers of an evaluation, 16 side by side, times the tokens/s of one at a time",
    ),
    (Metric::Attention, "attention observed, % more time a token"),
    (Metric::Decision, "one decision over the vocabulary, with the top 64, ms"),
    (Metric::Sampler, "one decision of B and all that is recorded of it, ms"),
    (Metric::Empty, "memory with the model and no text, MiB"),
    (Metric::Memory, "peak memory, MiB"),
    (Metric::Repaint, "triangle of 640 px with contours, full repaint, ms"),
    (Metric::DragTask, "dragging its point, longest task, ms"),
    (Metric::DragFrame, "dragging its point, 95 % of frames within, ms"),
    (Metric::DragFrame50, "the same among 50 linked charts, ms"),
    (Metric::DragWork50, "the main thread's work in such a frame, ms"),
    (Metric::TokenWork, "the page's main thread for a token, at 200 tokens, ms"),
    (Metric::TokenWork2000, "the same at 2,000 tokens, ms"),
    (Metric::TokenTask, "its longest task during an answer, 0 up to 50 ms, ms"),
    (Metric::Hover, "from a pointer on a word to what the lens shows of it, ms"),
];

/// Fewer runs than this say little.
const RUNS: usize = 5;

#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    r#where: Place,
    metric: Metric,
    values: Vec<f64>,
}

impl Measured {
    /// Later runs of a program have what the first one left behind.
    fn is_memory(&self) -> bool {
        matches!(self.metric, Metric::Empty | Metric::Memory)
    }
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
    for script in scripts(project, options)? {
        let mut command = project.command(node()?);
        command
            .arg(project.tests().join("bench").join(script))
            .env("ENTROPIX_DIST", project.dist())
            .env("ENTROPIX_MODELS", project.models())
            .env("ENTROPIX_MODEL", &model.name)
            .env("ENTROPIX_XTASK", env::current_exe()?);
        if options.only != Some(Place::Native) {
            Browser::ensure(project)?.name_to(&mut command);
        }
        follow(&mut command, |line| results.extend(read(line)))?;
    }

    if results.is_empty() {
        bail!("nothing was measured");
    }
    for result in results.iter().filter(|result| result.values.len() < RUNS && !result.is_memory())
    {
        println!("{:?}, {:?}: fewer than {RUNS} runs", result.r#where, result.metric);
    }
    let file = project.target().join("bench.json");
    fs::create_dir_all(project.target())?;
    fs::write(&file, format!("{:#}\n", json!({ "model": model.name, "results": results })))
        .with_context(|| format!("cannot write {}", file.display()))?;
    print!("\n{}, median (lowest to highest)\n\n{}", model.name, table(&results));
    for line in ratios(&results) {
        println!("{line}");
    }
    Ok(())
}

/// What Node measures; what it needs is got.
fn scripts(project: &Project, options: &Options) -> Result<Vec<&'static str>> {
    let mut scripts = Vec::new();
    let (native, browser) =
        (options.only != Some(Place::Browser), options.only != Some(Place::Native));
    if options.peers {
        // Two of llama.cpp's packages are for other machines; those for graphics cards are not wanted.
        npm_packages(
            project,
            &project.tests().join("bench/peers"),
            &["--omit=optional", "--force"],
        )?;
    }
    if options.peers && native {
        scripts.push("peers/llama-cpp.mjs");
    }
    if browser {
        npm_packages(project, &project.tests(), &[])?;
        build::page(project, false)?;
        scripts.extend(["elements.mjs", "page.mjs", "browser.mjs"]);
    }
    if options.peers && browser {
        scripts.push("peers/wllama.mjs");
    }
    Ok(scripts)
}

/// A line that is no measurement is for people, and has been printed.
fn read(line: &str) -> Option<Measured> {
    let measured: Measured = serde_json::from_str(line).ok()?;
    (!measured.values.is_empty()).then_some(measured)
}

/// The results as a Markdown table.
fn table(results: &[Measured]) -> String {
    let columns: Vec<_> = COLUMNS
        .iter()
        .filter(|(place, _)| results.iter().any(|result| result.r#where == *place))
        .collect();
    let mut text = row("", columns.iter().map(|(_, title)| (*title).to_owned()));
    text.push_str(&row("---", columns.iter().map(|_| "---".to_owned())));
    for (metric, title) in ROWS {
        let cell = |place| find(results, place, metric).map_or_else(|| "–".to_owned(), summary);
        text.push_str(&row(title, columns.iter().map(|(place, _)| cell(*place))));
    }
    text
}

fn row(title: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = iter::once(title.to_owned()).chain(cells).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// What one measured in each place, as a ratio of medians.
fn ratios(results: &[Measured]) -> Vec<String> {
    let mut lines = Vec::new();
    for (ours, theirs) in PAIRS {
        for (metric, title) in ROWS {
            let median = |place| find(results, place, metric).map(median);
            if let (Some(a), Some(b)) = (median(ours), median(theirs)) {
                let name = |place| COLUMNS.iter().find(|(p, _)| *p == place).map_or("", |(_, n)| n);
                lines.push(format!(
                    "{title}: {} / {} = {}",
                    name(ours),
                    name(theirs),
                    short(a / b)
                ));
            }
        }
    }
    lines
}

fn find(results: &[Measured], place: Place, metric: Metric) -> Option<&[f64]> {
    let found = |result: &&Measured| result.metric == metric && result.r#where == place;
    results.iter().rev().find(found).map(|result| result.values.as_slice())
}

/// `51.2 (50.9–51.5)`
fn summary(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{} ({}–{})", short(median(values)), short(low), short(high))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2])
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
        let results: Vec<_> = [("native", 50), ("llama.cpp", 80)]
            .iter()
            .filter_map(|(place, value)| {
                read(&format!(r#"{{"where":"{place}","metric":"decode_tps","values":[{value}]}}"#))
            })
            .collect();
        let text = table(&results);
        assert_eq!(text.lines().count(), 2 + ROWS.len());
        assert!(text.starts_with("|  | native | llama.cpp |\n| --- | --- | --- |\n"), "{text}");
        assert!(text.contains("| load, ms | – | – |\n"), "{text}");
        assert_eq!(ratios(&results), ["decode, tokens/s: native / llama.cpp = 0.62"]);
    }
}
