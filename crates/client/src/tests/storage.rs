//! Storage of chats as the browser's is: one for all tabs.

use std::collections::BTreeMap;

use crate::msg::{Ask, Record, Refusal, Save, Told};

#[derive(Debug, Default)]
pub(super) struct Store {
    /// Tabs that were opened.
    pub(super) tabs: u32,
    pub(super) chats: BTreeMap<String, Record>,
    /// Why it does nothing, or keeps nothing.
    pub(super) refuses: Option<Refusal>,
    /// The draft that is found with a chat.
    pub(super) draft: Option<String>,
    /// How often something was kept.
    pub(super) saves: u32,
    pub(super) persists: u32,
}

impl Store {
    pub(super) fn perform(&mut self, ask: &Ask) -> Option<Told> {
        let denied = self.refuses.filter(|refusal| *refusal != Refusal::Full);
        let unless = |denied: Option<Refusal>| denied.map_or(Ok(()), Err);
        Some(match ask {
            Ask::List => {
                let covers = self.chats.values().map(|record| Record {
                    turns: Vec::new(),
                    words: String::new(),
                    ..record.clone()
                });
                Told::Listed(unless(denied).map(|()| covers.collect()))
            }
            Ask::All => Told::All(unless(denied).map(|()| self.chats.values().cloned().collect())),
            Ask::Read(id) => Told::Read {
                id: id.clone(),
                record: unless(denied).map(|()| self.chats.get(id).cloned()),
                draft: self.draft.clone(),
            },
            Ask::Take(id) => Told::Taken(unless(denied).map(|()| self.chats.remove(id))),
            Ask::Save(save) => Told::Saved {
                id: save.record.id.clone(),
                stamp: save.record.stamp.clone(),
                result: self.save(save),
            },
            Ask::Search(number, text) => {
                let says =
                    |record: &&Record| record.words.to_lowercase().contains(&text.to_lowercase());
                let found = self.chats.values().filter(says);
                Told::Found { number: *number, ids: found.map(|it| it.id.clone()).collect() }
            }
            Ask::Persist => {
                self.persists += 1;
                return None;
            }
            Ask::Erase => {
                self.chats.clear();
                return None;
            }
        })
    }

    fn save(&mut self, save: &Save) -> Result<(), Refusal> {
        self.refuses.map_or(Ok(()), Err)?;
        let Save { record, base, gone, .. } = save;
        let old = self.chats.get(&record.id);
        let stamp = old.map_or("", |old| &old.stamp);
        if base.as_ref().is_some_and(|base| base != stamp) {
            return Err(Refusal::Changed);
        }
        let mut turns: BTreeMap<u32, String> =
            old.iter().flat_map(|old| old.turns.clone()).collect();
        turns.extend(record.turns.clone());
        let has = |id| record.turns.iter().any(|(turn, _)| *turn == id);
        turns.retain(|id, _| gone.as_ref().map_or_else(|| has(*id), |gone| !gone.contains(id)));
        let words = if record.words.is_empty() {
            old.map(|old| old.words.clone()).unwrap_or_default()
        } else {
            record.words.clone()
        };
        let turns = turns.into_iter().collect();
        self.chats.insert(record.id.clone(), Record { turns, words, ..record.clone() });
        self.saves += 1;
        Ok(())
    }
}
