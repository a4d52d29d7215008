//! What an answer would have come to, had it said another word: the worker continues it from other tokens for a
//! short while each, and says what they come to.

use entropix_conversation::{CONTINUATION_TOKENS as TOKENS, TurnId, partings};
use entropix_protocol::{Continuations, Grown, Problem, Recipe, Request, json};

use crate::client::{Client, Effects};
use crate::msg::{Effect, Page};
pub use crate::state::{Branch, Stand, WhatIf};

impl<B: Clone> Client<B> {
    /// Continues an answer from other words.
    pub(crate) fn ask_what_if(&mut self, turn: TurnId, now: f64, out: &mut Effects<B>) {
        if let Some((number, url)) = self.continuations() {
            return out.push(Effect::Fetch(Page::Continuations(number), url));
        }
        let going = self.what_if.as_ref().is_some_and(WhatIf::is_going);
        let busy = self.running.is_some() || !self.draining.is_empty() || going;
        let worker = self.workers.current.filter(|_| self.can_part(turn) && !busy);
        let (Some(worker), Some(answer)) = (worker, self.conversation.answer(turn)) else { return };
        let partings = partings(answer);
        let branches = partings.iter().filter_map(|parting| Branch::at(*parting, answer)).collect();
        let stand = if partings.is_empty() { Stand::Complete } else { Stand::Going };
        self.generations += 1;
        let id = self.generations;
        if stand == Stand::Going {
            let recipe =
                Recipe { max_tokens: TOKENS, attention: false, ..answer.made.recipe.clone() };
            let messages = self.conversation.messages(turn);
            let answer = answer.tokens();
            let request = Request::WhatIf { id, messages, recipe, answer, partings };
            self.tell(worker.number, request, None, now, out);
        }
        self.what_if = Some(WhatIf { turn, branches, stand, number: id });
        out.push(Effect::WhatIf);
    }

    /// Shows the recorded continuations of the recorded answer.
    pub(crate) fn show_continuations(&mut self, number: usize, text: &str, out: &mut Effects<B>) {
        let turn = self.conversation.path().last().map(|turn| turn.id);
        let turn = turn.filter(|_| self.continuations().is_some_and(|(shown, _)| shown == number));
        let answer = turn.and_then(|turn| Some((turn, self.conversation.answer(turn)?)));
        let (Some((turn, answer)), Ok(recorded)) = (answer, json::read(text)) else {
            return;
        };
        let Continuations { partings, grown } = recorded;
        let branches = partings.iter().filter_map(|parting| Branch::at(*parting, answer)).collect();
        self.generations += 1;
        let (stand, number) = (Stand::Complete, self.generations);
        let mut it = WhatIf { turn, branches, stand, number };
        for grown in grown {
            it.grow(grown);
        }
        self.announcement = it.headline();
        self.what_if = Some(it);
        out.push(Effect::WhatIf);
    }

    /// Continuations went on.
    pub(crate) fn what_if_went_on(
        &mut self,
        worker: u32,
        id: u32,
        grown: Vec<Grown>,
        last: bool,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if !self.workers.is_current(worker) {
            return;
        }
        if self.draining.contains(&id) {
            if last {
                self.drained(id, now, out);
            }
            return;
        }
        let Some(it) = self.what_if.as_mut().filter(|it| it.number == id && it.is_going()) else {
            return;
        };
        for grown in grown {
            it.grow(grown);
        }
        if last {
            let (over, all) = it.progress();
            it.stand = if over == all { Stand::Complete } else { Stand::Stopped };
            self.announcement = it.headline();
        }
        out.push(Effect::WhatIf);
    }

    /// Asks the worker to leave it; an answer that is asked for meanwhile waits for that.
    pub(crate) fn leave_what_if(&mut self, now: f64, out: &mut Effects<B>) {
        let Some(it) = self.what_if.as_mut().filter(|it| it.is_going()) else { return };
        it.stand = Stand::Stopped;
        let id = it.number;
        out.push(Effect::WhatIf);
        if let Some(worker) = self.workers.current {
            self.draining.push(id);
            self.tell(worker.number, Request::Stop, None, now, out);
        }
    }

    /// The worker refused it.
    pub(crate) fn what_if_refused(
        &mut self,
        worker: u32,
        id: u32,
        problem: Problem,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if self.draining.contains(&id) {
            return self.what_if_went_on(worker, id, Vec::new(), true, now, out);
        }
        if self.what_if.as_ref().is_some_and(|it| it.number == id) {
            self.what_if_broke(out);
            self.warn(problem, false);
        }
    }

    /// What makes it is gone, or refused.
    pub(crate) fn what_if_broke(&mut self, out: &mut Effects<B>) {
        if let Some(it) = self.what_if.as_mut().filter(|it| it.is_going()) {
            it.stand = Stand::Stopped;
            out.push(Effect::WhatIf);
        }
    }
}

impl<B> Client<B> {
    /// Whether an answer can be continued from other words, or was when it was recorded.
    pub fn can_ask_what_if(&self, turn: TurnId) -> bool {
        self.continuations().is_some() || self.can_part(turn) && !self.is_text(turn)
    }

    /// Continuations of an answer from other words, the last that were asked for.
    pub fn what_if(&self) -> Option<&WhatIf> {
        self.what_if.as_ref()
    }
}
