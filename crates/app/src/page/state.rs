//! The signals that views read.

use entropix_protocol::{ModelInfo, Problem, Role, Source, Stats};
use gloo::storage::{LocalStorage as Stored, Storage};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use web_sys::Blob;

use crate::page::bridge::Bridge;
use crate::page::elements;
use entropix_client::engine::Engine;
use entropix_client::manifest::Model;
use entropix_client::session::{Answer, Body, Progress, Session};
use entropix_client::settings::Settings;

/// Name under which the settings are stored.
pub(super) const SETTINGS: &str = "entropix.settings";
/// Name under which the system prompt is stored.
pub(super) const SYSTEM: &str = "entropix.system";
/// Set once the model's bytes are in this browser's storage.
pub(super) const MODEL_STORED: &str = "entropix.model-stored";

/// One token on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Turn of the answer.
    pub(super) turn: u32,
    /// Number of the token in it.
    pub(super) index: u32,
}

/// One turn on the page; what changes while it streams are signals of their own, so that a token
/// costs the same however long the answer is.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) turn: u32,
    pub(super) body: RowBody,
}

#[derive(Clone)]
pub(super) enum RowBody {
    Said(Role, String),
    Answer { tokens: ArcRwSignal<usize>, progress: ArcRwSignal<Progress> },
}

/// Something that must be read, and perhaps tried again.
#[derive(Clone, PartialEq)]
pub(super) struct Alert {
    pub(super) problem: Problem,
    /// Whether loading the model again may help.
    pub(super) retry: bool,
}

/// What the worker keeps no memory of when it is replaced.
#[derive(Default)]
pub(super) struct Engineroom {
    pub(super) bridge: Option<Bridge>,
    /// The last load that was asked for.
    pub(super) last_load: Option<(Source, Option<Blob>)>,
    /// The loaded model's bytes.
    pub(super) blob: Option<(String, Blob)>,
    /// Whether this worker is the one for architectures that the engine lacks.
    pub(super) generic: bool,
    /// Workers started so far; the last one is the current one.
    pub(super) workers: u32,
    /// Whether this worker has ever spoken.
    pub(super) heard: bool,
    /// Times in ms at which workers were replaced.
    pub(super) restarts: Vec<f64>,
    /// Waiting to measure the draft.
    pub(super) measuring: Option<Timeout>,
    pub(super) last_measure: u32,
}

/// Whether the sampler's numbers are in view.
#[derive(Clone, Copy)]
pub(super) struct NumbersInView(pub(super) RwSignal<bool>);

/// Everything, as copyable handles.
#[derive(Clone, Copy)]
pub(super) struct App {
    pub(super) session: StoredValue<Session, LocalStorage>,
    pub(super) engineroom: StoredValue<Engineroom, LocalStorage>,
    pub(super) rows: RwSignal<Vec<Row>>,
    pub(super) running: RwSignal<bool>,
    pub(super) recorded: RwSignal<bool>,
    pub(super) engine: RwSignal<Engine>,
    pub(super) offered: RwSignal<Option<Model>>,
    /// Whether the custom elements can be spoken to.
    pub(super) elements: RwSignal<bool>,
    /// The chosen token.
    pub(super) selected: RwSignal<Option<Spot>>,
    /// The token that a strip said it shows, last of all.
    pub(super) told: RwSignal<Option<Spot>>,
    pub(super) sheet: RwSignal<bool>,
    pub(super) settings: RwSignal<Settings>,
    /// Told when settings came from elsewhere than their fields, which are then written anew.
    pub(super) reset: Trigger,
    pub(super) system: RwSignal<String>,
    pub(super) draft: RwSignal<String>,
    /// Tokens of the conversation with the draft, and of the context.
    pub(super) measured: RwSignal<Option<(u32, u32)>>,
    pub(super) stats: RwSignal<Option<Stats>>,
    pub(super) alert: RwSignal<Option<Alert>>,
    pub(super) announcement: RwSignal<String>,
    pub(super) stored: RwSignal<bool>,
    /// Whether a file is being dragged over the page.
    pub(super) dropping: RwSignal<bool>,
}

