//! Short continuations of an answer from other tokens, several in one pass over the weights.

use std::collections::VecDeque;

use entropix_protocol::{Beginning, Finish, Given, Grown, Parting, Recipe, Step};

use crate::{Chat, ChatError, Generation, batch};

/// So many go on side by side: more would leave less of a pass to share than their caches cost.
const SIDE_BY_SIDE: usize = 4;

/// Continuations in the making.
pub struct WhatIf {
    prompt: Vec<u32>,
    answer: Vec<u32>,
    recipe: Recipe,
    waiting: VecDeque<(u32, Parting)>,
    going: Vec<Going>,
}

struct Going {
    number: u32,
    generation: Generation,
    /// Tokens before those whose texts these are.
    kept: usize,
    texts: Vec<String>,
}

impl Chat {
    /// Continues an answer to `prompt` from each parting; [`WhatIf::advance`] does the work. Each is what
    /// [`Chat::go_on`] gives with the same recipe where its token is given.
    pub fn what_if(
        &self,
        prompt: Vec<u32>,
        answer: Vec<u32>,
        partings: Vec<Parting>,
        recipe: Recipe,
    ) -> WhatIf {
        let waiting = (0..).zip(partings).collect();
        // What is not shown is not recorded.
        let recipe = Recipe { attention: false, ..recipe };
        WhatIf { prompt, answer, recipe, waiting, going: Vec::new() }
    }
}

impl WhatIf {
    /// Takes some of them a token further, and says how far each came; nothing more when all are over.
    ///
    /// # Errors
    /// The engine or the sampler failed, or a token is none of this model's.
    pub fn advance(&mut self, chat: &mut Chat) -> Result<Vec<Grown>, ChatError> {
        let mut grown = Vec::new();
        while self.going.len() < SIDE_BY_SIDE
            && let Some((number, parting)) = self.waiting.pop_front()
        {
            if chat.tokenizer().is_end(parting.token) {
                let finish = Some(Finish::EndOfTurn);
                grown.push(Grown { number, text: String::new(), finish });
            } else {
                let going = self.begin(chat, number, parting)?;
                self.going.push(going);
            }
        }
        let side = self.going.iter_mut().map(|each| &mut each.generation);
        let steps = batch::advance(chat, &mut side.collect::<Vec<_>>());
        for (each, step) in self.going.iter_mut().zip(steps) {
            if each.take(step?) {
                grown.push(each.grown());
            }
        }
        self.going.retain(|each| each.generation.finished().is_none());
        Ok(grown)
    }

    /// Whether all are over.
    pub fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.going.is_empty()
    }

    fn begin(&self, chat: &mut Chat, number: u32, parting: Parting) -> Result<Going, ChatError> {
        let Parting { at, token } = parting;
        let kept: Vec<u32> = self.answer.iter().take(at as usize).copied().chain([token]).collect();
        let (len, then) = (kept.len(), Given::Nothing);
        let beginning = Beginning { kept, then };
        let generation = chat.go_on(self.prompt.clone(), beginning, self.recipe.clone())?;
        Ok(Going { number, generation: generation.in_passing(), kept: len, texts: Vec::new() })
    }
}

impl Going {
    /// Returns whether there is something to tell.
    fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Token { entry } => self.texts.push(entry.text),
            Step::Retract { to, .. } => self.texts.truncate(to as usize - self.kept),
            Step::Prefill { .. } | Step::Branch { .. } => return false,
            Step::Done { .. } => {}
        }
        true
    }

    fn grown(&self) -> Grown {
        Grown { number: self.number, text: self.texts.concat(), finish: self.generation.finished() }
    }
}
