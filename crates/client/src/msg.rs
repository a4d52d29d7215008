//! What the client is told, and what it wants done.

mod chats;

use entropix::SamplerKind;
use entropix_conversation::TurnId;
use entropix_protocol::{Event, Given, Request};

pub use chats::{Ask, Record, Refusal, Save, Told};

use crate::settings::Settings;
use crate::variants::Variant;

/// What was kept from earlier visits, by [`key`], as it was stored; nothing where storage is denied.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Under [`key::SETTINGS`].
    pub settings: Option<String>,
    /// Under [`key::SYSTEM`].
    pub system: Option<String>,
    /// Under [`key::DRAFT`].
    pub draft: Option<String>,
    /// Under [`key::CHAT`].
    pub chat: Option<String>,
    /// Under [`key::CONVERSATION`].
    pub conversation: Option<String>,
    /// Under [`key::MODEL`].
    pub model: Option<String>,
    /// Under [`key::PARTIAL`].
    pub partial: Option<String>,
    /// Under [`key::BY_ITSELF`].
    pub by_itself: Option<String>,
}

/// Names under which things are kept in the browser.
pub mod key {
    /// The sampler and its numbers.
    pub const SETTINGS: &str = "entropix.settings";
    /// The system prompt of a new chat.
    pub const SYSTEM: &str = "entropix.system";
    /// The text of a new chat that was not sent yet; of another chat under this name, a point and its id.
    pub const DRAFT: &str = "entropix.draft";
    /// Id of the chat that is open; "" is a new one.
    pub const CHAT: &str = "entropix.chat";
    /// The one conversation of earlier versions of the page, until it is stored as a chat.
    pub const CONVERSATION: &str = "entropix.conversation";
    /// The list's entries of the models whose bytes are stored, the one that was loaded last first.
    pub const MODEL: &str = "entropix.model";
    /// Entries of the models whose download was broken off, the last one first.
    pub const PARTIAL: &str = "entropix.partial";
    /// SHA-256 of the model that loads by itself when the page opens; nothing from the begin of a load to its good end.
    pub const BY_ITSELF: &str = "entropix.by-itself";
}

/// What the page finds when it starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// From earlier visits.
    pub kept: Kept,
    /// Whether the page is part of another one.
    pub framed: bool,
    /// A number that no other tab has.
    pub tab: u32,
    /// The fragment of the address.
    pub hash: String,
    /// The workers that were built, best first.
    pub variants: Vec<Variant>,
    /// What this browser can do: `simd`, `relaxed-simd`, `threads`.
    pub features: Vec<String>,
    /// Address of the list of models.
    pub models: String,
    /// The list of recorded answers, as JSON; "" is none.
    pub recordings: String,
    /// Turns an address relative to the page into an absolute one.
    pub absolute: fn(&str) -> String,
}

/// What is fetched beside the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The list of models.
    Models,
    /// A recorded answer, by its number.
    Recording(usize),
    /// Continuations from other words of the recorded answer with this number.
    Continuations(usize),
}

/// What happened. `B`: a handle to a model's bytes, which the client only passes on.
#[derive(Clone, Debug)]
pub enum Msg<B> {
    /// The page is there.
    Start(Box<Start>),
    /// A fetch ended, with its text or with why not.
    Fetched(Page, Result<String, String>),
    /// Show a recorded answer, by its number.
    Recording(usize),
    /// The fragment of the address changed.
    Moved(String),
    /// The page may be closed now.
    Leaving,

    /// Load a model of the list, by its number.
    Load(usize),
    /// Load a model that is not in the list; its entry, as the list would have it.
    LoadEntry(String),
    /// Load a file of the person's own.
    Open {
        /// The file's name.
        name: String,
        /// The file.
        bytes: B,
    },
    /// The beginning of a file was read.
    Peeked {
        /// Which [`Effect::Peek`].
        number: u32,
        /// Whether it may be a model.
        is_model: bool,
    },
    /// Try the last load again.
    Retry,
    /// End the running answer or load. Of a download nothing is kept.
    Stop,
    /// End the running download, and keep what has come.
    Pause,
    /// Remove what is stored of the model with this SHA-256.
    Forget(String),
    /// Hash the stored model with this SHA-256 again.
    Verify(String),

