//! The conversation: what was said, what is being said, and what the worker is asked.

use entropix::SamplerConfig;
use entropix_protocol::{
    ChatMessage, Event, Finish, Request, Retracted, Role, SCHEMA, Stats, TokenEntry, Trace,
};

/// Where an answer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The prompt is being read: tokens done, tokens in all (0 = not known yet).
    Reading(u32, u32),
    /// Tokens are coming.
    Writing,
    /// Branches are tried: how many, tokens of the longest.
    Branching(u32, u32),
    /// It ended.
    Finished(Finish),
    /// The worker broke down in the middle.
    Interrupted,
    /// The worker refused.
    Failed,
}

impl Progress {
    /// Whether more may come.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Reading(..) | Self::Writing | Self::Branching(..))
    }
}

/// How an answer is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The sampler and its numbers.
    pub sampler: SamplerConfig,
    /// Seed of the random stream.
    pub seed: u32,
    /// Most tokens to produce; 0 = as many as fit.
    pub max_tokens: u32,
    /// Name of the model, for the record.
    pub model: String,
}

/// An answer and everything known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its tokens.
    pub entries: Vec<TokenEntry>,
    /// What was taken back.
    pub retracted: Vec<Retracted>,
    /// Where it is.
    pub progress: Progress,
    /// How it was made.
    pub ask: Ask,
    /// Tokens of the prompt, if known.
    pub prompt_tokens: u32,
    /// How fast it was.
    pub stats: Option<Stats>,
}

impl Answer {
    /// The text so far.
    pub fn text(&self) -> String {
        self.entries.iter().map(|entry| entry.text.as_str()).collect()
    }

    /// Index of the end-of-generation token, if there is one.
    pub fn end(&self) -> Option<usize> {
        (self.progress == Progress::Finished(Finish::EndOfTurn))
            .then(|| self.entries.len().checked_sub(1))
            .flatten()
    }

    fn ids(&self) -> Vec<u32> {
        let count = self.end().unwrap_or(self.entries.len());
        self.entries[..count].iter().map(|entry| entry.decision.token).collect()
    }
}

/// What one turn says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Plain text: the person's, or an earlier answer of a recording.
    Said(Role, String),
    /// The model.
    Answer(Box<Answer>),
}

/// One turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Never used twice in a session.
    pub id: u32,
    /// What it says.
    pub body: Body,
}

/// What an event changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Nothing that is shown here.
    Nothing,
    /// This turn went on, but has the tokens it had.
    Progress(u32),
    /// This turn has other tokens.
    Token(u32),
    /// This turn is over.
    Ended(u32),
}

#[derive(Clone, Copy, Debug)]
struct Running {
    generation: u32,
    turn: u32,
}

/// A conversation.
#[derive(Clone, Debug, Default)]
pub struct Session {
    turns: Vec<Turn>,
    system: String,
    recorded: bool,
    running: Option<Running>,
    last_turn: u32,
    last_generation: u32,
}

impl Session {
    /// All turns, oldest first.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Whether this is a recording.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Whether an answer is being made.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The answer of a turn.
    pub fn answer(&self, turn: u32) -> Option<&Answer> {
        self.turns.iter().find(|t| t.id == turn).and_then(|t| match &t.body {
            Body::Answer(answer) => Some(&**answer),
            Body::Said(..) => None,
        })
    }

    /// One token of an answer.
    pub fn entry(&self, turn: u32, index: usize) -> Option<&TokenEntry> {
        self.answer(turn)?.entries.get(index)
    }

    /// Whether the last turn is an answer that can be made again.
    pub fn can_regenerate(&self) -> bool {
        !self.recorded
            && !self.is_running()
            && matches!(self.turns.last(), Some(Turn { body: Body::Answer(_), .. }))
    }

