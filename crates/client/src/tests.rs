//! The client without a browser: a scripted one performs its effects.

mod chats;
mod context;
mod copies;
mod files;
mod loading;
mod outline;
mod reading;
mod recovery;
mod replay;
mod shelf;
mod side_by_side;
mod storage;
mod talking;
mod versions;
mod visits;
mod what_if;

use std::cell::RefCell;
use std::rc::Rc;

use entropix::{Action, SamplerConfig, Uncertainty};
use entropix_protocol::{
    About, ChatMessage, Event, Finish, ModelInfo, PROTOCOL_VERSION, Problem, ProblemKind, Request,
    Stats, Step, Storage, TokenEntry,
};

use crate::msg::{Effect, Kept, Msg, Page, Start, Told};
use crate::{Architectures, Client, ModelStatus, Variant};
use storage::Store;

/// Stands for a model's bytes.
type Bytes = &'static str;

const MANIFEST: &str = r#"[{"name":"Smol","file":"smol.gguf","bytes":98000000,"sha256":"ab","licence":"Apache-2.0",
    "urls":["models/smol.gguf"]},{"name":"Big","file":"big.gguf","bytes":500000000,"sha256":"cd",
    "licence":"Apache-2.0","promised":{"entropy_cut":3.5},"urls":["models/big.gguf"]}]"#;

fn variants() -> Vec<Variant> {
    let row = |name: &str, need: &str, architectures| Variant {
        name: name.into(),
        url: format!("{name}.js"),
        needs: vec![need.into()],
        architectures,
    };
    vec![
        row("relaxed", "relaxed-simd", Architectures::Own),
        row("simd", "simd", Architectures::Own),
        row("generic", "simd", Architectures::Any),
    ]
}

fn problem(kind: ProblemKind) -> Problem {
    Problem::new(kind, "It failed", "Do something.")
}

/// A page, a browser and workers that do what a test says.
struct Visit {
    client: Client<Bytes>,
    now: f64,
    /// Effects that no test has looked at.
    seen: Vec<Effect<Bytes>>,
    /// Messages that come later: when, and what.
    later: Vec<(f64, Msg<Bytes>)>,
    /// Workers that run: number and script.
    workers: Vec<(u32, String)>,
    /// Chats that are stored, for all tabs.
    store: Rc<RefCell<Store>>,
    /// What storage has said and this tab has not heard yet.
    told: Vec<Told>,
    /// Whether storage takes its time.
    slow: bool,
}

/// How a page begins.
fn start(kept: Kept, tab: u32, features: &[&str]) -> Msg<Bytes> {
    Msg::Start(Box::new(Start {
        kept,
        framed: false,
        tab,
        hash: String::new(),
        variants: variants(),
        features: features.iter().map(|&name| name.to_owned()).collect(),
        models: "manifest".into(),
        recordings: RECORDINGS.to_owned(),
        absolute: |url| format!("/{url}"),
    }))
}

/// Two of one question, one of another.
const RECORDINGS: &str = r#"[{"file":"a.json","prompt":"Q","by":"A","what_if":"what-if/a.json"},
    {"file":"b.json","prompt":"Q","by":"B"},{"file":"c.json","prompt":"R","by":"C"}]"#;

impl Visit {
    /// A first visit, with `simd` only.
    fn first() -> Self {
        Self::with(Kept::default(), &["simd"])
    }

    fn with(kept: Kept, features: &[&str]) -> Self {
        Self::at(Rc::default(), kept, features)
    }

    fn at(store: Rc<RefCell<Store>>, kept: Kept, features: &[&str]) -> Self {
        let mut visit = Self::slow(store, kept, features);
        visit.slow = false;
        visit.hear();
        visit
    }

    /// One to which storage has not answered yet.
    fn slow(store: Rc<RefCell<Store>>, kept: Kept, features: &[&str]) -> Self {
        let mut visit = Self {
            client: Client::default(),
            now: 1e12,
            seen: Vec::new(),
            later: Vec::new(),
            workers: Vec::new(),
            store,
            told: Vec::new(),
            slow: true,
        };
        visit.store.borrow_mut().tabs += 1;
        let tab = visit.store.borrow().tabs;
        visit.tell(start(kept, tab, features));
        visit
    }

