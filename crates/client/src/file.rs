//! Files: all chats as one to take elsewhere, and chats and traces that people open.

use entropix_conversation::{Conversation, Cover, VERSION};
use entropix_protocol::{Problem, ProblemKind, Trace, json};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{Client, Effects};
use crate::msg::{Ask, Effect, Record, Refusal};
use crate::saving::{title, words};

/// What a file of chats says it is.
const FORMAT: &str = "entropix-chats";
const NAME: &str = "entropix-chats.json";

/// By which a file is recognised.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    format: String,
    /// Of a file of chats.
    version: u32,
    /// Of a trace.
    schema: Option<u32>,
}

/// All chats: `format` and `version` of the [`Head`], and these.
#[derive(Deserialize)]
struct Chats<'a> {
    #[serde(borrow)]
    chats: Vec<Chat<'a>>,
}

#[derive(Deserialize)]
struct Chat<'a> {
    id: String,
    stamp: String,
    cover: Cover,
    /// Each as it is stored.
    #[serde(borrow)]
    turns: Vec<&'a RawValue>,
}

/// What came of opened files.
#[derive(Default)]
struct Tally {
    /// Ids of chats that are new here.
    added: Vec<String>,
    known: usize,
    unread: usize,
}

impl<B: Clone> Client<B> {
    /// Hands out all chats, once storage has said what there is.
    pub(crate) fn export_all(&mut self, out: &mut Effects<B>) {
        self.keep_chat(out);
        out.push(Effect::Chats(Ask::All));
    }

    pub(crate) fn all_chats(&mut self, all: Result<Vec<Record>, Refusal>, out: &mut Effects<B>) {
        // Without storage, what this page holds is all there is.
        let mut all = all.unwrap_or_default();
        let open = self.is_unsaved().then(|| self.whole());
        let ours = self.chats.unkept.iter().chain(&open);
        let is_ours = |id: &str| ours.clone().any(|record| record.id == id);
        all.retain(|record| !is_ours(&record.id));
        all.extend(ours.cloned());
        let chats: Vec<String> = all.iter().filter_map(chat_text).collect();
        let chats = chats.join(",\n");
        let text =
            format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"chats\":[\n{chats}\n]}}\n");
        out.push(Effect::Download { name: NAME, text, lines: false });
    }

    /// Takes in the text of opened files, one after the other.
    pub(crate) fn open_text(&mut self, text: &str, out: &mut Effects<B>) {
        self.alert = None;
        let mut tally = Tally::default();
        for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
            let taken = value.and_then(|value| self.take_file(value.get(), &mut tally, out));
            if let Err(error) = taken {
                self.warn(damaged(&error), false);
                break;
            }
        }
        let notice = tally.words();
        if let Some(last) = tally.added.pop().filter(|_| self.running.is_none()) {
            self.open_chat(last, out);
        }
        self.chats.notice = notice;
    }

    fn take_file(
        &mut self,
        text: &str,
        tally: &mut Tally,
        out: &mut Effects<B>,
    ) -> serde_json::Result<()> {
        let head: Head = json::read(text).unwrap_or_default();
        if head.format == FORMAT && head.version <= VERSION {
            let Chats { chats } = json::read(text)?;
            for chat in chats {
                self.take_chat(chat, tally, out);
            }
        } else if head.schema.is_some() {
            let trace: Trace = json::read(text)?;
            match trace.check() {
                Ok(()) => self.take_trace(trace, tally, out),
                Err(_) => self.warn(later_version(), false),
            }
        } else {
            let later = head.format == FORMAT;
            self.warn(if later { later_version() } else { foreign() }, false);
        }
        Ok(())
    }

    /// One that is here in the same state stays; of one that is here in another state both are kept.
    fn take_chat(&mut self, chat: Chat<'_>, tally: &mut Tally, out: &mut Effects<B>) {
        let Chat { id, stamp, cover, turns } = chat;
        // What storage never took has no stamp.
        let stamp = if stamp.is_empty() { self.new_name() } else { stamp };
        if self.chats.list.iter().any(|it| it.stamp == stamp) {
            tally.known += 1;
            return;
        }
        let texts: Vec<&str> = turns.iter().map(|turn| turn.get()).collect();
        let (conversation, missing) = Conversation::read(&texts, cover.head, cover.last);
        tally.unread += usize::from(missing > 0 || cover.version > VERSION);
        if conversation.is_empty() || cover.version > VERSION {
            return;
        }
        let is_new = !id.is_empty() && !self.chats.list.iter().any(|it| it.id == id);
        let id = if is_new { id } else { self.new_name() };
        self.add(id, stamp, cover, &conversation, tally, out);
    }

    /// A trace becomes a chat.
    fn take_trace(&mut self, trace: Trace, tally: &mut Tally, out: &mut Effects<B>) {
        let made = Conversation::recorded(trace);
        let system = made.path().last().and_then(|turn| made.answer(turn.id));
        let system = system.map(|answer| answer.made.system.clone()).unwrap_or_default();
        let conversation = Conversation::of(made.turns().to_vec(), made.head(), made.last());
        let cover = Cover {
            version: VERSION,
            title: title(&conversation),
            changed: self.now,
            system,
            ..Cover::default()
        };
        let (id, stamp) = (self.new_name(), self.new_name());
        self.add(id, stamp, cover, &conversation, tally, out);
    }

    fn add(
        &mut self,
        id: String,
        stamp: String,
        cover: Cover,
        conversation: &Conversation,
        tally: &mut Tally,
        out: &mut Effects<B>,
    ) {
        let cover = Cover { head: conversation.head(), last: conversation.last(), ..cover };
        let turns = conversation.turns();
        let record = Record {
            id: id.clone(),
            stamp,
            cover: serde_json::to_string(&cover).unwrap_or_default(),
            turns: turns.iter().map(|turn| (turn.id, turn.to_text())).collect(),
            words: words(&cover.title, turns),
        };
        self.store(record, String::new(), out);
        tally.added.push(id);
    }
}

