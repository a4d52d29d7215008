//! `cargo xtask evaluate`: the runs of crates/eval/PLAN.md, and what is published of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;

use crate::command::{output, run as run_command};
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;

#[derive(Args)]
pub(crate) struct Options {
    /// Samplers of each kind on a few items, to see that all works; no finding (a minute or two)
    #[arg(long, conflicts_with = "tier")]
    quick: bool,
    /// Only these runs of the plan; all if left out
    #[arg(long, value_name = "NAME")]
    tier: Vec<String>,
    /// Processes that share a run; one for each processor if left out
    #[arg(long, value_name = "COUNT")]
    processes: Option<usize>,
}

/// The plan, as `entropix plan` tells it.
#[derive(Deserialize)]
struct Plan {
    commit: String,
    tiers: Vec<Tier>,
}

#[derive(Deserialize)]
struct Tier {
    name: String,
    part: String,
    families: Vec<String>,
    items: u32,
    arms: Vec<String>,
    tokens: u64,
}

/// Tokens that a process makes in a second, for a first guess; the run itself tells better ones.
const SPEED: u64 = 200;

/// The run that measures how long answers take: one after the other, with nothing beside them.
const ALONE: &str = "time";

/// What answers depend on: a change of it after the plan is published with the results.
const SOURCES: [&str; 4] = ["crates/eval", "crates/entropix", "crates/generate", "crates/engine"];

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if options.quick {
        return quick(project, &program(project, false)?);
    }
    let model = model(project)?;
    let program = program(project, true)?;
    let plan: Plan = serde_json::from_str(&output(project.command(&program).arg("plan"))?)
        .context("`entropix plan` printed no plan")?;
    let names: Vec<_> = plan.tiers.iter().map(|tier| tier.name.as_str()).collect();
    if let Some(unknown) = options.tier.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no tier {unknown:?}; there are: {}", names.join(", "));
    }
    let is_chosen = |tier: &&Tier| match &options.tier[..] {
        [] => tier.part == "test",
        names => names.contains(&tier.name),
    };
    let chosen: Vec<&Tier> = plan.tiers.iter().filter(is_chosen).collect();
    let processes = match options.processes {
        Some(processes) => processes.max(1),
        None => thread::available_parallelism().map_or(1, std::num::NonZero::get),
    };
    let processes_of = |tier: &Tier| if tier.name == ALONE { 1 } else { processes };
    for tier in &chosen {
        let processes = processes_of(tier);
        println!(
            "Tier {}: {} items of {} families, {} samplers, about {:.1} million tokens, {:.1} hours for {processes} processes",
            tier.name,
            tier.items,
            tier.families.len(),
            tier.arms.len(),
            tier.tokens as f64 / 1e6,
            tier.tokens as f64 / (SPEED * processes as u64) as f64 / 3600.0,
        );
    }
    let history = History::of(project, &plan.commit)?;
    for tier in chosen {
        let processes = processes_of(tier);
        let logs = shares(project, &program, &model, tier, &history, processes)?;
        publish(project, &program, tier, &logs, &history, processes)?;
    }
    Ok(())
}

/// The command-line program, built.
fn program(project: &Project, release: bool) -> Result<PathBuf> {
    let mut cargo = project.command("cargo");
    cargo.args(["build", "--quiet", "--package", "entropix-cli"]);
    if release {
        println!("Building the engine; this takes some minutes the first time.");
        cargo.arg("--release");
    }
    run_command(&mut cargo)?;
    let folder = if release { "release" } else { "debug" };
    Ok(project.target().join(folder).join("entropix"))
}

