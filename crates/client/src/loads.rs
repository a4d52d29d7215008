//! Loading a model: with which worker, what becomes of the one that is loaded, and what is tried next.

use entropix_protocol::{About, ModelInfo, Phase, Problem, ProblemKind, Request, Source, Storage};

use crate::client::{Client, Effects};
use crate::msg::Effect;
use crate::state::{Attempt, Load, Loaded};
use crate::status::ModelStatus;

impl<B: Clone> Client<B> {
    /// Loads a model of the list.
    pub(crate) fn load_offered(&mut self, number: usize, now: f64, out: &mut Effects<B>) {
        if let Some(model) = self.offered.get(number).cloned() {
            let source = model.source(self.absolute);
            self.start_load(
                Load { source, bytes: None, entry: Some(model), only_stored: false },
                now,
                out,
            );
        }
    }

    /// Loads a file of the person's own.
    pub(crate) fn open(&mut self, name: String, bytes: B, now: f64, out: &mut Effects<B>) {
        let source = Source::Blob { name };
        self.start_load(
            Load { source, bytes: Some(bytes), entry: None, only_stored: false },
            now,
            out,
        );
    }

    /// Tries the last load again.
    pub(crate) fn retry(&mut self, now: f64, out: &mut Effects<B>) {
        self.alert = None;
        match self.last_load.clone() {
            Some(load) => self.start_load(load, now, out),
            None => self.load_offered(0, now, out),
        }
    }

    pub(crate) fn start_load(&mut self, load: Load<B>, now: f64, out: &mut Effects<B>) {
        self.alert = None;
        self.last_load = Some(load.clone());
        if self.workers.variants.is_empty() {
            let problem = Problem::new(
                ProblemKind::Browser,
                "This browser has none of the powers that the engine needs",
                "Update the browser; recorded chats work without it.",
            );
            return self.warn(problem, false);
        }
        self.status = ModelStatus::Starting;
        self.peeks += 1;
        let other = self.workers.current.is_some_and(|worker| worker.variant != 0);
        match &load.bytes {
            // What is no model at all is refused by the worker that is there, and costs nothing.
            Some(bytes) if other => {
                out.push(Effect::Peek { number: self.peeks, bytes: bytes.clone() });
            }
            _ => self.attempt_with(Attempt::of(load), 0, now, out),
        }
    }

    /// Goes on with a file of which the beginning is known.
    pub(crate) fn peeked(&mut self, number: u32, is_model: bool, now: f64, out: &mut Effects<B>) {
        if number != self.peeks || self.status != ModelStatus::Starting {
            return;
        }
        let Some(load) = self.last_load.clone() else { return };
        let here = self.workers.current.map_or(0, |worker| worker.variant);
        self.attempt_with(Attempt::of(load), if is_model { 0 } else { here }, now, out);
    }

    /// Asks a worker of a variant: the current one, or else one that may take its place.
    pub(crate) fn attempt_with(
        &mut self,
        attempt: Attempt<B>,
        variant: usize,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let here = self.workers.current.filter(|worker| worker.variant == variant);
        let worker = match here {
            Some(worker) => {
                self.end_coming(out);
                Some(worker.number)
            }
            None => self.start_worker(variant, now, out),
        };
        let Some(worker) = worker else { return };
        self.status = ModelStatus::Starting;
        self.nothing_by_itself(out);
        let Load { source, only_stored, .. } = &attempt.load;
        let request = Request::Load { source: source.clone(), only_stored: *only_stored };
        let bytes = attempt.load.bytes.clone();
        self.attempt = Some(Attempt { worker, variant, kept: false, ..attempt });
        self.tell(worker, request, bytes, now, out);
    }

    /// The load that brings back the earlier model, and the variant that held it.
    pub(crate) fn restoring(&self) -> Option<(Attempt<B>, usize)> {
        let loaded = self.loaded.as_ref()?;
        let source = Source::Blob { name: loaded.model.name.clone() };
        let bytes = Some(loaded.bytes.clone()?);
        let load = Load { source, bytes, entry: loaded.entry.clone(), only_stored: false };
        Some((Attempt { restoring: true, ..Attempt::of(load) }, loaded.variant))
    }

    /// How the model stands when nothing is under way.
    pub(crate) fn resting(&self) -> ModelStatus {
        match &self.loaded {
            Some(Loaded { held: true, model, storage, .. }) => {
                ModelStatus::Ready { model: model.clone(), storage: storage.clone() }
            }
            _ => ModelStatus::Empty,
        }
    }

    pub(crate) fn load_went_on(&mut self, worker: u32, phase: Phase, done: f64, total: f64) {
        let loads = self.workers.get(worker).map_or(0, |worker| worker.loads);
        let ours = self.attempt.as_ref().is_some_and(|it| it.worker == worker && !it.cancelled);
        if ours && loads == 1 {
            self.status = ModelStatus::Loading { phase, done, total };
        }
    }

