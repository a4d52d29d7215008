//! Keeping the open chat: when what changed is stored, and what happens if it can't be.

use entropix_conversation::{Body, Conversation, Cover, Turn, TurnId, VERSION};
use entropix_protocol::{Problem, ProblemKind, Role};

use crate::client::{Client, Effects};
use crate::msg::{Ask, Effect, Msg, Record, Refusal, Save, key};
use crate::state::{Held, Keeping, Open};
use crate::words::beginning;

/// What changes in the middle of an answer is kept after this, in ms, and one more for each token of it.
const SOON: u32 = 1_000;
/// Most letters of a title that is made from a question.
const TITLE: usize = 60;

impl<B: Clone> Client<B> {
    /// Keeps what changed, now.
    pub(crate) fn keep_chat(&mut self, out: &mut Effects<B>) {
        if self.chats.erased || self.chats.keeping.is_barred() || !self.is_unsaved() {
            return;
        }
        if self.chats.open.id.is_empty() {
            self.name_chat(out);
        }
        self.chats.saver.again = self.chats.saver.busy;
        if !self.chats.saver.busy {
            self.chats.saver.busy = true;
            let base = Some(self.chats.open.stamp.clone());
            self.save(base, out);
        }
    }

    /// Keeps what changed although storage is at work, as there will be no other time, and holds the chat until
    /// storage has all of it.
    pub(crate) fn keep_left(&mut self, out: &mut Effects<B>) {
        if self.chats.erased || !self.is_unsaved() && !self.chats.saver.busy {
            return;
        }
        if self.chats.open.id.is_empty() {
            self.name_chat(out);
        }
        let record = self.whole();
        if self.chats.keeping.is_barred() {
            return self.keep_in_page(record);
        }
        self.chats.saver.busy = false;
        self.keep_chat(out);
        self.chats.held.push(Held { record, last: self.chats.open.stamp.clone() });
    }

    /// Keeps what changed before long.
    pub(crate) fn keep_soon(&mut self, out: &mut Effects<B>) {
        if !self.chats.saver.timer && self.chats.keeping == Keeping::Kept {
            self.chats.saver.timer = true;
            let running = self.running().into_iter();
            let answers = running.filter_map(|turn| self.conversation.answer(turn));
            let tokens = answers.map(|answer| answer.entries.len() as u32).sum::<u32>();
            out.push(Effect::After(SOON + tokens, Msg::SaveDue));
        }
    }

    /// What was to be kept before long is kept.
    pub(crate) fn save_due(&mut self, out: &mut Effects<B>) {
        self.chats.saver.timer = false;
        self.keep_chat(out);
    }

    /// The page may be gone in a moment: there is no time to look at what is stored.
    pub(crate) fn leaving(&mut self, out: &mut Effects<B>) {
        self.keep_draft(out);
        if !self.chats.erased {
            self.leaving_load(out);
        }
        let able = !self.chats.erased && !self.chats.keeping.is_barred();
        if able && self.is_unsaved() && !self.chats.open.id.is_empty() {
            self.save(None, out);
        }
    }

    /// Whether the open chat differs from what is stored, or soon will.
    pub(crate) fn is_unsaved(&self) -> bool {
        let Open { stored, known, dirty, .. } = &self.chats.open;
        let turns = self.conversation.turns();
        let is_stored = |turn: &Turn| stored.contains(&turn.id);
        !self.conversation.is_recorded()
            && (*dirty && !turns.is_empty()
                || !turns.iter().all(is_stored)
                || known.iter().any(|id| self.conversation.turn(*id).is_none()))
    }

    fn save(&mut self, base: Option<String>, out: &mut Effects<B>) {
        let save = self.changes(base);
        out.push(Effect::Chats(Ask::Save(Box::new(save))));
    }

    /// What is to be stored, and counts as stored from now on.
    fn changes(&mut self, base: Option<String>) -> Save {
        let running = self.running.is_some();
        let stamp = self.new_name();
        self.describe();
        let open = &self.chats.open;
        let record = self.record(&stamp, |turn| !open.stored.contains(&turn.id));
        let turns = self.conversation.turns();
        let gone = open.known.iter().copied();
        let gone = gone.filter(|id| self.conversation.turn(*id).is_none()).collect();
        let known: Vec<TurnId> = turns.iter().map(|turn| turn.id).collect();
        let going = |id: &TurnId| {
            self.conversation.answer(*id).is_some_and(|answer| answer.progress.is_running())
        };
        let over = known.iter().copied().filter(|id| !going(id)).collect();
        let open = &mut self.chats.open;
        open.stored = over;
        open.known = known;
        open.dirty = false;
        open.stamp = stamp;
        self.list_chat(&record);
        Save { record, base, gone: Some(gone), tell: !running }
    }

    /// Title and time of the open chat follow what was said.
    fn describe(&mut self) {
        let open = &mut self.chats.open;
        let turns = self.conversation.turns();
        if !open.named {
            open.title = title(&self.conversation);
        }
        if turns.iter().any(|turn| !open.known.contains(&turn.id)) {
            open.changed = self.now;
        }
    }

    /// All of the open chat, with the stamp of what storage has of it.
    pub(crate) fn whole(&mut self) -> Record {
        self.describe();
        self.record(&self.chats.open.confirmed, |_| true)
    }

