//! The tree of turns, and the path through it that is shown.

use entropix_protocol::{ChatMessage, Given, Role, Step};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Change, Fork, Made, Progress, TurnId};

/// What a turn says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Plain text: a question, or an earlier turn of a recording.
    Said(ChatMessage),
    /// The model, with everything known about how it chose.
    Answer(Box<Answer>),
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Its name.
    pub id: TurnId,
    /// The turn it follows; none for a first one.
    pub parent: Option<TurnId>,
    /// What it says.
    pub body: Body,
}

impl Turn {
    /// Who speaks.
    pub fn role(&self) -> Role {
        match &self.body {
            Body::Said(message) => message.role,
            Body::Answer(_) => Role::Assistant,
        }
    }

    /// Whether the model has said something here.
    pub(crate) fn is_answered(&self) -> bool {
        match &self.body {
            Body::Said(message) => message.role == Role::Assistant,
            Body::Answer(answer) => !answer.entries.is_empty(),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(&self.body, Body::Answer(answer) if answer.progress.is_running())
    }
}

/// A conversation: a tree of turns, of which the path from a first turn to the head is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// In the order of their ids.
    pub(crate) turns: Vec<Turn>,
    /// The last turn of the path.
    pub(crate) head: Option<TurnId>,
    /// The largest id that was ever given.
    pub(crate) last: TurnId,
    pub(crate) recorded: bool,
}

impl Conversation {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// Whether this is a recording, which makes room for the first question.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// The turns that are shown, first to last.
    pub fn path(&self) -> Vec<&Turn> {
        self.up_from(self.head)
    }

    /// One turn.
    pub fn turn(&self, id: TurnId) -> Option<&Turn> {
        self.index(id).and_then(|index| self.turns.get(index))
    }

    /// The answer of a turn.
    pub fn answer(&self, id: TurnId) -> Option<&Answer> {
        match &self.turn(id)?.body {
            Body::Answer(answer) => Some(answer),
            Body::Said(_) => None,
        }
    }

    /// What the person asked to get this answer.
    pub fn question(&self, answer: TurnId) -> Option<&str> {
        match &self.turn(self.turn(answer)?.parent?)?.body {
            Body::Said(message) => Some(&message.content),
            Body::Answer(_) => None,
        }
    }

    /// This turn and the others that follow the same one and are spoken by the same, in the order in which
    /// they were made.
    pub fn versions(&self, id: TurnId) -> Vec<TurnId> {
        let Some(turn) = self.turn(id) else { return Vec::new() };
        let same = |other: &&Turn| other.parent == turn.parent && other.role() == turn.role();
        self.turns.iter().filter(same).map(|turn| turn.id).collect()
    }

    /// Shows the path through this turn, down to the newest one after it.
    pub fn choose(&mut self, id: TurnId) {
        if self.turn(id).is_none() {
            return;
        }
        let mut head = id;
        while let Some(next) = self.turns.iter().rev().find(|turn| turn.parent == Some(head)) {
            head = next.id;
        }
        self.head = Some(head);
    }

    /// The path from a turn on, as a conversation of its own.
    #[must_use]
    pub fn from(&self, first: TurnId) -> Self {
        let path = self.path().into_iter().skip_while(|turn| turn.id != first);
        let mut turns: Vec<Turn> = path.cloned().collect();
        if let Some(first) = turns.first_mut() {
            first.parent = None;
        }
        Self { turns, head: self.head, last: self.last, recorded: false }
    }

    /// Adds a question and the answer that begins; returns the answer. A question before it that got none
    /// makes room, and so does a recording. `None` if there is nothing to say, or if an answer is being made.
    pub fn ask(&mut self, question: &str, made: Made) -> Option<TurnId> {
        self.ask_all(question, [made].into()).first().copied()
    }

    /// The same for several answers that begin together, one for each way to make it; of them the first is on the
    /// path. Returns none where [`Self::ask`] does.
    pub fn ask_all(&mut self, question: &str, ways: Vec<Made>) -> Vec<TurnId> {
        let question = question.trim();
        if question.is_empty() || ways.is_empty() || self.is_running() {
            return Vec::new();
        }
        if self.recorded {
            self.clear();
        }
        self.drop_unanswered();
        let question = self.push(self.head, said(question));
        let answers: Vec<_> = ways.into_iter().map(|made| self.begin(question, made)).collect();
        self.head = answers.first().copied();
        answers
    }

    /// Begins to read a text, which is all there is then; returns the turn. A recording makes room. `None` if there is
    /// nothing to read, or if something was said.
    pub fn read_text(&mut self, text: &str, made: Made) -> Option<TurnId> {
        if self.recorded {
            self.clear();
        }
        self.drop_unanswered();
        if text.trim().is_empty() || !self.is_empty() {
            return None;
        }
        let given = Given::Whole(text.to_owned());
        // It parted from no turn: none has this number.
        let made = Made { fork: Some(Fork { turn: 0, at: 0, given }), ..made };
        Some(self.push(None, Body::Answer(Box::new(Answer::begin(made)))))
    }

    /// Asks a question otherwise: another version of it, beside the earlier one with all that follows it. Returns the
    /// answer that begins; in the same words it is another version of the answer.
    pub fn ask_instead(&mut self, turn: TurnId, question: &str, made: Made) -> Option<TurnId> {
        let question = question.trim();
        let old = self.turn(turn).filter(|turn| turn.role() == Role::User)?;
        if question.is_empty() || self.recorded || self.is_running() {
            return None;
        }
        let same = matches!(&old.body, Body::Said(message) if message.content == question);
        let parent = old.parent;
        let question = if same { turn } else { self.push(parent, said(question)) };
        Some(self.begin(question, made))
    }

