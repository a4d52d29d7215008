//! `crates/entropix/SAMPLERS.md`: tables from the code, and what the samplers do on a real model.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix::conditions;
use entropix::{
    Action, AttentionMetrics, Comparison, DsliderConfig, EntropixConfig, Parameters, Preset,
    PromisedConfig, Rule, Uncertainty, rules,
};
use entropix_generate::Chat;
use entropix_protocol::{Recipe, Seed, TokenEntry};
use serde_json::Value;

use crate::answer::Answer;
use crate::model::{ModelOptions, file_name, load, of_model};
use crate::prompts;
use crate::sampler::{self, OfModel};

/// Everything before this is made without a model.
const MEASURED: &str = "## What they do\n";
/// Samplers beside the presets.
const OTHERS: [&str; 2] = ["DSLIDER", "PROMISED"];
/// Most tokens of an answer.
const TOKENS: u32 = 100;
const SEED: Seed = Seed(0);

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Where to write; standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let text = described()? + &measured(&options.model)?;
    if let Some(path) = &options.output {
        return std::fs::write(path, text)
            .with_context(|| format!("{} can't be written", path.display()));
    }
    print!("{text}");
    Ok(())
}

/// Everything that follows from the code.
fn described() -> anyhow::Result<String> {
    let mut text = include_str!("samplers.md").to_owned();
    let configs = Preset::ALL.map(EntropixConfig::preset);
    let titles = Preset::ALL.map(|preset| preset.name().to_owned());

    text += "\n## Rules\n\nTested in this order; the first whose conditions all hold decides, strictly: a value on a \
             threshold holds on neither side. Conditions on AE, AV, AG and IS need attention. Draws are \
             given for attention metrics of 0.\n\n";
    text += &heading(&titles);
    for rule in Rule::TESTED {
        text += &row(rule.code(), configs.iter().map(|config| conditions_of(rule, config)));
        text += &row("", configs.iter().map(|config| draw_of(rule, config)));
    }
    let adaptive = |config: &EntropixConfig| {
        let draws = match config.n_adaptive_samples {
            1 => "one draw".to_owned(),
            n => format!("best of {n} draws"),
        };
        let at = |h, v| {
            let u = Uncertainty { entropy_bits: h, varentropy_bits2: v };
            let none = AttentionMetrics::default();
            rules::parameters(Rule::Adaptive, &u, &none, config).temperature
        };
        format!("{draws}, T {:.2} at (1, 1), {:.2} at (4, 4)", at(1.0, 1.0), at(4.0, 4.0))
    };
    text += &row("ADAPTIVE", configs.iter().map(|_| "no rule holds".to_owned()));
    text += &row("", configs.iter().map(adaptive));

    text += "\n## Quirks\n\n";
    text += &heading(&titles);
    let values: Vec<Value> = configs.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let value = |name: &str| values.iter().map(|config| plain(&config[name])).collect::<Vec<_>>();
    for (name, _) in EntropixConfig::SWITCHES {
        text += &row(&format!("`{name}`"), value(name).into_iter());
    }
    text.push('\n');
    for (name, words) in EntropixConfig::SWITCHES {
        let _ = writeln!(text, "* `{name}`:{}", unlinked(words));
    }

    text += "\n## Numbers\n\nA coefficient of 0 means that the preset does not have it; a `…_max` of 0 that there is no limit.\n\n";
    text += &heading(&titles);
    for (name, _) in EntropixConfig::NUMBERS {
        text += &row(&format!("`{name}`"), value(name).into_iter());
    }
    text.push('\n');
    for (name, words) in EntropixConfig::NUMBERS {
        let _ = writeln!(text, "* `{name}`:{}", unlinked(words));
    }

    text += "\n## DSLIDER\n\n| number | as coded |\n| --- | --- |\n";
    text += &list(serde_json::to_value(DsliderConfig::default())?);
    text += "\n## PROMISED\n\n| number | SmolLM2-135M-Instruct |\n| --- | --- |\n";
    text += &list(serde_json::to_value(PromisedConfig::default())?);
    text.push('\n');
    Ok(text)
}

/// A row for each setting.
fn list(config: Value) -> String {
    let Value::Object(settings) = config else { return String::new() };
    let line = |(name, value)| row(&format!("`{name}`"), std::iter::once(plain(&value)));
    settings.into_iter().map(line).collect()
}

fn heading(titles: &[String]) -> String {
    row("", titles.iter().cloned()) + &row("---", titles.iter().map(|_| "---".to_owned()))
}

