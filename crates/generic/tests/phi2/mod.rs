//! A tiny phi2 file with random F32 weights, and a pass through it in float64, from the model's
//! definition: attention and feed forward side by side behind one layer norm, biases everywhere, half
//! of a head rotated, GELU by tanh.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use crate::support::{Entries, Random, byte_alphabet, tiny_model_with};

const LAYERS: usize = 2;
const HIDDEN: usize = 32;
const HEADS: usize = 2;
const HEAD: usize = HIDDEN / HEADS;
const ROTATED: usize = HEAD / 2;
const FEED_FORWARD: usize = 64;
const VOCABULARY: usize = 261;
const EPSILON: f64 = 1e-5;

/// A linear map or a norm, row by row, and its bias.
struct Map {
    name: String,
    /// None: one row.
    rows: Option<usize>,
    columns: usize,
    weights: Vec<f32>,
    bias: Option<Vec<f32>>,
}

impl Map {
    fn random(random: &mut Random, name: &str, rows: Option<usize>, columns: usize) -> Self {
        let mut numbers = |count: usize, around: f32| -> Vec<f32> {
            (0..count).map(|_| around + (random.below(2001) as f32 - 1000.0) / 4000.0).collect()
        };
        let weights = numbers(rows.unwrap_or(1) * columns, if rows.is_none() { 1.0 } else { 0.0 });
        let bias = (name != "token_embd").then(|| numbers(rows.unwrap_or(columns), 0.0));
        Self { name: name.to_owned(), rows, columns, weights, bias }
    }

    fn tensors(&self) -> Vec<(String, QTensor)> {
        let tensor = |numbers: &[f32], shape: &[usize]| {
            let tensor = Tensor::from_vec(numbers.to_vec(), shape, &Device::Cpu).unwrap();
            QTensor::quantize(&tensor, GgmlDType::F32).unwrap()
        };
        let shape: Vec<usize> = self.rows.into_iter().chain([self.columns]).collect();
        let bias = self
            .bias
            .iter()
            .map(|bias| (format!("{}.bias", self.name), tensor(bias, &[bias.len()])));
        let weights = (format!("{}.weight", self.name), tensor(&self.weights, &shape));
        std::iter::once(weights).chain(bias).collect()
    }

    /// x · weightsᵀ + bias
    fn of(&self, x: &[f64]) -> Vec<f64> {
        let rows = self.weights.chunks(self.columns);
        let products = rows.map(|row| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum());
        let bias = self.bias.iter().flatten();
        products.zip(bias).map(|(product, bias): (f64, _)| product + f64::from(*bias)).collect()
    }

    /// Layer norm.
    fn normed(&self, x: &[f64]) -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let weights = self.weights.iter().zip(self.bias.iter().flatten());
        x.iter()
            .zip(weights)
            .map(|(x, (weight, bias))| {
                (x - mean) / (variance + EPSILON).sqrt() * f64::from(*weight) + f64::from(*bias)
            })
            .collect()
    }
}

struct Layer {
    norm: Map,
    qkv: Map,
    output: Map,
    up: Map,
    down: Map,
}

struct Model {
    embedding: Map,
    layers: Vec<Layer>,
    norm: Map,
    output: Map,
}

impl Model {
    fn new() -> Self {
        let random = &mut Random(7);
        let layer = |index: usize| {
            let mut map = |name: &str, rows, columns| {
                Map::random(random, &format!("blk.{index}.{name}"), rows, columns)
            };
            Layer {
                norm: map("attn_norm", None, HIDDEN),
                qkv: map("attn_qkv", Some(3 * HIDDEN), HIDDEN),
                output: map("attn_output", Some(HIDDEN), HIDDEN),
                up: map("ffn_up", Some(FEED_FORWARD), HIDDEN),
                down: map("ffn_down", Some(HIDDEN), FEED_FORWARD),
            }
        };
        let layers = (0..LAYERS).map(layer).collect();
        Self {
            layers,
            embedding: Map::random(random, "token_embd", Some(VOCABULARY), HIDDEN),
            norm: Map::random(random, "output_norm", None, HIDDEN),
            output: Map::random(random, "output", Some(VOCABULARY), HIDDEN),
        }
    }

