//! Answers of many samplers to many questions, kept in a log that can be gone on with.

mod log_file;
mod progress;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use entropix_eval::arms::{Tuned, all};
use entropix_eval::random::hex;
use entropix_eval::run::{self, run};
use entropix_eval::shard::{Asked, Header, Line, Plan, Share, VERSION};
use entropix_eval::{Arm, Family, Item, Part, Split, questions};
use entropix_generate::Chat;
use sha2::{Digest, Sha256};
use web_time::Instant;

use self::log_file::LogFile;
use self::progress::Progress;
use crate::model::{ModelOptions, load, of_model, open_file};
use crate::text;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Where the outcomes go, block by block; a run that was stopped goes on where its log ends
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// Questions and answers of your own, one JSON object per line (crates/eval/README.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["part", "families"])]
    data: Option<PathBuf>,
    /// Which part of our own tasks: pilot, tuning or test
    #[arg(long, default_value = "pilot", value_parser = part)]
    part: Part,
    /// What items follow from; for the test, the commit that fixed the plan
    #[arg(long, default_value = "0")]
    seed: String,
    /// What draws follow from; the same as the items if left out
    #[arg(long)]
    draws: Option<String>,
    /// Families of our own tasks, with commas between them; all if left out
    #[arg(long, value_delimiter = ',')]
    families: Vec<String>,
    /// Most items of a family; 40 of our own tasks and all questions of a file if left out
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    items: Option<u32>,
    /// What is compared, with commas between the names
    #[arg(long, value_delimiter = ',', default_value = "greedy,plain,B,PROMISED,PROMISED sham")]
    arms: Vec<String>,
    /// Numbers that were chosen on the tuning part, as JSON
    #[arg(long, value_name = "FILE")]
    tuned: Option<PathBuf>,
    /// Most tokens of an answer, those of inserted phrases aside
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..))]
    max_tokens: u32,
    /// Let answers go on after their first line
    #[arg(long)]
    whole: bool,
    /// Items that are run together and kept at once
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..))]
    block: u32,
    /// Answers that are made side by side; the tokens are the same for any number
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=256))]
    width: u32,
    /// Only a share of the blocks: 1/4 is the first of four
    #[arg(long, default_value_t = Share::ALL)]
    share: Share,
}

/// Items of a family that a first look needs.
const ITEMS: u32 = 40;

fn part(name: &str) -> Result<Part, String> {
    let names = || Part::ALL.map(Part::name).join(", ");
    Part::named(name).ok_or_else(|| format!("there are {}", names()))
}

pub(crate) fn run_command(options: &Options) -> anyhow::Result<()> {
    // Questions first: a mistake in them should not wait for a model.
    let families = options.items()?;
    let mut chat = load(&options.model)?;
    let arms = options.arms(&all(&of_model(&chat, &options.model)?, &options.tuned()?))?;
    let header = options.header(&families, arms)?;
    must_fit(&chat, &families, options.max_tokens)?;
    let mut log = LogFile::open(&options.log, &header)?;
    let share = Plan::of(&header).blocks().into_iter().enumerate();
    let share = share.filter(|(at, _)| options.share.has(*at)).map(|(_, block)| block);
    let left: Vec<_> = share.filter(|block| !log.has(block)).collect();
    let ways = run::Options {
        draws: options.draws().to_owned(),
        max_tokens: options.max_tokens,
        one_line: !options.whole,
        width: options.width as usize,
    };
    let mut progress = Progress::of(left.len());
    for block in left {
        let start = Instant::now();
        let (name, items) = families.get(block.family as usize).context("no such family")?;
        let items = items.get(block.from as usize..block.to as usize).context("no such items")?;
        let answered = run(&mut chat, items, &header.arms, &ways, |made| progress.made(made))?;
        let seconds = start.elapsed().as_secs_f64();
        let line = Line { block, outcomes: answered.outcomes, seconds };
        log.append(&line)?;
        progress.block(name, &line, &header.arms);
    }
    progress.end(&options.log);
    Ok(())
}

