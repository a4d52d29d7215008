//! How far a run has come.

use std::path::Path;

use entropix_eval::shard::Line;
use entropix_eval::{Arm, Verdict};
use web_time::Instant;

use crate::output::tell;

/// Counts what was done, and guesses what is left.
pub(super) struct Progress {
    start: Instant,
    blocks: usize,
    done: usize,
    tokens: u64,
    /// Whether nobody shall see what came of it before it is over.
    blind: bool,
}

impl Progress {
    pub(super) fn of(blocks: usize, blind: bool) -> Self {
        Self { start: Instant::now(), blocks, done: 0, tokens: 0, blind }
    }

    pub(super) fn made(&mut self, tokens: u32) {
        self.tokens += u64::from(tokens);
    }

    /// Tells of a block that is done.
    pub(super) fn block(&mut self, family: &str, line: &Line, arms: &[Arm]) {
        self.done += 1;
        let seconds = self.start.elapsed().as_secs_f64();
        let left = seconds / self.done as f64 * (self.blocks - self.done) as f64;
        let right = |arm: usize| {
            let own = line.outcomes.iter().filter_map(|item| item.get(arm));
            own.filter(|outcome| outcome.verdict == Verdict::Right).count()
        };
        let counts = arms.iter().enumerate();
        let counts: Vec<_> =
            counts.map(|(at, arm)| format!("{} {}", arm.name, right(at))).collect();
        let counts = if self.blind {
            String::new()
        } else {
            format!(", right of {}: {}", line.outcomes.len(), counts.join(", "))
        };
        tell(&format!(
            "{} of {}: {family} {}–{}{counts}; {:.0} tokens/s, {} left",
            self.done,
            self.blocks,
            line.block.from,
            line.block.to - 1,
            self.tokens as f64 / seconds,
            duration(left),
        ));
    }

    pub(super) fn end(&self, path: &Path) {
        let path = path.display();
        let done = match self.done {
            0 => "Nothing was left to do".to_owned(),
            done => format!("{done} blocks in {}", duration(self.start.elapsed().as_secs_f64())),
        };
        tell(&format!("{done}: {path} (`entropix results {path}` shows what came of it)"));
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (seconds, text) in
            [(0.2, "0 s"), (89.0, "89 s"), (90.0, "2 min"), (3600.0, "60 min"), (9000.0, "2.5 h")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
