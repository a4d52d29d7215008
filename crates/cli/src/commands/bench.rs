//! How fast the engine is here.

use anyhow::Context;
use clap::Args;
use entropix::SamplerConfig;
use entropix_chat::{Chat, Step};
use serde_json::json;
use web_time::Instant;

use crate::model::ModelOptions;
use crate::model::load;

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
    for _ in 0..options.runs {
        let start = Instant::now();
        let mut chat = load(&options.model)?;
        load_ms.push(start.elapsed().as_secs_f64() * 1000.0);
        for (((_, text), rates), count) in prompts().iter().zip(&mut prefill).zip(&mut counts) {
            let ids = chat.tokenizer().encode(text, true)?;
            *count = ids.len();
            let (prefill_tps, decode_tps) = answer(&mut chat, ids, options.tokens)?;
            rates.push(prefill_tps);
            decode.push(decode_tps);
        }
    }
    let [short, long] = prefill;
    let metrics = [
        ("load_ms", load_ms),
        ("prefill_24_tps", short),
        ("prefill_266_tps", long),
        ("decode_tps", decode),
        ("peak_memory_mib", peak_memory_mib().into_iter().collect()),
    ];
    for (metric, values) in metrics {
        if options.json {
            println!("{}", json!({ "where": "native", "metric": metric, "values": values }));
        } else {
            println!("{metric:18} {}", summary(&values));
        }
    }
    if !options.json {
        println!("prompts of {} and {} tokens", counts[0], counts[1]);
    }
    Ok(())
}

/// Prefill and decode speed of one answer, in tokens per second.
fn answer(chat: &mut Chat, ids: Vec<u32>, tokens: u32) -> anyhow::Result<(f64, f64)> {
    let generation = chat.generate(ids, SamplerConfig::Greedy, 0, tokens)?;
    let generation = chat.finish(generation, |_: &Step| {})?;
    let stats = generation.stats();
    let prefill = stats.prefill_tokens_per_second().context("nothing was prefilled")?;
    let decode = stats.decode_tokens_per_second().context("nothing was decoded")?;
    Ok((prefill, decode))
}

fn summary(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.first(), sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(low), Some(median), Some(high)) => format!("{median:.1} ({low:.1}–{high:.1})"),
        _ => "not measured".to_owned(),
    }
}

/// Peak resident memory of this process (Linux).
fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