    /// Whether the last answer can be made again.
    pub fn can_ask_again(&self) -> bool {
        let last = self.head.and_then(|head| self.answer(head));
        !self.recorded && !self.is_running() && last.is_some()
    }

    /// Begins another version of the last answer and returns it; the earlier one stays, unless it is empty.
    pub fn ask_again(&mut self, made: Made) -> Option<TurnId> {
        let head = self.head.filter(|_| self.can_ask_again())?;
        let question = self.turn(head)?.parent?;
        if !self.turn(head)?.is_answered() {
            self.turns.retain(|turn| turn.id != head);
        }
        Some(self.begin(question, made))
    }

    /// Whether an answer can go on from one of its tokens, or where it ended.
    pub fn can_go_on(&self, id: TurnId) -> bool {
        let answer = self.answer(id);
        let done = answer.is_some_and(|it| !it.progress.is_running() && !it.entries.is_empty());
        done && !self.recorded && !self.is_running()
    }

    /// Begins a version of an answer that keeps its first `at` tokens and says something else then. The
    /// earlier one stays. `None` if it has fewer, or if an answer is being made.
    pub fn fork(&mut self, id: TurnId, at: u32, given: Given) -> Option<TurnId> {
        let turn = self.turn(id).filter(|_| self.can_go_on(id))?;
        let Body::Answer(answer) = &turn.body else { return None };
        if at as usize >= answer.entries.len() {
            return None;
        }
        let parted = answer.parted(Fork { turn: id, at, given });
        let parent = turn.parent;
        Some(self.push(parent, Body::Answer(Box::new(parted))))
    }

    /// Goes on with the last answer where it was cut short. Returns whether it does.
    pub fn resume(&mut self, id: TurnId) -> bool {
        let can = self.head == Some(id) && self.can_go_on(id);
        let answer = self.answer_mut(id).filter(|answer| can && answer.is_cut_short());
        answer.map(Answer::resume).is_some()
    }

    /// Takes in what the generation of an answer did next.
    pub fn apply(&mut self, id: TurnId, step: Step) -> Change {
        self.answer_mut(id).map_or(Change::Nothing, |answer| answer.apply(step))
    }

    /// The answer was refused.
    pub fn fail(&mut self, id: TurnId) -> Change {
        self.answer_mut(id).map_or(Change::Nothing, |answer| answer.end_as(Progress::Failed))
    }

    /// What makes the answer broke down: its tokens stay, and it is marked.
    pub fn interrupt(&mut self, id: TurnId) -> Change {
        self.answer_mut(id).map_or(Change::Nothing, |answer| answer.end_as(Progress::Interrupted))
    }

    /// Forgets everything but which ids were given.
    pub fn clear(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }

    /// Whether an answer is being made.
    pub fn is_running(&self) -> bool {
        self.turns.iter().any(Turn::is_running)
    }

    /// The turn that the next question follows: the last one that was answered.
    pub(crate) fn base(&self) -> Option<TurnId> {
        let head = self.turn(self.head?)?;
        if head.is_answered() {
            return Some(head.id);
        }
        let question = if head.role() == Role::User { head } else { self.turn(head.parent?)? };
        let answered = self.turns.iter().rev();
        answered
            .filter(|turn| turn.parent == Some(question.id))
            .find(|turn| turn.is_answered())
            .map(|turn| turn.id)
            .or(question.parent)
    }

    /// From a first turn down to this one.
    pub(crate) fn up_from(&self, id: Option<TurnId>) -> Vec<&Turn> {
        let mut path = Vec::new();
        let mut next = id;
        while let Some(turn) = next.and_then(|id| self.turn(id)) {
            path.push(turn);
            // Ids fall on the way up, so that it ends.
            next = turn.parent.filter(|parent| *parent < turn.id);
        }
        path.reverse();
        path
    }

    /// Takes away the head if it says nothing, with what was begun beside it and says nothing either, and its question
    /// if that has no other answer.
    fn drop_unanswered(&mut self) {
        let base = self.base();
        for _ in 0..2 {
            let Some(head) = self.head.filter(|head| Some(*head) != base) else { break };
            let Some(turn) = self.turn(head) else { break };
            let parent = turn.parent;
            let beside =
                if turn.role() == Role::User { [head].into() } else { self.versions(head) };
            for id in beside {
                let is_answered = self.turn(id).is_some_and(Turn::is_answered);
                if !is_answered && !self.turns.iter().any(|turn| turn.parent == Some(id)) {
                    self.turns.retain(|turn| turn.id != id);
                }
            }
            self.head = parent;
        }
        self.head = base;
    }

    fn begin(&mut self, question: TurnId, made: Made) -> TurnId {
        self.push(Some(question), Body::Answer(Box::new(Answer::begin(made))))
    }

    pub(crate) fn push(&mut self, parent: Option<TurnId>, body: Body) -> TurnId {
        self.last += 1;
        self.turns.push(Turn { id: self.last, parent, body });
        self.head = Some(self.last);
        self.last
    }

    fn index(&self, id: TurnId) -> Option<usize> {
        self.turns.binary_search_by_key(&id, |turn| turn.id).ok()
    }

    fn answer_mut(&mut self, id: TurnId) -> Option<&mut Answer> {
        let index = self.index(id)?;
        match &mut self.turns.get_mut(index)?.body {
            Body::Answer(answer) => Some(answer),
            Body::Said(_) => None,
        }
    }
}

fn said(question: &str) -> Body {
    Body::Said(ChatMessage { role: Role::User, content: question.to_owned(), ids: None })
}
