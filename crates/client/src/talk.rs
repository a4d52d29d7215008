//! Questions and answers: what is asked, what comes, and how it ends.

use entropix_conversation::{Change, Made, Progress, TurnId};
use entropix_protocol::{Finish, Problem, ProblemKind, Request, Stats, Step};

use crate::client::{Client, Effects};
use crate::msg::Effect;
use crate::reading::surprisal;
use crate::start::telling;
use crate::state::Running;

/// Name of this program in exported traces.
const GENERATOR: &str = concat!("entropix-app ", env!("CARGO_PKG_VERSION"));

impl<B: Clone> Client<B> {
    /// Sends the draft.
    pub(crate) fn send_draft(&mut self, now: f64, out: &mut Effects<B>) {
        if self.status.model().is_none() || self.draft.text.trim().is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.draft.text);
        self.leave_text(now, out);
        if self.ask_in_all_ways(&text, now, out) {
            self.draft.measured = None;
            self.measure_soon(out);
        } else {
            self.draft.text = text;
        }
    }

    /// Sends a question that was offered, or puts it into the composer if no model is loaded.
    pub(crate) fn suggest(&mut self, text: String, now: f64, out: &mut Effects<B>) {
        if self.status.model().is_some() {
            self.ask_in_all_ways(&text, now, out);
        } else {
            self.write_draft(text, out);
        }
    }

    pub(crate) fn ask(&mut self, text: &str, now: f64, out: &mut Effects<B>) -> bool {
        let answer = self.made().and_then(|made| self.conversation.ask(text, made));
        if let Some(turn) = answer {
            self.begin(turn, now, out);
        }
        answer.is_some()
    }

    /// Asks a question in other words; the earlier one stays as a version, with what followed it.
    pub(crate) fn edit(&mut self, turn: TurnId, text: &str, now: f64, out: &mut Effects<B>) {
        let answer = self.made().and_then(|made| self.conversation.ask_instead(turn, text, made));
        if let Some(turn) = answer {
            self.begin(turn, now, out);
        }
    }

    pub(crate) fn made(&self) -> Option<Made> {
        let model = self.status.model()?;
        Some(Made {
            recipe: self.settings.recipe(true),
            system: self.draft.system.trim().to_owned(),
            model: model.name.clone(),
            vocabulary: Made::vocabulary_of(model),
            fork: None,
        })
    }

    pub(crate) fn begin(&mut self, turn: TurnId, now: f64, out: &mut Effects<B>) {
        self.begin_all(vec![turn], now, out);
    }

    /// Begins answers to one question, side by side.
    pub(crate) fn begin_all(&mut self, turns: Vec<TurnId>, now: f64, out: &mut Effects<B>) {
        self.leave_what_if(now, out);
        self.to_part.clear();
        self.alert = None;
        self.announcement.clear();
        // They change from now on, also where they go on.
        self.chats.open.stored.retain(|stored| !turns.contains(stored));
        let generation = self.generations + 1;
        self.generations += turns.len() as u32;
        self.running = Some(Running { generation, turns, sent: false });
        out.extend([Effect::Turns, Effect::Begin]);
        self.send_waiting(now, out);
        self.keep_chat(out);
    }

    /// Asks the worker for the answer that waits, once it can be asked.
    pub(crate) fn send_waiting(&mut self, now: f64, out: &mut Effects<B>) {
        let ready = self.status.model().is_some() && self.draining.is_empty();
        let Some(worker) = self.workers.current.filter(|_| ready) else { return };
        let Some(running) = self.running.as_mut().filter(|running| !running.sent) else { return };
        running.sent = true;
        let id = running.generation;
        let turns = running.turns.iter();
        let answers: Vec<_> = turns.filter_map(|turn| self.conversation.answer(*turn)).collect();
        let Some((first, answer)) = running.turns.first().zip(answers.first()) else { return };
        let messages = self.conversation.messages(*first);
        let request = if answers.len() > 1 {
            let recipes = answers.iter().map(|answer| answer.made.recipe.clone()).collect();
            Request::SideBySide { id, messages, recipes }
        } else {
            let (recipe, beginning) = (answer.made.recipe.clone(), answer.beginning());
            Request::Generate { id, messages, recipe, beginning }
        };
        self.tell(worker.number, request, None, now, out);
    }

    /// Answers that a silent worker never began wait for the next one.
    pub(crate) fn put_back_unheard(&mut self) {
        if let Some(running) = &mut self.running {
            let unheard = Progress::Reading(0, 0);
            let mut answers = running.turns.iter().map(|turn| self.conversation.answer(*turn));
            running.sent &=
                answers.any(|answer| answer.is_none_or(|answer| answer.progress != unheard));
        }
    }

    /// A generation went on.
    pub(crate) fn generation(
        &mut self,
        worker: u32,
        id: u32,
        step: Step,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if !self.workers.is_current(worker) {
            return;
        }
        let done = match &step {
            Step::Done { stats, .. } => Some(*stats),
            _ => None,
        };
        if self.draining.contains(&id) {
            if done.is_some() {
                self.drained(id, now, out);
            }
            return;
        }
        let Some(turn) = self.running.as_ref().and_then(|running| running.turn(id)) else { return };
        self.stats = done.or(self.stats);
        let whole = matches!(&step, Step::Done { finish, .. } if *finish != Finish::Stopped);
        let change = self.conversation.apply(turn, step);
        self.changed(turn, change, out);
        if whole {
            self.replay_on(turn, now, out);
        }
    }

    /// The worker refused a generation, or broke it off.
    pub(crate) fn refused(
        &mut self,
        worker: u32,
        id: u32,
        mut problem: Problem,
        now: f64,
        out: &mut Effects<B>,
    ) {
        if !self.workers.is_current(worker) {
            return;
        }
        if self.draining.contains(&id) {
            return self.drained(id, now, out);
        }
        let Some(turn) = self.running.as_ref().and_then(|running| running.turn(id)) else { return };
        let change = self.conversation.fail(turn);
        self.changed(turn, change, out);
        if problem.kind == ProblemKind::PromptTooLong {
            problem.advice = self.shorten();
        }
        self.warn(problem, false);
    }

    /// A generation that was told to stop has.
    pub(crate) fn drained(&mut self, id: u32, now: f64, out: &mut Effects<B>) {
        self.draining.retain(|draining| *draining != id);
        self.send_waiting(now, out);
    }

    fn changed(&mut self, turn: TurnId, change: Change, out: &mut Effects<B>) {
        if change != Change::Nothing {
            out.push(Effect::Turn(turn));
        }
        if change == Change::Tokens {
            self.keep_soon(out);
        }
        // Those beside it may still be made.
        if change == Change::Over && !self.conversation.is_running() {
            self.ended(turn, out);
        }
    }

    /// All answers that were being made are over, `turn` the last of them.
    fn ended(&mut self, turn: TurnId, out: &mut Effects<B>) {
        let turns = self.running.take().map_or_else(Vec::new, |running| running.turns);
        let says = |turn: &TurnId| {
            self.conversation.answer(*turn).is_some_and(|answer| !answer.entries.is_empty())
        };
        let count = turns.iter().filter(|turn| says(turn)).count();
        let turn = turns.first().copied().unwrap_or(turn);
        self.give_back(turn);
        let answer = self.conversation.answer(turn);
        if let Some(index) = answer.and_then(|answer| telling(&answer.entries)) {
            out.push(Effect::Choose { turn, index });
        }
        let said = |answer| surprisal(answer).unwrap_or_else(|| answer.text());
        self.announcement = match answer {
            Some(answer) if turns.len() < 2 => said(answer),
            _ => format!("{count} answers."),
        };
        self.keep_chat(out);
        self.ask_to_stay(turn, out);
        self.measure_soon(out);
    }

    /// A question that got no answer comes back into the composer, if nothing else is written there.
    fn give_back(&mut self, turn: TurnId) {
        let unanswered = |&turn: &TurnId| {
            self.conversation.answer(turn).is_some_and(|answer| answer.entries.is_empty())
        };
        let answer = self.conversation.answer(turn);
        let text = answer.and_then(entropix_conversation::Answer::given_text);
        let question = self.conversation.question(turn).or(text);
        if let Some(question) = question
            && self.draft.text.trim().is_empty()
            && self.conversation.versions(turn).iter().all(unanswered)
        {
            question.clone_into(&mut self.draft.text);
        }
    }

    /// What made the answer is gone: what was said stays, and is marked.
    pub(crate) fn interrupt(&mut self, out: &mut Effects<B>) {
        for turn in self.running() {
            let change = self.conversation.interrupt(turn);
            self.changed(turn, change, out);
        }
    }

    /// Ends what is being answered where it is, without its worker.
    pub(crate) fn end_answer(&mut self, out: &mut Effects<B>) {
        for turn in self.running() {
            let answer = self.conversation.answer(turn);
            let prompt_tokens = answer.map_or(0, |answer| answer.prompt_tokens);
            let stats = Stats { prompt_tokens, ..Stats::default() };
            let done = Step::Done { finish: Finish::Stopped, stats };
            let change = self.conversation.apply(turn, done);
            self.changed(turn, change, out);
        }
    }

    /// Ends the running answers and the running load.
    pub(crate) fn stop(&mut self, now: f64, out: &mut Effects<B>) {
        if self.status.is_loading() {
            self.cancel_load(false, now, out);
        }
        match (&self.running, self.workers.current) {
            (Some(Running { sent: true, .. }), Some(worker)) => {
                self.tell(worker.number, Request::Stop, None, now, out);
            }
            (Some(_), _) => self.end_answer(out),
            (None, _) => self.leave_what_if(now, out),
        }
    }

    /// Hands out the record of an answer.
    pub(crate) fn export(&self, turn: TurnId, out: &mut Effects<B>) {
        let trace = self.conversation.trace(turn, GENERATOR);
        if let Some(text) = trace.and_then(|trace| serde_json::to_string(&trace).ok()) {
            out.push(Effect::Download { name: "entropix-trace.json", text, lines: true });
        }
    }
}