    /// One with the model of the list loaded.
    fn loaded() -> Self {
        let mut visit = Self::first();
        visit.load();
        visit.seen.clear();
        visit
    }

    /// Loads the model of the list.
    fn load(&mut self) {
        self.manifest();
        self.tell(Msg::Load(0));
        self.hello();
        self.ready("Smol", Storage::Stored);
    }

    fn tell(&mut self, msg: Msg<Bytes>) {
        for effect in self.client.update(self.now, msg) {
            match &effect {
                Effect::After(ms, msg) => {
                    self.later.push((self.now + f64::from(*ms), msg.clone()));
                }
                Effect::Start { worker, url } => self.workers.push((*worker, url.clone())),
                Effect::End { worker } => {
                    let count = self.workers.len();
                    self.workers.retain(|(number, _)| number != worker);
                    assert!(self.workers.len() < count, "worker {worker} was not running");
                }
                Effect::Tell { worker, .. } => {
                    assert!(self.workers.iter().any(|(number, _)| number == worker), "{effect:?}");
                }
                Effect::Chats(ask) => {
                    let told = self.store.borrow_mut().perform(ask);
                    self.told.extend(told);
                }
                _ => {}
            }
            self.seen.push(effect);
        }
        if !self.slow {
            self.hear();
        }
    }

    /// Hears what storage has said.
    fn hear(&mut self) {
        while !self.told.is_empty() {
            let told = self.told.remove(0);
            self.tell(Msg::Chats(told));
        }
    }

    /// Lets time go by, with what was to come in it.
    fn wait(&mut self, ms: f64) {
        let end = self.now + ms;
        while let Some(at) = (0..self.later.len())
            .filter(|&at| self.later[at].0 <= end)
            .min_by(|&a, &b| self.later[a].0.total_cmp(&self.later[b].0))
        {
            let (when, msg) = self.later.remove(at);
            self.now = self.now.max(when);
            self.tell(msg);
        }
        self.now = end;
    }

    fn manifest(&mut self) {
        self.tell(Msg::Fetched(Page::Models, Ok(MANIFEST.into())));
    }

    /// The newest worker.
    fn newest(&self) -> u32 {
        self.workers.last().expect("no worker").0
    }

    fn say_as(&mut self, worker: u32, event: Event) {
        self.tell(Msg::Said { worker, event: Box::new(event), bytes: None });
    }

    /// The newest worker says something.
    fn say(&mut self, event: Event) {
        self.say_as(self.newest(), event);
    }

    fn hello(&mut self) {
        self.say(Event::Hello { protocol: PROTOCOL_VERSION });
    }

    fn ready(&mut self, name: &str, storage: Storage) {
        let event = Event::Ready { model: model(name), build_ms: 1.0, storage };
        self.tell(Msg::Said {
            worker: self.newest(),
            event: Box::new(event),
            bytes: Some("its bytes"),
        });
    }

    fn fail(&mut self, about: About, kind: ProblemKind) {
        self.say(Event::Failed { about, problem: problem(kind) });
    }

    fn crash(&mut self) {
        self.fail(About::Worker, ProblemKind::Crashed);
    }

    fn broken(&mut self, online: bool) {
        self.tell(Msg::Broken { worker: self.newest(), why: String::new(), online });
    }

    fn send(&mut self, text: &str) {
        self.tell(Msg::Draft(text.into()));
        self.tell(Msg::Send);
    }

    fn step(&mut self, step: Step) {
        let id = self.generation();
        self.say(Event::Generation { id, step });
    }

    fn token(&mut self, text: &str) {
        self.step(token(text));
    }

    fn done(&mut self, finish: Finish) {
        self.step(Step::Done { finish, stats: Stats::default() });
    }

    /// The newest generation that was asked for.
    fn generation(&self) -> u32 {
        self.generations().last().expect("no generation").0
    }