fn row(name: &str, cells: impl Iterator<Item = String>) -> String {
    cells.fold(format!("| {name} |"), |row, cell| row + " " + &cell + " |") + "\n"
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Value::Array(all) => {
            all.iter().map(|each| format!("“{}”", plain(each))).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A docstring without its links.
fn unlinked(words: &str) -> String {
    words.replace("[`", "`").replace("`]", "`")
}

fn conditions_of(rule: Rule, config: &EntropixConfig) -> String {
    let words = |one: &Comparison| {
        let Comparison { metric, above, threshold, .. } = one;
        format!("{} {} {threshold}", metric.name(), if *above { '>' } else { '<' })
    };
    let asked = conditions::asked(rule, config.preset.uses_attention(), config);
    asked.iter().map(words).collect::<Vec<_>>().join(", ")
}

fn draw_of(rule: Rule, config: &EntropixConfig) -> String {
    let nothing = (Uncertainty::default(), AttentionMetrics::default());
    let Parameters { temperature, top_p, top_k, min_p } =
        rules::parameters(rule, &nothing.0, &nothing.1, config);
    let draw = format!("a draw: T {temperature:.3}, top-k {top_k}, top-p {top_p}, min-p {min_p}");
    match rule {
        Rule::Lelv => "the most probable token".to_owned(),
        Rule::Helv => format!("the pause token, else {draw}"),
        _ => draw,
    }
}

/// Counts over the answers of each sampler.
#[derive(Default)]
struct Counts {
    tokens: usize,
    /// By rule, as in [`Rule::ALL`], then none.
    rules: [usize; Rule::ALL.len() + 1],
    inserts: usize,
    branchings: usize,
    branched: usize,
    taken_back: usize,
    resamples: usize,
}

impl Counts {
    fn add(&mut self, answer: &Answer) {
        self.tokens += answer.tokens.len();
        for entry in &answer.tokens {
            let at = entry.decision.rule.map_or(Rule::ALL.len(), Rule::index);
            if let Some(count) = self.rules.get_mut(at) {
                *count += 1;
            }
            let decided = entry.decision.rule.is_some();
            let did = |entry: &TokenEntry, action| {
                usize::from(decided && entry.decision.action == action)
            };
            self.inserts += did(entry, Action::Insert);
            self.branchings += did(entry, Action::Branch);
            let winner = entry.decision.branches.iter().map(|b| (b.score, b.tokens.len()));
            self.branched += winner.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |best| best.1);
        }
        self.resamples += answer.retracted.len();
        self.taken_back += answer.retracted.iter().map(|one| one.tokens.len()).sum::<usize>();
    }
}

/// What the samplers do on a model.
fn measured(options: &ModelOptions) -> anyhow::Result<String> {
    let mut chat = load(options)?;
    let of_model = of_model(&chat, options)?;
    let questions = prompts::read(None)?;
    let mut text = MEASURED.to_owned();
    let _ = write!(
        text,
        "\n{} questions ([`prompts.txt`](../cli/src/prompts.txt)), at most {TOKENS} tokens each, seed {SEED}, \
         {}; default settings, the pause token that of the model's vocabulary. \
         `cargo xtask samplers` measures again.\n\n\
         | sampler | tokens | LELV | HELV | LEHV | HEHV | ADAPTIVE | without a rule | inserts | branchings (tokens kept) | taken back (tokens) |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        questions.len(),
        file_name(options),
    );
    for name in Preset::ALL.map(Preset::name).into_iter().chain(OTHERS) {
        let counts = count(&mut chat, &of_model, name, &questions)?;
        let mut cells = vec![counts.tokens.to_string()];
        cells.extend(counts.rules.map(|count| count.to_string()));
        cells.push(counts.inserts.to_string());
        let pair = |times: usize, tokens: usize| {
            if times == 0 { "0".to_owned() } else { format!("{times} ({tokens})") }
        };
        cells.push(pair(counts.branchings, counts.branched));
        cells.push(pair(counts.resamples, counts.taken_back));
        text += &row(name, cells.into_iter());
    }
    text += "\nWithout a rule: first tokens that are always the most probable one, the rest of phrases, tokens inside \
             branches, and all of DSLIDER's.\n";
    Ok(text)
}

fn count(
    chat: &mut Chat,
    of_model: &OfModel,
    name: &str,
    questions: &[String],
) -> anyhow::Result<Counts> {
    let sampler = sampler::named(name, of_model)?;
    let recipe = Recipe { sampler, seed: SEED, max_tokens: TOKENS, attention: false };
    let mut counts = Counts::default();
    for question in questions {
        let ids = prompts::ids(chat, question)?;
        counts.add(&Answer::to(chat, ids, recipe.clone())?);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_what_the_code_does() {
        let file = include_str!("../../../entropix/SAMPLERS.md");
        let (written, measured) = file.split_once(MEASURED).unwrap();
        assert_eq!(written, described().unwrap(), "run `cargo xtask samplers`");
        for name in Preset::ALL.map(Preset::name).into_iter().chain(OTHERS) {
            assert!(measured.contains(&format!("| {name} | ")), "{name} was not counted");
        }
    }
}
