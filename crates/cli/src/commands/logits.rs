//! What the model expects next.

use entropix::{Softmax, filter};
use entropix_chat::Chat;
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
    let logits = chat.loaded().model.sequence().append(&request.ids)?;
    let softmax = Softmax::of(&logits).ok_or(entropix::SamplerError::NoCandidates)?;
    let uncertainty = softmax.uncertainty();
    let top: Vec<Value> = filter::most_probable(&logits, TOP)
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
        // candle keeps attention scores to itself.
        "attention_entropy_nats": null,
    }))
}