    /// All generations that were asked for and not forgotten by the test.
    fn generations(&self) -> Vec<(u32, Vec<ChatMessage>)> {
        self.requests()
            .into_iter()
            .filter_map(|request| match request {
                Request::Generate { id, messages, .. }
                | Request::SideBySide { id, messages, .. } => Some((id, messages)),
                _ => None,
            })
            .collect()
    }

    /// Requests in order, without the signs of life that were asked for.
    fn requests(&self) -> Vec<Request> {
        self.seen
            .iter()
            .filter_map(|effect| match effect {
                Effect::Tell { request, .. } if **request != Request::Ping => {
                    Some((**request).clone())
                }
                _ => None,
            })
            .collect()
    }

    /// What was last asked of which worker, with which bytes, if it is a load.
    fn last_load(&self) -> Option<(u32, String, Option<Bytes>)> {
        self.seen.iter().rev().find_map(|effect| match effect {
            Effect::Tell { worker, request, bytes } => match &**request {
                Request::Load { source, .. } => {
                    let url = &self.workers.iter().find(|(number, _)| number == worker)?.1;
                    let name = match source {
                        entropix_protocol::Source::Web { name, .. }
                        | entropix_protocol::Source::Blob { name } => name,
                    };
                    Some((*worker, format!("{name} {url}"), *bytes))
                }
                _ => None,
            },
            _ => None,
        })
    }

    fn stops(&self) -> usize {
        self.requests().iter().filter(|request| **request == Request::Stop).count()
    }

    /// What was kept last under a name.
    fn kept(&self, name: &str) -> Option<String> {
        let kept = self.seen.iter().rev().find_map(|effect| match effect {
            Effect::Keep(key, text) if *key == name => Some(text.clone()),
            _ => None,
        });
        kept.flatten()
    }

    /// The draft that was kept last, of a chat.
    fn kept_draft(&self, id: &str) -> Option<String> {
        let kept = self.seen.iter().rev().find_map(|effect| match effect {
            Effect::KeepDraft(chat, text) if chat == id => Some(text.clone()),
            _ => None,
        });
        kept.flatten()
    }

    fn scripts(&self) -> Vec<&str> {
        self.workers.iter().map(|(_, url)| url.as_str()).collect()
    }

    fn alert(&self) -> Option<(ProblemKind, bool)> {
        self.client.alert().map(|alert| (alert.problem.kind, alert.retry))
    }

    fn model(&self) -> Option<&str> {
        self.client.status().model().map(|model| model.name.as_str())
    }

    /// Who spoke and what, of the path that is shown.
    fn shown(&self) -> Vec<String> {
        let path = self.client.conversation().path();
        path.iter()
            .map(|turn| match &turn.body {
                entropix_conversation::Body::Said(message) => message.content.clone(),
                entropix_conversation::Body::Answer(answer) => answer.text(),
            })
            .collect()
    }
}

fn model(name: &str) -> ModelInfo {
    ModelInfo {
        name: name.into(),
        architecture: "llama".into(),
        bytes: 1e6 + name.len() as f64,
        parameters: 1e6,
        weights: Vec::new(),
        known: String::new(),
        notes: Vec::new(),
        licence: None,
        template: None,
        cache_bytes: None,
        context_length: 8192,
        vocabulary: 49152,
        layers: 30,
        quantization: "Q4_1".into(),
        kernel: "simd128".into(),
        pause_token: (name == "Smol").then_some(4563),
    }
}

fn token(text: &str) -> Step {
    let decision = serde_json::from_value(serde_json::json!({
        "uncertainty": Uncertainty::default(),
        "action": Action::Argmax,
        "token": 7,
        "sentence": "take the most probable token",
    }))
    .unwrap();
    let entry = TokenEntry {
        text: text.into(),
        label: text.into(),
        p: 0.5,
        rank: 0,
        decision,
        top: Vec::new(),
        sketch: None,
        branch_texts: Vec::new(),
        attention: None,
    };
    Step::Token { entry: Box::new(entry) }
}

fn texts(messages: &[ChatMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.content.as_str()).collect()
}
