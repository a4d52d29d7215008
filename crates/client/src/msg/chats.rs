//! What storage is asked about chats, and what it answers.

use entropix_conversation::TurnId;

/// A chat as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub id: String,
    /// Name of this state of it.
    pub stamp: String,
    /// A [`Cover`](entropix_conversation::Cover), as JSON.
    pub cover: String,
    /// Its turns, as JSON, by their ids.
    pub turns: Vec<(TurnId, String)>,
    /// Its title and all that was said, to be searched.
    pub words: String,
}

/// What changed in a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Save {
    /// The new state; of turns only those that are not stored as they are now, and no words in the middle of an answer.
    pub record: Record,
    /// The stamp that the stored one must have, "" if there must be none; nothing to overwrite whatever is there.
    pub base: Option<String>,
    /// Turns that are gone; nothing if all are that the new state does not have.
    pub gone: Option<Vec<TurnId>>,
    /// Whether other tabs are told.
    pub tell: bool,
}

/// What storage is asked for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The covers of all chats: [`Told::Listed`].
    List,
    /// All chats, whole: [`Told::All`].
    All,
    /// A chat: [`Told::Read`].
    Read(String),
    /// Takes a chat away: [`Told::Taken`].
    Take(String),
    /// Keeps what changed: [`Told::Saved`].
    Save(Box<Save>),
    /// Chats in which a text occurs: [`Told::Found`].
    Search(u32, String),
    /// That the browser should not clear it by itself.
    Persist,
    /// Everything that this page ever stored is removed, and the page begins anew.
    Erase,
}

/// Why storage did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The chat has another stamp.
    Changed,
    /// There is no room.
    Full,
    /// There is no storage.
    Denied,
    /// A later version of the page has stored something.
    Later,
}

/// What storage says.
#[derive(Clone, Debug)]
pub enum Told {
    /// All chats, without their turns and words.
    Listed(Result<Vec<Record>, Refusal>),
    /// All chats, whole.
    All(Result<Vec<Record>, Refusal>),
    /// A chat, if it is there.
    Read {
        /// Which.
        id: String,
        /// What there is of it.
        record: Result<Option<Record>, Refusal>,
        /// What was written there and not sent.
        draft: Option<String>,
    },
    /// A chat that was taken away, if it was there.
    Taken(Result<Option<Record>, Refusal>),
    /// A save ended.
    Saved {
        /// Of which chat.
        id: String,
        /// Which state of it.
        stamp: String,
        /// How.
        result: Result<(), Refusal>,
    },
    /// A search ended.
    Found {
        /// Which.
        number: u32,
        /// Ids of the chats.
        ids: Vec<String>,
    },
    /// Another tab changed a chat, or erased everything.
    Elsewhere(Option<String>),
}
