//! What whoever shows a part of an answer has to be told, so that it shows the rest.

use crate::Answer;

/// How much of an answer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Tokens.
    pub tokens: usize,
    /// Of [`Answer::retracted`], those that were told.
    pub retractions: usize,
}

/// One thing to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// The token of this index follows.
    Append(usize),
    /// All but the first `to` tokens go, and after them this text, which came and went without being told.
    Retract {
        /// How many tokens stay.
        to: usize,
        /// The text.
        unseen: String,
    },
    /// Before the token of this index a text was taken back, a while ago.
    Strike {
        /// Index of the token that came in its place; it is told already, or never came.
        at: usize,
        /// The text.
        text: String,
    },
}

/// What came and was not told.
#[derive(Default)]
struct Untold {
    /// Of each token: what was taken back before it, and its own text.
    tokens: Vec<(String, String)>,
    /// Taken back where the next token comes.
    before: String,
}

impl Untold {
    fn push(&mut self, text: &str) {
        self.tokens.push((std::mem::take(&mut self.before), text.to_owned()));
    }

    /// Takes back all but the first `count`.
    fn take_back(&mut self, count: usize) {
        let gone = self.tokens.split_off(count.min(self.tokens.len()));
        let texts = gone.into_iter().map(|(before, text)| before + &text);
        self.before = texts.chain([std::mem::take(&mut self.before)]).collect();
    }
}

impl Answer {
    /// What is to be told from `shown` on. While the answer runs, what went is told as if it had been seen; of one
    /// that is over, only that it went.
    pub fn catch_up(&self, shown: Shown) -> Vec<Stroke> {
        let (mut told, mut untold, mut strokes) = (shown.tokens, Untold::default(), Vec::new());
        for k in shown.retractions..self.retracted.len() {
            let to = self.retracted[k].to as usize;
            let end = to.saturating_add(self.retracted[k].tokens.len());
            for index in told + untold.tokens.len()..end {
                // A file may say what can't be.
                let Some(text) = self.text_then(k, index) else { break };
                untold.push(text);
            }
            untold.take_back(to.saturating_sub(told));
            if to < told {
                strokes.push(Stroke::Retract { to, unseen: std::mem::take(&mut untold.before) });
                told = to;
            }
        }
        let Untold { tokens, before } = untold;
        let mut texts = tokens.into_iter().map(|(before, _)| before).chain([before]);
        for index in told..=self.entries.len() {
            let text = texts.next().filter(|text| !text.is_empty());
            let (unseen, struck) =
                if self.progress.is_running() { (text, None) } else { (None, text) };
            strokes.extend(unseen.map(|unseen| Stroke::Retract { to: index, unseen }));
            strokes.extend((index < self.entries.len()).then_some(Stroke::Append(index)));
            strokes.extend(struck.map(|text| Stroke::Strike { at: index, text }));
        }
        strokes
    }

    /// The text of a token as it was before retraction `k`; nothing if it was never there.
    fn text_then(&self, k: usize, index: usize) -> Option<&str> {
        let taken = self.retracted.iter().skip(k).find(|it| it.to as usize <= index);
        let entry = match taken {
            Some(taken) => taken.tokens.get(index - taken.to as usize),
            None => self.entries.get(index),
        };
        entry.map(|entry| &*entry.text)
    }
}
