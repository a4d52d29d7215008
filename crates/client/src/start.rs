//! The beginning of a visit: what was kept, what is fetched, what the address says.

use entropix_conversation::Conversation;
use entropix_protocol::{Problem, ProblemKind, TokenEntry, json};

use crate::client::{Client, Effects};
use crate::link;
use crate::manifest::Model;
use crate::msg::{Ask, Effect, Page, Start, key};
use crate::settings::Settings;
use crate::state::Replay;
use crate::variants;

impl<B: Clone> Client<B> {
    pub(crate) fn start(&mut self, start: Start, now: f64, out: &mut Effects<B>) {
        let Start { kept, framed, tab, hash, variants, features, models, recordings, absolute } =
            start;
        self.chats.tab = tab;
        self.absolute = absolute;
        self.list_of_recordings(&recordings);
        self.workers.variants = variants::runnable(variants, &features);
        // What can't be read is as if nothing had been kept.
        self.settings = read(kept.settings).unwrap_or_default();
        self.stored = entries(kept.model);
        self.partial = entries(kept.partial);
        if let Some(settings) = link::read(&self.settings, &hash) {
            self.settings = settings;
        }
        self.replay = Replay::read(&self.settings, &hash);
        self.link = link::write(&self.settings);
        out.extend([Effect::Settings, Effect::Turns, Effect::Fetch(Page::Models, models)]);
        out.push(Effect::Chats(Ask::List));
        self.chats.system = read(kept.system).unwrap_or_default();
        self.chats.drafts = vec![(String::new(), read(kept.draft).unwrap_or_default())];
        self.first_chat(kept.chat, kept.conversation, out);
        if let Some(wanted) = kept.by_itself.filter(|_| !framed) {
            self.load_by_itself(&wanted, now, out);
        }
    }

    /// The chat that the tab had, else the one conversation of an earlier version of the page.
    fn first_chat(&mut self, chat: Option<String>, single: Option<String>, out: &mut Effects<B>) {
        self.chats.starting = true;
        let single = single.unwrap_or_default();
        if let Some(conversation) = Conversation::read_single(&single) {
            self.chats.starting = false;
            self.take_new(out);
            self.conversation = conversation;
            let id = name_of(&single);
            self.chats.single = Some((id.clone(), self.conversation.turns().len()));
            self.chats.open.id.clone_from(&id);
            out.push(Effect::Keep(key::CHAT, Some(id)));
            self.keep_draft(out);
            self.keep_chat(out);
            return out.push(Effect::Turns);
        }
        match chat {
            Some(id) if id.is_empty() => self.begin_fresh(out),
            Some(id) => self.open_chat(id, out),
            None => {}
        }
    }

    pub(crate) fn fetched(
        &mut self,
        page: Page,
        text: Result<String, String>,
        out: &mut Effects<B>,
    ) {
        match (page, text) {
            (Page::Models, text) => self.list_of_models(text, out),
            (Page::Recording(number), Ok(text)) => self.show_recording(number, &text, out),
            (Page::Continuations(number), Ok(text)) => self.show_continuations(number, &text, out),
            (Page::Recording(_), Err(_)) => self.recordings.awaited = false,
            (Page::Continuations(_), Err(_)) => {}
        }
    }

    fn list_of_models(&mut self, text: Result<String, String>, out: &mut Effects<B>) {
        let list = text
            .and_then(|text| json::read::<Vec<Model>>(&text).map_err(|error| error.to_string()));
        match list {
            Ok(list) => self.offered = list,
            // Without the list, what is in this browser can still be loaded.
            Err(_) if !self.stored.is_empty() || !self.partial.is_empty() => {}
            Err(error) => {
                let message = format!("The list of models could not be read ({error})");
                let advice = "Reload the page, or open a GGUF file of your own below.";
                self.warn(Problem::new(ProblemKind::Network, message, advice), false);
            }
        }
        self.look_at_shelf();
        if let Some(first) = self.offered.first().filter(|_| self.loaded.is_none()) {
            self.settings.set_model(None, Some(first.promised.clone()));
            out.push(Effect::Settings);
        }
    }

    /// Takes settings from the address.
    pub(crate) fn follow_link(&mut self, hash: &str, out: &mut Effects<B>) {
        self.replay = Replay::read(&self.settings, hash);
        if let Some(settings) = link::read(&self.settings, hash) {
            self.set(settings, out);
            out.push(Effect::Settings);
        }
    }

    /// Takes in changed settings, keeps them, and keeps the address in step.
    pub(crate) fn set(&mut self, settings: Settings, out: &mut Effects<B>) {
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        out.push(Effect::Keep(key::SETTINGS, serde_json::to_string(&self.settings).ok()));
        let link = link::write(&self.settings);
        if link != self.link {
            self.link.clone_from(&link);
            out.push(Effect::Link(link));
        }
    }
}

/// A name that follows from the text: a move that was cut short before its end was known is not made twice. 32-bit
/// FNV-1a, <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv-21>.
fn name_of(text: &str) -> String {
    let step = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("{:x}", text.bytes().fold(0x811c_9dc5, step))
}

fn read<T: serde::de::DeserializeOwned>(text: Option<String>) -> Option<T> {
    json::read(&text?).ok()
}

/// Models as they are kept, or one without a list around it, as earlier versions of the page kept it.
pub(crate) fn entries(text: Option<String>) -> Vec<Model> {
    let text = text.unwrap_or_default();
    let one = || json::read(&text).map(|model| vec![model]);
    json::read(&text).or_else(|_| one()).unwrap_or_default()
}

/// The token of an answer that shows most: the word before which the model was least certain.
pub(crate) fn telling(entries: &[TokenEntry]) -> Option<u32> {
    let h = |entry: &TokenEntry| entry.decision.uncertainty.entropy_bits;
    let words = entries.iter().enumerate().filter(|(_, entry)| !entry.text.trim().is_empty());
    words.max_by(|(_, a), (_, b)| h(a).total_cmp(&h(b))).map(|(index, _)| index as u32)
}