    /// A worker said something.
    Said {
        /// Which worker.
        worker: u32,
        /// What.
        event: Box<Event>,
        /// The bytes it sent along.
        bytes: Option<B>,
    },
    /// A worker broke down, or never came up.
    Broken {
        /// Which worker.
        worker: u32,
        /// Why, if the browser says so.
        why: String,
        /// Whether the browser believes to have a network.
        online: bool,
    },
    /// Time to look whether a worker gave a sign of life.
    Watch(Watch),

    /// The text that is being written.
    Draft(String),
    /// The system prompt.
    System(String),
    /// The draft has rested: of several, the last one counts.
    Rested(u32),
    /// Send the draft.
    Send,
    /// Read the draft as a text, without an answer.
    Read,
    /// Send a question that was offered.
    Suggest(String),
    /// Make the last answer again.
    Regenerate {
        /// With the seed that is set, though a version has it.
        same_seed: bool,
    },
    /// Ask a question of the conversation in other words.
    Edit(TurnId, String),
    /// Go on with the last answer, which was cut short.
    Continue(TurnId),
    /// Say something else from a token of an answer on.
    Fork {
        /// The answer.
        turn: TurnId,
        /// Its tokens that are kept.
        at: u32,
        /// What is said then.
        given: Given,
    },
    /// Continue an answer from other words, to see what it would have come to.
    WhatIf(TurnId),
    /// Hand out a link that repeats an answer.
    Share(TurnId),
    /// Repeat what the address says.
    Replay,
    /// Do not repeat it.
    LeaveReplay,
    /// Show another version of a turn.
    Choose(TurnId),
    /// Answer questions in these ways side by side; fewer than two are none.
    Ways(Vec<SamplerKind>),
    /// Show all answers to the last question side by side, or one.
    Beside(bool),
    /// Begin another chat.
    NewChat,
    /// Begin another chat with what was said last.
    CarryOver,
    /// Show a chat.
    OpenChat(String),
    /// Give the open chat a title.
    Rename(String),
    /// Delete a chat.
    Delete(String),
    /// Bring back the chat that was deleted last.
    Undelete,
    /// Show the chats that say this.
    Search(String),
    /// Forget everything.
    Erase,
    /// Time to keep what changed.
    SaveDue,
    /// Storage says something of chats.
    Chats(Told),
    /// Hand out all chats.
    ExportAll,
    /// Files of JSON were opened, with this text one after the other.
    OpenText(String),
    /// Hand out the record of an answer.
    Export(TurnId),
    /// The settings were changed.
    Settings(Box<Settings>),
    /// The problem was read.
    Dismiss,
}

/// What a look at a worker is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// Which worker.
    pub(crate) worker: u32,
    /// Which look at it; only the newest one counts.
    pub(crate) number: u32,
    /// Signs of life it had given.
    pub(crate) signs: u32,
    /// Whether it was asked for one.
    pub(crate) asked: bool,
    /// When this is due, in ms.
    pub(crate) due: f64,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Effect<B> {
    /// Fetch a text.
    Fetch(Page, String),
    /// Start a worker.
    Start {
        /// Its number.
        worker: u32,
        /// Its script.
        url: String,
    },
    /// End a worker.
    End {
        /// Its number.
        worker: u32,
    },
    /// Send a request.
    Tell {
        /// To whom.
        worker: u32,
        /// What.
        request: Box<Request>,
        /// The bytes that go along.
        bytes: Option<B>,
    },
    /// Look whether a file begins as models do.
    Peek {
        /// Comes back in [`Msg::Peeked`].
        number: u32,
        /// The file.
        bytes: B,
    },
    /// Say this to the client after some time, in ms.
    After(u32, Msg<B>),
    /// Keep a text in the browser, or forget it.
    Keep(&'static str, Option<String>),
    /// Keep the draft of a chat, or forget it.
    KeepDraft(String, Option<String>),
    /// Ask storage about chats.
    Chats(Ask),
    /// Hand out the page's address with this fragment.
    Share(String),
    /// Write the fragment of the address.
    Link(String),
    /// Hand a JSON file to the person.
    Download {
        /// Its name.
        name: &'static str,
        /// Its text.
        text: String,
        /// Whether each value gets a line of its own.
        lines: bool,
    },
    /// The settings came from elsewhere than from their fields.
    Settings,
    /// Turns came or went.
    Turns,
    /// An answer went on.
    Turn(TurnId),
    /// Continuations from other words went on, or are others.
    WhatIf,
    /// An answer begins: nothing is chosen, and its end is shown.
    Begin,
    /// Choose a token.
    Choose {
        /// Of which answer.
        turn: TurnId,
        /// Its number.
        index: u32,
    },
}
