//! What the page knows about the worker and its model.

use entropix_protocol::{Event, ModelInfo, PROTOCOL_VERSION, Phase, Problem, ProblemKind};

/// The worker's condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Engine {
    /// No model, nothing under way.
    #[default]
    Empty,
    /// A load was asked for; the worker has not answered yet.
    Starting,
    /// Bytes are moving or the model is being built.
    Loading {
        /// What is being done.
        phase: Phase,
        /// Bytes done.
        done: f64,
        /// Bytes in all; 0 if unknown.
        total: f64,
    },
    /// A model answers.
    Ready {
        /// Facts about it.
        model: ModelInfo,
        /// Why its bytes are not stored for the next visit, or `None` if they are.
        not_stored: Option<String>,
    },
}

impl Engine {
    /// The loaded model.
    pub fn model(&self) -> Option<&ModelInfo> {
        match self {
            Self::Ready { model, .. } => Some(model),
            _ => None,
        }
    }

    /// Whether a load is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Starting | Self::Loading { .. })
    }

    /// Share done, 0..=1, if it is known.
    pub fn fraction(&self) -> Option<f64> {
        match self {
            Self::Loading { done, total, .. } if *total > 0.0 => {
                Some((done / total).clamp(0.0, 1.0))
            }
            _ => None,
        }
    }

    /// Takes in an event; returns a problem that must be shown.
    pub fn apply(&mut self, event: &Event) -> Option<Problem> {
        match event {
            Event::Hello { protocol } if *protocol != PROTOCOL_VERSION => {
                *self = Self::Empty;
                return Some(Problem::new(
                    ProblemKind::Version,
                    format!(
                        "The page speaks version {PROTOCOL_VERSION} and its engine version {protocol}"
                    ),
                    "Reload the page, so that both are of the same version.",
                ));
            }
            // After a cancelled load its last messages may still be on the way.
            Event::Progress { phase, done, total } if self.is_loading() => {
                *self = Self::Loading { phase: *phase, done: *done, total: *total };
            }
            Event::Ready { model, storage, .. } => {
                *self = Self::Ready { model: model.clone(), not_stored: storage.clone() };
            }
            Event::Kept { model } => {
                *self = Self::Ready { model: model.clone(), not_stored: None };
            }
            Event::Failed { id: None, problem } => {
                let cancelled = *self == Self::Empty;
                if self.is_loading() {
                    *self = Self::Empty;
                }
                return (!cancelled || is_fatal(problem.kind)).then(|| problem.clone());
            }
            Event::Failed { id: Some(_), problem } => return Some(problem.clone()),
            _ => {}
        }
        None
    }
}

/// Whether the worker is gone after such a problem.
pub fn is_fatal(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::Crashed | ProblemKind::OutOfMemory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: f64) -> Event {
        Event::Progress { phase: Phase::Download, done, total: 200.0 }
    }

    #[test]
    fn a_load_goes_through_its_phases() {
        let mut engine = Engine::Starting;
        assert_eq!(engine.apply(&Event::Hello { protocol: PROTOCOL_VERSION }), None);
        engine.apply(&progress(50.0));
        assert_eq!(engine.fraction(), Some(0.25));
        assert!(engine.is_loading());
    }

    #[test]
    fn another_version_is_refused() {
        let mut engine = Engine::Starting;
        let problem = engine.apply(&Event::Hello { protocol: PROTOCOL_VERSION + 1 });
        assert_eq!(problem.map(|p| p.kind), Some(ProblemKind::Version));
        assert_eq!(engine, Engine::Empty);
    }

    #[test]
    fn a_failed_load_leaves_the_earlier_model() {
        let model = ModelInfo {
            name: "Earlier".into(),
            architecture: "llama".into(),
            bytes: 1e6,
            context_length: 4096,
            vocabulary: 49152,
            layers: 30,
            quantization: "Q4_1".into(),
            kernel: "simd128".into(),
            pause_token: None,
        };
        let mut engine = Engine::Starting;
        engine.apply(&Event::Kept { model: model.clone() });
        let problem = Problem::new(ProblemKind::NotAModel, "The file is empty", "Choose another.");
        let failed = Event::Failed { id: None, problem };
        assert!(engine.apply(&failed).is_some());
        assert_eq!(engine.model(), Some(&model));
    }

    #[test]
    fn a_cancelled_load_ends_quietly() {
        let mut engine = Engine::Empty;
        engine.apply(&progress(60.0));
        assert_eq!(engine, Engine::Empty);
        let failed = Event::Failed {
            id: None,
            problem: Problem::new(ProblemKind::Network, "The download was ended", "Start again."),
        };
        assert_eq!(engine.apply(&failed), None);
        let mut engine = Engine::Starting;
        assert!(engine.apply(&failed).is_some());
        assert_eq!(engine, Engine::Empty);
    }
}
