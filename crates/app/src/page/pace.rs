//! How often what streams is drawn: twenty times a second are enough to read along, and each time costs layout and paint.

use entropix_conversation::TurnId;

/// From one time to the next, in ms.
const EVERY: f64 = 50.0;

/// Turns that went on and were not drawn since.
#[derive(Default)]
pub(super) struct Pace {
    waiting: Vec<TurnId>,
    /// When something was drawn last, in ms since 1970.
    drawn: f64,
}

impl Pace {
    /// Notes that a turn went on; returns in how many ms it is to be drawn, unless that is on its way.
    pub(super) fn wait(&mut self, turn: TurnId, now: f64) -> Option<f64> {
        let is_first = self.waiting.is_empty();
        if !self.waiting.contains(&turn) {
            self.waiting.push(turn);
        }
        is_first.then(|| (self.drawn + EVERY - now).clamp(0.0, EVERY))
    }

    /// Those that are drawn now.
    pub(super) fn take(&mut self, now: f64) -> Vec<TurnId> {
        self.drawn = now;
        std::mem::take(&mut self.waiting)
    }
}
