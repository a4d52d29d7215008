//! How fast the engine is here.

mod evaluation;

use std::hint::black_box;
use std::io::Write;

use clap::Args;
use entropix::filter::most_probable;
use entropix::{Attention, Sampler, SamplerConfig};
use entropix_engine::Sequence;
use entropix_generate::Chat;
use entropix_protocol::{Parting, Recipe, Seed, Step};
use serde_json::json;
use web_time::Instant;

use crate::model::{ModelOptions, load, of_model};
use crate::output::out;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Print one JSON object per metric
    #[arg(long)]
    json: bool,
    /// How often everything is measured
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Tokens decoded per run
    #[arg(long, default_value_t = 64)]
    tokens: u32,
}

/// A prompt of 24 and one of 266 tokens in SmolLM2's vocabulary.
fn prompts() -> [(&'static str, String); 2] {
    let turn = |text: &str| format!("<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n");
    let fox =
        "The quick brown fox jumps over the lazy dog while the sun sets slowly behind the hills. ";
    [
        ("prefill_24_tps", turn("Which is larger, 9.9 or 9.11?")),
        ("prefill_266_tps", turn(&format!("Summarise: {}", fox.repeat(14)))),
    ]
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut load_ms = Vec::new();
    let mut prefill = [Vec::new(), Vec::new()];
    let mut decode = Vec::new();
    let mut counts = [0, 0];
    let (mut empty, mut batch, mut attention, mut decision, mut sampler, mut what_if) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut evaluation = Vec::new();
    for _ in 0..options.runs {
        let start = Instant::now();
        let mut chat = load(&options.model)?;
        load_ms.push(start.elapsed().as_secs_f64() * 1000.0);
        // Later runs have what the first one left behind.
        if empty.is_empty() {
            empty.extend(memory_mib("VmRSS:"));
        }
        for (((_, text), rates), count) in prompts().iter().zip(&mut prefill).zip(&mut counts) {
            let ids = chat.tokenizer().encode(text, true)?;
            *count = ids.len();
            let (prefill_tps, decode_tps) = answer(&mut chat, ids, options.tokens)?;
            rates.extend(prefill_tps);
            decode.extend(decode_tps);
        }
        let costs = costs(&chat, options.tokens)?;
        batch.push(costs.batch);
        attention.extend(costs.attention);
        decision.push(costs.decision_ms);
        sampler.push(sampler_ms(&mut chat, options.tokens)?);
        what_if.push(what_if_percent(&mut chat)?);
        let defaults = of_model(&chat, &options.model)?;
        evaluation.push(evaluation::side_by_side(&mut chat, &defaults)?);
    }
    let [short, long] = prefill;
    let metrics = [
        ("load_ms", load_ms),
        ("prefill_24_tps", short),
        ("prefill_266_tps", long),
        ("decode_tps", decode),
        ("batch_4_ratio", batch),
        ("what_if_percent", what_if),
        ("evaluation_ratio", evaluation),
        ("attention_percent", attention),
        ("decision_ms", decision),
        ("sampler_ms", sampler),
        ("empty_memory_mib", empty),
        ("peak_memory_mib", memory_mib("VmHWM:").into_iter().collect()),
    ];
    let mut out = out();
    for (metric, values) in metrics {
        if options.json {
            writeln!(out, "{}", json!({ "where": "native", "metric": metric, "values": values }))?;
        } else {
            writeln!(out, "{metric:18} {}", summary(&values))?;
        }
    }
    if !options.json {
        writeln!(out, "prompts of {} and {} tokens", counts[0], counts[1])?;
    }
    Ok(())
}

/// Prefill and decode speed of one answer, in tokens per second, as far as they were measured.
fn answer(
    chat: &mut Chat,
    ids: Vec<u32>,
    tokens: u32,
) -> anyhow::Result<(Option<f64>, Option<f64>)> {
    let generation = chat.generate(ids, recipe(SamplerConfig::Greedy, tokens))?;
    let generation = chat.finish(generation, |_: &Step| {})?;
    let stats = generation.stats();
    Ok((stats.prefill_tokens_per_second(), stats.decode_tokens_per_second()))
}

/// Time of one decision of the default sampler with its record, in ms.
fn sampler_ms(chat: &mut Chat, tokens: u32) -> anyhow::Result<f64> {
    let [(_, text), _] = prompts();
    let ids = chat.tokenizer().encode(&text, true)?;
    let generation = chat.generate(ids, recipe(SamplerConfig::default(), tokens))?;
    let stats = chat.finish(generation, |_: &Step| {})?.stats();
    Ok(stats.sampler_ms / f64::from(stats.tokens.max(1)))
}

/// Time of 15 continuations of an answer side by side, 40 tokens each, in percent of the time that they take
/// one after another.
fn what_if_percent(chat: &mut Chat) -> anyhow::Result<f64> {
    let [(_, text), _] = prompts();
    let prompt = chat.tokenizer().encode(&text, true)?;
    let recipe = recipe(SamplerConfig::default(), 40);
    let mut entries = Vec::new();
    let generation = chat.generate(prompt.clone(), recipe.clone())?;
    chat.finish(generation, |step| {
        if let Step::Token { entry } = step {
            entries.push(entry.clone());
        }
    })?;
    let answer: Vec<u32> = entries.iter().map(|entry| entry.decision.token).collect();
    let places = (0..).zip(&entries).step_by((answer.len() / 5).max(1)).take(5);
    let partings: Vec<Parting> = places
        .flat_map(|(at, entry)| {
            entry.top.iter().skip(1).take(3).map(move |other| Parting { at, token: other.id })
        })
        .collect();
    let mut time = |partings: &[Parting]| {
        let start = Instant::now();
        let (prompt, answer) = (prompt.clone(), answer.clone());
        let mut what_if = chat.what_if(prompt, &[], answer, partings.to_vec(), recipe.clone());
        while !what_if.is_over() {
            what_if.advance(chat)?;
        }
        anyhow::Ok(start.elapsed().as_secs_f64())
    };
    let together = time(&partings)?;
    let alone: f64 = partings.chunks(1).map(&mut time).sum::<anyhow::Result<f64>>()?;
    Ok(100.0 * together / alone)
}

fn recipe(sampler: SamplerConfig, max_tokens: u32) -> Recipe {
    Recipe { sampler, seed: Seed(0), max_tokens, ..Recipe::default() }
}

fn summary(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.first(), sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(low), Some(median), Some(high)) => format!("{median:.1} ({low:.1}–{high:.1})"),
        _ => "not measured".to_owned(),
    }
}

