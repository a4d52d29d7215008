//! The sampler in candle's own generation loop, in place of candle's `LogitsProcessor`:
//!
//! ```sh
//! cargo run --release -p entropix --example candle -- models/SmolLM2-135M-Instruct.Q4_1.gguf "Why is the sky blue?"
//! ```
//!
//! A line per token says what was decided and why; then comes the answer. For GGUF files of llama models with a byte-level
//! vocabulary and a chat prompt as SmolLM2 has them.

use std::env;
use std::fs::File;
use std::io::BufReader;

use anyhow::{Context, Result, anyhow};
use candle_core::quantized::gguf_file::Content;
use candle_core::quantized::tokenizer::TokenizerFromGguf;
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_llama::ModelWeights;
use entropix::{EntropixConfig, Preset, Sampler, SamplerConfig};
use tokenizers::Tokenizer;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;

const SEED: u64 = 42;
const MOST_TOKENS: usize = 64;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().context("say which GGUF file: candle FILE [QUESTION]")?;
    let question = arguments.next().unwrap_or_else(|| "Why is the sky blue?".to_owned());

    let mut file = BufReader::new(File::open(&path).with_context(|| path.clone())?);
    let content = Content::read(&mut file)?;
    let tokenizer = tokenizer(&content)?;
    let end =
        content.metadata.get("tokenizer.ggml.eos_token_id").context("no end token")?.to_u32()?;
    let mut model = ModelWeights::from_gguf(content, &mut file, &Device::Cpu)?;

    // " ...", which the original inserts where the model is unsure; every vocabulary has another id for it.
    let pause_token = tokenizer.token_to_id("Ġ...").context("no pause token")?;
    let config = EntropixConfig { pause_token, ..EntropixConfig::preset(Preset::B) };
    let mut sampler = Sampler::new(SamplerConfig::Entropix(config), SEED)?;

    let prompt = format!("<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n");
    let prompt = tokenizer.encode(prompt, false).map_err(|error| anyhow!(error))?;
    let mut next = prompt.get_ids().to_vec();
    let mut position = 0;
    let mut answer = Vec::new();
    while answer.len() < MOST_TOKENS {
        let input = Tensor::new(next.as_slice(), &Device::Cpu)?.unsqueeze(0)?;
        let logits = model.forward(&input, position)?.squeeze(0)?.to_vec1::<f32>()?;
        position += next.len();
        let decision = sampler.decide(&logits, None, &answer)?;
        if decision.token == end {
            break;
        }
        answer.push(decision.token);
        next = vec![decision.token];
        let text = tokenizer.decode(&next, true).map_err(|error| anyhow!(error))?;
        println!("{:>16}  {}", format!("{text:?}"), decision.sentence);
    }
    println!("\n{}", tokenizer.decode(&answer, true).map_err(|error| anyhow!(error))?);
    Ok(())
}

/// The vocabulary in the file. candle takes every pre-tokenizer that it does not know for GPT-2's, which puts a blank
/// before the text; SmolLM2's puts none, and splits digits.
fn tokenizer(content: &Content) -> Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_gguf(content)?;
    let kind = content.metadata.get("tokenizer.ggml.pre").and_then(|kind| kind.to_string().ok());
    if kind.is_some_and(|kind| kind == "smollm") {
        let parts: Vec<PreTokenizerWrapper> =
            vec![Digits::new(true).into(), ByteLevel::new(false, true, true).into()];
        tokenizer.with_pre_tokenizer(Some(Sequence::new(parts)));
    }
    Ok(tokenizer)
}
