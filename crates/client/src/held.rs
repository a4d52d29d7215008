//! Chats that are not shown and on their way into storage: those that were left, brought back, or opened from a file.

use entropix_conversation::Cover;
use entropix_protocol::json;

use crate::client::{Client, Effects};
use crate::msg::{Ask, Effect, Record, Refusal, Save};
use crate::state::{Held, Keeping, Listed};

impl<B: Clone> Client<B> {
    /// Stores a whole chat over the state `base`, "" if storage has none.
    pub(crate) fn store(&mut self, record: Record, base: String, out: &mut Effects<B>) {
        self.list_chat(&record);
        let held = Record { stamp: base.clone(), ..record.clone() };
        if self.chats.keeping.is_barred() {
            return self.keep_in_page(held);
        }
        self.chats.held.push(Held { record: held, last: record.stamp.clone() });
        let save = Save { record, base: Some(base), gone: None, tell: true };
        out.push(Effect::Chats(Ask::Save(Box::new(save))));
    }

    /// A save of such a chat ended.
    pub(crate) fn held_saved(
        &mut self,
        id: &str,
        stamp: String,
        result: Result<(), Refusal>,
        out: &mut Effects<B>,
    ) {
        let Some(at) = self.chats.held.iter().position(|held| held.record.id == id) else { return };
        let Held { mut record, last } = self.chats.held.swap_remove(at);
        let moved = match result {
            Ok(()) | Err(Refusal::Changed) => self.forget_moved(id, out),
            Err(_) => None,
        };
        match result {
            Ok(()) => {
                if last != stamp {
                    record.stamp = stamp;
                    self.chats.held.push(Held { record, last });
                }
                self.storage_took(out);
            }
            // An earlier visit moved it already.
            Err(Refusal::Changed) if moved == Some(record.turns.len()) => {
                out.push(Effect::Chats(Ask::List));
            }
            Err(Refusal::Changed) => {
                let mut cover: Cover = json::read(&record.cover).unwrap_or_default();
                cover.title.push_str(" (copy)");
                cover.named = true;
                record.cover = serde_json::to_string(&cover).unwrap_or_default();
                record.id = self.new_name();
                record.stamp = self.new_name();
                self.store(record, String::new(), out);
                out.push(Effect::Chats(Ask::List));
            }
            Err(refusal) => {
                self.chats.keeping = refusal.keeping();
                self.keep_in_page(record);
            }
        }
    }

    /// Keeps a whole chat as long as the page is open.
    pub(crate) fn keep_in_page(&mut self, record: Record) {
        self.list_chat(&record);
        self.chats.unkept.retain(|other| other.id != record.id);
        self.chats.unkept.push(record);
    }

    /// Storage takes chats, perhaps also those that it refused before.
    pub(crate) fn storage_took(&mut self, out: &mut Effects<B>) {
        match self.chats.unkept.pop() {
            None => self.chats.keeping = Keeping::Kept,
            Some(mut record) => {
                let base = std::mem::replace(&mut record.stamp, self.new_name());
                self.store(record, base, out);
            }
        }
    }

    /// Lists a chat as it is now.
    pub(crate) fn list_chat(&mut self, record: &Record) {
        self.chats.list.retain(|chat| chat.id != record.id);
        self.enlist(listed(record));
    }

    /// Puts a chat into the list, the one changed last first.
    pub(crate) fn enlist(&mut self, chat: Listed) {
        let at = self.chats.list.partition_point(|it| it.changed >= chat.changed);
        self.chats.list.insert(at, chat);
    }
}

/// A chat as it is listed.
pub(crate) fn listed(record: &Record) -> Listed {
    let Cover { title, changed, .. } = json::read(&record.cover).unwrap_or_default();
    let title = if title.is_empty() { "Untitled".to_owned() } else { title };
    Listed { id: record.id.clone(), title, changed, stamp: record.stamp.clone() }
}