    /// The worker says that it still holds the earlier model.
    pub(crate) fn model_kept(&mut self, worker: u32) {
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.worker == worker) {
            attempt.kept = true;
        }
    }

    /// Notes that a worker answered a load; returns whether it was the last one it was asked for.
    fn load_answered(&mut self, worker: u32) -> bool {
        let Some(it) = self.workers.get(worker) else { return false };
        it.loads = it.loads.saturating_sub(1);
        it.loads == 0
    }

    /// A model is loaded.
    pub(crate) fn ready(
        &mut self,
        worker: u32,
        model: ModelInfo,
        storage: Storage,
        bytes: Option<B>,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let last = self.load_answered(worker);
        let attempt = self.attempt.take_if(|attempt| last && attempt.worker == worker);
        let Some(variant) = self.workers.get(worker).map(|worker| worker.variant) else { return };
        let (entry, storage) = match (&attempt, &self.loaded) {
            (Some(attempt), Some(loaded)) if attempt.restoring => {
                (loaded.entry.clone(), loaded.storage.clone())
            }
            (Some(attempt), _) => (attempt.load.entry.clone(), storage),
            (None, _) => (None, storage),
        };
        let restored = attempt.is_some_and(|attempt| attempt.restoring);
        if self.workers.coming.is_some_and(|coming| coming.number == worker) {
            self.end_answer(out);
            self.end_current(out);
            self.workers.current = self.workers.coming.take();
        }
        self.settings
            .set_model(model.pause_token, entry.as_ref().map(|entry| entry.promised.clone()));
        out.push(Effect::Settings);
        if let Some(entry) = entry.as_ref().filter(|_| !restored) {
            self.put_on_shelf(entry, &storage, out);
        }
        self.announcement = format!("{} is ready.", model.name);
        self.loaded = Some(Loaded { model, storage, bytes, entry, variant, held: true });
        if last && self.attempt.is_none() {
            self.rest(out);
            self.send_waiting(now, out);
            self.measure_soon(out);
        }
    }

    /// Something failed, and the worker goes on.
    pub(crate) fn failed(
        &mut self,
        worker: u32,
        about: About,
        problem: Problem,
        now: f64,
        out: &mut Effects<B>,
    ) {
        match about {
            About::Load => self.load_failed(worker, problem, now, out),
            About::Generation { id } => self.refused(worker, id, problem, now, out),
            // It will be said when the draft is sent.
            About::Measure { id } => self.draft.cannot_measure(id),
            About::WhatIf { id } => self.what_if_refused(worker, id, problem, now, out),
            About::Score { .. } => {}
            About::Worker => self.warn(problem, false),
        }
    }

    fn load_failed(&mut self, worker: u32, problem: Problem, now: f64, out: &mut Effects<B>) {
        if !self.load_answered(worker) {
            return;
        }
        let Some(attempt) = self.attempt.take_if(|attempt| attempt.worker == worker) else {
            return;
        };
        let is_current = self.workers.is_current(worker);
        if let Some(loaded) = self.loaded.as_mut().filter(|_| is_current) {
            loaded.held &= attempt.kept;
        }
        let any = crate::variants::next(&self.workers.variants, attempt.variant, true);
        if problem.kind == ProblemKind::Architecture
            && !attempt.cancelled
            && let Some(any) = any.filter(|any| *any != attempt.variant)
        {
            return self.attempt_with(attempt, any, now, out);
        }
        self.end_coming(out);
        let quiet = self.is_no_news(&problem, &attempt.load, out) || attempt.cancelled;
        self.rest(out);
        if attempt.cancelled {
            self.say_paused(attempt.load.entry.as_ref());
        }
        if attempt.restoring {
            self.loaded = None;
        }
        let gone = self.status == ModelStatus::Empty;
        let again = self.restoring().filter(|_| gone);
        let retry = gone && again.is_none();
        if let Some((attempt, variant)) = again {
            self.attempt_with(attempt, variant, now, out);
        }
        if retry {
            self.interrupt(out);
        }
        if !quiet {
            self.warn(problem, retry);
        }
    }

    /// Ends the running load; `keep`: what has come of a download stays for the next one.
    pub(crate) fn cancel_load(&mut self, keep: bool, now: f64, out: &mut Effects<B>) {
        self.peeks += 1;
        let worker = self.attempt.as_ref().map(|attempt| attempt.worker);
        if self.workers.coming.is_some_and(|coming| Some(coming.number) == worker) {
            let entry = self.attempt.take().and_then(|attempt| attempt.load.entry);
            self.end_coming(out);
            let part = entry.filter(|it| self.partial.iter().any(|own| own.sha256 == it.sha256));
            if let Some(part) = part.filter(|_| !keep) {
                self.forget(part.sha256, now, out);
            }
            return self.rest(out);
        }
        // What the worker still holds, it will say.
        self.status = if worker.is_some() { ModelStatus::Empty } else { self.resting() };
        if let (Some(attempt), Some(worker)) = (&mut self.attempt, worker) {
            attempt.cancelled = true;
            let request = if keep { Request::Pause } else { Request::Stop };
            self.tell(worker, request, None, now, out);
        }
    }
}

impl<B> Attempt<B> {
    fn of(load: Load<B>) -> Self {
        Self {
            load,
            worker: 0,
            variant: 0,
            restoring: false,
            repeats: 0,
            kept: false,
            cancelled: false,
        }
    }
}
