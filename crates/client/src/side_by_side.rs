//! Answers to one question side by side: made so by several samplers or seeds, or versions that were made one after the
//! other.

use entropix::SamplerKind;
use entropix_conversation::{Conversation, Made, TurnId};
use entropix_protocol::Seed;

use crate::client::{Client, Effects};
use crate::msg::Effect;
use crate::versions::told;

/// Most answers side by side: they must fit on a page, and into one pass over the weights.
pub const MOST: usize = 4;

impl<B: Clone> Client<B> {
    /// From now on questions are answered in these ways side by side; fewer than two are none.
    pub(crate) fn set_ways(&mut self, mut ways: Vec<SamplerKind>) {
        ways.truncate(MOST);
        self.ways = if ways.len() > 1 { ways } else { Vec::new() };
    }

    /// Asks a question, to be answered in all ways that are set. Returns whether it is.
    pub(crate) fn ask_in_all_ways(&mut self, text: &str, now: f64, out: &mut Effects<B>) -> bool {
        if self.ways.is_empty() {
            return self.ask(text, now, out);
        }
        let Some(made) = self.made() else { return false };
        let answers = self.conversation.ask_all(text, self.made_in_all_ways(&made));
        let Some(first) = answers.first() else { return false };
        self.beside = self.conversation.turn(*first).and_then(|answer| answer.parent);
        self.begin_all(answers, now, out);
        true
    }

    /// One sampler more than once has a seed of its own each time.
    fn made_in_all_ways(&self, made: &Made) -> Vec<Made> {
        let each = self.ways.iter().enumerate().map(|(at, kind)| {
            let before = self.ways.iter().take(at).filter(|earlier| *earlier == kind).count();
            let mut made = made.clone();
            made.recipe.sampler = self.settings.sampler_of(*kind);
            made.recipe.seed = Seed(made.recipe.seed.0.wrapping_add(before as u64));
            made
        });
        each.collect()
    }

    /// Shows all answers to the last question, or one of them.
    pub(crate) fn set_beside(&mut self, on: bool, out: &mut Effects<B>) {
        // Of those that are being made each is seen.
        if self.running.is_some() {
            return;
        }
        let head = self.conversation.path().last().and_then(|head| head.parent);
        self.beside = head.filter(|_| on);
        out.push(Effect::Turns);
    }
}

impl<B> Client<B> {
    /// The answers that are shown side by side in the order in which they were made: at least two, or none.
    pub fn beside(&self) -> Vec<TurnId> {
        let question = self.conversation.path().last().and_then(|head| head.parent);
        if question.is_none() || question != self.beside {
            return Vec::new();
        }
        shown(&self.conversation)
    }

    /// How many answers could be shown side by side.
    pub fn count_beside(&self) -> usize {
        shown(&self.conversation).len()
    }
}

/// The newest answers to the last question, and the one that the chat goes on from; none if there are not two.
fn shown(conversation: &Conversation) -> Vec<TurnId> {
    let path = conversation.path();
    // A text that was read answers no question.
    let Some(head) = path.last().filter(|head| head.parent.is_some()).map(|head| head.id) else {
        return Vec::new();
    };
    let mut all = conversation.versions(head);
    all.retain(|turn| conversation.answer(*turn).is_some());
    while all.len() > MOST {
        let oldest = all.iter().position(|turn| *turn != head);
        all.remove(oldest.unwrap_or_default());
    }
    if all.len() > 1 { all } else { Vec::new() }
}

/// What tells an answer from those beside it: `Entropix B · seed 7`, and which version it is if others are called so, too.
pub fn label(conversation: &Conversation, turn: TurnId) -> String {
    let name = |turn: &TurnId| {
        let recipe = &conversation.answer(*turn)?.made.recipe;
        Some([recipe.sampler.kind().title(), format!("seed {}", recipe.seed)].join(" · "))
    };
    let all = conversation.versions(turn);
    let own = name(&turn);
    let number = all.iter().position(|version| *version == turn).map_or(0, |at| at + 1);
    let is_alone = all.iter().filter(|version| name(version) == own).count() < 2;
    let own = own.unwrap_or_default();
    if is_alone { own } else { format!("{own} · version {number}") }
}

/// How an answer beside others differs from the first of them, and at which token; nothing of the first, or as long as one
/// is being made.
pub fn difference(
    conversation: &Conversation,
    beside: &[TurnId],
    turn: TurnId,
) -> Option<(String, Option<u32>)> {
    let first = beside.first().copied().filter(|first| *first != turn)?;
    let over = |turn| conversation.answer(turn).is_some_and(|it| !it.progress.is_running());
    (over(first) && over(turn)).then(|| told(conversation, turn, first, "the first")).flatten()
}