/// Our own families of these names; all of none.
pub(super) fn families(names: &[String]) -> anyhow::Result<Vec<Family>> {
    if names.is_empty() {
        return Ok(Family::ALL.to_vec());
    }
    let named = |name: &String| {
        Family::named(name.trim()).with_context(|| {
            let names = Family::ALL.map(Family::name).join(", ");
            format!("there is no family {name:?}, only {names}")
        })
    };
    names.iter().map(named).collect()
}

/// A question that does not fit would end the run at its block, again and again.
fn must_fit(chat: &Chat, families: &[(String, Vec<Item>)], max_tokens: u32) -> anyhow::Result<()> {
    let context = chat.loaded().model.shape().context_length;
    for item in families.iter().flat_map(|(_, items)| items) {
        let tokens =
            run::prompt(chat, item).map_err(|error| anyhow::anyhow!("{}", error.problem()))?;
        let needed = tokens.len() + 2 * max_tokens as usize;
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
    /// Families with their items.
    fn items(&self) -> anyhow::Result<Vec<(String, Vec<Item>)>> {
        if let Some(path) = &self.data {
            let text = text::read(path)?;
            let mut families =
                questions::read(&text).with_context(|| path.display().to_string())?;
            let most = self.items.map_or(usize::MAX, |items| items as usize);
            for (_, items) in &mut families {
                items.truncate(most);
            }
            return Ok(families);
        }
        let most = self.items.unwrap_or(ITEMS) as usize;
        let is_commit = self.seed.len() == 40 && self.seed.chars().all(|c| c.is_ascii_hexdigit());
        ensure!(
            self.part != Part::Test || is_commit,
            "--part test is for the finding: its --seed is the commit that fixed the plan, 40 digits"
        );
        let split = Split { part: self.part, seed: self.seed.clone() };
        let families = families(&self.families)?;
        let with_items = |family: Family| (family.name().to_owned(), family.items(&split, most));
        Ok(families.into_iter().map(with_items).collect())
    }

    fn draws(&self) -> &str {
        self.draws.as_deref().unwrap_or(&self.seed)
    }

    fn tuned(&self) -> anyhow::Result<Tuned> {
        let Some(path) = &self.tuned else { return Ok(Tuned::default()) };
        serde_json::from_str(&text::read(path)?).with_context(|| path.display().to_string())
    }

    /// Those of all arms that were asked for.
    fn arms(&self, all: &[Arm]) -> anyhow::Result<Vec<Arm>> {
        let mut arms: Vec<Arm> = Vec::new();
        for name in self.arms.iter().map(|name| name.trim()) {
            let names = || all.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", ");
            let arm = all.iter().find(|arm| arm.name == name);
            let arm = arm.with_context(|| format!("there is no {name:?}, only {}", names()))?;
            ensure!(!arms.contains(arm), "{name:?} is there twice: name each once");
            arms.push(arm.clone());
        }
        if let Some(sham) = arms.iter().find(|arm| arm.needs().is_some()) {
            let donor = sham.needs().is_some_and(|own| arms.iter().any(|arm| arm.is_donor(own)));
            ensure!(donor, "{:?} repeats what PROMISED saw: add PROMISED to --arms", sham.name);
        }
        Ok(arms)
    }

    fn header(&self, families: &[(String, Vec<Item>)], arms: Vec<Arm>) -> anyhow::Result<Header> {
        let mut questions = Sha256::new();
        for item in families.iter().flat_map(|(_, items)| items) {
            questions.update(format!("{:?}\n", (&item.question, &item.expected)));
        }
        Ok(Header {
            version: VERSION,
            generator: concat!("entropix ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: self.model_hash()?,
            part: self.data.is_none().then_some(self.part),
            seed: self.seed.clone(),
            draws: self.draws().to_owned(),
            engine: self.model.engine(),
            max_tokens: self.max_tokens,
            one_line: !self.whole,
            families: families.iter().map(|(name, items)| Asked::of(name, items)).collect(),
            questions: hex(&questions.finalize()),
            block: self.block,
            arms,
        })
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
