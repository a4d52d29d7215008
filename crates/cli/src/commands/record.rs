//! Recording an answer as the page replays it.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix_protocol::{ChatMessage, Recipe, Role, SCHEMA, Seed, Trace};

use crate::answer::Answer;
use crate::clock;
use crate::model::{ModelOptions, file_name, load, of_model};
use crate::output::out;
use crate::sampler;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// What to ask
    #[arg(long)]
    prompt: String,
    #[arg(help = sampler::help(), long, default_value = "B")]
    sampler: String,
    /// Seed of the random stream
    #[arg(long, default_value_t = Seed(0), allow_negative_numbers = true)]
    seed: Seed,
    /// Most tokens to produce
    #[arg(long, default_value_t = 200)]
    max_tokens: u32,
    /// Where to write; standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let trace = record(options)?;
    let text = serde_json::to_string(&trace)? + "\n";
    if let Some(path) = &options.output {
        return std::fs::write(path, text)
            .with_context(|| format!("{} can't be written", path.display()));
    }
    Ok(out().write_all(text.as_bytes())?)
}

fn record(options: &Options) -> anyhow::Result<Trace> {
    let mut chat = load(&options.model)?;
    let sampler = sampler::named(&options.sampler, &of_model(&chat, &options.model)?)?;
    let messages =
        vec![ChatMessage { role: Role::User, content: options.prompt.clone(), ids: None }];
    let prompt = chat.prompt(&messages, clock::now())?;
    let prompt_tokens = prompt.ids.len() as u32;
    let recipe =
        Recipe { sampler, seed: options.seed, max_tokens: options.max_tokens, ..Recipe::default() };
    let answer = Answer::to(&mut chat, prompt.ids, recipe.clone())?;
    Ok(Trace {
        schema: SCHEMA,
        generator: concat!("entropix ", env!("CARGO_PKG_VERSION")).to_owned(),
        model: file_name(&options.model),
        messages,
        sampler: recipe.sampler,
        seed: recipe.seed,
        prompt_tokens,
        tokens: answer.tokens,
        retracted: answer.retracted,
        finish: answer.finish,
    })
}