    /// Replaces everything by a recorded answer.
    pub fn show(&mut self, trace: Trace) {
        self.clear();
        self.recorded = true;
        for message in &trace.messages {
            match message.role {
                Role::System => self.system.clone_from(&message.content),
                role => self.push(Body::Said(role, message.content.clone())),
            }
        }
        let answer = Answer {
            entries: trace.tokens,
            retracted: trace.retracted,
            progress: Progress::Finished(trace.finish),
            ask: Ask {
                sampler: trace.sampler,
                seed: trace.seed as u32,
                max_tokens: 0,
                model: trace.model,
            },
            prompt_tokens: trace.prompt_tokens,
            stats: None,
        };
        self.push(Body::Answer(Box::new(answer)));
    }

    /// Forgets the conversation.
    pub fn clear(&mut self) {
        self.turns.clear();
        self.system.clear();
        self.recorded = false;
        self.running = None;
    }

    /// Adds a question and asks the worker. `None` if there is nothing to say or an answer is
    /// still being made. A recording makes room for the conversation.
    pub fn send(&mut self, text: &str, system: &str, ask: Ask) -> Option<Request> {
        let text = text.trim();
        if text.is_empty() || self.is_running() {
            return None;
        }
        if self.recorded {
            self.clear();
        }
        system.trim().clone_into(&mut self.system);
        self.push(Body::Said(Role::User, text.to_owned()));
        Some(self.ask(ask))
    }

    /// Drops the last answer and asks again.
    pub fn regenerate(&mut self, system: &str, ask: Ask) -> Option<Request> {
        if !self.can_regenerate() {
            return None;
        }
        system.trim().clone_into(&mut self.system);
        self.turns.pop();
        Some(self.ask(ask))
    }

    /// Asks how long the prompt would be if `draft` were sent.
    pub fn measure(&self, id: u32, draft: &str, system: &str) -> Request {
        let mut messages = Vec::new();
        push_system(&mut messages, system.trim());
        if !self.recorded {
            self.append_turns(&mut messages);
        }
        messages.push(ChatMessage {
            role: Role::User,
            content: draft.trim().to_owned(),
            ids: None,
        });
        Request::Measure { id, messages }
    }

    /// Takes in an event of the worker. Events of other generations are ignored.
    pub fn apply(&mut self, event: Event) -> Change {
        let Some(running) = self.running else { return Change::Nothing };
        let id = match &event {
            Event::Prefill { id, .. }
            | Event::Token { id, .. }
            | Event::BranchProgress { id, .. }
            | Event::Retract { id, .. }
            | Event::Done { id, .. }
            | Event::Failed { id: Some(id), .. } => *id,
            _ => return Change::Nothing,
        };
        if id != running.generation {
            return Change::Nothing;
        }
        let turn = running.turn;
        let Some(answer) = self.answer_mut(turn) else { return Change::Nothing };
        match event {
            Event::Prefill { done, total, .. } => {
                answer.progress = Progress::Reading(done, total);
                answer.prompt_tokens = total;
                Change::Progress(turn)
            }
            Event::Token { entry, .. } => {
                answer.progress = Progress::Writing;
                answer.entries.push(entry);
                Change::Token(turn)
            }
            Event::BranchProgress { branches, tokens, .. } => {
                answer.progress = Progress::Branching(branches, tokens);
                Change::Progress(turn)
            }
            Event::Retract { to, reason, .. } => {
                answer.progress = Progress::Writing;
                answer.retracted.push(Retracted::from_end(&mut answer.entries, to, reason));
                Change::Token(turn)
            }
            Event::Done { finish, stats, .. } => {
                answer.progress = Progress::Finished(finish);
                answer.prompt_tokens = stats.prompt_tokens;
                answer.stats = Some(stats);
                self.running = None;
                Change::Ended(turn)
            }
            _ => {
                answer.progress = Progress::Failed;
                self.running = None;
                Change::Ended(turn)
            }
        }
    }

    /// The worker is gone: what was said stays, the running answer is marked.
    pub fn interrupt(&mut self) -> Change {
        let Some(running) = self.running.take() else { return Change::Nothing };
        if let Some(answer) = self.answer_mut(running.turn) {
            answer.progress = Progress::Interrupted;
        }
        Change::Ended(running.turn)
    }

