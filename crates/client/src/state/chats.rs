//! The chats that are kept, and the one that is open.

use entropix_conversation::TurnId;

use crate::msg::{Record, Refusal};

/// A chat in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its name in storage.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When something was said last, in ms since 1970.
    pub changed: f64,
    /// Name of its state in storage.
    pub(crate) stamp: String,
}

/// Where chats are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// In the browser, or so it is hoped.
    #[default]
    Kept,
    /// Only as long as the page is open: the browser's storage is full.
    Full,
    /// Only as long as the page is open: the browser grants no storage.
    Denied,
    /// Only as long as the page is open: what is stored is of a later version of it.
    Later,
}

impl Keeping {
    /// Whether there is no storage to ask.
    pub(crate) fn is_barred(self) -> bool {
        matches!(self, Self::Denied | Self::Later)
    }
}

impl Refusal {
    /// Where chats are kept after it.
    pub(crate) fn keeping(self) -> Keeping {
        match self {
            Self::Full => Keeping::Full,
            Self::Later => Keeping::Later,
            Self::Changed | Self::Denied => Keeping::Denied,
        }
    }
}

/// The chat that is shown. The first question of a new one gives it its name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    /// "" of a new one.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) named: bool,
    pub(crate) changed: f64,
    /// The state in storage that ours follows; "" if there is none.
    pub(crate) stamp: String,
    /// The last state of ours of which storage said that it has it.
    pub(crate) confirmed: String,
    /// Turns that are in storage as they are here.
    pub(crate) stored: Vec<TurnId>,
    /// Turns that are in storage in any state.
    pub(crate) known: Vec<TurnId>,
    /// Whether something besides turns differs from what is stored.
    pub(crate) dirty: bool,
}

/// All chats.
#[derive(Debug, Default)]
pub(crate) struct Chats {
    /// Newest first.
    pub(crate) list: Vec<Listed>,
    pub(crate) open: Open,
    /// Distinguishes this tab from the others.
    pub(crate) tab: u32,
    /// Names and stamps that were given.
    pub(crate) given: u32,
    pub(crate) keeping: Keeping,
    /// Whether the visit begins and no chat was chosen yet.
    pub(crate) starting: bool,
    /// The chat that is being read to be shown.
    pub(crate) wanted: Option<String>,
    pub(crate) saver: Saver,
    /// What was written in other chats and not sent, in this visit, by their ids.
    pub(crate) drafts: Vec<(String, String)>,
    /// System prompt of the new chat, while another one is shown.
    pub(crate) system: String,
    /// The one conversation of an earlier version of the page, until it is stored: its id here, and how many turns it came
    /// with.
    pub(crate) single: Option<(String, usize)>,
    /// Chats that are not shown and on their way into storage.
    pub(crate) held: Vec<Held>,
    /// Chats that storage did not take, whole; each has the stamp of what storage has of it.
    pub(crate) unkept: Vec<Record>,
    /// What became of files and of deleted chats, in words.
    pub(crate) notice: String,
    /// The chat that was deleted last, with its title.
    pub(crate) removed: Option<(String, Record)>,
    pub(crate) search: Search,
    /// Whether the browser was asked not to clear its storage by itself.
    pub(crate) asked: bool,
    /// Everything was erased: nothing more is kept.
    pub(crate) erased: bool,
}

/// How the open chat gets into storage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Saver {
    /// Whether storage is at work for it.
    pub(crate) busy: bool,
    /// Whether it changed meanwhile.
    pub(crate) again: bool,
    /// Whether a look at what changed is coming.
    pub(crate) timer: bool,
}

/// A chat that storage may still refuse.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// All of it, with the stamp of what storage has of it.
    pub(crate) record: Record,
    /// The stamp with which storage has all of it.
    pub(crate) last: String,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Search {
    pub(crate) text: String,
    pub(crate) number: u32,
    /// Chats that say it.
    pub(crate) found: Vec<String>,
}
