//! Predictions of given tokens, piece by piece.

use entropix_protocol::{About, Event, Problem};

use crate::work::{self, chat};
use crate::{page, state, task};

/// Predicts tokens and reports the positions from `from` on.
pub(crate) async fn score(id: u32, ids: Vec<u32>, from: u32) {
    work::run(About::Score { id }, run(id, ids, from)).await;
}

async fn run(id: u32, ids: Vec<u32>, from: u32) -> Result<Event, Problem> {
    let mut scoring = chat(|chat| Ok(chat.score(ids, from as usize)))?;
    while !state::stopping()
        && let Some(positions) = chat(|_| scoring.advance())?
    {
        page::post(Event::Scored { id, positions, last: false });
        task::next_task().await;
    }
    Ok(Event::Scored { id, positions: Vec::new(), last: true })
}
