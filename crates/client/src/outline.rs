//! A chat's tree as an outline: the versions of its turns, and inside answers what their sampler tried or took back.

use entropix_conversation::{Answer, Body, Conversation, Turn, TurnId};
use entropix_protocol::Role;

use crate::words;

/// Letters of a line's text.
const LETTERS: usize = 48;

/// A line of the outline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The turn it is about.
    pub turn: TurnId,
    /// The token of the turn's answer at which something was tried or taken back.
    pub at: Option<u32>,
    /// How many times the chat has split above it.
    pub depth: usize,
    /// Who speaks, or what happened.
    pub what: String,
    /// What is said, shortened.
    pub text: String,
}

/// All turns, each below the one it follows, with what happened in them; none of a chat that never split.
pub fn outline(conversation: &Conversation) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut split = false;
    let mut waiting = vec![(None, 0)];
    while let Some((parent, depth)) = waiting.pop() {
        if let Some(turn) = parent.and_then(|id| conversation.turn(id)) {
            let before = lines.len();
            add(&mut lines, turn, depth);
            split |= lines.len() > before + 1;
        }
        let next = conversation.turns().iter().filter(|turn| turn.parent == parent);
        let next: Vec<TurnId> = next.map(|turn| turn.id).collect();
        let depth = depth + usize::from(next.len() > 1);
        split |= next.len() > 1;
        waiting.extend(next.into_iter().rev().map(|id| (Some(id), depth)));
    }
    if split { lines } else { Vec::new() }
}

/// A turn's own line, and one for each thing that happened in it.
fn add(lines: &mut Vec<Line>, turn: &Turn, depth: usize) {
    let mut line = |at, depth, what, text: &str| {
        let text = words::beginning(text, LETTERS);
        lines.push(Line { turn: turn.id, at, depth, what, text });
    };
    match &turn.body {
        Body::Said(message) => {
            let who = match message.role {
                Role::User => "You",
                Role::Assistant => "Model",
                Role::System => "Instruction",
            };
            line(None, depth, who.to_owned(), &message.content);
        }
        Body::Answer(answer) => {
            let recipe = &answer.made.recipe;
            let who = format!("{}, seed {}", recipe.sampler.name(), recipe.seed);
            line(None, depth, who, &answer.text());
            for (at, what, text) in happened(answer) {
                line(Some(at), depth + 1, what, &text);
            }
        }
    }
}

/// What was tried and taken back in an answer, by token.
fn happened(answer: &Answer) -> Vec<(u32, String, String)> {
    let tried = (0..).zip(&answer.entries).filter(|(_, entry)| !entry.branch_texts.is_empty());
    let tried = tried.map(|(at, entry)| {
        let texts: Vec<String> = entry.branch_texts.iter().map(|it| words::quoted(it)).collect();
        (at, format!("{} branches", texts.len()), texts.join(" "))
    });
    let last = (answer.entries.len() as u32).saturating_sub(1);
    let gone = answer.retracted.iter().map(|gone| {
        let text: String = gone.tokens.iter().map(|entry| entry.text.as_str()).collect();
        (gone.to.min(last), "taken back".to_owned(), words::quoted(&text))
    });
    let mut all: Vec<_> = tried.chain(gone).collect();
    all.sort_by_key(|(at, ..)| *at);
    all
}
