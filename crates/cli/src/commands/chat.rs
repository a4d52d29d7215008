//! A chat in the terminal.

mod input;
mod line;

use std::io::{IsTerminal, Write, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use clap::Args;
use entropix::Decision;
use entropix_conversation::{Answer, Conversation, Made, TurnId};
use entropix_generate::{Chat, Generation};
use entropix_protocol::{Recipe, Seed, Step, TokenEntry};
use entropix_simplex::color;

use crate::clock;
use crate::model::{ModelOptions, file_name, load, of_model};
use crate::output::out;
use crate::sampler;
use crate::visible::{on_one_line, visible};

use input::{Input, Typed};
use line::Line;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    #[arg(help = sampler::help(), long, default_value = "B")]
    sampler: String,
    /// Seed of the random stream
    #[arg(long, default_value_t = Seed(0), allow_negative_numbers = true)]
    seed: Seed,
    /// Most tokens per answer; 0 for as many as the context holds
    #[arg(long, default_value_t = 0)]
    max_tokens: u32,
    /// Instructions put before the conversation
    #[arg(long)]
    system: Option<String>,
    /// Print the sentence of every decision that was not argmax
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut chat = load(&options.model)?;
    let config = sampler::named(&options.sampler, &of_model(&chat, &options.model)?)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        // The first one ends the answer, the next one the program.
        if flag.swap(true, Relaxed) {
            std::process::exit(130);
        }
    })?;
    let mut input = Input::open()?;
    if input.is_terminal() {
        let (model, sampler) = (file_name(&options.model), config.name());
        writeln!(
            out(),
            "{} · sampler {sampler} · seed {}\n/help lists the commands, Ctrl-D ends, Ctrl-C stops an answer\n",
            on_one_line(&model),
            options.seed
        )?;
    }
    let recipe = Recipe {
        sampler: config,
        seed: options.seed,
        max_tokens: options.max_tokens,
        ..Recipe::default()
    };
    let made = Made {
        recipe,
        system: options.system.clone().unwrap_or_default(),
        model: file_name(&options.model),
        vocabulary: String::new(),
        fork: None,
    };
    let conversation = Conversation::default();
    let mut talk = Talk { options, made, color: color_wanted(), stop, conversation };
    let mut interrupted = false;
    loop {
        out().flush()?;
        // While nothing is answered, Ctrl-C ends the program.
        talk.stop.store(true, Relaxed);
        let typed = input.read()?;
        let again = std::mem::replace(&mut interrupted, matches!(typed, Typed::Interrupt));
        match typed {
            Typed::Line(text) => match line::read(&text) {
                Line::Nothing => {}
                Line::Help => writeln!(out(), "{}\n", line::HELP)?,
                Line::New => talk.conversation.clear(),
                Line::Quit => return Ok(()),
                Line::Unknown(command) => writeln!(
                    out(),
                    "There is no command “{}”: /help lists them. To send it as a message, put another / before it.\n",
                    on_one_line(command)
                )?,
                Line::Message(text) => talk.turn(&mut chat, text)?,
            },
            Typed::Unreadable => {
                writeln!(
                    out(),
                    "That was no UTF-8 text and was not sent. Set the terminal or the file to UTF-8.\n"
                )?;
            }
            Typed::Interrupt if again => return Ok(()),
            Typed::Interrupt => writeln!(out(), "Ctrl-C once more, Ctrl-D or /quit ends.")?,
            Typed::End => return Ok(()),
        }
    }
}

/// Colour unless the output is no terminal or `NO_COLOR` is set (<https://no-color.org>).
fn color_wanted() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

struct Talk<'a> {
    options: &'a Options,
    made: Made,
    color: bool,
    stop: Arc<AtomicBool>,
    conversation: Conversation,
}

impl Talk<'_> {
    /// One question and its answer. A question that can't be answered is not part of the next prompt.
    fn turn(&mut self, chat: &mut Chat, text: &str) -> anyhow::Result<()> {
        let Some(answer) = self.conversation.ask(text, self.made.clone()) else { return Ok(()) };
        let started = chat
            .prompt(&self.conversation.messages(answer), clock::now())
            .and_then(|prompt| chat.generate(prompt.ids, self.made.recipe.clone()));
        match started {
            Ok(generation) => self.answer(chat, answer, generation),
            Err(error) => {
                self.conversation.fail(answer);
                Ok(writeln!(out(), "{}\n", visible(&error.problem().to_string()))?)
            }
        }
    }

    fn answer(
        &mut self,
        chat: &mut Chat,
        answer: TurnId,
        mut generation: Generation,
    ) -> anyhow::Result<()> {
        self.stop.store(false, Relaxed);
        let stats = loop {
            let stop = self.stop.load(Relaxed);
            let step = if stop { generation.stop(chat) } else { generation.advance(chat)? };
            self.conversation.apply(answer, step.clone());
            match step {
                Step::Retract { reason, .. } => self.print_retraction(answer, &reason)?,
                Step::Token { entry } => self.print(&entry)?,
                Step::Done { stats, .. } => break stats,
                // The conversation has heard of it.
                _ => {}
            }
        };
        let rate =
            |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.1}"));
        writeln!(
            out(),
            "\n[{} tokens · prefill {} tokens/s · decode {} tokens/s]\n",
            stats.tokens,
            rate(stats.prefill_tokens_per_second()),
            rate(stats.decode_tokens_per_second()),
        )?;
        Ok(())
    }

    /// What is printed stays: says so, and prints what is left of the line.
    fn print_retraction(&self, answer: TurnId, decision: &Decision) -> anyhow::Result<()> {
        let why = if self.options.explain { &decision.sentence } else { "taken back" };
        let text = self.conversation.answer(answer).map(Answer::text).unwrap_or_default();
        let rest = text.lines().next_back().unwrap_or("");
        let mut out = out();
        write!(out, " ⟨{}⟩\n… {}", visible(why), visible(rest))?;
        Ok(out.flush()?)
    }

    fn print(&self, entry: &TokenEntry) -> anyhow::Result<()> {
        let uncertainty = entry.decision.uncertainty;
        let text = visible(&entry.text);
        let mut out = out();
        if self.color {
            let color::Srgb([r, g, b]) =
                color::color(uncertainty.entropy_bits, uncertainty.varentropy_bits2);
            write!(out, "\x1b[38;2;{r};{g};{b}m{text}\x1b[0m")?;
        } else {
            write!(out, "{text}")?;
        }
        if self.options.explain && entry.decision.action != entropix::Action::Argmax {
            write!(out, " ⟨{}⟩ ", visible(&entry.decision.sentence))?;
        }
        Ok(out.flush()?)
    }
}