/// What forks and attention cost, against plain steps in the same minute.
struct Costs {
    /// Time of a step of four forks, over that of a step of one.
    batch: f64,
    /// More time per step while attention is observed, in percent; from an engine that has it.
    attention: Option<f64>,
    /// Time of one decision, in ms: H, V, attention, filters, draws, and the 64 most probable tokens.
    decision_ms: f64,
}

fn costs(chat: &Chat, tokens: u32) -> anyhow::Result<Costs> {
    let [_, (_, text)] = prompts();
    let model = chat.loaded().model.as_ref();
    let mut trunk = model.sequence();
    let mut logits = Vec::new();
    trunk.append(&chat.tokenizer().encode(&text, true)?, &mut logits)?;
    let mut plain = trunk.fork();
    let mut observed = trunk.fork();
    let observes = observed.observe(true);
    let mut forks = [trunk.fork(), trunk.fork(), trunk.fork(), trunk.fork()];
    let (mut one, mut four, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    let timed = |times: &mut Vec<f64>, act: &mut dyn FnMut() -> anyhow::Result<()>| {
        let start = Instant::now();
        act()?;
        times.push(start.elapsed().as_secs_f64());
        anyhow::Ok(())
    };
    // In turns, so that a slow moment of the machine hits all three.
    for step in 0..tokens {
        let id = 1000 + step % 1000;
        timed(&mut one, &mut || Ok(plain.append(&[id], &mut logits)?))?;
        timed(&mut seen, &mut || Ok(observed.append(&[id], &mut logits)?))?;
        timed(&mut four, &mut || {
            let mut batch = forks.each_mut().map(|fork| fork.as_mut() as &mut dyn Sequence);
            Ok(model.step(&mut batch, &[id, id + 1, id + 2, id + 3], &mut logits)?)
        })?;
    }
    let mut decisions = Vec::new();
    let mut sampler = Sampler::new(SamplerConfig::default(), 0)?;
    trunk.observe(true);
    trunk.append(&[1000], &mut logits)?;
    let attention = trunk.attention().map(|signals| {
        let last = signals.layers.saturating_sub(1);
        let keys = signals.seen(last);
        let padding = 4096_usize.saturating_sub(keys);
        Attention { heads: signals.heads, keys, padding, scores: signals.layer(last) }
    });
    for _ in 0..tokens {
        timed(&mut decisions, &mut || {
            sampler.decide(&logits, attention, &[1000])?;
            if let Some(softmax) = sampler.softmax() {
                black_box(most_probable(&logits, softmax, 64));
            }
            Ok(())
        })?;
    }
    let one = median(&mut one);
    Ok(Costs {
        decision_ms: median(&mut decisions) * 1000.0,
        batch: median(&mut four) / one,
        attention: observes.then(|| (median(&mut seen) / one - 1.0) * 100.0),
    })
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Resident memory of this process (Linux): now (`VmRSS:`) or at its peak (`VmHWM:`).
fn memory_mib(entry: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(entry))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
