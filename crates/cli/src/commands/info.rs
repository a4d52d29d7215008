//! What a model file is, without reading its weights.

use std::io::{Read, Seek, Write};
use std::path::PathBuf;

use clap::Args;
use entropix_engine::gguf::Header;
use entropix_engine::{EngineError, EngineOptions, Facts};
use entropix_generate::{known, problem_of_engine};
use entropix_protocol::Problem;
use serde::Serialize;

use crate::model;
use crate::output::out;
use crate::visible::on_one_line;

#[derive(Args)]
pub(crate) struct Options {
    /// GGUF file
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// All that is told; its fields are those of the JSON.
#[derive(Serialize)]
struct Info {
    file: String,
    name: Option<String>,
    bytes: u64,
    architecture: Option<String>,
    /// What is known about the results of this architecture.
    known: Option<String>,
    parameters: u64,
    layers: Option<u64>,
    context_length: Option<u64>,
    licence: Option<String>,
    quantization: Option<String>,
    weights: Vec<Weights>,
    tokenizer: Option<String>,
    pre_tokenizer: Option<String>,
    vocabulary: Option<u64>,
    template: Option<Template>,
    memory: Memory,
    /// What runs it: `llama` or `candle`, as `--engine` takes them.
    engine: Option<&'static str>,
    /// Why nothing does.
    problem: Option<Problem>,
}

/// Those of one type.
#[derive(Serialize)]
struct Weights {
    #[serde(rename = "type")]
    dtype: String,
    tensors: usize,
    bytes: u64,
    memory: u64,
    /// Whether values are those of the file: the engine rounds none.
    kept: &'static str,
}

impl Weights {
    fn of(weights: &entropix_engine::Weights) -> Self {
        Self {
            dtype: weights.dtype.to_string(),
            tensors: weights.tensors,
            bytes: weights.bytes,
            memory: weights.packed,
            kept: "exactly",
        }
    }
}

#[derive(Serialize)]
struct Template {
    format: Option<&'static str>,
    characters: usize,
}

#[derive(Serialize)]
struct Memory {
    /// What the weights take, packed, in bytes.
    weights: u64,
    /// What keys and values of 1,000 tokens take besides, in bytes.
    cache_of_1000_tokens: Option<u64>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let info = Info::read(options)?;
    if options.json {
        return Ok(writeln!(out(), "{}", serde_json::to_string(&info)?)?);
    }
    let mut out = out();
    for (label, text) in info.rows() {
        writeln!(out, "{label:<14} {}", on_one_line(&text))?;
    }
    Ok(())
}

impl Info {
    fn read(options: &Options) -> anyhow::Result<Self> {
        let mut file = model::open_file(&options.file)?;
        let header = Header::read(&mut file).map_err(EngineError::from);
        let header = header.map_err(|error| model::described(&options.file, &error))?;
        let facts = Facts::of(&header);
        drop(header);
        let (engine, problem) = match engine(&mut file) {
            Ok(engine) => (Some(engine), None),
            Err(error) => (None, Some(problem_of_engine(&error))),
        };
        let compared = facts.architecture.as_deref().filter(|_| engine != Some("candle"));
        Ok(Self {
            file: options.file.display().to_string(),
            bytes: facts.bytes,
            known: engine.map(|_| known(compared)),
            parameters: facts.parameters,
            layers: facts.layers,
            context_length: facts.context_length,
            quantization: facts.quantization.map(|dtype| dtype.to_string()),
            weights: facts.weights.iter().map(Weights::of).collect(),
            template: facts
                .template
                .map(|it| Template { format: it.format, characters: it.characters }),
            memory: Memory {
                weights: facts.weights.iter().map(|weights| weights.packed).sum(),
                cache_of_1000_tokens: facts.cache_bytes.map(|bytes| bytes.saturating_mul(1000)),
            },
            name: facts.name,
            architecture: facts.architecture,
            licence: facts.licence,
            tokenizer: facts.tokenizer,
            pre_tokenizer: facts.pre_tokenizer,
            vocabulary: facts.vocabulary,
            engine,
            problem,
        })
    }

    /// Labels and what they say, for people.
    fn rows(&self) -> Vec<(&'static str, String)> {
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "not said".to_owned());
        let number = |number: Option<u64>| {
            number.map_or_else(|| "?".to_owned(), |number| number.to_string())
        };
        let mut rows = vec![
            ("name", said(&self.name)),
            ("file", format!("{}, {}", self.file, size(self.bytes))),
            ("architecture", said(&self.architecture)),
        ];
        rows.extend(self.known.clone().map(|known| ("", known)));
        rows.extend([
            (
                "parameters",
                format!("{} in {} layers", millions(self.parameters), number(self.layers)),
            ),
            ("context", format!("{} tokens", number(self.context_length))),
            ("licence", said(&self.licence)),
            ("quantisation", said(&self.quantization)),
        ]);
        for (at, weights) in self.weights.iter().enumerate() {
            let Weights { dtype, tensors, bytes, kept, .. } = weights;
            let label = if at == 0 { "weights" } else { "" };
            let word = if *tensors == 1 { "tensor" } else { "tensors" };
            rows.push((label, format!("{dtype}: {tensors} {word}, {}, kept {kept}", size(*bytes))));
        }
        let pre = self.pre_tokenizer.as_ref().map(|pre| format!(" ({pre})")).unwrap_or_default();
        let template = match &self.template {
            None => "none".to_owned(),
            Some(Template { format, characters }) => {
                let format = format.unwrap_or("of its own");
                format!("{format}, {characters} characters")
            }
        };
        let cache = self.memory.cache_of_1000_tokens;
        let cache = cache.map(|bytes| format!(", and {} for 1,000 tokens", size(bytes)));
        rows.extend([
            (
                "tokenizer",
                format!("{}{pre}, {} tokens", said(&self.tokenizer), number(self.vocabulary)),
            ),
            ("template", template),
            (
                "memory",
                format!("{} for weights{}", size(self.memory.weights), cache.unwrap_or_default()),
            ),
        ]);
        match (&self.engine, &self.problem) {
            (Some("candle"), _) => rows.push(("runs", "with --engine candle".to_owned())),
            (Some(_), _) => rows.push(("runs", "yes".to_owned())),
            (None, problem) => {
                let why = problem.iter().map(|it| format!("no: {}. {}", it.message, it.advice));
                rows.extend(why.map(|why| ("runs", why)));
            }
        }
        rows
    }
}

/// What runs a file: its header, vocabulary, template and shapes are looked at.
fn engine<R: Read + Seek>(file: &mut R) -> Result<&'static str, EngineError> {
    match entropix_engine::open(file, EngineOptions::default()) {
        Ok(_) => Ok("llama"),
        Err(error @ EngineError::Architecture { .. }) => match entropix_generic::open(file) {
            Ok(_) => Ok("candle"),
            Err(EngineError::Architecture { .. }) => Err(error),
            Err(other) => Err(other),
        },
        Err(error) => Err(error),
    }
}

/// `98.4 MB`.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes >= 999_500_000.0 {
        format!("{:.2} GB", bytes / 1e9)
    } else if bytes >= 999_500.0 {
        format!("{:.1} MB", bytes / 1e6)
    } else {
        format!("{:.1} kB", bytes / 1e3)
    }
}

/// `134.5 million`.
fn millions(number: u64) -> String {
    if number < 1_000_000 {
        number.to_string()
    } else {
        format!("{:.1} million", number as f64 / 1e6)
    }
}