/// Folder of the logs of a run.
fn folder(project: &Project) -> Result<PathBuf> {
    let folder = project.target().join("evaluation");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

fn model(project: &Project) -> Result<PathBuf> {
    let manifest = Manifest::read(project)?;
    models::ensure(project, &manifest, manifest.default_model())
}

/// A few items of the pilot part: the pipeline, not the finding.
pub(crate) fn quick(project: &Project, program: &Path) -> Result<()> {
    let model = model(project)?;
    let folder = folder(project)?;
    let (log, results) = (folder.join("quick.jsonl"), folder.join("quick.json"));
    // What an older program wrote would be refused.
    for old in [&log, &results] {
        let _ = std::fs::remove_file(old);
    }
    let mut evaluate = project.command(program);
    evaluate.args(["evaluate", "--tier", "quick"]).arg("--model").arg(&model);
    run_command(evaluate.arg("--log").arg(&log))?;
    run_command(project.command(program).arg("results").arg(&log))?;
    let mut publish = project.command(program);
    publish.arg("results").arg(&log).args(["--tier", "quick", "--publish"]).arg(&results);
    run_command(&mut publish)
}

/// What a run is published with.
struct History {
    /// The last commit that changed what answers depend on: a run goes on over others.
    program: String,
    /// Files that answers depend on and that changed after the plan was fixed.
    changed: Vec<String>,
}

impl History {
    fn of(project: &Project, plan: &str) -> Result<Self> {
        let git = |args: &[&str]| output(project.command("git").args(args));
        let changes = git(&["status", "--porcelain", "--untracked-files=no"])?;
        ensure!(
            changes.is_empty(),
            "there are changes without a commit, and results name the commit that made them: commit or stash\n{changes}"
        );
        ensure!(
            !plan.is_empty(),
            "the plan is not fixed yet: see COMMIT in crates/eval/src/plan.rs"
        );
        git(&["merge-base", "--is-ancestor", plan, "HEAD"]).with_context(|| {
            format!("the history does not reach back to the plan, {plan}: fetch all of it")
        })?;
        let changed = git(&[&["diff", "--name-only", plan, "HEAD", "--"], &SOURCES[..]].concat())?;
        let program = git(&[&["log", "-1", "--format=%H", "--"], &SOURCES[..]].concat())?;
        Ok(Self {
            program: program.trim().to_owned(),
            changed: changed.lines().map(str::to_owned).collect(),
        })
    }
}

/// Runs what is not in the logs yet.
fn shares(
    project: &Project,
    program: &Path,
    model: &Path,
    tier: &Tier,
    history: &History,
    processes: usize,
) -> Result<Vec<PathBuf>> {
    let folder = folder(project)?;
    let mut logs = Vec::new();
    let mut running = Vec::new();
    for share in 1..=processes {
        let log = folder.join(format!("tier-{}-{share}-of-{processes}.jsonl", tier.name));
        let mut evaluate = project.command(program);
        evaluate.args(["evaluate", "--tier", &tier.name, "--program", &history.program]);
        evaluate.arg("--share").arg(format!("{share}/{processes}"));
        evaluate.arg("--model").arg(model).arg("--log").arg(&log);
        evaluate.arg("--traces").arg(traces(&folder, tier));
        if tier.name == ALONE {
            evaluate.args(["--width", "1"]);
        }
        // One that can't be started fails as one that ends early: the others go on.
        running.push(evaluate.spawn().context("cannot start `entropix`"));
        logs.push(log);
    }
    let mut failed = false;
    for process in running {
        let status = process.and_then(|mut process| Ok(process.wait()?));
        failed |= !status.is_ok_and(|status| status.success());
    }
    ensure!(!failed, "a share of tier {} failed; the same command goes on where it was", tier.name);
    Ok(logs)
}

/// Where a run keeps answers token by token.
fn traces(folder: &Path, tier: &Tier) -> PathBuf {
    folder.join(format!("tier-{}-traces", tier.name))
}

fn publish(
    project: &Project,
    program: &Path,
    tier: &Tier,
    logs: &[PathBuf],
    history: &History,
    processes: usize,
) -> Result<()> {
    let results = project.root.join("www/results");
    let mut command = Command::new(program);
    command.arg("results").args(logs).args(["--tier", &tier.name]);
    if !history.changed.is_empty() {
        command.arg("--changed").arg(history.changed.join(","));
    }
    let threads = if processes == 1 { "thread" } else { "threads" };
    command.arg("--machine").arg(format!("{}, {processes} {threads}", processor()));
    command.arg("--command").arg(format!("cargo xtask evaluate --tier {}", tier.name));
    command.arg("--publish").arg(results.join("results.json"));
    command.arg("--shown").arg(results.join("summary.json"));
    // Those of the run that everything else is compared with.
    if tier.name == "1" {
        command.arg("--traces").arg(traces(&folder(project)?, tier));
        command.arg("--show").arg(results.join("traces"));
    }
    run_command(&mut command)
}

/// What the processor calls itself.
fn processor() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = known.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}
