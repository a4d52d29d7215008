//! A text of one's own that the model only reads: H, V and surprisal of each token, nothing is said.

use entropix::Action;
use entropix_conversation::{Answer, Made, TurnId};

use crate::client::{Client, Effects};

impl<B: Clone> Client<B> {
    /// Has the draft read, in a chat of its own.
    pub(crate) fn read_draft(&mut self, now: f64, out: &mut Effects<B>) {
        let Some(made) = self.made().filter(|_| self.running.is_none()) else { return };
        if self.draft.text.trim().is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.draft.text);
        if !self.is_fresh() {
            self.new_chat(now, out);
        }
        // Nothing stands before a text by itself.
        let made = Made { system: String::new(), ..made };
        if let Some(turn) = self.conversation.read_text(&text, made) {
            self.begin(turn, now, out);
        }
        self.draft.measured = None;
        self.measure_soon(out);
    }

    /// What is said next has nothing to do with the text that is shown: it begins a new chat.
    pub(crate) fn leave_text(&mut self, now: f64, out: &mut Effects<B>) {
        if !self.conversation.is_recorded() && self.shows_text() {
            self.new_chat(now, out);
        }
    }
}

impl<B> Client<B> {
    /// Whether the last answer is a text that was read.
    fn shows_text(&self) -> bool {
        let last = self.conversation.path().last().map(|turn| turn.id);
        last.is_some_and(|turn| self.is_text(turn))
    }

    /// Whether a turn is a text that was read.
    pub fn is_text(&self, turn: TurnId) -> bool {
        self.conversation.answer(turn).is_some_and(Answer::is_text)
    }
}

/// What a text was to the model: `surprisal 3.21 bits a token`, the mean of −log₂ p over what was read. `None` of an
/// answer.
pub(crate) fn surprisal(answer: &Answer) -> Option<String> {
    let read = answer.entries.iter().take_while(|entry| entry.decision.action == Action::Read);
    // Of what is too improbable for a number, the least that there is.
    let (sum, count) = read.fold((0.0, 0.0), |(sum, count), entry| {
        (sum - entry.p.max(f64::MIN_POSITIVE).log2(), count + 1.0)
    });
    (count > 0.0).then(|| format!("surprisal {:.2} bits a token", sum / count))
}
