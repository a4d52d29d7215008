//! Between the client and the browser: tells the client what happened, does what it wants done, and mirrors what
//! it knows into the groups of signals that views read.

use entropix_client::msg::{Effect, Msg, Page, Start};
use entropix_client::what_if::WhatIf;
use entropix_client::{Client, Variant};
use entropix_conversation::{Answer, Body, Conversation, Turn, TurnId};
use entropix_protocol::{Envelope, json};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::page::arrivals::Arrivals;
use crate::page::bridge::{Arrival, Bridge, Incoming};
use crate::page::follow::Follow;
use crate::page::pace::Pace;
use crate::page::state::{Choice, Groups, Row, RowBody, Spot};
use crate::page::{browser, kept, place, storage};

/// The client at work, from any view.
#[derive(Clone, Copy)]
pub(super) struct Run {
    client: StoredValue<Client<Blob>, LocalStorage>,
    workers: StoredValue<Vec<(u32, Bridge)>, LocalStorage>,
    arrivals: StoredValue<Arrivals, LocalStorage>,
    follow: Follow,
    pace: StoredValue<Pace>,
    groups: StoredValue<Groups>,
}

impl Run {
    /// Starts the client.
    #[allow(clippy::large_types_passed_by_value, reason = "once, and it is kept")]
    pub(super) fn start(groups: Groups) -> Self {
        let run = Self {
            client: StoredValue::new_local(Client::default()),
            workers: StoredValue::new_local(Vec::new()),
            arrivals: StoredValue::new_local(Arrivals::default()),
            follow: Follow::start(),
            pace: StoredValue::new(Pace::default()),
            groups: StoredValue::new(groups),
        };
        run.tell(Msg::Start(Box::new(Start {
            kept: kept::all(),
            framed: browser::is_framed(),
            tab: (js_sys::Math::random() * f64::from(u32::MAX)) as u32,
            hash: browser::hash(),
            variants: variants(),
            features: browser::features(),
            models: browser::meta("models").unwrap_or_else(|| "models/manifest.json".to_owned()),
            recordings: browser::text_of("recordings").unwrap_or_default(),
            absolute: browser::absolute,
        })));
        storage::hear(move |told| run.tell(Msg::Chats(told)));
        leptos::prelude::Effect::new(move |_| {
            run.tell(Msg::Settings(Box::new(groups.setup.settings.get())));
        });
        run
    }

    /// Tells the client what happened.
    pub(super) fn tell(self, msg: Msg<Blob>) {
        let now = js_sys::Date::now();
        let effects = self.client.try_update_value(|client| client.update(now, msg));
        for effect in effects.unwrap_or_default() {
            self.perform(effect);
        }
        self.mirror();
    }

    /// Tells the client of files that were picked or dropped: several are parts of one model, or chats and traces.
    pub(super) fn open(self, files: &[web_sys::File]) {
        let bytes: Option<Blob> = match files {
            [] => None,
            [file] => Some(file.clone().into()),
            // The bytes stay where they are.
            files => Blob::new_with_blob_sequence(&files.iter().collect::<js_sys::Array>()).ok(),
        };
        if let (Some(file), Some(bytes)) = (files.first(), bytes) {
            let name = file.name();
            spawn_local(async move {
                // What is in a file says what it is, whatever its name.
                let msg = match browser::json(&bytes).await {
                    Some(text) => Msg::OpenText(text),
                    None => Msg::Open { name, bytes },
                };
                self.tell(msg);
            });
        }
    }

    /// Reads what the client knows.
    pub(super) fn client<T>(self, read: impl FnOnce(&Client<Blob>) -> T) -> T {
        self.client.with_value(read)
    }

    /// Reads the conversation.
    pub(super) fn conversation<T>(self, read: impl FnOnce(&Conversation) -> T) -> T {
        self.client.with_value(|client| read(client.conversation()))
    }

    /// Reads the continuations of an answer, if it is the one that was asked about last.
    pub(super) fn what_if<T>(self, turn: TurnId, read: impl FnOnce(&WhatIf) -> T) -> Option<T> {
        self.client(|client| client.what_if().filter(|it| it.turn == turn).map(read))
    }

    /// Reads an answer.
    pub(super) fn answer<T>(self, turn: TurnId, read: impl FnOnce(&Answer) -> T) -> Option<T> {
        self.conversation(|conversation| conversation.answer(turn).map(read))
    }

