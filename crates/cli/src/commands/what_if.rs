//! Continuations of a recorded answer from other words and what they come to, as the page shows them.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix_conversation::{CONTINUATION_TOKENS, Conversation, partings};
use entropix_protocol::{Continuations, Recipe, Trace};

use crate::clock;
use crate::model::{ModelOptions, load};
use crate::output::out;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// The recorded answer, by the same model
    trace: PathBuf,
    /// Where to write; standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let name = options.trace.display();
    let text =
        std::fs::read_to_string(&options.trace).with_context(|| format!("{name} can't be read"))?;
    let trace: Trace =
        serde_json::from_str(&text).with_context(|| format!("{name} is no trace"))?;
    let mut chat = load(&options.model)?;
    let messages = trace.messages.clone();
    let prompt = chat.prompt(&messages, clock::now())?;
    let conversation = Conversation::recorded(trace);
    let turn = conversation.path().last().map_or(0, |turn| turn.id);
    let answer = conversation.answer(turn).with_context(|| format!("{name} has no answer"))?;
    let partings = partings(answer);
    let recipe =
        Recipe { max_tokens: CONTINUATION_TOKENS, attention: false, ..answer.made.recipe.clone() };
    let mut what_if =
        chat.what_if(prompt.ids, &messages, answer.tokens(), partings.clone(), recipe);
    let mut grown = vec![None; partings.len()];
    while !what_if.is_over() {
        for it in what_if.advance(&mut chat)? {
            if let Some(last) = grown.get_mut(it.number as usize) {
                *last = Some(it);
            }
        }
    }
    let grown = grown.into_iter().flatten().collect();
    let text = serde_json::to_string_pretty(&Continuations { partings, grown })? + "\n";
    if let Some(path) = &options.output {
        return std::fs::write(path, text)
            .with_context(|| format!("{} can't be written", path.display()));
    }
    Ok(out().write_all(text.as_bytes())?)
}
