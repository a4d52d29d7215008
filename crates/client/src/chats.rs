//! The chats: which one is shown, and what becomes of the others.

use entropix_conversation::{Conversation, Cover, VERSION};
use entropix_protocol::{Problem, ProblemKind, Request, json};

use crate::client::{Client, Effects};
use crate::held::listed;
use crate::msg::{Ask, Effect, Record, Refusal, Told, key};
use crate::state::{Chats, Listed, Open};

impl<B: Clone> Client<B> {
    /// Storage says something.
    pub(crate) fn told(&mut self, told: Told, now: f64, out: &mut Effects<B>) {
        match told {
            Told::Listed(list) => self.chats_listed(list, out),
            Told::All(all) => self.all_chats(all, out),
            Told::Read { id, record, draft } => self.chat_read(&id, record, draft, now, out),
            Told::Taken(record) => self.chat_taken(record, out),
            Told::Saved { id, stamp, result } => self.saved(&id, stamp, result, out),
            Told::Found { number, ids } => {
                if number == self.chats.search.number {
                    self.chats.search.found = ids;
                }
            }
            Told::Elsewhere(id) => self.changed_elsewhere(id, now, out),
        }
    }

    fn chats_listed(&mut self, list: Result<Vec<Record>, Refusal>, out: &mut Effects<B>) {
        match list {
            Ok(list) => {
                let Chats { open, unkept, held, .. } = &self.chats;
                // What storage did not have yet when it was asked, and what it refused.
                let ours = |chat: &&Listed| {
                    unkept
                        .iter()
                        .chain(held.iter().map(|held| &held.record))
                        .any(|it| it.id == chat.id)
                        || open.id == chat.id && !list.iter().any(|it| it.id == chat.id)
                };
                self.chats.list = self.chats.list.iter().filter(ours).cloned().collect();
                for chat in &list {
                    if !self.chats.list.iter().any(|it| it.id == chat.id) {
                        self.enlist(listed(chat));
                    }
                }
            }
            Err(refusal) => self.chats.keeping = refusal.keeping(),
        }
        self.begin_visit(out);
    }

    /// With nothing chosen, a visit begins with the newest chat, or with a recording.
    fn begin_visit(&mut self, out: &mut Effects<B>) {
        if !self.chats.starting || self.chats.wanted.is_some() {
            return;
        }
        if let Some(newest) = self.chats.list.first().map(|chat| chat.id.clone()) {
            return self.open_chat(newest, out);
        }
        self.begin_fresh(out);
    }

    /// The visit begins with a new chat.
    pub(crate) fn begin_fresh(&mut self, out: &mut Effects<B>) {
        self.chats.starting = false;
        if self.conversation.is_empty() {
            self.take_new(out);
            self.begin_recordings(out);
        }
    }

    /// Shows a chat once it has been read.
    pub(crate) fn open_chat(&mut self, id: String, out: &mut Effects<B>) {
        if id == self.chats.open.id {
            return;
        }
        self.chats.notice.clear();
        self.chats.wanted = Some(id.clone());
        match self.chats.unkept.iter().find(|record| record.id == id).cloned() {
            Some(record) => self.chat_read(&id, Ok(Some(record)), None, self.now, out),
            None => out.push(Effect::Chats(Ask::Read(id))),
        }
    }

