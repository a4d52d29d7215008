//! Where a model's own H and V are cut for the promised sampler.

use std::io::Write;
use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use entropix::{PlainConfig, SamplerConfig, Uncertainty};
use entropix_protocol::{Recipe, Seed};

use crate::answer::Answer;
use crate::model::{ModelOptions, load};
use crate::output::out;
use crate::prompts;

/// Shares of a quadrant, outside of which the cuts are useless.
const USEFUL: std::ops::RangeInclusive<f64> = 0.02..=0.85;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Share of the tokens that is low, for H as for V
    #[arg(long, default_value_t = 0.8)]
    quantile: f64,
    /// Questions, one per line; twenty of our own if left out
    #[arg(long, value_name = "FILE")]
    prompts: Option<PathBuf>,
    /// Most tokens per answer
    #[arg(long, default_value_t = 100)]
    max_tokens: u32,
    /// Seed of the random stream
    #[arg(long, default_value_t = Seed(0), allow_negative_numbers = true)]
    seed: Seed,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let quantile = options.quantile;
    ensure!(quantile > 0.0 && quantile < 1.0, "--quantile must lie between 0 and 1");
    let mut chat = load(&options.model)?;
    let recipe = Recipe {
        sampler: SamplerConfig::Plain(PlainConfig::default()),
        seed: options.seed,
        max_tokens: options.max_tokens,
        ..Recipe::default()
    };
    let mut seen: Vec<Uncertainty> = Vec::new();
    for question in prompts::read(options.prompts.as_deref())? {
        let ids = prompts::ids(&chat, &question)?;
        let answer = Answer::to(&mut chat, ids, recipe.clone())?;
        seen.extend(answer.tokens.iter().map(|token| token.decision.uncertainty));
    }
    let h = cut(seen.iter().map(|u| u.entropy_bits), quantile);
    let v = cut(seen.iter().map(|u| u.varentropy_bits2), quantile);
    let share = |high_h: bool, high_v: bool| {
        let here =
            |u: &&Uncertainty| (u.entropy_bits > h) == high_h && (u.varentropy_bits2 > v) == high_v;
        seen.iter().filter(here).count() as f64 / seen.len() as f64
    };
    let mut out = out();
    writeln!(out, "# {} tokens of the model's own answers, quantile {quantile}", seen.len())?;
    let mut useful = true;
    for (name, high_h, high_v) in [
        ("low H, low V: argmax", false, false),
        ("high H, low V: insert", true, false),
        ("low H, high V: branch", false, true),
        ("high H, high V: resample", true, true),
    ] {
        let share = share(high_h, high_v);
        useful &= USEFUL.contains(&share);
        writeln!(out, "# {name:<24} {:5.1} %", 100.0 * share)?;
    }
    writeln!(out, "promised = {{ entropy_cut = {h:.2}, varentropy_cut = {v:.2} }}")?;
    ensure!(useful, "a quadrant has less than 2 % or more than 85 %: try another --quantile");
    Ok(())
}

/// The value below which `quantile` of them lie, to two decimals.
fn cut(values: impl Iterator<Item = f64>, quantile: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = (quantile * values.len() as f64) as usize;
    let value = values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0);
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_cut_is_a_quantile() {
        let values = || (0..10).rev().map(f64::from);
        let is = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got}");
        is(cut(values(), 0.8), 8.0);
        is(cut(values(), 0.001), 0.0);
        is(cut(values(), 0.999), 9.0);
        is(cut([1.234].into_iter(), 0.5), 1.23);
        is(cut(std::iter::empty(), 0.5), 0.0);
    }
}
