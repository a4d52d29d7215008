//! Versions of an answer: made again, gone on with, parted at a word.

use entropix::Uncertainty;
use entropix_conversation::{Answer, Conversation, Difference, Fork, Made, TurnId, difference};
use entropix_protocol::{Given, Recipe, Seed};

use crate::client::{Client, Effects};
use crate::msg::Effect;
use crate::reading::surprisal;
use crate::words;

impl<B: Clone> Client<B> {
    /// Makes the last answer again; the earlier one stays as a version. With the seed that is set if
    /// `same_seed`, else with one that no version has.
    pub(crate) fn regenerate(&mut self, same_seed: bool, now: f64, out: &mut Effects<B>) {
        let Some(mut made) = self.made() else { return };
        if let Some(last) = self.conversation.path().last().filter(|_| !same_seed) {
            made.recipe.seed = fresh_seed(&self.conversation, last.id, &made.recipe);
        }
        if let Some(turn) = self.conversation.ask_again(made) {
            // A question that came back into the composer is on its way again.
            if self.conversation.question(turn) == Some(self.draft.text.trim()) {
                self.write_draft(String::new(), out);
            }
            self.begin(turn, now, out);
        }
    }

    /// Goes on with the last answer, which was cut short.
    pub(crate) fn go_on(&mut self, turn: TurnId, now: f64, out: &mut Effects<B>) {
        if self.can_continue(turn) && self.conversation.resume(turn) {
            self.begin(turn, now, out);
            out.push(Effect::Turn(turn));
        }
    }

    /// Says something else from a token of an answer on. What was made so before is shown again.
    pub(crate) fn fork(
        &mut self,
        turn: TurnId,
        at: u32,
        given: Given,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if self.conversation.is_recorded() {
            return self.offer_recorded(turn, at, given);
        }
        if !self.can_part(turn) {
            return;
        }
        let Some(said) = self.conversation.answer(turn).and_then(|it| it.entries.get(at as usize))
        else {
            return;
        };
        let given = match given {
            Given::Token(id) if id == said.decision.token => return,
            Given::Text(text) if text.trim().is_empty() => return,
            Given::Text(text) => Given::Text(continuation(text, &said.label)),
            given => given,
        };
        let fork = Fork { turn, at, given };
        if let Some(known) = made_by(&self.conversation, &fork) {
            return self.choose(known, out);
        }
        if let Some(turn) = self.conversation.fork(turn, at, fork.given) {
            self.begin(turn, now, out);
        }
    }

    /// Shows another version of a turn, and where it differs from the one that was shown.
    pub(crate) fn choose(&mut self, turn: TurnId, out: &mut Effects<B>) {
        if self.running.is_some() {
            return;
        }
        let path = self.conversation.path();
        let versions = self.conversation.versions(turn);
        let shown = path.iter().map(|turn| turn.id).find(|id| versions.contains(id));
        self.conversation.choose(turn);
        self.beside = None;
        out.push(Effect::Turns);
        self.chats.open.dirty = true;
        self.keep_chat(out);
        self.measure_soon(out);
        let index = shown.and_then(|shown| self.differs(turn, shown));
        out.extend(index.map(|index| Effect::Choose { turn, index }));
    }

    /// The token at which an answer begins to differ from another one.
    fn differs(&self, turn: TurnId, other: TurnId) -> Option<u32> {
        let (one, other) = (self.conversation.answer(turn)?, self.conversation.answer(other)?);
        let at = difference(one, other)?.at;
        (at < one.entries.len()).then_some(at as u32)
    }
}

impl<B> Client<B> {
    /// Whether an answer can go on from one of its tokens: it is complete, and the model that made it is
    /// loaded.
    pub fn can_part(&self, turn: TurnId) -> bool {
        let made = self.conversation.answer(turn).map(|answer| &answer.made);
        let vocabulary = self.status.model().map(Made::vocabulary_of);
        let same = made.is_some_and(|made| Some(&made.vocabulary) == vocabulary.as_ref());
        same && self.conversation.can_go_on(turn)
    }

    /// Whether the last answer can go on where it was cut short.
    pub fn can_continue(&self, turn: TurnId) -> bool {
        let is_last = self.conversation.path().last().is_some_and(|last| last.id == turn);
        let answer = self.conversation.answer(turn);
        // From the middle of a text that was being read it would make up the rest.
        let is_whole = |answer: &&Answer| {
            answer.given_text().is_none_or(|text| answer.text().starts_with(text))
        };
        let cut = answer.filter(is_whole).is_some_and(Answer::is_cut_short);
        is_last && cut && self.can_part(turn)
    }
}

/// How an answer was made: `sampler B · seed 7`, and where it parted from an earlier one.
pub fn made(conversation: &Conversation, turn: TurnId) -> Option<String> {
    let answer = conversation.answer(turn)?;
    let Recipe { sampler, seed, .. } = &answer.made.recipe;
    let mut parts: Vec<String> = surprisal(answer).into_iter().collect();
    if answer.given_text().is_none() {
        parts.extend([format!("sampler {}", sampler.name()), format!("seed {seed}")]);
    }
    if let Some(Fork { turn: earlier, at, given }) = &answer.made.fork {
        let label = |turn| {
            let entry = conversation.answer(turn)?.entries.get(*at as usize)?;
            Some(words::quoted(&entry.label))
        };
        let now = match given {
            Given::Text(text) => Some(words::quoted(text)),
            Given::Token(_) | Given::Nothing => label(turn),
            Given::Whole(_) => None,
        };
        if let Some(now) = now {
            let instead =
                label(*earlier).map_or_else(String::new, |it| format!(" instead of {it}"));
            parts.push(format!("{now}{instead} at token {}", words::thousands(at + 1)));
        }
    }
    Some(parts.join(" · "))
}

