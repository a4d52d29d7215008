//! What is run: a tier of the plan, our own tasks as the options say, or somebody's questions.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use entropix_eval::arms::Tuned;
use entropix_eval::plan::Tier;
use entropix_eval::{Arm, Family, Item, Part, Split, questions};

use crate::text;

#[derive(Args)]
pub(crate) struct TaskOptions {
    /// A run of the plan (crates/eval/PLAN.md), with all that it says
    #[arg(long, value_name = "NAME", value_parser = tier, conflicts_with_all = [
        "data", "part", "seed", "draws", "families", "items", "arms", "tuned", "max_tokens", "whole", "block",
    ])]
    tier: Option<&'static Tier>,
    /// Questions and answers of your own, one JSON object per line (crates/eval/README.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["part", "families"])]
    data: Option<PathBuf>,
    /// Which part of our own tasks: pilot, tuning or test
    #[arg(long, default_value = "pilot", value_parser = part)]
    part: Part,
    /// What items follow from; for the test, the commit that fixed the plan
    #[arg(long, default_value = "0")]
    seed: String,
    /// Families of our own tasks, with commas between them; all if left out
    #[arg(long, value_delimiter = ',')]
    families: Vec<String>,
    /// Most items of a family; 40 of our own tasks and all questions of a file if left out
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    items: Option<u32>,
    /// What is compared, with commas between the names; "all" for all there is
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
}

/// Items of a family that a first look needs.
const ITEMS: u32 = 40;

/// What is run.
pub(super) struct Task {
    /// Which part of our own; `None` for somebody's questions.
    pub(super) part: Option<Part>,
    pub(super) seed: String,
    /// Families with their items.
    pub(super) families: Vec<(String, Vec<Item>)>,
    /// Names of what is compared.
    pub(super) arms: Vec<String>,
    pub(super) tuned: Tuned,
    pub(super) max_tokens: u32,
    pub(super) one_line: bool,
}

impl TaskOptions {
    /// Reads questions, or draws them.
    pub(super) fn task(&self) -> anyhow::Result<Task> {
        if let Some(tier) = self.tier {
            return of_tier(tier);
        }
        let seed = self.seed.clone();
        let families = if let Some(path) = &self.data {
            self.questions(path)?
        } else {
            let most = self.items.unwrap_or(ITEMS);
            ours(&families(&self.families)?, self.part, &seed, most)?
        };
        Ok(Task {
            part: self.data.is_none().then_some(self.part),
            seed,
            families,
            arms: self.arms.clone(),
            tuned: self.tuned()?,
            max_tokens: self.max_tokens,
            one_line: !self.whole,
        })
    }

    fn questions(&self, path: &Path) -> anyhow::Result<Vec<(String, Vec<Item>)>> {
        let text = text::read(path)?;
        let mut families = questions::read(&text).with_context(|| path.display().to_string())?;
        let most = self.items.map_or(usize::MAX, |items| items as usize);
        for (_, items) in &mut families {
            items.truncate(most);
        }
        Ok(families)
    }

    fn tuned(&self) -> anyhow::Result<Tuned> {
        // Cuts that were chosen for our own model are no other's: only the plan's runs have them.
        let Some(path) = &self.tuned else { return Ok(Tuned::default()) };
        serde_json::from_str(&text::read(path)?).with_context(|| path.display().to_string())
    }
}

/// What the plan says.
fn of_tier(tier: &Tier) -> anyhow::Result<Task> {
    let seed = tier.seed().context(
        "the plan is not fixed yet: COMMIT in crates/eval/src/plan.rs is the commit from which the test follows",
    )?;
    Ok(Task {
        part: Some(tier.part),
        seed: seed.to_owned(),
        families: ours(tier.families, tier.part, seed, tier.items)?,
        arms: tier.arms.iter().map(|&name| name.to_owned()).collect(),
        tuned: tier.tuned().clone(),
        max_tokens: tier.max_tokens,
        one_line: tier.one_line,
    })
}

impl Task {
    /// Those of all arms that were asked for.
    pub(super) fn arms(&self, all: &[Arm]) -> anyhow::Result<Vec<Arm>> {
        if self.arms == ["all"] {
            return Ok(all.to_vec());
        }
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
}

/// Our own families of these names; all of none.
pub(in crate::commands) fn families(names: &[String]) -> anyhow::Result<Vec<Family>> {
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

/// Items of our own families.
fn ours(
    families: &[Family],
    part: Part,
    seed: &str,
    most: u32,
) -> anyhow::Result<Vec<(String, Vec<Item>)>> {
    let is_digit = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
    let is_commit = seed.len() == 40 && seed.chars().all(is_digit);
    ensure!(
        part != Part::Test || is_commit,
        "the test is for the finding: its --seed is the commit that fixed the plan, 40 small digits"
    );
    let split = Split { part, seed: seed.to_owned() };
    let items = |family: &Family| family.items(&split, most as usize);
    Ok(families.iter().map(|family| (family.name().to_owned(), items(family))).collect())
}

fn part(name: &str) -> Result<Part, String> {
    let names = || Part::ALL.map(Part::name).join(", ");
    Part::named(name).ok_or_else(|| format!("there are {}", names()))
}

pub(in crate::commands) fn tier(name: &str) -> Result<&'static Tier, String> {
    Tier::named(name).ok_or_else(Tier::names)
}