    fn maps(&self) -> impl Iterator<Item = &Map> {
        let of_layers = self
            .layers
            .iter()
            .flat_map(|layer| [&layer.norm, &layer.qkv, &layer.output, &layer.up, &layer.down]);
        of_layers.chain([&self.embedding, &self.norm, &self.output])
    }
}

/// The file.
pub fn file() -> Vec<u8> {
    with("context_length", Value::U32(128))
}

/// The file with another entry.
pub fn with(key: &str, value: Value) -> Vec<u8> {
    let number = |number: usize| Value::U32(number as u32);
    let mut entries: Entries =
        vec![("general.architecture".to_owned(), Value::String("phi2".to_owned()))];
    for (key, value) in [
        ("block_count", number(LAYERS)),
        ("context_length", number(128)),
        ("embedding_length", number(HIDDEN)),
        ("feed_forward_length", number(FEED_FORWARD)),
        ("attention.head_count", number(HEADS)),
        ("attention.head_count_kv", number(HEADS)),
        ("attention.layer_norm_epsilon", Value::F32(EPSILON as f32)),
        ("rope.dimension_count", number(ROTATED)),
        (key, value),
    ] {
        entries.push((format!("phi2.{key}"), value));
    }
    let tensors = Model::new().maps().flat_map(Map::tensors).collect();
    tiny_model_with(byte_alphabet(), entries, tensors)
}

/// The last token's logits, (vocabulary).
pub fn logits(ids: &[u32]) -> Vec<f64> {
    let model = Model::new();
    let row = |&id: &u32| {
        let row = model.embedding.weights.chunks(HIDDEN).nth(id as usize).unwrap();
        row.iter().map(|&x| f64::from(x)).collect::<Vec<_>>()
    };
    let mut residual: Vec<Vec<f64>> = ids.iter().map(row).collect();
    for layer in &model.layers {
        let normed: Vec<_> = residual.iter().map(|x| layer.norm.normed(x)).collect();
        let attended = attention(layer, &normed);
        for ((x, normed), attended) in residual.iter_mut().zip(&normed).zip(&attended) {
            let gelu: Vec<f64> = layer.up.of(normed).into_iter().map(gelu).collect();
            let sum = layer.output.of(attended).into_iter().zip(layer.down.of(&gelu));
            for (x, (attention, feed_forward)) in x.iter_mut().zip(sum) {
                *x += attention + feed_forward;
            }
        }
    }
    model.output.of(&model.norm.normed(residual.last().unwrap()))
}

fn gelu(x: f64) -> f64 {
    let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
    0.5 * x * (1.0 + u.tanh())
}

fn attention(layer: &Layer, normed: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let qkv: Vec<_> = normed.iter().map(|x| layer.qkv.of(x)).collect();
    // (position, part, head) → (head)
    let vector = |position: usize, part: usize, head: usize| {
        let from = part * HIDDEN + head * HEAD;
        let mut vector = qkv[position][from..from + HEAD].to_vec();
        let half = ROTATED / 2;
        for i in (0..half).filter(|_| part < 2) {
            let angle = position as f64 * 10_000_f64.powf(-2.0 * i as f64 / ROTATED as f64);
            let (x, y) = (vector[i], vector[i + half]);
            vector[i] = x * angle.cos() - y * angle.sin();
            vector[i + half] = x * angle.sin() + y * angle.cos();
        }
        vector
    };
    (0..normed.len())
        .map(|position| {
            let mut output = Vec::new();
            for head in 0..HEADS {
                let query = vector(position, 0, head);
                let weights: Vec<f64> = (0..=position)
                    .map(|key| {
                        let key = vector(key, 1, head);
                        let score: f64 = query.iter().zip(&key).map(|(q, k)| q * k).sum();
                        (score / (HEAD as f64).sqrt()).exp()
                    })
                    .collect();
                let total: f64 = weights.iter().sum();
                let values: Vec<_> = (0..=position).map(|key| vector(key, 2, head)).collect();
                output.extend((0..HEAD).map(|i| {
                    let sum: f64 = weights.iter().zip(&values).map(|(w, v)| w * v[i]).sum();
                    sum / total
                }));
            }
            output
        })
        .collect()
}
