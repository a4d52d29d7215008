//! Workers: the one that is asked, and one that may take its place.

use crate::variants::Variant;

/// A running worker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker {
    pub(crate) number: u32,
    /// Which of the variants.
    pub(crate) variant: usize,
    /// Messages that came from it.
    pub(crate) signs: u32,
    /// Number of the newest look at it.
    pub(crate) looks: u32,
    /// Loads it was asked for and has not answered.
    pub(crate) loads: u32,
}

/// The worker that is asked, and one that may take its place.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    /// Those this browser runs, best first.
    pub(crate) variants: Vec<Variant>,
    pub(crate) current: Option<Worker>,
    /// Loads a model that the current one can't; takes its place when the model is ready.
    pub(crate) coming: Option<Worker>,
    pub(crate) started: u32,
    /// Times in ms at which workers were replaced.
    pub(crate) restarts: Vec<f64>,
}

impl Workers {
    pub(crate) fn get(&mut self, number: u32) -> Option<&mut Worker> {
        [&mut self.current, &mut self.coming]
            .into_iter()
            .filter_map(Option::as_mut)
            .find(|worker| worker.number == number)
    }

    pub(crate) fn is_current(&self, number: u32) -> bool {
        self.current.is_some_and(|worker| worker.number == number)
    }

    pub(crate) fn is_coming(&self, number: u32) -> bool {
        self.coming.is_some_and(|worker| worker.number == number)
    }
}
