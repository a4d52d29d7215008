//! A conversation as text to keep, of bounded length, and back.

use entropix_protocol::{ChatMessage, Role};
use serde::{Deserialize, Serialize};

use crate::answer::Progress;
use crate::tree::{Body, Conversation, Turn, TurnId};

/// Version of the text; later ones are refused.
const VERSION: u32 = 1;
/// Bytes of the text besides the turns, at most.
const REST: usize = 100;

/// Why a kept conversation can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It is damaged, or no conversation at all.
    #[error("the kept conversation can't be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A newer program wrote it.
    #[error("the kept conversation has version {0}, this program reads versions up to {VERSION}")]
    Version(u32),
    /// Its turns make no tree of questions and answers.
    #[error("the kept conversation is no tree of questions and answers")]
    Unsound,
}

#[derive(Deserialize)]
struct Stamp {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    turns: Vec<Turn>,
    head: Option<TurnId>,
    last: TurnId,
}

impl Conversation {
    /// The conversation as text of at most `limit` bytes. What is too much goes, the oldest first: attention and
    /// distributions of answers, then all but their text, then whole turns. `None` if nothing is left, and of a
    /// recording.
    pub fn save(&self, limit: usize) -> Option<String> {
        if self.recorded {
            return None;
        }
        let mut turns = self.turns.clone();
        let mut sizes: Vec<usize> = turns.iter().map(size).collect();
        let mut total = sizes.iter().sum::<usize>() + REST;
        for shed in [shed_distributions, shed_tokens] {
            for (turn, bytes) in turns.iter_mut().zip(&mut sizes) {
                if total > limit {
                    shed(turn);
                    let less = size(turn);
                    total = total - *bytes + less;
                    *bytes = less;
                }
            }
        }
        let gone = sizes.iter().take_while(|bytes| {
            let too_much = total > limit;
            total -= if too_much { **bytes } else { 0 };
            too_much
        });
        let gone = gone.count();
        turns.drain(..gone);
        let first = turns.first()?.id;
        for turn in &mut turns {
            turn.parent = turn.parent.filter(|parent| *parent >= first);
        }
        let head = self.head.filter(|head| *head >= first).or(turns.last().map(|turn| turn.id));
        serde_json::to_string(&Kept { version: VERSION, turns, head, last: self.last }).ok()
    }

    /// The conversation that [`Self::save`] wrote. An answer that was being made is marked as interrupted.
    ///
    /// # Errors
    /// Text that is damaged, of a newer program, or something else.
    pub fn load(text: &str) -> Result<Self, LoadError> {
        let Stamp { version } = serde_json::from_str(text)?;
        if version > VERSION {
            return Err(LoadError::Version(version));
        }
        let Kept { turns, head, last, .. } = serde_json::from_str(text)?;
        let mut conversation = Self { turns, head, last, recorded: false };
        if !conversation.is_sound() {
            return Err(LoadError::Unsound);
        }
        for turn in &mut conversation.turns {
            if let Body::Answer(answer) = &mut turn.body {
                answer.end_as(Progress::Interrupted);
            }
        }
        Ok(conversation)
    }

    /// Whether every turn follows an earlier one that another one spoke, and the head is there.
    pub(crate) fn is_sound(&self) -> bool {
        let follows = |turn: &Turn| match turn.parent.map(|parent| self.turn(parent)) {
            None => self.recorded || turn.role() != Role::System,
            Some(None) => false,
            Some(Some(parent)) => {
                parent.id < turn.id && (self.recorded || parent.role() != turn.role())
            }
        };
        self.turns.is_sorted_by(|a, b| a.id < b.id)
            && self.turns.last().is_none_or(|turn| turn.id <= self.last)
            && self.turns.iter().all(|turn| turn.role() != Role::System && follows(turn))
            && self.head.map_or(self.turns.is_empty(), |head| self.turn(head).is_some())
    }
}

/// Bytes of a turn as text, with the comma after it.
fn size(turn: &Turn) -> usize {
    serde_json::to_string(turn).map_or(0, |text| text.len() + 1)
}

fn shed_distributions(turn: &mut Turn) {
    if let Body::Answer(answer) = &mut turn.body {
        let taken_back = answer.retracted.iter_mut().flat_map(|retracted| &mut retracted.tokens);
        for entry in answer.entries.iter_mut().chain(taken_back) {
            entry.attention = None;
            entry.sketch = None;
        }
    }
}

fn shed_tokens(turn: &mut Turn) {
    if let Body::Answer(answer) = &turn.body
        && turn.is_answered()
    {
        let message = ChatMessage { role: Role::Assistant, content: answer.text(), ids: None };
        turn.body = Body::Said(message);
    }
}
