//! A conversation as texts to keep, one for each turn, and back.

use entropix_protocol::{Role, json};
use serde::{Deserialize, Serialize};

use crate::answer::{Progress, TurnId};
use crate::tree::{Body, Conversation, Turn};

/// Version of covers, turns and files; what a later one wrote is left alone.
pub const VERSION: u32 = 1;

/// What is known of a kept conversation without its turns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cover {
    /// Version of the program's format that wrote it.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Whether the person gave it that title.
    pub named: bool,
    /// When something was said last, in ms since 1970.
    pub changed: f64,
    /// Instructions before it.
    pub system: String,
    /// The last turn of the path that is shown.
    pub head: Option<TurnId>,
    /// The largest id that was ever given to a turn.
    pub last: TurnId,
}

/// As pages kept the one conversation that they had.
#[derive(Deserialize)]
struct Single {
    version: u32,
    turns: Vec<Turn>,
    head: Option<TurnId>,
    last: TurnId,
}

impl Turn {
    /// The turn as text. Of an answer that is being made without attention and distributions, which is written often:
    /// they come with its end.
    pub fn to_text(&self) -> String {
        let light = self.is_running().then(|| {
            let mut turn = self.clone();
            shed_distributions(&mut turn);
            turn
        });
        serde_json::to_string(light.as_ref().unwrap_or(self)).unwrap_or_default()
    }

    /// What it says.
    pub fn words(&self) -> String {
        match &self.body {
            Body::Said(message) => message.content.clone(),
            Body::Answer(answer) => answer.text(),
        }
    }
}

impl Conversation {
    /// The conversation that these turns make. What can't be read is left out, with all that follows it; answers that
    /// were being made are marked as interrupted. Also returns how many turns are missing.
    pub fn read(texts: &[&str], head: Option<TurnId>, last: TurnId) -> (Self, usize) {
        let turns = texts.iter().filter_map(|text| json::read(text).ok()).collect();
        let conversation = Self::of(turns, head, last);
        let missing = texts.len() - conversation.turns.len();
        (conversation, missing)
    }

    /// The one conversation that pages kept before there were several; nothing if it can't be read.
    pub fn read_single(text: &str) -> Option<Self> {
        let Single { version, turns, head, last } = json::read(text).ok()?;
        let conversation = Self::of(turns, head, last);
        (version == 1 && !conversation.is_empty()).then_some(conversation)
    }

    /// The conversation that these turns make, without those that fit nowhere.
    pub fn of(turns: Vec<Turn>, head: Option<TurnId>, last: TurnId) -> Self {
        let mut conversation = Self { last, ..Self::default() };
        for mut turn in by_number(turns) {
            if !conversation.takes(&turn) {
                continue;
            }
            match &mut turn.body {
                Body::Answer(answer) => drop(answer.end_as(Progress::Interrupted)),
                // Of which vocabulary they were is not known.
                Body::Said(message) => message.ids = None,
            }
            conversation.last = conversation.last.max(turn.id);
            conversation.turns.push(turn);
        }
        conversation.head = head.filter(|head| conversation.turn(*head).is_some());
        if conversation.head.is_none()
            && let Some(newest) = conversation.turns.last()
        {
            conversation.head = Some(newest.id);
        }
        conversation
    }

    /// Whether a turn follows an earlier one that another one spoke, or none.
    fn takes(&self, turn: &Turn) -> bool {
        let newer = self.turns.last().is_none_or(|last| last.id < turn.id);
        let parent = turn.parent.map(|parent| self.turn(parent));
        let follows = parent.is_none_or(|parent| parent.is_some_and(|it| it.role() != turn.role()));
        newer && turn.role() != Role::System && follows
    }

    /// Whether all turns fit, and the head is there.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        let again = Self::of(self.turns.clone(), self.head, self.last);
        self.recorded
            || (again.turns.len(), again.head, again.last)
                == (self.turns.len(), self.head, self.last)
    }

    /// All turns, of all versions, in the order of their ids.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The last turn of the path that is shown.
    pub fn head(&self) -> Option<TurnId> {
        self.head
    }

    /// The largest id that was ever given.
    pub fn last(&self) -> TurnId {
        self.last
    }
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

/// In the order of their numbers, in which they nearly are. A sort would be a kilobyte more of every page.
fn by_number(turns: Vec<Turn>) -> Vec<Turn> {
    let mut ordered: Vec<Turn> = Vec::with_capacity(turns.len());
    for turn in turns {
        let at = ordered.partition_point(|earlier| earlier.id <= turn.id);
        ordered.insert(at, turn);
    }
    ordered
}
