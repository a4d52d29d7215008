//! Marks in a conversation: characters that nobody wrote, to see in the rendered text what came from where.

use std::collections::{HashMap, HashSet};

use super::Message;
use crate::Tokenizer;

/// Unused by text: Unicode's supplementary private-use planes.
const PRIVATE_USE: [std::ops::RangeInclusive<u32>; 2] =
    [0xF_0000..=0xF_FFFD, 0x10_0000..=0x10_FFFD];

/// Where the name of a control token is marked. In place of its first character is best, since nothing
/// can take it for the token then, and no length changes; but a template may look for that name, or
/// cut on one side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Before,
    Behind,
}

/// What is marked in which way.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// For each message, whether one mark stands for all of its content.
    pub(super) whole: Vec<bool>,
    /// For each of [`Marks::names`], where it is marked, if anywhere.
    pub(super) places: Vec<Option<Place>>,
}

/// The marks of a conversation.
pub(super) struct Marks<'a> {
    tokenizer: &'a Tokenizer,
    messages: &'a [Message<'a>],
    /// Names of control tokens that somebody wrote: role of the writer, token.
    pub(super) names: Vec<(&'a str, u32)>,
    /// Stand for the characters that names begin with: character, mark.
    first: Vec<(char, char)>,
    /// Stands beside the name of a token: one mark for each token, lest it hide another.
    beside: HashMap<u32, char>,
    /// Stands for a message's content.
    contents: Vec<Option<char>>,
    /// Messages by their marks.
    by_mark: HashMap<char, usize>,
}

impl<'a> Marks<'a> {
    /// For a conversation that was rendered as `text`, with marks for the contents of `answers`.
    pub(super) fn new(
        tokenizer: &'a Tokenizer,
        messages: &'a [Message<'a>],
        text: &str,
        answers: &[bool],
    ) -> Self {
        let said = messages.iter().flat_map(|message| [message.role, message.content]);
        let used: HashSet<char> =
            said.clone().chain([text]).flat_map(str::chars).filter(|c| is_private(*c)).collect();
        let mut free = PRIVATE_USE
            .into_iter()
            .flatten()
            .filter_map(char::from_u32)
            .filter(|c| !used.contains(c));
        let mut names = Vec::new();
        for message in messages {
            for text in [message.role, message.content] {
                for (_, id) in tokenizer.find_controls(text) {
                    if !names.contains(&(message.role, id)) {
                        names.push((message.role, id));
                    }
                }
            }
        }
        let mut first: Vec<(char, char)> = Vec::new();
        for character in names.iter().filter_map(|(_, id)| tokenizer.label(*id).chars().next()) {
            if !first.iter().any(|(known, _)| *known == character) {
                first.extend(free.next().map(|mark| (character, mark)));
            }
        }
        let beside = names.iter().filter_map(|(_, id)| Some((*id, free.next()?))).collect();
        let contents: Vec<_> =
            answers.iter().map(|&is| is.then(|| free.next()).flatten()).collect();
        let by_mark = contents
            .iter()
            .enumerate()
            .filter_map(|(index, mark)| Some(((*mark)?, index)))
            .collect();
        Self { tokenizer, messages, names, first, beside, contents, by_mark }
    }

    /// Roles and contents with marks.
    pub(super) fn apply(&self, plan: &Plan) -> Vec<(String, String)> {
        let whole =
            plan.whole.iter().zip(&self.contents).map(|(&whole, mark)| mark.filter(|_| whole));
        self.messages
            .iter()
            .zip(whole)
            .map(|(message, mark)| {
                let role = self.mark_names(plan, message.role, message.role);
                let content = mark.map(String::from);
                (
                    role,
                    content.unwrap_or_else(|| self.mark_names(plan, message.role, message.content)),
                )
            })
            .collect()
    }

    fn mark_names(&self, plan: &Plan, writer: &str, text: &str) -> String {
        let mut marked = String::with_capacity(text.len());
        let mut from = 0;
        for (range, id) in self.tokenizer.find_controls(text) {
            let name = &text[range.clone()];
            marked.push_str(&text[from..range.start]);
            let known = self.names.iter().zip(&plan.places).find(|(of, _)| **of == (writer, id));
            let mark = self.beside.get(&id);
            match known.and_then(|(_, place)| *place) {
                Some(Place::First) => {
                    let mut characters = name.chars();
                    let first = characters.next();
                    match self.first.iter().find(|(known, _)| Some(*known) == first) {
                        Some((_, mark)) => {
                            marked.push(*mark);
                            marked.push_str(characters.as_str());
                        }
                        None => marked.push_str(name),
                    }
                }
                Some(Place::Before) => {
                    marked.extend(mark);
                    marked.push_str(name);
                }
                Some(Place::Behind) => {
                    marked.push_str(name);
                    marked.extend(mark);
                }
                None => marked.push_str(name),
            }
            from = range.end;
        }
        marked.push_str(&text[from..]);
        marked
    }

    /// What a character of a marked text is.
    pub(super) fn of(&self, character: char) -> Mark {
        if !is_private(character) {
            return Mark::None;
        }
        if let Some(index) = self.by_mark.get(&character) {
            return Mark::Content(*index);
        }
        if let Some((letter, _)) = self.first.iter().find(|(_, mark)| *mark == character) {
            return Mark::Letter(*letter);
        }
        if self.beside.values().any(|mark| *mark == character) { Mark::Name } else { Mark::None }
    }

    /// A rendered text without the marks.
    pub(super) fn remove(&self, marked: &str) -> String {
        let mut text = String::with_capacity(marked.len());
        for character in marked.chars() {
            match self.of(character) {
                Mark::None => text.push(character),
                Mark::Letter(letter) => text.push(letter),
                Mark::Name => {}
                Mark::Content(index) => {
                    text.push_str(self.messages.get(index).map_or("", |message| message.content));
                }
            }
        }
        text
    }

    /// Names of control tokens that the template itself wrote, with their places in a marked text.
    pub(super) fn controls<'t>(
        &'t self,
        marked: &'t str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, u32)> + 't {
        self.tokenizer.find_controls(marked).filter(|(range, id)| {
            let mark = self.beside.get(id).copied();
            let is_marked = |character: Option<char>| character.is_some() && character == mark;
            !is_marked(marked[..range.start].chars().next_back())
                && !is_marked(marked[range.end..].chars().next())
        })
    }
}

/// What a character stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Itself.
    None,
    /// The first character of a name that is no control token.
    Letter(char),
    /// The name beside it is no control token.
    Name,
    /// The content of a message.
    Content(usize),
}

fn is_private(character: char) -> bool {
    PRIVATE_USE.iter().any(|range| range.contains(&(character as u32)))
}
