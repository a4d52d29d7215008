//! An answer as a link: what was asked, how it was made and where it parted, so that it can be made again on
//! another machine. Nothing is loaded or asked before a person says so.

use std::collections::VecDeque;

use entropix_conversation::{Conversation, Fork, TurnId};
use entropix_protocol::{Given, Recipe};

use crate::client::{Client, Effects};
use crate::manifest::Model;
use crate::msg::Effect;
use crate::settings::Settings;
use crate::state::{Loaded, Replay};

pub use crate::state::Offer;

impl<B: Clone> Client<B> {
    /// Hands out the link that repeats an answer.
    pub(crate) fn share(&mut self, turn: TurnId, out: &mut Effects<B>) {
        if let Some(link) = self.link(turn) {
            "The link is copied, and stands in the address bar.".clone_into(&mut self.announcement);
            out.push(Effect::Share(link));
        }
    }

    /// Offers to repeat a recorded answer, and to part it there: it is of no model that is loaded.
    pub(crate) fn offer_recorded(&mut self, turn: TurnId, at: u32, given: Given) {
        let Some(answer) = self.conversation.answer(turn) else { return };
        let made = &answer.made;
        let file = |model: &&Model| model.file.strip_suffix(".gguf") == Some(&made.model);
        let entry = self.offered.iter().find(file);
        self.replay = Some(Replay {
            prompt: self.conversation.question(turn).unwrap_or_default().to_owned(),
            system: made.system.clone(),
            forks: [(at, given)].into(),
            model: entry.map_or(&made.model, |entry| &entry.name).clone(),
            weights: String::new(),
            sha256: entry.map(|entry| entry.sha256.clone()).unwrap_or_default(),
            settings: Settings::of(
                &Recipe { max_tokens: answer.entries.len() as u32, ..made.recipe.clone() },
                self.settings.model.clone(),
            ),
        });
    }

    /// Repeats what a link says.
    pub(crate) fn replay(&mut self, now: f64, out: &mut Effects<B>) {
        let Some(replay) = self.replay.take() else { return };
        let same =
            self.loaded.as_ref().is_some_and(|it| replay.is_of(&it.model, it.entry.as_ref()));
        let settings = Settings { model: self.settings.model.clone(), ..replay.settings };
        self.set(settings, out);
        out.push(Effect::Settings);
        self.new_chat(now, out);
        self.draft.system = replay.system;
        // Ids of another model's tokens mean nothing here.
        let forks = if same { replay.forks } else { VecDeque::new() };
        if self.ask(&replay.prompt, now, out) {
            self.to_part = forks;
        }
    }

    /// Parts the answer that is over where a replay says so next.
    pub(crate) fn replay_on(&mut self, turn: TurnId, now: f64, out: &mut Effects<B>) {
        let mut rest = std::mem::take(&mut self.to_part);
        if let Some((at, given)) = rest.pop_front() {
            self.fork(turn, at, given, now, out);
            self.to_part = rest;
        }
    }

    fn replay_of(&self, turn: TurnId) -> Option<Replay> {
        let made = &self.conversation.answer(turn).filter(|_| self.can_part(turn))?.made;
        let is_first = self.conversation.turn(turn)?.parent.and_then(|question| {
            self.conversation.turn(question).map(|question| question.parent.is_none())
        });
        let Loaded { model, entry, .. } =
            self.loaded.as_ref().filter(|_| is_first == Some(true))?;
        Some(Replay {
            prompt: self.conversation.question(turn)?.to_owned(),
            system: made.system.clone(),
            forks: forks(&self.conversation, turn)?,
            model: model.name.clone(),
            weights: model.quantization.clone(),
            sha256: entry.as_ref().map(|entry| entry.sha256.clone()).unwrap_or_default(),
            settings: Settings::of(&made.recipe, self.settings.model.clone()),
        })
    }
}

impl<B> Client<B> {
    /// What the address asks to be repeated.
    pub fn offer(&self) -> Option<Offer> {
        let replay = self.replay.as_ref()?;
        let Replay { model, weights, .. } = replay;
        let of: Vec<&str> =
            [model, weights].into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        let made =
            if of.is_empty() { String::new() } else { format!("Made with {}. ", of.join(", ")) };
        let loaded = self.status.model().zip(self.loaded.as_ref());
        let known = self.offered.iter().any(|model| model.sha256 == replay.sha256);
        let rest = match loaded {
            Some((it, loaded)) if replay.is_of(it, loaded.entry.as_ref()) => {
                "The same model is loaded: the same words will come.".to_owned()
            }
            Some((it, _)) => format!(
                "{}, {} is loaded: other words will come, and the answer does not part where the link says.",
                it.name, it.quantization
            ),
            None if known || replay.sha256.is_empty() => {
                "Load the model to repeat it; nothing is downloaded or asked before.".to_owned()
            }
            None => {
                "It is none of the models of this page: another one gives other words.".to_owned()
            }
        };
        let prompt = replay.prompt.clone();
        let can = loaded.is_some() && self.running.is_none();
        Some(Offer { prompt, note: format!("{made}{rest}"), can })
    }

    /// The link that repeats an answer, as the fragment of an address: of the first one of a conversation, by the model
    /// that is loaded.
    pub fn link(&self, turn: TurnId) -> Option<String>
    where
        B: Clone,
    {
        Some(self.replay_of(turn)?.write())
    }
}

/// Where an answer and those that it parted from did so, as far as it matters: what an earlier one said
/// after the place is gone. `None` if one of them is gone.
fn forks(conversation: &Conversation, turn: TurnId) -> Option<VecDeque<(u32, Given)>> {
    let mut forks = VecDeque::new();
    let mut least = u32::MAX;
    let mut fork = conversation.answer(turn)?.made.fork.as_ref();
    while let Some(Fork { turn, at, given }) = fork {
        if *at < least {
            least = *at;
            forks.push_front((*at, given.clone()));
        }
        fork = conversation.answer(*turn)?.made.fork.as_ref();
    }
    Some(forks)
}