    fn chat_read(
        &mut self,
        id: &str,
        record: Result<Option<Record>, Refusal>,
        draft: Option<String>,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let wanted = self.chats.wanted.take_if(|wanted| *wanted == id).is_some();
        // What storage refused is newer.
        let unkept = self.chats.unkept.iter().find(|unkept| unkept.id == id);
        let record = unkept.cloned().map_or(record, |record| Ok(Some(record)));
        // Of the open chat only what another tab made of it, and not over anything of ours.
        let news = self.chats.open.id == id && !self.is_unsaved() && self.running.is_none();
        let Ok(Some(record)) = record else {
            if self.chats.starting && wanted {
                if let Err(refusal) = record {
                    self.chats.keeping = refusal.keeping();
                }
                self.begin_visit(out);
            } else if wanted {
                self.warn(if record.is_ok() { missing() } else { unreadable() }, false);
                out.push(Effect::Chats(Ask::List));
            }
            return;
        };
        if news && record.stamp == self.chats.open.stamp || !wanted && !news {
            return;
        }
        // The person was quicker.
        if self.chats.starting && !self.conversation.is_empty() {
            self.chats.starting = false;
            return;
        }
        let cover: Cover = json::read(&record.cover).unwrap_or_default();
        if cover.version > VERSION {
            if self.chats.starting {
                self.begin_fresh(out);
            }
            return self.warn(later_version(), false);
        }
        if wanted {
            let draft = draft.and_then(|text| json::read(&text).ok());
            self.leave_chat(now, out);
            self.chats.starting = false;
            self.draft.text = self.take_draft(id).or(draft).unwrap_or_default();
        }
        self.show_chat(record, cover, out);
    }

    fn show_chat(&mut self, record: Record, cover: Cover, out: &mut Effects<B>) {
        let Record { id, stamp, turns, .. } = record;
        let texts: Vec<&str> = turns.iter().map(|(_, text)| text.as_str()).collect();
        let (conversation, missing) = Conversation::read(&texts, cover.head, cover.last);
        let mut stored: Vec<u32> = conversation.turns().iter().map(|turn| turn.id).collect();
        // What no storage took is tried again with the next change.
        if self.chats.unkept.iter().any(|record| record.id == id) {
            self.chats.unkept.retain(|record| record.id != id);
            stored.clear();
        }
        out.push(Effect::Keep(key::CHAT, Some(id.clone())));
        self.chats.open = Open {
            id,
            title: cover.title,
            named: cover.named,
            changed: cover.changed,
            confirmed: stamp.clone(),
            stamp,
            known: stored.clone(),
            stored,
            dirty: false,
        };
        self.chats.saver.busy = false;
        self.draft.system = cover.system;
        self.put_conversation(conversation, out);
        if missing > 0 {
            let turns = if missing == 1 { "One turn" } else { "Some turns" };
            let message = format!("{turns} of this chat can’t be read");
            let advice = "The rest is here, and goes on as it is.";
            self.warn(Problem::new(ProblemKind::Browser, message, advice), false);
        }
    }

    /// Another conversation takes the place of the one that is shown.
    pub(crate) fn put_conversation(&mut self, conversation: Conversation, out: &mut Effects<B>) {
        self.leave_what_if(self.now, out);
        self.what_if = None;
        self.beside = None;
        self.to_part.clear();
        self.conversation = conversation;
        self.recordings.on = false;
        self.sitting += 1;
        self.stats = None;
        self.alert = None;
        self.announcement.clear();
        self.draft.measured = None;
        out.extend([Effect::Turns, Effect::WhatIf, Effect::Begin]);
        self.measure_soon(out);
    }

    /// Begins another chat; the one that was shown is kept.
    pub(crate) fn new_chat(&mut self, now: f64, out: &mut Effects<B>) {
        self.chats.starting = false;
        self.chats.wanted = None;
        self.chats.notice.clear();
        self.leave_chat(now, out);
        self.take_new(out);
        self.put_conversation(Conversation::default(), out);
    }

    /// What was written and set in the new chat.
    pub(crate) fn take_new(&mut self, out: &mut Effects<B>) {
        out.push(Effect::Keep(key::CHAT, Some(String::new())));
        self.chats.open = Open::default();
        self.chats.saver.busy = false;
        self.draft.text = self.take_draft("").unwrap_or_default();
        self.draft.system = std::mem::take(&mut self.chats.system);
    }