/// Where an answer stands among its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which one it is, from 1 on.
    pub number: usize,
    /// How many there are: at least 2.
    pub count: usize,
    /// The one before it.
    pub earlier: Option<TurnId>,
    /// The one after it.
    pub later: Option<TurnId>,
    /// Where it differs from the one it parted from, else from the one before it, in words; and the token
    /// at which it does.
    pub difference: Option<(String, Option<u32>)>,
    /// The one it parted from, and what going back to it brings back.
    pub undo: Option<(TurnId, String)>,
}

/// The place of an answer among its versions; `None` if it is the only one.
pub fn place(conversation: &Conversation, turn: TurnId) -> Option<Place> {
    let all = conversation.versions(turn);
    let at = all.iter().position(|version| *version == turn).filter(|_| all.len() > 1)?;
    let fork = conversation.answer(turn).and_then(|answer| answer.made.fork.as_ref());
    let parted = fork.filter(|fork| all.contains(&fork.turn));
    let earlier = at.checked_sub(1).and_then(|at| all.get(at)).copied();
    let later = all.get(at + 1).copied();
    let other = parted.map(|fork| fork.turn).or(earlier).or(later);
    let undo = parted.and_then(|fork| {
        let earlier = conversation.answer(fork.turn)?.entries.get(fork.at as usize)?;
        Some((fork.turn, format!("Back to {}", words::quoted(&earlier.label))))
    });
    let difference = other.and_then(|other| {
        let number = all.iter().position(|version| *version == other)? + 1;
        told(conversation, turn, other, &format!("version {number}"))
    });
    Some(Place { number: at + 1, count: all.len(), earlier, later, difference, undo })
}

/// Where an answer differs from another one of this `name`, in words; and the token at which it does, if it has one there.
pub(crate) fn told(
    conversation: &Conversation,
    turn: TurnId,
    other: TurnId,
    name: &str,
) -> Option<(String, Option<u32>)> {
    let (one, other) = (conversation.answer(turn)?, conversation.answer(other)?);
    Some(match difference(one, other) {
        None => (format!("says the same as {name}"), None),
        Some(Difference { one: here, other: there, at }) => {
            let [here, there] = [here, there].map(|word| match word.as_str() {
                "" => "the end".to_owned(),
                word => words::quoted(word),
            });
            let words = format!("first differs at {here}; {name} has {there}");
            (words, (at < one.entries.len()).then_some(at as u32))
        }
    })
}

/// `mean H 1.23 bits, V 4.56 bits²`: over the tokens of an answer, that of its end included. `None` of an empty one.
pub fn means(answer: &Answer) -> Option<String> {
    let count = answer.entries.len() as f64;
    let mean = |of: fn(&Uncertainty) -> f64| {
        answer.entries.iter().map(|it| of(&it.decision.uncertainty)).sum::<f64>() / count
    };
    let (h, v) = (mean(|it| it.entropy_bits), mean(|it| it.varentropy_bits2));
    (count > 0.0).then(|| format!("mean H {h:.2} bits, V {v:.2} bits²"))
}

/// Of an answer that parted from another: the token at which it did, and the text that stood there.
pub fn was(conversation: &Conversation, turn: TurnId) -> Option<(u32, String)> {
    let fork = conversation.answer(turn)?.made.fork.as_ref()?;
    let earlier = conversation.answer(fork.turn)?.entries.get(fork.at as usize)?;
    Some((fork.at, earlier.text.clone()))
}

/// A text in the place of a word that began with a blank begins with one, too.
fn continuation(text: String, replaced: &str) -> String {
    if text.starts_with(is_letter) && replaced.starts_with(' ') { format!(" {text}") } else { text }
}

/// A digit, or what of Unicode is mostly letters: its own tables would be a kilobyte of the page.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter >= 'À' && !('\u{2000}'..'\u{2070}').contains(&letter)
}

/// The seed of a recipe, or the next one that no version of an answer was made with by the same sampler.
fn fresh_seed(conversation: &Conversation, answer: TurnId, recipe: &Recipe) -> Seed {
    let versions = conversation.versions(answer).into_iter();
    let answers = versions.filter_map(|turn| conversation.answer(turn));
    let said = answers.filter(|it| !it.entries.is_empty()).map(|answer| &answer.made.recipe);
    let same = said.filter(|made| made.sampler == recipe.sampler);
    let used: Vec<Seed> = same.map(|made| made.seed).collect();
    let mut seed = recipe.seed;
    while used.contains(&seed) {
        seed = Seed(seed.0.wrapping_add(1));
    }
    seed
}

/// The version that was made by a fork, unless it was broken off before its word.
fn made_by(conversation: &Conversation, fork: &Fork) -> Option<TurnId> {
    conversation.versions(fork.turn).into_iter().find(|&turn| {
        let answer = conversation.answer(turn);
        answer.is_some_and(|it| {
            it.made.fork.as_ref() == Some(fork) && it.entries.len() > fork.at as usize
        })
    })
}
