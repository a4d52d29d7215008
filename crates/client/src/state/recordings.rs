//! Recorded answers to one question.

use crate::manifest::Recording;

/// The recordings, and which one is shown or on its way.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    pub(crate) list: Vec<Recording>,
    pub(crate) shown: usize,
    /// Whether the first one is on its way.
    pub(crate) awaited: bool,
    /// Whether the conversation was one of them when it was put there.
    pub(crate) on: bool,
}