    /// Hands out a token's entry as it came, once; nothing if it did not come from a worker.
    pub(super) fn arrival(self, turn: TurnId, index: usize) -> Option<JsValue> {
        self.arrivals.try_update_value(|arrivals| arrivals.take(turn, index)).flatten()
    }

    /// Whether this browser runs any of the workers.
    pub(super) fn can_run(self) -> bool {
        self.client.with_value(Client::can_run)
    }

    fn groups(self) -> Groups {
        self.groups.get_value()
    }

    fn perform(self, effect: Effect<Blob>) {
        match effect {
            Effect::Fetch(page, url) => self.fetch(page, url),
            Effect::Start { worker, url } => self.start_worker(worker, &url),
            Effect::End { worker } => self.end_worker(worker),
            Effect::Tell { worker, request, bytes } => {
                let envelope = Envelope { message: *request, blob: bytes };
                let sent = self.workers.with_value(|workers| {
                    let bridge = workers.iter().find(|(number, _)| *number == worker);
                    bridge.map(|(_, bridge)| bridge.send(&envelope))
                });
                if let Some(Err(error)) = sent {
                    self.broken(worker, format!("{error:?}"));
                }
            }
            Effect::Peek { number, bytes } => spawn_local(async move {
                let is_model = browser::begins_with(&bytes, "GGUF").await;
                self.tell(Msg::Peeked { number, is_model });
            }),
            Effect::After(ms, msg) => drop(Timeout::new(ms, move || self.tell(msg)).forget()),
            Effect::Keep(name, text) => kept::set(name, text.as_deref()),
            Effect::KeepDraft(chat, text) => {
                kept::set(&storage::draft_key(&chat), text.as_deref());
            }
            Effect::Chats(ask) => {
                storage::perform(move |told| self.tell(Msg::Chats(told)), ask);
            }
            Effect::Link(link) => browser::set_hash(&link),
            Effect::Share(link) => browser::share(&link),
            Effect::Download { name, text, lines } => browser::download(name, &text, lines),
            Effect::Settings => {
                let settings = self.client.with_value(|client| client.settings().clone());
                set(self.groups().setup.settings, settings);
                self.groups().setup.reset.notify();
            }
            Effect::Turns => {
                self.arrivals.update_value(Arrivals::clear);
                self.rows();
            }
            Effect::Turn(turn) => {
                let count = self.answer(turn, |answer| answer.entries.len()).unwrap_or_default();
                let settle = |arrivals: &mut Arrivals| arrivals.settle(turn, count);
                let is_token = self.arrivals.try_update_value(settle).unwrap_or_default();
                self.draw(turn, is_token);
            }
            Effect::WhatIf => self.groups().talk.what_if.notify(),
            Effect::Begin => {
                self.groups().choice.clear();
                self.follow.begin();
            }
            Effect::Choose { turn, index } => {
                let Choice { selected, .. } = self.groups().choice;
                // What a person has chosen meanwhile stays.
                if selected.get_untracked().is_none() {
                    selected.set(Some(Spot { turn, index }));
                }
            }
        }
    }

    fn fetch(self, page: Page, url: String) {
        spawn_local(async move {
            let text = browser::fetch(&url).await;
            self.tell(Msg::Fetched(page, text));
        });
    }

    fn start_worker(self, worker: u32, url: &str) {
        let said = move |incoming: Incoming| match incoming {
            Ok(Arrival { envelope: Envelope { message, blob }, entry }) => {
                self.arrivals.update_value(|arrivals| arrivals.come(entry));
                self.tell(Msg::Said { worker, event: Box::new(message), bytes: blob });
                self.arrivals.update_value(|arrivals| arrivals.come(None));
            }
            Err(why) => self.broken(worker, why),
        };
        match Bridge::start(url, said) {
            Ok(bridge) => self.workers.update_value(|workers| workers.push((worker, bridge))),
            // Not at once: the client is not done with the message that led here.
            Err(error) => {
                Timeout::new(0, move || self.broken(worker, format!("{error:?}"))).forget();
            }
        }
    }

    fn end_worker(self, worker: u32) {
        let take = |all: &mut Vec<(u32, Bridge)>| {
            let at = all.iter().position(|(number, _)| *number == worker)?;
            Some(all.swap_remove(at).1)
        };
        if let Some(bridge) = self.workers.try_update_value(take).flatten() {
            bridge.end();
            // The listener that led here belongs to it: it goes in a task of its own.
            Timeout::new(0, move || drop(bridge)).forget();
        }
    }

    fn broken(self, worker: u32, why: String) {
        let online = browser::window().navigator().on_line();
        self.tell(Msg::Broken { worker, why, online });
    }

