//! How well the model predicts a text.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use entropix::Softmax;
use serde_json::json;

use crate::model::{ModelOptions, load};
use crate::output::out;
use crate::{number, text};

/// Tokens whose logits are held at once.
const CHUNK: usize = 32;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    model: ModelOptions,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// UTF-8 text, one window; no control tokens but the start token, where the file asks for it
    file: PathBuf,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let path = options.file.display();
    let text = text::read(&options.file)?;
    let chat = load(&options.model)?;
    let ids = chat.tokenizer().encode_prompt(&text, false)?;
    if ids.len() < 2 {
        bail!("{path} has {} tokens, at least 2 are needed", ids.len());
    }
    let mut sequence = chat.loaded().model.sequence();
    let (mut nll, mut entropy, mut varentropy) = (0.0, 0.0, 0.0);
    let (inputs, targets) = (&ids[..ids.len() - 1], &ids[1..]);
    let mut logits = Vec::new();
    for (inputs, targets) in inputs.chunks(CHUNK).zip(targets.chunks(CHUNK)) {
        sequence.append_all(inputs, &mut logits)?;
        let vocabulary = logits.len() / inputs.len();
        for (logits, target) in logits.chunks_exact(vocabulary).zip(targets) {
            let softmax = Softmax::of(logits).context("every logit is NaN or −∞")?;
            let logit = logits.get(*target as usize).context("a token outside the vocabulary")?;
            nll -= softmax.log_probability(*logit);
            entropy += softmax.uncertainty().entropy_bits;
            varentropy += softmax.uncertainty().varentropy_bits2;
        }
    }
    // Means over the positions that predict a token.
    let predicted = (ids.len() - 1) as f64;
    let (nll, entropy, varentropy) = (nll / predicted, entropy / predicted, varentropy / predicted);
    if options.json {
        let answer = json!({
            "tokens": ids.len(),
            "nll_nats_per_token": number::json(nll),
            "mean_entropy_bits": number::json(entropy),
            "mean_varentropy_bits2": number::json(varentropy),
        });
        writeln!(out(), "{answer}")?;
    } else {
        let mut out = out();
        writeln!(out, "tokens             {}", ids.len())?;
        writeln!(out, "nll                {nll:.4} nats per token")?;
        writeln!(out, "perplexity         {:.3}", nll.exp())?;
        writeln!(out, "mean entropy       {entropy:.3} bits")?;
        writeln!(out, "mean varentropy    {varentropy:.3} bits²")?;
    }
    Ok(())
}
