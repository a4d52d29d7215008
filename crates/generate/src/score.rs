//! Predictions of given tokens, piece by piece.

use entropix::{SamplerError, Softmax, filter};
use entropix_engine::Sequence;
use entropix_protocol::PositionScore;

use crate::entry::entropies;
use crate::{Chat, ChatError};

/// Most probable tokens that are reported.
const TOP: usize = 20;
/// Tokens in a piece: some 100 ms in a browser.
const PIECE: usize = 16;

/// Predictions in the making.
pub struct Scoring {
    sequence: Box<dyn Sequence>,
    ids: Vec<u32>,
    from: usize,
    logits: Vec<f32>,
}

impl Chat {
    /// Predicts given tokens; [`Scoring::advance`] does the work. Positions before `from` are read
    /// but not reported.
    pub fn score(&self, ids: Vec<u32>, from: usize) -> Scoring {
        Scoring::start(self, ids, from)
    }
}

impl Scoring {
    fn start(chat: &Chat, ids: Vec<u32>, from: usize) -> Self {
        let mut sequence = chat.loaded.model.sequence();
        sequence.observe(true);
        Self { sequence, ids, from, logits: Vec::new() }
    }

    /// Does the next piece of work; `None` when all is done.
    ///
    /// # Errors
    /// The engine failed, or its logits are no numbers.
    pub fn advance(&mut self) -> Result<Option<Vec<PositionScore>>, ChatError> {
        let done = self.sequence.len();
        let until = self.ids.len().min(done + PIECE);
        // Positions that nobody asked for need no logits.
        let until = if done < self.from { until.min(self.from) } else { until };
        let Some(ids @ [_, ..]) = self.ids.get(done..until) else { return Ok(None) };
        if until <= self.from {
            self.sequence.append(ids, &mut self.logits)?;
            return Ok(Some(Vec::new()));
        }
        self.sequence.append_all(ids, &mut self.logits)?;
        let rows = self.logits.chunks_exact(self.logits.len() / ids.len());
        let scores = rows.zip(done + 1..).map(|(logits, next)| self.score(logits, next));
        scores.collect::<Result<_, _>>().map(Some)
    }

    /// The prediction of the token at position `next`.
    fn score(&self, logits: &[f32], next: usize) -> Result<PositionScore, ChatError> {
        let softmax = Softmax::of(logits).ok_or(SamplerError::NoCandidates)?;
        let uncertainty = softmax.uncertainty();
        let logprob = |id: u32| {
            let logit = logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
            softmax.log_probability(logit)
        };
        let top = filter::most_probable(logits, &softmax, TOP).into_iter();
        let last = next == self.ids.len();
        Ok(PositionScore {
            top: top.map(|(id, _)| (id, logprob(id))).collect(),
            next_logprob: self.ids.get(next).map(|&id| logprob(id)),
            entropy_bits: uncertainty.entropy_bits,
            varentropy_bits2: uncertainty.varentropy_bits2,
            attention: self.sequence.attention().filter(|_| last).map(entropies),
        })
    }
}
