//! Short continuations of an answer from other tokens, several in one pass over the weights, and what they come
//! to.

mod comparison;

use entropix_protocol::{
    Beginning, ChatMessage, Finish, Given, Grown, Outcomes, Parting, Recipe, Step,
};

use crate::{Chat, ChatError, Generation, batch};
use comparison::Comparison;

/// So many go on side by side: more would leave less of a pass to share than their caches cost.
const SIDE_BY_SIDE: usize = 4;

/// Continuations in the making.
pub struct WhatIf {
    prompt: Vec<u32>,
    answer: Vec<u32>,
    recipe: Recipe,
    partings: Vec<Parting>,
    /// So many of them are going or over.
    begun: usize,
    going: Vec<Going>,
    /// Where there is something to compare.
    comparison: Option<Comparison>,
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
    /// [`Chat::go_on`] gives with the same recipe where its token is given. What it comes to is compared with
    /// the answer as the last question of `messages` asks. The answer's end token goes along, if it has ended.
    pub fn what_if(
        &self,
        prompt: Vec<u32>,
        messages: &[ChatMessage],
        answer: Vec<u32>,
        partings: Vec<Parting>,
        recipe: Recipe,
    ) -> WhatIf {
        // What is not shown is not recorded.
        let recipe = Recipe { attention: false, ..recipe };
        let comparison = Comparison::of(self.tokenizer(), messages, &answer, recipe.max_tokens);
        WhatIf { prompt, answer, recipe, partings, begun: 0, going: Vec::new(), comparison }
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
            && let Some(&parting) = self.partings.get(self.begun)
        {
            let number = self.begun as u32;
            self.begun += 1;
            if chat.tokenizer().is_end(parting.token) {
                let finish = Some(Finish::EndOfTurn);
                grown.push(Grown { number, text: String::new(), finish, outcomes: None });
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
        for it in &mut grown {
            it.outcomes = self.outcomes(chat, it);
        }
        Ok(grown)
    }

    /// Whether all are over.
    pub fn is_over(&self) -> bool {
        self.begun == self.partings.len() && self.going.is_empty()
    }

    /// What is said of one that is over.
    fn outcomes(&self, chat: &Chat, it: &Grown) -> Option<Outcomes> {
        let (comparison, finish) = (self.comparison.as_ref()?, it.finish?);
        let Parting { at, token } = *self.partings.get(it.number as usize)?;
        let words = chat.tokenizer().label(token) + &it.text;
        comparison.outcomes(at, &words, finish)
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
        let (text, finish) = (self.texts.concat(), self.generation.finished());
        Grown { number: self.number, text, finish, outcomes: None }
    }
}
