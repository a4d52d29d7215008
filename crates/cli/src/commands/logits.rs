//! What the model expects next.

use entropix::{Softmax, filter};
use entropix_generate::Chat;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::number;

const TOP: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    ids: Vec<u32>,
}

pub(crate) fn answer(chat: &Chat, request: &Request) -> Result<Value, Failure> {
    let mut sequence = chat.loaded().model.sequence();
    sequence.observe(true);
    let mut logits = Vec::new();
    sequence.append(&request.ids, &mut logits)?;
    let attention = sequence.attention().map(|signals| {
        let layers = signals.entropy_nats.chunks(signals.heads.max(1));
        let number = |&nats: &f32| number::json(f64::from(nats));
        layers.map(|heads| heads.iter().map(number).collect()).collect::<Vec<Vec<_>>>()
    });
    let softmax = Softmax::of(&logits).ok_or(entropix::SamplerError::NoCandidates)?;
    let uncertainty = softmax.uncertainty();
    let top: Vec<Value> = filter::most_probable(&logits, &softmax, TOP)
        .into_iter()
        .map(|(id, _)| {
            let logit = logits.get(id as usize).copied().unwrap_or(f32::NAN);
            json!([id, number::json(softmax.log_probability(logit))])
        })
        .collect();
    Ok(json!({
        "top": top,
        "entropy_bits": number::json(uncertainty.entropy_bits),
        "varentropy_bits2": number::json(uncertainty.varentropy_bits2),
        // Layers of heads; null from an engine that keeps its attention to itself.
        "attention_entropy_nats": attention,
    }))
}