    /// The record of one answer.
    pub fn trace(&self, turn: u32, generator: &str) -> Option<Trace> {
        let answer = self.answer(turn)?;
        let mut messages = Vec::new();
        push_system(&mut messages, &self.system);
        for earlier in self.turns.iter().take_while(|t| t.id != turn) {
            append_turn(&mut messages, earlier);
        }
        Some(Trace {
            schema: SCHEMA,
            generator: generator.to_owned(),
            model: answer.ask.model.clone(),
            messages,
            sampler: answer.ask.sampler.clone(),
            seed: u64::from(answer.ask.seed),
            prompt_tokens: answer.prompt_tokens,
            tokens: answer.entries.clone(),
            retracted: answer.retracted.clone(),
            finish: match answer.progress {
                Progress::Finished(finish) => finish,
                _ => Finish::Stopped,
            },
        })
    }

    fn ask(&mut self, ask: Ask) -> Request {
        let mut messages = Vec::new();
        push_system(&mut messages, &self.system);
        self.append_turns(&mut messages);
        self.last_generation += 1;
        let request = Request::Generate {
            id: self.last_generation,
            messages,
            sampler: ask.sampler.clone(),
            seed: ask.seed,
            max_tokens: ask.max_tokens,
            attention: true,
        };
        self.push(Body::Answer(Box::new(Answer {
            entries: Vec::new(),
            retracted: Vec::new(),
            progress: Progress::Reading(0, 0),
            ask,
            prompt_tokens: 0,
            stats: None,
        })));
        self.running = Some(Running { generation: self.last_generation, turn: self.last_turn });
        request
    }

    fn push(&mut self, body: Body) {
        self.last_turn += 1;
        self.turns.push(Turn { id: self.last_turn, body });
    }

    fn answer_mut(&mut self, turn: u32) -> Option<&mut Answer> {
        self.turns.iter_mut().find(|t| t.id == turn).and_then(|t| match &mut t.body {
            Body::Answer(answer) => Some(&mut **answer),
            Body::Said(..) => None,
        })
    }

    fn append_turns(&self, messages: &mut Vec<ChatMessage>) {
        for turn in &self.turns {
            append_turn(messages, turn);
        }
    }
}

fn push_system(messages: &mut Vec<ChatMessage>, system: &str) {
    if !system.is_empty() {
        messages.push(ChatMessage { role: Role::System, content: system.to_owned(), ids: None });
    }
}