    /// Brings the rows in line with the conversation after turns came or went.
    fn rows(self) {
        let talk = self.groups().talk;
        let old = talk.rows.get_untracked();
        let sitting = self.client.with_value(Client::sitting);
        let rows: Vec<Row> = self.client(|client| {
            let mut path = client.conversation().path();
            let beside = client.beside();
            if !beside.is_empty() {
                path.pop();
                path.extend(beside.iter().filter_map(|turn| client.conversation().turn(*turn)));
            }
            let row = |turn: &Turn| {
                let kept = old.iter().find(|row| row.key() == (sitting, turn.id));
                let new = || match &turn.body {
                    Body::Said(message) => RowBody::Said(message.role, message.content.clone()),
                    Body::Answer(answer) => RowBody::Answer {
                        tokens: ArcRwSignal::new(answer.entries.len()),
                        progress: ArcRwSignal::new(answer.progress),
                    },
                };
                let body = kept.map_or_else(new, |row| row.body.clone());
                Row { sitting, turn: turn.id, beside: beside.contains(&turn.id), body }
            };
            path.into_iter().map(row).collect()
        });
        self.groups().choice.keep_only(|turn| rows.iter().any(|row| row.turn == turn));
        talk.rows.set(rows);
    }

    /// Tells the row of a turn how far its answer is.
    fn row(self, turn: TurnId) {
        let now = self.answer(turn, |answer| (answer.entries.len(), answer.progress));
        let row = self.groups().talk.rows.with_untracked(|rows| {
            rows.iter().rev().find(|row| row.turn == turn).map(|row| row.body.clone())
        });
        if let (Some((count, now)), Some(RowBody::Answer { tokens, progress })) = (now, row) {
            if progress.get_untracked() != now {
                progress.set(now);
            }
            // A token in the place of one that was taken back makes no other count.
            tokens.set(count);
        }
    }

    /// Brings the row of a turn in line with it: tokens at most twenty times a second, what is more than a token at once.
    fn draw(self, turn: TurnId, is_token: bool) {
        let draw = move || {
            let turns = self.pace.try_update_value(|pace| pace.take(js_sys::Date::now()));
            for turn in turns.into_iter().flatten() {
                self.row(turn);
            }
            self.follow.grow();
        };
        let wait = self.pace.try_update_value(|pace| pace.wait(turn, js_sys::Date::now()));
        match wait.flatten() {
            Some(ms) if is_token && ms >= 1.0 => {
                Timeout::new(ms as u32, draw).forget();
            }
            None if is_token => {}
            _ => draw(),
        }
    }

    fn mirror(self) {
        let Groups { loading, talk, chats, draft, notices, .. } = self.groups();
        self.client.with_value(|client| {
            set_from(loading.status, client.status());
            if loading.offered.with_untracked(|old| old.as_slice() != client.offered()) {
                loading.offered.set(client.offered().to_vec());
            }
            set(loading.first, client.first());
            set(loading.can_pause, client.can_pause());
            let offered = client.offered().iter();
            set(loading.verified, offered.map(|it| client.verified(&it.sha256)).collect());
            if talk.running.get_untracked() != client.is_running() {
                // Stop takes the place of Send.
                place::hold();
                talk.running.set(client.is_running());
            }
            set(talk.fresh, client.is_fresh());
            set(talk.recorded, client.conversation().is_recorded());
            set(talk.recordings, client.recordings());
            set(chats.list, client.chats());
            set(chats.count, client.count());
            set_text(chats.open, client.chat());
            set_text(chats.sought, client.sought());
            set(chats.deleted, client.deleted().map(str::to_owned));
            set_text(chats.notice, client.notice());
            set(chats.keeping, client.keeping());
            set_text(draft.text, client.draft().text());
            set_text(draft.system, client.draft().system());
            set(draft.meter, client.meter());
            set(notices.offer, client.offer());
            set(notices.alert, client.alert().cloned());
            set(notices.stats, client.stats());
            set_text(notices.announcement, client.announcement());
        });
    }
}

/// Sets a signal that has another value.
fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

fn set_from<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|old| old != value) {
        signal.set(value.clone());
    }
}

fn set_text(signal: RwSignal<String>, text: &str) {
    if signal.with_untracked(|old| old != text) {
        signal.set(text.to_owned());
    }
}

/// The workers that were built.
fn variants() -> Vec<Variant> {
    let table = browser::text_of("engines").unwrap_or_default();
    json::read(&table).unwrap_or_default()
}
