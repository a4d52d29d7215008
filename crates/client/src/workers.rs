//! Workers: which one is asked, whether it lives, and what happens when it does not.

use entropix_protocol::{Event, PROTOCOL_VERSION, Problem, ProblemKind, Request};

use crate::client::{Client, Effects};
use crate::msg::{Effect, Msg, Watch};
use crate::state::Worker;
use crate::status::{ModelStatus, is_fatal};
use crate::what_if::WhatIf;

/// A worker that dies more often than this in a minute is not started again by itself.
const RESTARTS_PER_MINUTE: usize = 3;
/// A worker that was asked for a sign of life has this long, in ms: one step of reading a prompt is shorter.
const SIGN: u32 = 10_000;
/// One that works in silence is asked for a sign after this, in ms.
const SILENCE: u32 = 30_000;
/// One that was started has this long to say its first word, in ms: its script must come over the network.
const FIRST_WORD: u32 = 60_000;
/// A timer this late, in ms, says that the page slept, and the worker with it.
const SLEPT: f64 = 3_000.0;

impl<B: Clone> Client<B> {
    /// Starts a worker of a variant beside the current one, or in its place if there is none.
    pub(crate) fn start_worker(
        &mut self,
        variant: usize,
        now: f64,
        out: &mut Effects<B>,
    ) -> Option<u32> {
        let url = (self.absolute)(&self.workers.variants.get(variant)?.url);
        self.end_coming(out);
        self.workers.started += 1;
        let number = self.workers.started;
        let worker = Worker { number, variant, signs: 0, looks: 0, loads: 0 };
        if self.workers.current.is_some() {
            self.workers.coming = Some(worker);
        } else {
            self.workers.current = Some(worker);
        }
        out.push(Effect::Start { worker: number, url });
        self.look_after(number, FIRST_WORD, true, now, out);
        Some(number)
    }

    pub(crate) fn end_coming(&mut self, out: &mut Effects<B>) {
        if let Some(worker) = self.workers.coming.take() {
            out.push(Effect::End { worker: worker.number });
        }
    }

    pub(crate) fn end_current(&mut self, out: &mut Effects<B>) {
        // What it was about, nobody ends now.
        self.draining.clear();
        self.verified.take_if(|(_, verdict)| verdict.is_none());
        if let Some(worker) = self.workers.current.take() {
            out.push(Effect::End { worker: worker.number });
        }
    }

    /// Sends a request to a worker that must give a sign of life soon.
    pub(crate) fn tell(
        &mut self,
        worker: u32,
        request: Request,
        bytes: Option<B>,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let Some(to) = self.workers.get(worker) else { return };
        let heard = to.signs > 0;
        to.loads += u32::from(matches!(request, Request::Load { .. }));
        if heard {
            // First: what follows may take long.
            out.push(ping(worker));
            self.look_after(worker, SIGN, true, now, out);
        }
        out.push(Effect::Tell { worker, request: Box::new(request), bytes });
    }

    fn look_after(&mut self, worker: u32, ms: u32, asked: bool, now: f64, out: &mut Effects<B>) {
        if let Some(it) = self.workers.get(worker) {
            it.looks += 1;
            let due = now + f64::from(ms);
            let watch = Watch { worker, number: it.looks, signs: it.signs, asked, due };
            out.push(Effect::After(ms, Msg::Watch(watch)));
        }
    }

    /// Looks whether a worker that owes something has said anything.
    pub(crate) fn watch(&mut self, watch: Watch, now: f64, out: &mut Effects<B>) {
        let Some(worker) = self.workers.get(watch.worker).copied() else { return };
        if worker.looks != watch.number {
            return;
        }
        if worker.signs > 0 && !self.owes(worker.number) {
            return;
        }
        if worker.signs != watch.signs {
            self.look_after(worker.number, SILENCE, false, now, out);
        } else if watch.asked && now < watch.due + SLEPT {
            self.silent(worker, now, out);
        } else {
            if worker.signs > 0 {
                out.push(ping(worker.number));
            }
            self.look_after(worker.number, SIGN, true, now, out);
        }
    }

