//! Predictions of given tokens, piece by piece.

use entropix_protocol::{Event, Finish, Problem, Stats};

use crate::generate::{chat, work};
use crate::{page, state, task};

/// Predicts tokens and reports the positions from `from` on.
pub(crate) async fn score(id: u32, ids: Vec<u32>, from: u32) {
    work(id, run(id, ids, from)).await;
}

async fn run(id: u32, ids: Vec<u32>, from: u32) -> Result<(Finish, Stats), Problem> {
    let mut scoring = chat(|chat| Ok(chat.score(ids, from as usize)))?;
    let finish = loop {
        if state::stopping() {
            break Finish::Stopped;
        }
        match chat(|_| scoring.advance())? {
            Some(positions) => page::post(&Event::Scored { id, positions }),
            None => break Finish::EndOfTurn,
        }
        task::next_task().await;
    };
    Ok((finish, Stats::default()))
}
