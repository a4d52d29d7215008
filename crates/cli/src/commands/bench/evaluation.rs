//! What an evaluation gains by answering side by side.

use entropix::ModelDefaults;
use entropix_eval::arms::{Tuned, all};
use entropix_eval::run::{self, run};
use entropix_eval::{Arm, Family, Part, Split};
use entropix_generate::Chat;
use web_time::Instant;

/// Samplers whose control flow differs: phrases, branches, tokens taken back.
const ARMS: [&str; 4] = ["greedy", "plain", "B", "PROMISED"];

/// Tokens per second of 16 answers side by side, over those of one at a time.
pub(super) fn side_by_side(chat: &mut Chat, model: &ModelDefaults) -> anyhow::Result<f64> {
    let split = Split { part: Part::Pilot, seed: "bench".to_owned() };
    let items = Family::Facts.items(&split, 8);
    let mut arms: Vec<Arm> = all(model, &Tuned::default());
    arms.retain(|arm| ARMS.contains(&arm.name.as_str()));
    let mut speed = |width| {
        let options = run::Options { width, ..run::Options::default() };
        let (start, mut tokens) = (Instant::now(), 0);
        run(chat, &items, &arms, &options, |made| tokens += made)?;
        anyhow::Ok(f64::from(tokens) / start.elapsed().as_secs_f64())
    };
    let (alone, together) = (speed(1)?, speed(16)?);
    Ok(together / alone)
}
