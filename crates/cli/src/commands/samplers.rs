//! `crates/entropix/SAMPLERS.md`: tables from the code, and what the samplers do on a real model.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use entropix::conditions;
use entropix::{
    Action, AttentionMetrics, Comparison, EntropixConfig, Knob, ModelDefaults, Parameters, Preset,
    Rule, SamplerKind, Uncertainty, rules,
};
use entropix_generate::Chat;
use entropix_protocol::{Recipe, Seed, TokenEntry};
use serde_json::Value;

use crate::answer::Answer;
use crate::model::{ModelOptions, file_name, load, of_model};
use crate::output::out;
use crate::prompts;
use crate::sampler;

/// Everything before this is made without a model.
const MEASURED: &str = "## What they do\n";
/// Most tokens of an answer.
const TOKENS: u32 = 100;
const SEED: Seed = Seed(0);
/// The samplers that are asked: those with rules or with a state of their own.
const COUNTED: [SamplerKind; 8] = [
    SamplerKind::Entropix(Preset::A),
    SamplerKind::Entropix(Preset::B0),
    SamplerKind::Entropix(Preset::B),
    SamplerKind::Entropix(Preset::Frog),
    SamplerKind::Entropix(Preset::Smollm),
    SamplerKind::Entropix(Preset::Oct31),
    SamplerKind::Dslider,
    SamplerKind::Promised,
];

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
    Ok(out().write_all(text.as_bytes())?)
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
    let table = |text: &mut String, numbers: bool| {
        let knobs = || EntropixConfig::KNOBS.iter().filter(|knob| knob.is_number() == numbers);
        for Knob { name, .. } in knobs() {
            *text += &row(&format!("`{name}`"), value(name).into_iter());
        }
        text.push('\n');
        for knob in knobs() {
            let _ = writeln!(text, "* `{}`: {}", knob.name, knob.about());
        }
    };
    table(&mut text, false);

    text += "\n## Numbers\n\nA coefficient of 0 means that the preset does not have it; a `…_max` of 0 that there is no limit.\n\n";
    text += &heading(&titles);
    table(&mut text, true);
    for kind in SamplerKind::ALL {
        if !matches!(kind, SamplerKind::Entropix(_)) && !kind.knobs().is_empty() {
            text += &settings(kind)?;
        }
    }
    text.push('\n');
    Ok(text)
}

/// A sampler's settings, a row for each, in the order in which they are shown.
fn settings(kind: SamplerKind) -> anyhow::Result<String> {
    let values = serde_json::to_value(kind.config(&ModelDefaults::default()))?;
    let mut text = format!(
        "\n## {}\n\n{}\n\n| setting | default | what |\n| --- | --- | --- |\n",
        kind.name(),
        kind.about()
    );
    for knob in kind.knobs() {
        let value = plain(&values[knob.name]);
        let unit = if knob.unit.is_empty() { String::new() } else { format!(" {}", knob.unit) };
        text += &row(&format!("`{}`", knob.name), [value + &unit, knob.about()].into_iter());
    }
    Ok(text)
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
    for name in COUNTED.map(SamplerKind::name) {
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
    of_model: &ModelDefaults,
    name: &str,
    questions: &[String],
) -> anyhow::Result<Counts> {
    let sampler = sampler::named(name, of_model)?;
    let recipe = Recipe { sampler, seed: SEED, max_tokens: TOKENS, ..Recipe::default() };
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
        let described = described().unwrap();
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../entropix/SAMPLERS.md");
            std::fs::write(path, described + MEASURED + measured).unwrap();
            return;
        }
        assert_eq!(written, described, "run this test with UPDATE=1, or `cargo xtask samplers`");
        for name in COUNTED.map(SamplerKind::name) {
            assert!(measured.contains(&format!("| {name} | ")), "{name} was not counted");
        }
    }
}
