//! The project's own commands: serve, build, check, test, bench, models, traces. See README.md beside Cargo.toml.

#![forbid(unsafe_code)]

mod bench;
mod build;
mod check;
mod clock;
mod command;
mod docs;
mod evaluate;
mod files;
mod models;
mod package;
mod project;
mod serve;
mod steps;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::models::manifest::Manifest;
use crate::project::Project;

/// Entropix in the browser: the project's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true, color = clap::ColorChoice::Never)]
struct Cli {
    /// Download nothing: use what is here, or say what is missing
    #[arg(long, global = true)]
    offline: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page and serve it, with the model, on 127.0.0.1
    Serve(serve::Options),
    /// Build dist/, which any static host can serve from any path
    Build {
        /// Put the default model into dist/models/ too
        #[arg(long)]
        with_model: bool,
    },
    /// Look at the code without running it: format, lints, spelling, links, licences, …
    Check {
        /// Only these steps (the start of a name is enough)
        #[arg(long, num_args = 1.., value_name = "NAME")]
        only: Vec<String>,
        /// Look for known vulnerabilities of dependencies, too (needs the network)
        #[arg(long)]
        advisories: bool,
    },
    /// Run every check and test; the last line is "N passed, N failed"
    Test {
        /// Only these steps (the start of a name is enough)
        #[arg(long, num_args = 1.., value_name = "NAME")]
        only: Vec<String>,
        /// Compare real Gemma 3 and Qwen 2.5 files with their references, too (downloads 745 MB)
        #[arg(long)]
        models: bool,
    },
    /// Measure the engine natively and in a headless browser
    Bench(bench::Options),
    /// Run the plan of crates/eval/PLAN.md: does the sampler help? (hours)
    Evaluate(evaluate::Options),
    /// List the model files
    Models {
        /// Get the default model
        #[arg(long)]
        fetch: bool,
        /// Get the default model and make the files that only the tests need
        #[arg(long)]
        test: bool,
    },
    /// Make the npm package of the elements, and see whether the crates could be published
    Package,
    /// Record the page's recorded chats (www/traces) again
    Traces,
    /// Write crates/entropix/SAMPLERS.md again (some minutes)
    Samplers,
    /// Draw the still pictures of the pages (www/explore, www/results) again
    Figures,
    /// Get the tools (Rust's wasm target, trunk, wasm-bindgen, the checkers)
    Tools,
    /// Finish a page that Trunk has just built (called by Trunk.toml)
    #[command(hide = true)]
    Stage,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let project = Project::find(cli.offline)?;
    match cli.command {
        Command::Serve(options) => serve::run(&project, &options)?,
        Command::Build { with_model } => build::page(&project, with_model)?,
        Command::Check { only, advisories } => return check::run(&project, &only, advisories),
        Command::Test { only, models } => return test::run(&project, &only, models),
        Command::Bench(options) => bench::run(&project, &options)?,
        Command::Evaluate(options) => evaluate::run(&project, &options)?,
        Command::Models { fetch, test } => {
            let manifest = Manifest::read(&project)?;
            if test {
                models::ensure_needed(&project, &manifest)?;
            } else if fetch {
                models::ensure(&project, &manifest, manifest.default_model())?;
            }
            models::list(&project, &manifest)?;
        }
        Command::Package => package::run(&project)?,
        Command::Figures => docs::figures::draw(&project)?,
        Command::Traces => docs::traces::record(&project)?,
        Command::Samplers => docs::samplers::write(&project)?,
        Command::Tools => tools::ensure_all(&project)?,
        Command::Stage => build::stage::run(&project)?,
    }
    Ok(ExitCode::SUCCESS)
}
