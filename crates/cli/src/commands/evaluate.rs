//! Answers of many samplers to many questions, kept in a log that can be gone on with.

mod log_file;
mod progress;
mod task;
mod traces;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use entropix_eval::arms::all;
use entropix_eval::plan::BLOCK;
use entropix_eval::random::hex;
use entropix_eval::run::{self, run};
use entropix_eval::shard::{Asked, Conditions, Header, Line, Plan, Share, VERSION};
use entropix_eval::{Arm, Item, Part};
use entropix_generate::Chat;
use sha2::{Digest, Sha256};

use self::log_file::LogFile;
use self::progress::Progress;
use self::task::{Task, TaskOptions};
pub(super) use self::task::{families, tier};
pub(super) use self::traces::name as trace_name;
use crate::model::{ModelOptions, load, of_model, open_file};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    #[command(flatten)]
    task: TaskOptions,
    /// Where the outcomes go, block by block; a run that was stopped goes on where its log ends
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// What draws follow from; the same as the items if left out
    #[arg(long)]
    draws: Option<String>,
    /// Items that are run together and kept at once
    #[arg(long, default_value_t = BLOCK, value_parser = clap::value_parser!(u32).range(1..))]
    block: u32,
    /// Answers that are made side by side; the tokens are the same for any number
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=256))]
    width: u32,
    /// The commit of this program: what another one began is not gone on with
    #[arg(long, value_name = "COMMIT")]
    program: Option<String>,
    /// Keeps single answers to the first block of each family token by token, in this folder
    #[arg(long, value_name = "FOLDER")]
    traces: Option<PathBuf>,
    /// Only a share of the blocks: 1/4 is the first of four
    #[arg(long, default_value_t = Share::ALL)]
    share: Share,
}

pub(crate) fn run_command(options: &Options) -> anyhow::Result<()> {
    // Questions first: a mistake in them should not wait for a model.
    let task = options.task.task()?;
    let mut chat = load(&options.model)?;
    let arms = task.arms(&all(&of_model(&chat, &options.model)?, &task.tuned))?;
    let header = options.header(&task, arms)?;
    must_fit(&chat, &task)?;
    let mut log = LogFile::open(&options.log, &header)?;
    let Conditions { draws, max_tokens, one_line, arms, .. } = &header.conditions;
    let share = Plan::of(&header).blocks().into_iter().enumerate();
    let share = share.filter(|(at, _)| options.share.has(*at)).map(|(_, block)| block);
    let left: Vec<_> = share.filter(|block| !log.has(block)).collect();
    let ways = run::Options {
        draws: draws.clone(),
        max_tokens: *max_tokens,
        one_line: *one_line,
        width: options.width as usize,
        traced: false,
    };
    let mut progress = Progress::of(left.len(), task.part == Some(Part::Test));
    for block in left {
        let family = task.families.get(block.family as usize);
        let (name, items) = family.context("no such family")?;
        let items = items.get(block.from as usize..block.to as usize).context("no such items")?;
        let traced = options.traces.is_some() && block.from == 0;
        let ways = run::Options { traced, ..ways.clone() };
        let answered = run(&mut chat, items, arms, &ways, |made| progress.made(made))?;
        if let Some(folder) = &options.traces {
            traces::write(folder, &options.model, items, arms, answered.traces)?;
        }
        let line = Line { block, outcomes: answered.outcomes, seconds: answered.seconds };
        log.append(&line)?;
        progress.block(name, &line, arms);
    }
    progress.end(&options.log);
    Ok(())
}

/// A question that does not fit would end the run at its block, again and again.
fn must_fit(chat: &Chat, task: &Task) -> anyhow::Result<()> {
    let context = chat.loaded().model.shape().context_length;
    for item in task.families.iter().flat_map(|(_, items)| items) {
        let tokens =
            run::prompt(chat, item).map_err(|error| anyhow::anyhow!("{}", error.problem()))?;
        let needed = tokens.len() + 2 * task.max_tokens as usize;
        ensure!(
            needed <= context,
            "item {} of {:?} needs {needed} tokens with its answer, the context holds {context}: shorten it, or lower --max-tokens",
            item.number,
            item.family
        );
    }
    Ok(())
}

impl Options {
    fn generator(&self) -> String {
        let version = concat!("entropix ", env!("CARGO_PKG_VERSION"));
        self.program.as_ref().map_or_else(|| version.to_owned(), |it| format!("{version} at {it}"))
    }

    fn header(&self, task: &Task, arms: Vec<Arm>) -> anyhow::Result<Header> {
        let mut questions = Sha256::new();
        for Item { examples, question, expected, .. } in
            task.families.iter().flat_map(|(_, items)| items)
        {
            questions.update(format!("{:?}\n", (examples, question, expected)));
        }
        let conditions = Conditions {
            generator: self.generator(),
            model: self.model_hash()?,
            engine: self.model.engine(),
            part: task.part,
            seed: task.seed.clone(),
            draws: self.draws.as_ref().unwrap_or(&task.seed).clone(),
            questions: hex(&questions.finalize()),
            max_tokens: task.max_tokens,
            one_line: task.one_line,
            block: self.block,
            arms,
        };
        let families = task.families.iter().map(|(name, items)| Asked::of(name, items));
        Ok(Header { version: VERSION, conditions, families: families.collect() })
    }

    /// The SHA-256 of the model's bytes, of all its files in their order.
    fn model_hash(&self) -> anyhow::Result<String> {
        let mut file = open_file(&self.model.model)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            let path = self.model.model.display();
            let read = std::io::Read::read(&mut file, &mut buffer);
            match read.with_context(|| format!("{path} can't be read"))? {
                0 => return Ok(hex(&hash.finalize())),
                read => hash.update(buffer.get(..read).unwrap_or_default()),
            }
        }
    }
}
