//! `entropix`: the page's engine and sampler in the terminal.

#![expect(clippy::doc_markdown, reason = "doc comments of commands are their help")]

mod answer;
mod clock;
mod commands;
mod failure;
mod jsonl;
mod model;
mod number;
mod output;
mod prompts;
mod sampler;
mod text;
mod visible;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::model::{ModelOptions, load, of_model};

/// Chat with a small language model under the Entropix sampler, and look at what it computes.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Chat in the terminal; tokens are coloured by entropy and varentropy
    Chat(commands::chat::Options),
    /// What a model file is: architecture, weights, tokenizer, template, memory
    Info(commands::info::Options),
    /// Text to token ids: {"text","special"} → {"ids"}
    Tokenize(Batch),
    /// Conversation to prompt: {"messages","add_generation_prompt"} → {"text","ids"}
    Template(Batch),
    /// Logits of the last position: {"ids"} → {"top","entropy_bits",…}
    Logits(Batch),
    /// Answers: {"ids"|"prompt"|"messages","sampler","seed","max_tokens"} → {"ids","text","tokens"}
    Generate(Batch),
    /// One decision of the sampler, no model: {"preset","logits",…} → {"quadrant","action",…}
    Decide(Jsonl),
    /// Mean negative log-likelihood, entropy and varentropy of a text
    Perplexity(commands::perplexity::Options),
    /// Record an answer as a trace file
    Record(commands::record::Options),
    /// Continue a recorded answer from other words
    WhatIf(commands::what_if::Options),
    /// A picture of entropy and varentropy as an SVG or PNG file
    Figure(commands::figure::Options),
    /// Cuts of H and V for the sampler PROMISED, from the model's own answers
    Calibrate(commands::calibrate::Options),
    /// Answers of many samplers to many questions, into a log that can be gone on with
    Evaluate(commands::evaluate::Options),
    /// The runs of crates/eval/PLAN.md, as JSON: what is asked, and of which samplers
    Plan,
    /// Free numbers of what an evaluation compares, chosen on the tuning part
    Tune(commands::tune::Options),
    /// What came of an evaluation, from its logs
    Results(commands::results::Options),
    /// The tables of crates/entropix/SAMPLERS.md
    Samplers(commands::samplers::Options),
    /// Measure load, prefill and decode
    Bench(commands::bench::Options),
}

#[derive(Args)]
struct Jsonl {
    /// One JSON object per line in, one per line out, in order
    #[arg(long, required = true)]
    jsonl: bool,
}

#[derive(Args)]
struct Batch {
    #[command(flatten)]
    model: ModelOptions,
    #[command(flatten)]
    jsonl: Jsonl,
}

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => output::end(run(cli.command)),
        Err(message) => output::usage(&message),
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Chat(options) => commands::chat::run(&options),
        Command::Info(options) => commands::info::run(&options),
        Command::Tokenize(batch) => {
            let chat = load(&batch.model)?;
            jsonl::run(|request| commands::tokenize::answer(&chat, &request))
        }
        Command::Template(batch) => {
            let chat = load(&batch.model)?;
            jsonl::run(|request| commands::template::answer(&chat, &request))
        }
        Command::Logits(batch) => {
            let chat = load(&batch.model)?;
            jsonl::run(|request| commands::logits::answer(&chat, &request))
        }
        Command::Generate(batch) => {
            let mut chat = load(&batch.model)?;
            let of_model = of_model(&chat, &batch.model)?;
            jsonl::run(|request| commands::generate::answer(&mut chat, &of_model, request))
        }
        Command::Decide(_) => jsonl::run(commands::decide::answer),
        Command::Perplexity(options) => commands::perplexity::run(&options),
        Command::Record(options) => commands::record::run(&options),
        Command::WhatIf(options) => commands::what_if::run(&options),
        Command::Figure(options) => commands::figure::run(&options),
        Command::Calibrate(options) => commands::calibrate::run(&options),
        Command::Evaluate(options) => commands::evaluate::run_command(&options),
        Command::Plan => commands::plan::run(),
        Command::Tune(options) => commands::tune::run_command(&options),
        Command::Results(options) => commands::results::run(&options),
        Command::Samplers(options) => commands::samplers::run(&options),
        Command::Bench(options) => commands::bench::run(&options),
    }
}