    /// Ends and keeps what is shown. What comes of a running answer after this is not shown.
    pub(crate) fn leave_chat(&mut self, now: f64, out: &mut Effects<B>) {
        if let Some(running) = self.running.as_ref().filter(|running| running.sent)
            && let Some(worker) = self.workers.current
        {
            let answer = |turn| self.conversation.answer(turn);
            let goes_on = |turn| answer(turn).is_some_and(|it| it.progress.is_running());
            let going = running.each().filter(|(_, turn)| goes_on(*turn));
            self.draining.extend(going.map(|(generation, _)| generation));
            self.tell(worker.number, Request::Stop, None, now, out);
        }
        self.end_answer(out);
        self.keep_draft(out);
        self.keep_left(out);
        let Open { id, .. } = &self.chats.open;
        if id.is_empty() {
            self.chats.system.clone_from(&self.draft.system);
        }
        let (id, text) = (id.clone(), self.draft.text.clone());
        self.take_draft(&id);
        self.chats.drafts.push((id, text));
    }

    fn take_draft(&mut self, id: &str) -> Option<String> {
        let at = self.chats.drafts.iter().position(|(chat, _)| chat == id)?;
        Some(self.chats.drafts.swap_remove(at).1)
    }

    /// The person gives the open chat a title; an empty one takes it back.
    pub(crate) fn rename(&mut self, title: &str, out: &mut Effects<B>) {
        let open = &mut self.chats.open;
        open.named = !title.trim().is_empty();
        title.trim().clone_into(&mut open.title);
        open.dirty = true;
        self.keep_chat(out);
    }

    /// Deletes a chat; it can be brought back until the next one is deleted.
    pub(crate) fn delete(&mut self, id: String, now: f64, out: &mut Effects<B>) {
        if id == self.chats.open.id {
            self.new_chat(now, out);
        }
        self.chats.list.retain(|chat| chat.id != id);
        self.chats.unkept.retain(|record| record.id != id);
        self.chats.held.retain(|held| held.record.id != id);
        let _ = self.forget_moved(&id, out);
        out.push(Effect::KeepDraft(id.clone(), None));
        out.push(Effect::Chats(Ask::Take(id)));
    }

    fn chat_taken(&mut self, record: Result<Option<Record>, Refusal>, out: &mut Effects<B>) {
        if let Ok(Some(record)) = record {
            let title = listed(&record).title;
            self.announcement = format!("“{title}” was deleted.");
            self.chats.removed = Some((title, record));
        } else {
            out.push(Effect::Chats(Ask::List));
        }
    }

    /// Brings back the chat that was deleted last.
    pub(crate) fn undelete(&mut self, out: &mut Effects<B>) {
        if let Some((_, record)) = self.chats.removed.take() {
            self.store(record, String::new(), out);
        }
    }

    /// Shows the chats that say this.
    pub(crate) fn search(&mut self, text: &str, out: &mut Effects<B>) {
        let search = &mut self.chats.search;
        search.number += 1;
        search.found.clear();
        text.trim().clone_into(&mut search.text);
        if !search.text.is_empty() {
            out.push(Effect::Chats(Ask::Search(search.number, search.text.clone())));
        }
    }

    /// Forgets everything that this page ever stored.
    pub(crate) fn erase(&mut self, now: f64, out: &mut Effects<B>) {
        self.chats.erased = true;
        self.stop(now, out);
        out.push(Effect::Chats(Ask::Erase));
    }

    /// Another tab changed a chat, or erased everything.
    fn changed_elsewhere(&mut self, id: Option<String>, now: f64, out: &mut Effects<B>) {
        if let Some(id) = id {
            out.push(Effect::Chats(Ask::List));
            if id == self.chats.open.id {
                out.push(Effect::Chats(Ask::Read(id)));
            }
            return;
        }
        self.chats.erased = true;
        self.new_chat(now, out);
        let (tab, given) = (self.chats.tab, self.chats.given);
        self.chats = Chats { tab, given, ..Chats::default() };
        self.draft.text.clear();
        self.draft.system.clear();
    }
}

fn missing() -> Problem {
    let message = "This chat is no longer stored in this browser";
    Problem::new(ProblemKind::Browser, message, "It was deleted, perhaps in another tab.")
}

fn unreadable() -> Problem {
    let message = "The browser’s storage did not hand this chat out";
    Problem::new(ProblemKind::Browser, message, "Try it again, or reload the page.")
}

fn later_version() -> Problem {
    let message = "This chat was kept by a later version of this page";
    Problem::new(ProblemKind::Version, message, "Reload the page to get that version.")
}