    fn record(&self, stamp: &str, takes: impl Fn(&Turn) -> bool) -> Record {
        let open = &self.chats.open;
        let turns = self.conversation.turns();
        let cover = Cover {
            version: VERSION,
            title: open.title.clone(),
            named: open.named,
            changed: open.changed,
            system: self.draft.system.clone(),
            head: self.conversation.head(),
            last: self.conversation.last(),
        };
        let taken = turns.iter().filter(|turn| takes(turn));
        Record {
            id: open.id.clone(),
            stamp: stamp.to_owned(),
            cover: serde_json::to_string(&cover).unwrap_or_default(),
            turns: taken.map(|turn| (turn.id, turn.to_text())).collect(),
            words: if self.running.is_none() { words(&cover.title, turns) } else { String::new() },
        }
    }

    /// A save ended.
    pub(crate) fn saved(
        &mut self,
        id: &str,
        stamp: String,
        result: Result<(), Refusal>,
        out: &mut Effects<B>,
    ) {
        if self.chats.open.id != id {
            return self.held_saved(id, stamp, result, out);
        }
        self.chats.saver.busy = false;
        match result {
            Ok(()) => {
                self.chats.open.confirmed = stamp;
                let _ = self.forget_moved(id, out);
                if self.chats.saver.again {
                    self.keep_chat(out);
                }
                self.storage_took(out);
            }
            Err(Refusal::Changed) => {
                let moved = self.forget_moved(id, out);
                if moved.is_some() && !self.is_unsaved() && self.running.is_none() {
                    self.show_moved(id, out);
                } else {
                    self.become_copy(out);
                }
            }
            Err(refusal) => {
                self.chats.keeping = refusal.keeping();
                // Nothing of it was written; all of it is with the next change.
                let open = &mut self.chats.open;
                open.stored.clear();
                open.stamp.clone_from(&open.confirmed);
            }
        }
    }

    /// Storage has the chat, or is not to have it: if it is the one conversation of an earlier version of the page, that can
    /// go. Returns how many turns that had.
    pub(crate) fn forget_moved(&mut self, id: &str, out: &mut Effects<B>) -> Option<usize> {
        let (_, turns) = self.chats.single.take_if(|(single, _)| single == id)?;
        out.push(Effect::Keep(key::CONVERSATION, None));
        // What was written and set for it is with it now.
        if self.chats.open.id == id {
            out.push(Effect::Keep(key::SYSTEM, None));
            out.push(Effect::KeepDraft(String::new(), None));
        }
        Some(turns)
    }

    /// An earlier visit moved it, and did not come to its end: shows what has become of it.
    fn show_moved(&mut self, id: &str, out: &mut Effects<B>) {
        self.chats.wanted = Some(id.to_owned());
        out.extend([Effect::Chats(Ask::Read(id.to_owned())), Effect::Chats(Ask::List)]);
    }

    /// Another tab changed the chat: what is here goes on as one of its own.
    fn become_copy(&mut self, out: &mut Effects<B>) {
        let title = format!("{} (copy)", self.chats.open.title);
        let changed = self.chats.open.changed;
        self.chats.open = Open { title, changed, named: true, ..Open::default() };
        self.keep_chat(out);
        self.keep_draft(out);
        out.push(Effect::Chats(Ask::List));
        let message = "This chat was changed in another tab";
        let advice = "What you see here is kept as a copy; the other one is in the list.";
        self.warn(Problem::new(ProblemKind::Browser, message, advice), false);
    }

    /// Asks the browser not to clear its storage by itself, once an answer is worth keeping.
    pub(crate) fn ask_to_stay(&mut self, turn: TurnId, out: &mut Effects<B>) {
        let answer = self.conversation.answer(turn);
        let worth = answer.is_some_and(|answer| !answer.entries.is_empty());
        if worth && !self.chats.asked && self.chats.keeping == Keeping::Kept {
            self.chats.asked = true;
            out.push(Effect::Chats(Ask::Persist));
        }
    }

    /// The new chat becomes one of the list.
    pub(crate) fn name_chat(&mut self, out: &mut Effects<B>) {
        let id = self.new_name();
        self.chats.open.id.clone_from(&id);
        out.push(Effect::KeepDraft(String::new(), None));
        out.push(Effect::Keep(key::SYSTEM, None));
        out.push(Effect::Keep(key::CHAT, Some(id)));
    }

    /// A name that nothing else has, in this tab or another.
    pub(crate) fn new_name(&mut self) -> String {
        self.chats.given += 1;
        format!("{:x}-{:x}", self.chats.tab, self.chats.given)
    }
}

/// A chat's title and all that was said, to be searched.
pub(crate) fn words(title: &str, turns: &[Turn]) -> String {
    let mut words = title.to_owned();
    for turn in turns {
        words.push('\n');
        words.push_str(&turn.words());
    }
    words
}

/// The beginning of the first question.
pub(crate) fn title(conversation: &Conversation) -> String {
    let path = conversation.path();
    let text = path.first().and_then(|turn| conversation.answer(turn.id)?.given_text());
    let said = path.iter().find_map(|turn| match &turn.body {
        Body::Said(message) if message.role == Role::User => Some(message.content.as_str()),
        _ => None,
    });
    beginning(text.or(said).unwrap_or_default(), TITLE)
}
