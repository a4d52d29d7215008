//! Opening the model.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use entropix::{ModelDefaults, PromisedConfig};
use entropix_engine::{EngineError, EngineOptions, Joined, Kernel, KvType, PartName, Precision};
use entropix_generate::{Chat, PAUSE_TEXT, problem_of_file};
use serde::Deserialize;

use crate::visible::on_one_line;

/// Which model, and what runs it.
#[derive(Args)]
pub(crate) struct ModelOptions {
    /// GGUF file; of a model in several files, any of them: the others are found beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// What runs it
    #[arg(long, value_enum, default_value_t)]
    engine: EngineName,
    /// Which instructions do the arithmetic; all give the same bits (llama engine)
    #[arg(long, value_enum, default_value_t)]
    kernel: KernelName,
    /// How matrix products take their input: int16 or f32 (llama engine), int8 or f32 (candle)
    #[arg(long, value_enum)]
    activations: Option<Activations>,
    /// How the cache keeps keys and values (llama engine)
    #[arg(long, value_enum, default_value_t)]
    kv: KvName,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// Our own
    #[default]
    Llama,
    /// candle-transformers: llama, qwen3 and phi2
    Candle,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum KernelName {
    /// The fastest that this machine has
    #[default]
    Auto,
    /// Plain Rust
    Scalar,
    /// AVX2
    Simd,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Activations {
    /// As they are
    F32,
    /// Rounded to 16 bits in blocks of 32
    Int16,
    /// Rounded to 8 bits in blocks of 32
    Int8,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum KvName {
    /// 4 bytes a number
    F32,
    /// 2 bytes a number
    #[default]
    F16,
    /// 1 byte a number
    Q8,
}

impl ModelOptions {
    /// What decides about the last bits: engine, precision and cache.
    pub(crate) fn engine(&self) -> String {
        let name = |value: Option<clap::builder::PossibleValue>| {
            value.map_or_else(|| "usual".to_owned(), |value| value.get_name().to_owned())
        };
        let activations = self.activations.and_then(|it| it.to_possible_value());
        let (engine, kv) = (self.engine.to_possible_value(), self.kv.to_possible_value());
        format!("{} {} {}", name(engine), name(activations), name(kv))
    }
}

/// Loads the model that the options name.
pub(crate) fn load(options: &ModelOptions) -> anyhow::Result<Chat> {
    let path = options.model.display();
    let open = || open_file(&options.model);
    let loaded = match options.engine {
        EngineName::Llama => entropix_engine::load(&mut open()?, llama(options)?),
        EngineName::Candle => {
            match options.activations {
                None | Some(Activations::F32) => tell_candle("CANDLE_DEQUANTIZE_ALL"),
                // Without AVX-512: those kernels round activations in blocks of 256 where `Q8_0`
                // has blocks of 32, which doubles the error.
                Some(Activations::Int8) => tell_candle("MISTRALRS_FORCE_AVX2"),
                Some(Activations::Int16) => {
                    bail!("candle rounds to 8 bits: int8 or f32, or --engine llama")
                }
            }
            entropix_generic::load(&mut open()?)
        }
    };
    match loaded {
        Ok(loaded) => {
            for note in loaded.tokenizer.notes() {
                eprintln!("note: {}", on_one_line(&format!("{path}: {note}")));
            }
            Ok(Chat::new(loaded))
        }
        Err(EngineError::Architecture { name, .. })
            if options.engine == EngineName::Llama && entropix_generic::runs(&name) =>
        {
            bail!(
                "{path}: the architecture {name:?} runs on candle only\nhint: Add --engine candle."
            )
        }
        Err(error) => Err(described(&options.model, &error)),
    }
}

/// Opens a model file, and those beside it that have the model's other parts.
pub(crate) fn open_file(path: &Path) -> anyhow::Result<Joined<File>> {
    files(path).with_context(|| {
        let path = path.display();
        format!("{path} can't be opened (`cargo xtask models` fetches the default model)")
    })
}

fn files(path: &Path) -> std::io::Result<Joined<File>> {
    let name = name_of(path);
    let Some(part) = PartName::of(&name) else { return Joined::new(vec![File::open(path)?]) };
    let others = (1..=part.count).filter(|number| *number != part.number);
    // Those that are missing are told when the header is read.
    let others =
        others.filter_map(|number| File::open(path.with_file_name(part.file(number))).ok());
    Joined::new(std::iter::once(File::open(path)?).chain(others).collect())
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// What is wrong with a model file, and what to do. Names in it stay on the line.
pub(crate) fn described(path: &Path, error: &EngineError) -> anyhow::Error {
    let problem = problem_of_file(error, &name_of(path));
    let said = format!("{}: {}", path.display(), problem.message);
    anyhow::anyhow!("{}\nhint: {}", on_one_line(&said), problem.advice)
}

fn llama(options: &ModelOptions) -> anyhow::Result<EngineOptions> {
    let precision = match options.activations {
        None | Some(Activations::Int16) => Precision::Int16,
        Some(Activations::F32) => Precision::F32,
        Some(Activations::Int8) => {
            bail!("the llama engine rounds to 16 bits: int16 or f32, or --engine candle")
        }
    };
    let kernel = match options.kernel {
        KernelName::Auto => Kernel::Auto,
        KernelName::Scalar => Kernel::Scalar,
        KernelName::Simd => Kernel::Simd,
    };
    let kv = match options.kv {
        KvName::F32 => KvType::F32,
        KvName::F16 => KvType::F16,
        KvName::Q8 => KvType::Q8,
    };
    Ok(EngineOptions { kernel, precision, kv })
}

/// candle is told by environment variables only.
fn tell_candle(name: &str) {
    // SAFETY: no other thread exists yet that could read the environment; commands load the model
    // before they start anything.
    unsafe { std::env::set_var(name, "1") };
}

/// What samplers take from this model: the manifest beside the file may have its cuts and phrases.
pub(crate) fn of_model(chat: &Chat, options: &ModelOptions) -> anyhow::Result<ModelDefaults> {
    let pause_token = chat.tokenizer().token(PAUSE_TEXT);
    let manifest = options.model.with_file_name("manifest.toml");
    let promised = match std::fs::read_to_string(&manifest) {
        Err(_) => PromisedConfig::default(),
        Ok(text) => {
            let manifest_path = manifest.display();
            let read: Manifest =
                toml::from_str(&text).with_context(|| manifest_path.to_string())?;
            let file = options.model.file_name();
            let mut models = read.models.into_iter();
            let own = models.find(|model| file.is_some_and(|file| file == model.file.as_str()));
            own.map(|model| model.promised).unwrap_or_default()
        }
    };
    Ok(ModelDefaults { pause_token, promised })
}

/// Of `models/manifest.toml`, what is read here.
#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "model")]
    models: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    #[serde(default)]
    promised: PromisedConfig,
}

/// The file's name, for people.
pub(crate) fn file_name(options: &ModelOptions) -> String {
    options.model.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
