//! The page's brain: [`Client::update`] takes what happened and says what is to be done.

use std::collections::VecDeque;

use entropix::SamplerKind;
use entropix_conversation::{Conversation, TurnId};
use entropix_protocol::{Given, Problem, Stats, Verdict};

use crate::manifest::Model;
use crate::msg::{Effect, Msg};
use crate::settings::Settings;
use crate::state::{
    Attempt, Chats, Draft, Keeping, Listed, Load, Loaded, Recordings, Replay, Running, WhatIf,
    Workers,
};
use crate::status::ModelStatus;
use crate::words;

/// Something that must be read, and perhaps tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// What happened and what to do.
    pub problem: Problem,
    /// Whether loading the model again may help.
    pub retry: bool,
}

/// Everything the page knows. `B`: a handle to a model's bytes.
#[derive(Debug)]
pub struct Client<B> {
    pub(crate) absolute: fn(&str) -> String,
    // The model.
    pub(crate) workers: Workers,
    pub(crate) status: ModelStatus,
    pub(crate) offered: Vec<Model>,
    /// The list's entries of the models whose bytes are stored, the one that was loaded last first.
    pub(crate) stored: Vec<Model>,
    /// Those whose download was broken off, the last one first.
    pub(crate) partial: Vec<Model>,
    /// The model that was hashed last, and what came of it; not known as long as it is hashed.
    pub(crate) verified: Option<(String, Option<Verdict>)>,
    /// What is kept of which model loads by itself.
    pub(crate) by_itself: Option<String>,
    pub(crate) loaded: Option<Loaded<B>>,
    pub(crate) attempt: Option<Attempt<B>>,
    pub(crate) last_load: Option<Load<B>>,
    pub(crate) peeks: u32,
    // The conversation.
    pub(crate) conversation: Conversation,
    pub(crate) running: Option<Running>,
    /// Generations that were told to stop, and will say when they have.
    pub(crate) draining: Vec<u32>,
    pub(crate) generations: u32,
    /// In which ways a question is answered side by side: none, or several.
    pub(crate) ways: Vec<SamplerKind>,
    /// The question whose answers are shown side by side, if it is the last one.
    pub(crate) beside: Option<TurnId>,
    pub(crate) what_if: Option<WhatIf>,
    /// What the address asks to be repeated, and where the answer that repeats it is still to part.
    pub(crate) replay: Option<Replay>,
    pub(crate) to_part: VecDeque<(u32, Given)>,
    pub(crate) stats: Option<Stats>,
    pub(crate) chats: Chats,
    pub(crate) recordings: Recordings,
    /// Chats that were shown: turns of two chats may have the same ids.
    pub(crate) sitting: u32,
    /// When the message that is handled came, in ms.
    pub(crate) now: f64,
    // What is written and set.
    pub(crate) draft: Draft,
    pub(crate) settings: Settings,
    pub(crate) link: String,
    // What is said to the person.
    pub(crate) alert: Option<Alert>,
    pub(crate) announcement: String,
}

impl<B> Default for Client<B> {
    fn default() -> Self {
        Self {
            absolute: str::to_owned,
            workers: Workers::default(),
            status: ModelStatus::default(),
            offered: Vec::new(),
            stored: Vec::new(),
            partial: Vec::new(),
            verified: None,
            by_itself: None,
            loaded: None,
            attempt: None,
            last_load: None,
            peeks: 0,
            conversation: Conversation::default(),
            running: None,
            draining: Vec::new(),
            generations: 0,
            ways: Vec::new(),
            beside: None,
            what_if: None,
            replay: None,
            to_part: VecDeque::new(),
            stats: None,
            chats: Chats::default(),
            recordings: Recordings::default(),
            sitting: 0,
            now: 0.0,
            draft: Draft::default(),
            settings: Settings::default(),
            link: String::new(),
            alert: None,
            announcement: String::new(),
        }
    }
}

/// What a message leads to.
pub(crate) type Effects<B> = Vec<Effect<B>>;

impl<B: Clone> Client<B> {
    /// Takes in what happened at `now` (in ms, from any start) and returns what is to be done, in order.
    pub fn update(&mut self, now: f64, msg: Msg<B>) -> Vec<Effect<B>> {
        let mut out = Vec::new();
        self.now = now;
        self.handle(now, msg, &mut out);
        out
    }

