//! Results that others can compute again.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use clap::Args;
use entropix_eval::plan::Tier;
use entropix_eval::results::{Origin, Results, Run, VERSION};
use entropix_eval::shard::Log;

use super::answers;
use crate::output::tell;

#[derive(Args)]
pub(super) struct Publish {
    /// Put the run into this file of results, in the place of what was there of its tier
    #[arg(long = "publish", value_name = "FILE", requires = "tier")]
    pub(super) file: Option<PathBuf>,
    /// The run's name in the plan
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    /// Where to write what pages show of all runs: the same with summaries in the place of outcomes
    #[arg(long, value_name = "FILE", requires = "file")]
    shown: Option<PathBuf>,
    /// Answers that `entropix evaluate --traces` kept …
    #[arg(long, value_name = "FOLDER", requires = "show")]
    traces: Option<PathBuf>,
    /// … of which those at which samplers part are copied here
    #[arg(long, value_name = "FOLDER", requires_all = ["traces", "file"])]
    show: Option<PathBuf>,
    /// Files of the program that changed after the plan was fixed, if there are any
    #[arg(long, value_delimiter = ',')]
    changed: Vec<String>,
    /// The processor that made it
    #[arg(long, default_value = "", hide_default_value = true)]
    machine: String,
    /// The command that made it
    #[arg(long, default_value = "", hide_default_value = true)]
    command: String,
}

impl Publish {
    /// Writes the run of a log whose files have these hashes.
    pub(super) fn write(&self, path: &Path, log: &Log, hashes: Vec<String>) -> anyhow::Result<()> {
        let tier = self.tier.as_deref().and_then(Tier::named).with_context(Tier::names)?;
        tier.must_be_of(&log.header).map_err(|what| {
            anyhow!("these logs are not of tier {}: not the same {what}", tier.name)
        })?;
        ensure!(
            self.shown.as_deref() != Some(path),
            "--shown must be another file than --publish: it has other contents"
        );
        let origin = Origin {
            changed: self.changed.clone(),
            logs: hashes,
            machine: self.machine.clone(),
            command: self.command.clone(),
            seconds: log.lines.iter().flat_map(|line| &line.seconds).sum::<f64>().round() as u64,
        };
        let run = Run::of(tier.name, log, origin, tier.comparisons, tier.besides)?;
        let mut results = published(path)?;
        results.put(run);
        write(path, &results)?;
        if let Some(shown) = &self.shown {
            write(shown, &results.shown()?)?;
        }
        if let (Some(from), Some(to)) = (&self.traces, &self.show) {
            answers::write(log, from, to)?;
        }
        tell(&format!("{}: {} runs", path.display(), results.runs.len()));
        Ok(())
    }
}

/// What is in the file already, if there is one.
fn published(path: &Path) -> anyhow::Result<Results> {
    let name = || path.display().to_string();
    if !path.exists() {
        return Ok(Results { version: VERSION, runs: Vec::new() });
    }
    let text = crate::text::read(path)?;
    let foreign = || format!("{} holds no results of this program: choose another file", name());
    let value: serde_json::Value = serde_json::from_str(&text).with_context(foreign)?;
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    ensure!(
        version.is_none_or(|version| version == u64::from(VERSION)),
        "{} has another version of the format than {VERSION}, which this program writes: choose another file",
        name()
    );
    serde_json::from_value(value).with_context(foreign)
}

/// Writes all or nothing: what was published is not lost on a full disk.
fn write(path: &Path, results: &Results) -> anyhow::Result<()> {
    let new = path.with_extension("json.new");
    let text = serde_json::to_string(results)? + "\n";
    let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
    written.with_context(|| format!("{} can't be written", path.display()))
}