    /// Whether something is expected of a worker.
    fn owes(&self, worker: u32) -> bool {
        let loads = self.attempt.as_ref().is_some_and(|attempt| attempt.worker == worker);
        let answers = self.running.as_ref().is_some_and(|running| running.sent)
            || !self.draining.is_empty()
            || self.what_if.as_ref().is_some_and(WhatIf::is_going);
        loads || answers && self.workers.is_current(worker)
    }

    /// Takes in an event of a worker; those of one that is gone are not for us.
    pub(crate) fn said(
        &mut self,
        worker: u32,
        event: Event,
        bytes: Option<B>,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let Some(it) = self.workers.get(worker) else { return };
        if let Event::Failed { problem, about: entropix_protocol::About::Worker } = &event
            && problem.kind == ProblemKind::Browser
        {
            return self.never_started(worker, problem.clone(), now, out);
        }
        it.signs += 1;
        match event {
            Event::Hello { protocol } if protocol != PROTOCOL_VERSION => {
                self.wrong_version(worker, protocol, out);
            }
            Event::Hello { .. } | Event::Pong | Event::Scored { .. } => {}
            Event::Progress { phase, done, total } => self.load_went_on(worker, phase, done, total),
            Event::Ready { model, storage, .. } => {
                self.ready(worker, model, storage, bytes, now, out);
            }
            Event::Partial { sha256, bytes } => self.part_came(&sha256, bytes, out),
            Event::Kept { .. } => self.model_kept(worker),
            Event::Generation { id, step } => self.generation(worker, id, step, now, out),
            Event::WhatIf { id, grown, last } => {
                self.what_if_went_on(worker, id, grown, last, now, out);
            }
            Event::Measured { id, tokens, context_length } => {
                self.draft.take_measure(id, tokens, context_length);
            }
            Event::Forgotten { sha256 } => self.forgotten(&sha256, out),
            Event::Verified { sha256, verdict } => self.was_verified(sha256, verdict),
            Event::Failed { problem, .. } if is_fatal(problem.kind) => {
                self.died(worker, problem, false, now, out);
            }
            Event::Failed { about, problem } => self.failed(worker, about, problem, now, out),
        }
    }

    /// A worker reported an error that it did not put in words.
    pub(crate) fn broken(
        &mut self,
        worker: u32,
        why: &str,
        online: bool,
        now: f64,
        out: &mut Effects<B>,
    ) {
        let Some(it) = self.workers.get(worker) else { return };
        if it.signs > 0 {
            let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
            let message = format!("The engine stopped unexpectedly{why}");
            let advice = "The conversation is kept; press Continue for the rest of the answer.";
            let problem = Problem::new(ProblemKind::Crashed, message, advice);
            return self.died(worker, problem, false, now, out);
        }
        if online {
            let message = "The engine could not be fetched or started";
            let advice = "Check the network connection and try again; if that does not help, update the browser.";
            return self.never_started(
                worker,
                Problem::new(ProblemKind::Browser, message, advice),
                now,
                out,
            );
        }
        let message = "The engine could not be fetched: this device has no network connection";
        let advice = "Connect to the network, then try again.";
        self.give_up(worker, Problem::new(ProblemKind::Network, message, advice), out);
    }

    /// A worker that never spoke: the next one of its kind is tried.
    fn never_started(&mut self, worker: u32, problem: Problem, now: f64, out: &mut Effects<B>) {
        let variant = self.workers.get(worker).map(|worker| worker.variant);
        let next =
            variant.and_then(|from| crate::variants::next(&self.workers.variants, from, false));
        match (next, self.attempt.take_if(|attempt| attempt.worker == worker)) {
            (Some(next), Some(attempt)) => {
                self.drop_worker(worker, out);
                self.attempt_with(attempt, next, now, out);
            }
            (_, attempt) => {
                self.attempt = attempt;
                self.give_up(worker, problem, out);
            }
        }
    }

    /// Ends a worker that could not be used; what was loaded elsewhere stays.
    fn give_up(&mut self, worker: u32, problem: Problem, out: &mut Effects<B>) {
        self.drop_worker(worker, out);
        self.attempt.take_if(|attempt| attempt.worker == worker);
        self.rest(out);
        let retry = self.status == ModelStatus::Empty;
        if retry {
            self.interrupt(out);
        }
        self.warn(problem, retry);
    }