impl App {
    pub(super) fn new() -> Self {
        Self {
            session: StoredValue::new_local(Session::default()),
            engineroom: StoredValue::new_local(Engineroom::default()),
            rows: RwSignal::new(Vec::new()),
            running: RwSignal::new(false),
            recorded: RwSignal::new(false),
            engine: RwSignal::new(Engine::default()),
            offered: RwSignal::new(None),
            elements: elements::ready(),
            selected: RwSignal::new(None),
            told: RwSignal::new(None),
            sheet: RwSignal::new(false),
            settings: RwSignal::new(Stored::get(SETTINGS).unwrap_or_default()),
            reset: Trigger::new(),
            system: RwSignal::new(Stored::get(SYSTEM).unwrap_or_default()),
            draft: RwSignal::new(String::new()),
            measured: RwSignal::new(None),
            stats: RwSignal::new(None),
            alert: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            dropping: RwSignal::new(false),
            stored: RwSignal::new(Stored::get(MODEL_STORED).unwrap_or_default()),
        }
    }

    /// The token that is shown: the one that a strip told of, else the one chosen, else the newest.
    pub(super) fn shown(&self) -> Option<Spot> {
        let newest = move || {
            let last = self.rows.with(|rows| rows.last().cloned())?;
            let RowBody::Answer { tokens, .. } = last.body else { return None };
            let index = tokens.get().checked_sub(1)? as u32;
            Some(Spot { turn: last.turn, index })
        };
        self.told.get().or_else(|| self.selected.get()).or_else(newest)
    }

    /// The answer whose token is shown.
    pub(super) fn shown_turn(&self) -> Option<u32> {
        let last = move || self.rows.with(|rows| rows.last().map(|row| row.turn));
        self.shown().map(|spot| spot.turn).or_else(last)
    }

    /// Notes what the strip of `turn` shows now. That it shows nothing matters only if it did before.
    pub(super) fn tell(&self, turn: u32, index: Option<u32>) {
        let told = self.told.get_untracked();
        let now = index.map(|index| Spot { turn, index });
        if told != now && (now.is_some() || told.is_some_and(|told| told.turn == turn)) {
            self.told.set(now);
        }
    }

    /// Whether a turn is the last one.
    pub(super) fn is_last(&self, turn: u32) -> bool {
        self.rows.with(|rows| rows.last().is_some_and(|row| row.turn == turn))
    }

    /// Reads an answer.
    pub(super) fn with_answer<T>(&self, turn: u32, read: impl FnOnce(&Answer) -> T) -> Option<T> {
        self.session.with_value(|session| session.answer(turn).map(read))
    }

    /// Facts about the loaded model.
    pub(super) fn model(&self) -> Option<ModelInfo> {
        self.engine.with(|engine| engine.model().cloned())
    }

    /// Brings the rows in line with the session after turns came or went.
    pub(super) fn sync(&self) {
        let old = self.rows.get_untracked();
        let rows = self.session.with_value(|session| {
            session
                .turns()
                .iter()
                .map(|turn| {
                    let kept = old.iter().find(|row| row.turn == turn.id);
                    kept.cloned().unwrap_or_else(|| Row {
                        turn: turn.id,
                        body: match &turn.body {
                            Body::Said(role, text) => RowBody::Said(*role, text.clone()),
                            Body::Answer(answer) => RowBody::Answer {
                                tokens: ArcRwSignal::new(answer.entries.len()),
                                progress: ArcRwSignal::new(answer.progress),
                            },
                        },
                    })
                })
                .collect()
        });
        let (recorded, running) =
            self.session.with_value(|session| (session.is_recorded(), session.is_running()));
        self.recorded.set(recorded);
        self.running.set(running);
        let gone = |turn: u32| self.with_answer(turn, |_| ()).is_none();
        if self.selected.get_untracked().is_some_and(|spot| gone(spot.turn)) {
            self.selected.set(None);
        }
        if self.told.get_untracked().is_some_and(|spot| gone(spot.turn)) {
            self.told.set(None);
        }
        self.rows.set(rows);
    }

    /// Tells the row of a turn how far its answer is.
    pub(super) fn touch(&self, turn: u32) {
        let Some((count, now)) =
            self.with_answer(turn, |answer| (answer.entries.len(), answer.progress))
        else {
            return;
        };
        let row = self.rows.with_untracked(|rows| {
            rows.iter().rev().find(|row| row.turn == turn).map(|row| row.body.clone())
        });
        if let Some(RowBody::Answer { tokens, progress }) = row {
            if progress.get_untracked() != now {
                progress.set(now);
            }
            if tokens.get_untracked() != count {
                tokens.set(count);
            }
        }
    }
}
