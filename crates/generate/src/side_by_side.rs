//! Answers to one prompt, made in several ways side by side. The prompt is read once.

use std::collections::VecDeque;

use entropix_protocol::{Recipe, Step};

use crate::{Chat, ChatError, Generation, batch};

/// Answers to one prompt in the making.
pub struct SideBySide {
    prompt: Vec<u32>,
    /// By number.
    waiting: VecDeque<(usize, Recipe)>,
    going: Vec<(usize, Generation)>,
}

impl Chat {
    /// Answers a prompt in each of these ways; [`SideBySide::advance`] does the work. Each answer has the tokens that
    /// [`Chat::generate`] gives it alone.
    pub fn side_by_side(&self, prompt: Vec<u32>, recipes: Vec<Recipe>) -> SideBySide {
        SideBySide { prompt, waiting: recipes.into_iter().enumerate().collect(), going: Vec::new() }
    }
}

impl SideBySide {
    /// Takes those that are not over a step further, with one pass over the weights. Says what each did, by its number; one
    /// that fails is over, and the others go on.
    pub fn advance(&mut self, chat: &mut Chat) -> Vec<(usize, Result<Step, ChatError>)> {
        let mut said = self.begin(chat);
        let mut side: Vec<_> = self.going.iter_mut().map(|(_, generation)| generation).collect();
        let steps = batch::advance(chat, &mut side);
        for ((number, generation), step) in std::mem::take(&mut self.going).into_iter().zip(steps) {
            // After the last token there is one more step, which says why it was the last.
            if !matches!(step, Ok(Step::Done { .. }) | Err(_)) {
                self.going.push((number, generation));
            }
            said.push((number, step));
        }
        said
    }

    /// Ends all of them where they stand.
    pub fn stop(&mut self, chat: &mut Chat) -> Vec<(usize, Result<Step, ChatError>)> {
        let mut said: Vec<_> = std::mem::take(&mut self.going)
            .into_iter()
            .map(|(number, mut generation)| (number, Ok(generation.stop(chat))))
            .collect();
        for (number, recipe) in std::mem::take(&mut self.waiting) {
            let begun = chat.generate(self.prompt.clone(), recipe);
            said.push((number, begun.map(|mut generation| generation.stop(chat))));
        }
        said
    }

    /// Whether all are over.
    pub fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.going.is_empty()
    }

    /// Begins the first one, and the others once it has read the prompt: they go on from what it read. Says which
    /// can't begin.
    fn begin(&mut self, chat: &mut Chat) -> Vec<(usize, Result<Step, ChatError>)> {
        let mut refused = Vec::new();
        while !self.waiting.is_empty()
            && self.going.first().is_none_or(|(_, first)| first.has_read(chat))
            && let Some((number, recipe)) = self.waiting.pop_front()
        {
            match chat.generate(self.prompt.clone(), recipe) {
                Ok(generation) => self.going.push((number, generation)),
                Err(error) => refused.push((number, Err(error))),
            }
        }
        refused
    }
}