impl Tally {
    /// `2 chats were added, 1 was here already.`
    fn words(&self) -> String {
        let one = |count| if count == 1 { "was" } else { "were" };
        let chats = if self.added.len() == 1 { "chat" } else { "chats" };
        let mut parts =
            vec![format!("{} {chats} {} added", self.added.len(), one(self.added.len()))];
        if self.known > 0 {
            parts.push(format!("{} {} here already", self.known, one(self.known)));
        }
        if self.unread > 0 {
            parts.push(format!("{} could not be read in full", self.unread));
        }
        format!("{}.", parts.join(", "))
    }
}

/// A chat in the words of a file; nothing if it is damaged beyond that.
fn chat_text(record: &Record) -> Option<String> {
    let is_sound = |text: &str| json::read::<&RawValue>(text).is_ok();
    let Record { id, stamp, cover, turns, .. } = record;
    let (id, stamp) = (serde_json::to_string(id).ok()?, serde_json::to_string(stamp).ok()?);
    let cover = if is_sound(cover) { cover.as_str() } else { "{}" };
    let turns: Vec<&str> =
        turns.iter().map(|(_, text)| text.as_str()).filter(|text| is_sound(text)).collect();
    let turns = turns.join(",\n");
    Some(format!("{{\"id\":{id},\"stamp\":{stamp},\"cover\":{cover},\"turns\":[\n{turns}\n]}}"))
}

fn foreign() -> Problem {
    let message = "This file is neither a model, nor a trace, nor chats of this page";
    let advice = "Open a GGUF file, or what was downloaded from here.";
    Problem::new(ProblemKind::WrongFile, message, advice)
}

fn later_version() -> Problem {
    let message = "This file was written by a later version of this page";
    let advice = "Reload the page to get that version; nothing was changed.";
    Problem::new(ProblemKind::Version, message, advice)
}

fn damaged(error: &serde_json::Error) -> Problem {
    if error.is_eof() {
        let message = "This file ends too early";
        return Problem::new(ProblemKind::Truncated, message, "Copy or download it again.");
    }
    let message = format!("This file is damaged in line {}", error.line());
    Problem::new(ProblemKind::WrongFile, message, "What was read before that line is kept.")
}
