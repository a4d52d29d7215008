//! Models: what was asked for, what is under way, and what is there.

use entropix_protocol::{ModelInfo, Source, Storage};

use crate::manifest::Model;

/// A load that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Load<B> {
    pub(crate) source: Source,
    /// Of a file of the person's own.
    pub(crate) bytes: Option<B>,
    /// The list's entry, of a model of the list.
    pub(crate) entry: Option<Model>,
    /// Nothing is downloaded for it: nobody asked for it.
    pub(crate) only_stored: bool,
}

/// A load that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<B> {
    pub(crate) load: Load<B>,
    pub(crate) worker: u32,
    pub(crate) variant: usize,
    /// Brings back what was loaded before.
    pub(crate) restoring: bool,
    /// How often it was sent again because the worker fell silent.
    pub(crate) repeats: u32,
    /// Whether the worker still holds the earlier model.
    pub(crate) kept: bool,
    /// The person ended it.
    pub(crate) cancelled: bool,
}

/// The model that was loaded last.
#[derive(Clone, Debug)]
pub(crate) struct Loaded<B> {
    pub(crate) model: ModelInfo,
    pub(crate) storage: Storage,
    pub(crate) bytes: Option<B>,
    pub(crate) entry: Option<Model>,
    pub(crate) variant: usize,
    /// Whether the current worker holds it.
    pub(crate) held: bool,
}