/// An answer without tokens is left out.
fn append_turn(messages: &mut Vec<ChatMessage>, turn: &Turn) {
    match &turn.body {
        Body::Said(role, text) => {
            messages.push(ChatMessage { role: *role, content: text.clone(), ids: None });
        }
        Body::Answer(answer) if !answer.entries.is_empty() => messages.push(ChatMessage {
            role: Role::Assistant,
            content: answer.text(),
            ids: Some(answer.ids()),
        }),
        Body::Answer(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::{Action, Decision, Uncertainty};
    use entropix_protocol::{Problem, ProblemKind};

    fn ask() -> Ask {
        Ask { sampler: SamplerConfig::Greedy, seed: 7, max_tokens: 64, model: "m".into() }
    }

    fn entry(token: u32, text: &str) -> TokenEntry {
        TokenEntry {
            text: text.into(),
            label: text.into(),
            p: 0.5,
            rank: 0,
            decision: Decision {
                uncertainty: Uncertainty::default(),
                attention: None,
                rule: None,
                because: Vec::new(),
                action: Action::Argmax,
                parameters: None,
                candidates: None,
                draw: None,
                branches: Vec::new(),
                retraction: None,
                token,
                sentence: "take the most probable token".into(),
            },
            top: Vec::new(),
            sketch: None,
            branch_texts: Vec::new(),
            attention: None,
        }
    }

    fn id(request: &Request) -> u32 {
        match request {
            Request::Generate { id, .. } => *id,
            other => panic!("{other:?}"),
        }
    }

    fn messages(request: Request) -> Vec<ChatMessage> {
        match request {
            Request::Generate { messages, .. } | Request::Measure { messages, .. } => messages,
            other => panic!("{other:?}"),
        }
    }

    fn answered() -> Session {
        let mut session = Session::default();
        let request = session.send(" Hello ", "", ask()).unwrap();
        let id = id(&request);
        session.apply(Event::Prefill { id, done: 9, total: 9 });
        for (token, text) in [(10, "Hi"), (11, " there"), (2, "")] {
            session.apply(Event::Token { id, entry: entry(token, text) });
        }
        let stats = Stats { prompt_tokens: 9, tokens: 3, ..Stats::default() };
        let change = session.apply(Event::Done { id, finish: Finish::EndOfTurn, stats });
        assert!(matches!(change, Change::Ended(_)));
        session
    }

    #[test]
    fn an_answer_goes_into_the_next_prompt_with_its_ids() {
        let mut session = answered();
        let sent = messages(session.send("And now?", "Be brief.", ask()).unwrap());
        let roles: Vec<Role> = sent.iter().map(|message| message.role).collect();
        assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::User]);
        assert_eq!(sent[1].content, "Hello");
        assert_eq!(sent[2].content, "Hi there");
        // Without the end-of-generation token.
        assert_eq!(sent[2].ids, Some(vec![10, 11]));
    }

    #[test]
    fn nothing_is_sent_twice_or_empty() {
        let mut session = Session::default();
        assert!(session.send("  \n", "", ask()).is_none());
        assert!(session.turns().is_empty());
        assert!(session.send("a", "", ask()).is_some());
        assert!(session.send("b", "", ask()).is_none());
        assert_eq!(session.turns().len(), 2);
    }

    #[test]
    fn events_of_another_generation_are_ignored() {
        let mut session = Session::default();
        let id = id(&session.send("a", "", ask()).unwrap());
        let late = Event::Token { id: id + 1, entry: entry(1, "x") };
        assert_eq!(session.apply(late), Change::Nothing);
        let ours = Event::Token { id, entry: entry(1, "x") };
        assert!(matches!(session.apply(ours), Change::Token(_)));
    }

    #[test]
    fn a_crash_keeps_the_half_answer() {
        let mut session = Session::default();
        let id = id(&session.send("a", "", ask()).unwrap());
        session.apply(Event::Token { id, entry: entry(5, "half") });
        let Change::Ended(turn) = session.interrupt() else { panic!("nothing ended") };
        assert_eq!(session.answer(turn).unwrap().progress, Progress::Interrupted);
        assert!(!session.is_running());
        assert!(session.can_regenerate());
        let sent = messages(session.regenerate("", ask()).unwrap());
        assert_eq!(sent.len(), 1, "the half answer is not part of the new prompt");
    }

    #[test]
    fn a_refused_answer_can_be_asked_again() {
        let mut session = Session::default();
        let id = id(&session.send("a", "", ask()).unwrap());
        let problem = Problem::new(ProblemKind::PromptTooLong, "Too long", "Shorten it.");
        session.apply(Event::Failed { id: Some(id), problem });
        assert!(session.can_regenerate());
        // Its empty answer is not sent along.
        assert_eq!(messages(session.measure(1, "b", "")).len(), 2);
    }

    #[test]
    fn a_trace_goes_out_and_comes_back() {
        let session = answered();
        let turn = session.turns().last().unwrap().id;
        let trace = session.trace(turn, "test").unwrap();
        assert_eq!(trace.text(), "Hi there");
        assert_eq!(trace.messages.len(), 1);
        let mut again = Session::default();
        again.show(trace.clone());
        assert!(again.is_recorded());
        assert!(!again.can_regenerate());
        let turn = again.turns().last().unwrap().id;
        assert_eq!(again.trace(turn, "test"), Some(trace));
    }

    #[test]
    fn a_recording_makes_room() {
        let mut session = Session::default();
        let recorded = answered();
        session.show(recorded.trace(2, "test").unwrap());
        assert_eq!(messages(session.measure(1, "x", "")).len(), 1);
        let sent = messages(session.send("new", "", ask()).unwrap());
        assert_eq!(sent.len(), 1);
        assert!(!session.is_recorded());
    }
}
