//! How full the context is, and what helps when it is full: the person shortens something, or goes on in a new chat with
//! what was said last. Nothing is left out of a prompt in silence.

use entropix_conversation::{Conversation, Progress, Turn, TurnId};
use entropix_protocol::{Finish, Role};

use crate::client::{Client, Effects};
use crate::msg::{Effect, key};
use crate::state::Open;
use crate::words;

/// What is at least this share of a prompt that is too long is named in the advice.
const SHARE: f64 = 0.2;
/// A new chat takes along what fits into this share of the context, so that it can go on for a while.
const TAKEN: f64 = 0.5;
/// Letters of a question that names it.
const NAMED: usize = 40;

/// How full the context would be with the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// In words.
    pub text: String,
    /// Whether the draft can't be sent.
    pub too_long: bool,
    /// The question with which a new chat would begin, if that is offered.
    pub carry: Option<TurnId>,
}

impl<B> Client<B> {
    /// How full the context would be: said from half of it on.
    pub fn meter(&self) -> Option<Meter> {
        let ended =
            self.conversation.path().last().and_then(|turn| self.conversation.answer(turn.id));
        let is_full =
            ended.is_some_and(|it| it.progress == Progress::Finished(Finish::ContextFull));
        let full = || self.status.model().map(|model| (model.context_length, model.context_length));
        let measured = self.draft.measured;
        let (tokens, context) = measured.or_else(|| full().filter(|_| is_full))?;
        let room = context.saturating_sub(tokens);
        let [used, all, left] = [tokens, context, room].map(words::thousands);
        let too_long = tokens >= context && measured.is_some();
        let half = tokens > context / 2;
        let scarce = half && room < self.settings.answer.max_tokens;
        let carry = scarce.then(|| self.carried(tokens, context)).flatten();
        let mut text = if too_long {
            format!("Too long: {used} tokens, and the context holds {all}. {}", self.shorten())
        } else if room == 0 {
            format!("The context of {all} tokens is full.")
        } else if scarce {
            format!("{used} of {all} tokens of the context: room for an answer of {left}.")
        } else if half {
            format!("{used} of {all} tokens of the context")
        } else {
            return None;
        };
        if let Some((first, behind)) = &carry {
            let question = self.conversation.turn(*first).map(Turn::words).unwrap_or_default();
            let turns = if *behind == 1 { "turn before it stays" } else { "turns before it stay" };
            let question = words::beginning(&question, NAMED);
            text.push_str(" A new chat can begin with “");
            text.push_str(&question);
            text.push_str(&["”; the ", &behind.to_string(), " ", turns, " here."].concat());
        }
        Some(Meter { text, too_long, carry: carry.map(|(first, _)| first) })
    }

    /// The question with which a new chat would begin, and how many turns stay behind. By the share of each turn in
    /// the text, since only the whole is measured.
    fn carried(&self, tokens: u32, context: u32) -> Option<(TurnId, usize)> {
        let path = self.conversation.path();
        let weigh = |turn: &&Turn| turn.words().len();
        let fixed = self.draft.system.len() + self.draft.text.len();
        let total = fixed + path.iter().map(weigh).sum::<usize>();
        let budget = f64::from(context) * TAKEN / f64::from(tokens) * total as f64;
        let mut taken = fixed;
        let mut first = None;
        for (at, turn) in path.iter().enumerate().rev() {
            taken += weigh(turn);
            if taken as f64 > budget {
                break;
            }
            if turn.role() == Role::User && at > 0 {
                first = Some((turn.id, at));
            }
        }
        first
    }

    /// What helps against a prompt that is too long: whatever is much of it.
    pub(crate) fn shorten(&self) -> String {
        let earlier = self.conversation.messages_with("", "", "");
        let earlier: usize = earlier.iter().map(|message| message.content.len()).sum();
        let parts = [
            ("shorten the system prompt", self.draft.system.len()),
            ("shorten the message", self.draft.text.len()),
            ("start a new chat", earlier),
        ];
        let total: usize = parts.iter().map(|(_, bytes)| bytes).sum();
        let much = |&(_, bytes): &(&str, usize)| bytes as f64 >= SHARE * total as f64 && bytes > 0;
        let helps: Vec<&str> = parts.iter().copied().filter(much).map(|(what, _)| what).collect();
        let text = helps.join(" or ");
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| {
            format!("{}{}.", first.to_ascii_uppercase(), letters.as_str())
        })
    }
}

impl<B: Clone> Client<B> {
    /// Goes on in a new chat from the question that was offered, with the draft; the old chat stays as it is.
    pub(crate) fn carry_over(&mut self, now: f64, out: &mut Effects<B>) {
        let Some(first) = self.meter().and_then(|meter| meter.carry) else { return };
        if self.running.is_some() {
            return;
        }
        let conversation: Conversation = self.conversation.from(first);
        let text = std::mem::take(&mut self.draft.text);
        let title = format!("{} (continued)", self.chats.open.title);
        self.leave_chat(now, out);
        let id = self.new_name();
        out.push(Effect::Keep(key::CHAT, Some(id.clone())));
        self.chats.open = Open { id, title, named: true, ..Open::default() };
        self.chats.saver.busy = false;
        self.draft.text = text;
        self.put_conversation(conversation, out);
        self.keep_chat(out);
        self.keep_draft(out);
    }
}