    /// Ends a worker; the model and the answer it had are gone with it.
    fn drop_worker(&mut self, worker: u32, out: &mut Effects<B>) {
        if self.workers.is_coming(worker) {
            self.end_coming(out);
        } else if self.workers.is_current(worker) {
            self.end_current(out);
            self.what_if_broke(out);
            if self.running.as_ref().is_some_and(|running| running.sent) {
                self.interrupt(out);
            }
            if let Some(loaded) = &mut self.loaded {
                loaded.held = false;
            }
        }
    }

    fn wrong_version(&mut self, worker: u32, protocol: u32, out: &mut Effects<B>) {
        let problem = Problem::new(
            ProblemKind::Version,
            format!("The page speaks version {PROTOCOL_VERSION} and its engine version {protocol}"),
            "Reload the page, so that both are of the same version.",
        );
        self.give_up(worker, problem.clone(), out);
        self.warn(problem, false);
    }

    /// A worker that was asked for a sign gave none.
    fn silent(&mut self, worker: Worker, now: f64, out: &mut Effects<B>) {
        if worker.signs == 0 {
            let problem = Problem::new(
                ProblemKind::Network,
                "The engine did not start within a minute",
                "Check the network connection, then try again.",
            );
            return self.never_started(worker.number, problem, now, out);
        }
        let problem = Problem::new(
            ProblemKind::Crashed,
            "The engine no longer answers",
            "It is started again; the conversation is kept.",
        );
        self.died(worker.number, problem, true, now, out);
    }

    /// A worker that had spoken is gone: another one takes up its model, unless that keeps failing. `silent`: it
    /// was never told to us, so that what it was asked for last may be asked again.
    fn died(
        &mut self,
        worker: u32,
        problem: Problem,
        silent: bool,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if self.workers.is_coming(worker) {
            return self.give_up(worker, problem, out);
        }
        let attempt = self.attempt.take_if(|attempt| attempt.worker == worker);
        let asked =
            attempt.filter(|it| silent && !it.cancelled && !it.restoring && it.repeats == 0);
        if silent {
            self.put_back_unheard();
        }
        self.drop_worker(worker, out);
        self.status = ModelStatus::Empty;
        self.workers.restarts.retain(|at| now - at < 60_000.0);
        self.workers.restarts.push(now);
        let often = self.workers.restarts.len() > RESTARTS_PER_MINUTE;
        if self.attempt.is_some() {
            // Another worker is on its way with another model.
            self.status = ModelStatus::Starting;
            return self.warn(problem, false);
        }
        let again = match asked {
            _ if often => None,
            Some(mut attempt) => {
                attempt.repeats += 1;
                let variant = attempt.variant;
                Some((attempt, variant))
            }
            None => self.restoring(),
        };
        let retry = again.is_none();
        if let Some((attempt, variant)) = again {
            self.attempt_with(attempt, variant, now, out);
        } else {
            self.nothing_by_itself(out);
            self.interrupt(out);
        }
        self.warn(problem, retry);
    }

    /// Removes what is stored of a model.
    pub(crate) fn forget(&mut self, sha256: String, now: f64, out: &mut Effects<B>) {
        self.tell_any(Request::Forget { sha256 }, now, out);
    }

    /// Has a stored model hashed again.
    pub(crate) fn verify(&mut self, sha256: String, now: f64, out: &mut Effects<B>) {
        let stored = self.stored.iter().find(|model| model.sha256 == sha256);
        let Some(bytes) = stored.map(|model| model.bytes) else { return };
        self.verified = Some((sha256.clone(), None));
        self.tell_any(Request::Verify { sha256, bytes }, now, out);
    }

    /// Asks the worker, or one that is started for it.
    fn tell_any(&mut self, request: Request, now: f64, out: &mut Effects<B>) {
        if self.workers.current.is_none() {
            self.start_worker(0, now, out);
        }
        if let Some(worker) = self.workers.current {
            self.tell(worker.number, request, None, now, out);
        }
    }
}

fn ping<B>(worker: u32) -> Effect<B> {
    Effect::Tell { worker, request: Box::new(Request::Ping), bytes: None }
}