    fn handle(&mut self, now: f64, msg: Msg<B>, out: &mut Effects<B>) {
        match msg {
            Msg::Start(start) => self.start(*start, now, out),
            Msg::Fetched(page, text) => self.fetched(page, text, out),
            Msg::Recording(number) => self.ask_recording(number, out),
            Msg::Moved(hash) => self.follow_link(&hash, out),
            Msg::Leaving => self.leaving(out),

            Msg::Load(number) => self.load_offered(number, now, out),
            Msg::LoadEntry(text) => self.load_entry(text, now, out),
            Msg::Open { name, bytes } => self.open(name, bytes, now, out),
            Msg::Peeked { number, is_model } => self.peeked(number, is_model, now, out),
            Msg::Retry => self.retry(now, out),
            Msg::Stop => self.stop(now, out),
            Msg::Pause => self.pause(now, out),
            Msg::Forget(sha256) => self.forget(sha256, now, out),
            Msg::Verify(sha256) => self.verify(sha256, now, out),

            Msg::Said { worker, event, bytes } => self.said(worker, *event, bytes, now, out),
            Msg::Broken { worker, why, online } => self.broken(worker, &why, online, now, out),
            Msg::Watch(watch) => self.watch(watch, now, out),

            Msg::Draft(text) => self.write_draft(text, out),
            Msg::System(text) => self.write_system(text, out),
            Msg::Rested(number) => self.rested(number, out),
            Msg::Send => self.send_draft(now, out),
            Msg::Read => self.read_draft(now, out),
            Msg::Suggest(text) => self.suggest(text, now, out),
            Msg::Regenerate { same_seed } => self.regenerate(same_seed, now, out),
            Msg::Edit(turn, text) => self.edit(turn, &text, now, out),
            Msg::Continue(turn) => self.go_on(turn, now, out),
            Msg::Fork { turn, at, given } => self.fork(turn, at, given, now, out),
            Msg::WhatIf(turn) => self.ask_what_if(turn, now, out),
            Msg::Choose(turn) => self.choose(turn, out),
            Msg::Ways(ways) => self.set_ways(ways),
            Msg::Beside(on) => self.set_beside(on, out),
            Msg::Share(turn) => self.share(turn, out),
            Msg::Replay => self.replay(now, out),
            Msg::LeaveReplay => self.replay = None,
            Msg::NewChat => self.new_chat(now, out),
            Msg::CarryOver => self.carry_over(now, out),
            Msg::OpenChat(id) => self.open_chat(id, out),
            Msg::Rename(title) => self.rename(&title, out),
            Msg::Delete(id) => self.delete(id, now, out),
            Msg::Undelete => self.undelete(out),
            Msg::Search(text) => self.search(&text, out),
            Msg::Erase => self.erase(now, out),
            Msg::SaveDue => self.save_due(out),
            Msg::Chats(told) => self.told(told, now, out),
            Msg::ExportAll => self.export_all(out),
            Msg::OpenText(text) => self.open_text(&text, out),
            Msg::Export(turn) => self.export(turn, out),
            Msg::Settings(settings) => self.set(*settings, out),
            Msg::Dismiss => self.alert = None,
        }
    }
}

impl<B> Client<B> {
    /// The model's condition.
    pub fn status(&self) -> &ModelStatus {
        &self.status
    }

    /// Whether this browser runs any of the workers.
    pub fn can_run(&self) -> bool {
        !self.workers.variants.is_empty()
    }

    /// The models whose bytes are in this browser's storage, the one that was loaded last first.
    pub fn stored(&self) -> &[Model] {
        &self.stored
    }

    /// What is known of a stored model since it was hashed again, in words.
    pub fn verified(&self, sha256: &str) -> Option<&'static str> {
        let (_, verdict) = self.verified.as_ref().filter(|(of, _)| of == sha256)?;
        Some(verdict.map_or("checking …", words::verdict))
    }

    /// What was said.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// Distinguishes the turns of this chat from those of others that were shown: ids of turns repeat.
    pub fn sitting(&self) -> u32 {
        self.sitting
    }

    /// Id of the chat that is shown; "" of a new one.
    pub fn chat(&self) -> &str {
        &self.chats.open.id
    }

    /// Chats whose title or words have what is looked for, newest first.
    pub fn chats(&self) -> Vec<Listed> {
        // Where chats are stored knows capitals of all languages, and answers a little later.
        let wanted = self.chats.search.text.to_ascii_lowercase();
        let found = &self.chats.search.found;
        let fits = |chat: &&Listed| {
            chat.title.to_ascii_lowercase().contains(&wanted) || found.contains(&chat.id)
        };
        self.chats.list.iter().filter(fits).cloned().collect()
    }

    /// How many chats there are.
    pub fn count(&self) -> usize {
        self.chats.list.len()
    }

    /// What is looked for in chats.
    pub fn sought(&self) -> &str {
        &self.chats.search.text
    }

    /// Title of the chat that was deleted last and can be brought back.
    pub fn deleted(&self) -> Option<&str> {
        self.chats.removed.as_ref().map(|(title, _)| title.as_str())
    }

    /// What became of files that were opened, in words.
    pub fn notice(&self) -> &str {
        &self.chats.notice
    }

    /// Where chats are kept.
    pub fn keeping(&self) -> Keeping {
        self.chats.keeping
    }

    /// Whether an answer is being made.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The answers that are being made, and those beside them that are over.
    pub fn running(&self) -> Vec<TurnId> {
        self.running.as_ref().map_or_else(Vec::new, |running| running.turns.clone())
    }

    /// How fast the last answer was.
    pub fn stats(&self) -> Option<Stats> {
        self.stats
    }

    /// What is being written.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// How answers are made.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What went wrong.
    pub fn alert(&self) -> Option<&Alert> {
        self.alert.as_ref()
    }

    /// What is said aloud.
    pub fn announcement(&self) -> &str {
        &self.announcement
    }

    pub(crate) fn warn(&mut self, problem: Problem, retry: bool) {
        self.alert = Some(Alert { problem, retry });
    }
}
