//! What happens when a person or the worker does something.

use entropix_protocol::{Event, Problem, ProblemKind, Request, Source, Trace};
use gloo::net::http::Request as Http;
use gloo::storage::{LocalStorage as Stored, Storage};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use crate::page::bridge::{Bridge, Incoming};
use crate::page::browser;
use crate::page::state::{Alert, App, MODEL_STORED, SETTINGS, SYSTEM, Spot};
use entropix_client::engine::{Engine, is_fatal};
use entropix_client::link;
use entropix_client::manifest::{Model, Recording};
use entropix_client::session::{Ask, Change};

/// Name of this program in exported traces.
const GENERATOR: &str = concat!("entropix-app ", env!("CARGO_PKG_VERSION"));
/// A worker that dies more often than this in a minute is not started again by itself.
const RESTARTS_PER_MINUTE: usize = 3;
/// Wait after the last keystroke before the draft is measured, in ms.
const MEASURE_DELAY: u32 = 300;

/// Reads the manifest and the recorded chat, and starts storing what is set.
pub(super) fn begin(app: App) {
    spawn_local(async move {
        let url = browser::meta("models").unwrap_or_else(|| "models/manifest.json".to_owned());
        match get::<Vec<Model>>(&url).await {
            Ok(models) => {
                let first = models.into_iter().next();
                if let Some(model) = &first {
                    app.settings
                        .update(|settings| settings.promised_of_model.clone_from(&model.promised));
                }
                app.offered.set(first);
            }
            Err(error) => alert(
                app,
                Problem::new(
                    ProblemKind::Network,
                    format!("The list of models could not be read ({error})"),
                    "Reload the page, or open a GGUF file of your own below.",
                ),
                false,
            ),
        }
    });
    spawn_local(async move {
        // A page without recordings is fine.
        let Ok(list) = get::<Vec<Recording>>("traces/index.json").await else { return };
        let Some(first) = list.first() else { return };
        let Ok(trace) = get::<Trace>(&format!("traces/{}", first.file)).await else { return };
        let untouched = app.rows.with_untracked(Vec::is_empty);
        if trace.check().is_ok() && untouched {
            app.session.update_value(|session| session.show(trace));
            app.sync();
            select_telling_token(app);
        }
    });
    accept_drops(app);
    follow_link(app);
    Effect::new(move |_| app.settings.with(|settings| drop(Stored::set(SETTINGS, settings))));
    Effect::new(move |_| app.system.with(|system| drop(Stored::set(SYSTEM, system))));
    Effect::new(move |_| {
        app.draft.track();
        app.system.track();
        app.rows.track();
        measure_soon(app);
    });
}

/// Takes settings from the address, and keeps the address in step once they are changed.
fn follow_link(app: App) {
    let take = move || {
        let hash = browser::window().location().hash().unwrap_or_default();
        if let Some(settings) = app.settings.with_untracked(|now| link::read(now, &hash)) {
            app.settings.set(settings);
            app.reset.notify();
        }
    };
    take();
    let moved = window_event_listener(leptos::ev::hashchange, move |_| take());
    on_cleanup(move || moved.remove());
    Effect::new(move |written: Option<String>| {
        let link = app.settings.with(link::write);
        if written.is_some_and(|written| written != link) {
            browser::set_hash(&link);
        }
        link
    });
}

/// A file dropped anywhere on the page is a model to load.
fn accept_drops(app: App) {
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        // Without this the browser would open the file instead.
        event.prevent_default();
        app.dropping.set(true);
    });
    let leave = window_event_listener(leptos::ev::dragleave, move |event| {
        if event.related_target().is_none() {
            app.dropping.set(false);
        }
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event| {
        event.prevent_default();
        app.dropping.set(false);
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = browser::first_file(files) {
            load_file(app, &file);
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        dropped.remove();
    });
}

async fn get<T: serde::de::DeserializeOwned>(url: &str) -> Result<T, gloo::net::Error> {
    let response = Http::get(&browser::absolute(url)).send().await?;
    if !response.ok() {
        return Err(gloo::net::Error::GlooError(format!("status {}", response.status())));
    }
    response.json().await
}

/// In a recording, the token that shows most: the one with the largest varentropy that was drawn.
fn select_telling_token(app: App) {
    let spot = app.session.with_value(|session| {
        let turn = session.turns().last()?.id;
        let entries = &session.answer(turn)?.entries;
        let (index, _) =
            entries.iter().enumerate().filter(|(_, entry)| entry.decision.draw.is_some()).max_by(
                |(_, a), (_, b)| {
                    let v = |entry: &entropix_protocol::TokenEntry| {
                        entry.decision.uncertainty.varentropy_bits2
                    };
                    v(a).total_cmp(&v(b))
                },
            )?;
        Some(Spot { turn, index: index as u32 })
    });
    app.selected.set(spot);
}

// ---- the model

/// Loads the model of the manifest.
pub(super) fn load_offered(app: App) {
    if let Some(model) = app.offered.get_untracked() {
        load(app, model.source(browser::absolute), None);
    }
}

/// Loads a file of the person's own.
pub(super) fn load_file(app: App, file: &gloo::file::File) {
    let blob: &Blob = file.as_ref();
    let blob = blob.clone();
    load(app, Source::Blob { name: file.name() }, Some(blob));
}

/// Tries the last load again.
pub(super) fn retry(app: App) {
    app.alert.set(None);
    let last = app.engineroom.with_value(|room| room.last_load.clone());
    match last {
        Some((source, blob)) => load(app, source, blob),
        None => load_offered(app),
    }
}

fn load(app: App, source: Source, blob: Option<Blob>) {
    if app.running.get_untracked() {
        send(app, &Request::Stop, None);
    }
    app.alert.set(None);
    use_worker(app, false);
    start_load(app, source, blob);
}

fn start_load(app: App, source: Source, blob: Option<Blob>) {
    app.engine.set(Engine::Starting);
    if ensure_worker(app) {
        send(app, &Request::Load { source: source.clone() }, blob.as_ref());
    }
    app.engineroom.update_value(|room| room.last_load = Some((source, blob)));
}

/// Ends the running answer or download.
pub(super) fn stop(app: App) {
    if app.engine.with_untracked(Engine::is_loading) {
        app.engine.set(Engine::Empty);
    }
    send(app, &Request::Stop, None);
}

/// Removes stored models from this browser.
pub(super) fn forget(app: App) {
    if ensure_worker(app) {
        send(app, &Request::Forget, None);
    }
}

// ---- the conversation

/// Sends the draft.
pub(super) fn send_draft(app: App) {
    let text = app.draft.get_untracked();
    say(app, &text, true);
}

/// Sends a suggested question, or puts it into the composer if no model is loaded.
pub(super) fn suggest(app: App, text: &str) {
    if app.engine.with_untracked(|engine| engine.model().is_some()) {
        say(app, text, false);
    } else {
        app.draft.set(text.to_owned());
    }
}

fn say(app: App, text: &str, from_draft: bool) {
    let Some(ask) = ask(app) else { return };
    let system = app.system.get_untracked();
    let request =
        app.session.try_update_value(|session| session.send(text, &system, ask)).flatten();
    if let Some(request) = request {
        if from_draft {
            app.draft.set(String::new());
        }
        start_answer(app, &request);
    }
}

/// Makes the last answer again.
pub(super) fn regenerate(app: App) {
    let Some(ask) = ask(app) else { return };
    let system = app.system.get_untracked();
    let request =
        app.session.try_update_value(|session| session.regenerate(&system, ask)).flatten();
    if let Some(request) = request {
        start_answer(app, &request);
    }
}

/// Starts over.
pub(super) fn new_chat(app: App) {
    if app.running.get_untracked() {
        send(app, &Request::Stop, None);
    }
    app.session.update_value(entropix_client::session::Session::clear);
    app.stats.set(None);
    app.alert.set(None);
    app.sheet.set(false);
    app.sync();
}

/// Offers the record of an answer as a file.
pub(super) fn export(app: App, turn: u32) {
    let text = app.session.with_value(|session| {
        session.trace(turn, GENERATOR).and_then(|t| serde_json::to_string_pretty(&t).ok())
    });
    if let Some(text) = text {
        browser::download("entropix-trace.json", &text);
    }
}

fn ask(app: App) -> Option<Ask> {
    let model = app.engine.with_untracked(|engine| engine.model().map(|m| m.name.clone()))?;
    let settings = app.settings.get_untracked();
    Some(Ask {
        sampler: settings.sampler(),
        seed: settings.seed,
        max_tokens: settings.max_tokens,
        model,
    })
}

fn start_answer(app: App, request: &Request) {
    app.alert.set(None);
    app.selected.set(None);
    app.told.set(None);
    app.sheet.set(false);
    app.announcement.set(String::new());
    app.sync();
    send(app, request, None);
    browser::scroll_to_end();
}

/// Counts the tokens of the draft once the person pauses.
fn measure_soon(app: App) {
    // A worker that answers is not asked anything else.
    let idle = !app.running.get_untracked();
    let has_model = app.engine.with_untracked(|engine| engine.model().is_some());
    let timeout = (idle && has_model).then(|| {
        Timeout::new(MEASURE_DELAY, move || {
            let draft = app.draft.get_untracked();
            if draft.trim().is_empty() {
                app.measured.set(None);
                return;
            }
            let system = app.system.get_untracked();
            let id = app
                .engineroom
                .try_update_value(|room| {
                    room.last_measure += 1;
                    room.last_measure
                })
                .unwrap_or_default();
            let request = app.session.with_value(|session| session.measure(id, &draft, &system));
            send(app, &request, None);
        })
    });
    // Dropping the earlier timeout cancels it.
    app.engineroom.update_value(|room| room.measuring = timeout);
}

// ---- the worker

/// Ends a worker of the other kind. `generic`: the one for architectures that the engine lacks.
fn use_worker(app: App, generic: bool) {
    app.engineroom.update_value(|room| {
        if room.generic != generic {
            room.generic = generic;
            room.bridge = None;
        }
    });
}

/// Tries the last load with the other worker.
fn load_generic(app: App) {
    use_worker(app, true);
    if let Some((source, blob)) = app.engineroom.with_value(|room| room.last_load.clone()) {
        start_load(app, source, blob);
    }
}

/// Goes back from the other worker, which could not load a file either, to the earlier model.
fn restore(app: App, problem: Problem) {
    let earlier = app.engineroom.with_value(|room| room.blob.clone());
    app.engine.set(Engine::Empty);
    use_worker(app, false);
    let retry = earlier.is_none();
    if let Some((name, blob)) = earlier {
        start_load(app, Source::Blob { name }, Some(blob));
    }
    alert(app, problem, retry);
}

fn ensure_worker(app: App) -> bool {
    if app.engineroom.with_value(|room| room.bridge.is_some()) {
        return true;
    }
    let generic = app.engineroom.with_value(|room| room.generic);
    let url = browser::meta(if generic { "engine-generic" } else { "engine" }).unwrap_or_default();
    let number = app.engineroom.with_value(|room| room.workers + 1);
    let started = Bridge::start(&browser::absolute(&url), move |incoming| {
        receive(app, number, incoming);
    });
    if let Ok(bridge) = started {
        app.engineroom.update_value(|room| {
            room.workers = number;
            room.bridge = Some(bridge);
            room.heard = false;
        });
        return true;
    }
    app.engine.set(Engine::Empty);
    alert(
        app,
        Problem::new(
            ProblemKind::Browser,
            "This browser does not start module workers",
            "Update the browser; recorded chats work without it.",
        ),
        false,
    );
    false
}

fn send(app: App, request: &Request, blob: Option<&Blob>) {
    let sent = app
        .engineroom
        .with_value(|room| room.bridge.as_ref().map(|bridge| bridge.send(request, blob)));
    if let Some(Err(error)) = sent {
        broken(app, &format!("{error:?}"));
    }
}

fn receive(app: App, worker: u32, incoming: Incoming) {
    match incoming {
        Incoming::Event(event, blob) => {
            app.engineroom.update_value(|room| room.heard = true);
            match *event {
                Event::Failed { problem, .. } if is_fatal(problem.kind) => {
                    after_this_task(app, worker, move || replace_worker(app, problem));
                }
                Event::Failed { id: None, problem }
                    if app.engine.with_untracked(Engine::is_loading)
                        || problem.kind == ProblemKind::Architecture =>
                {
                    let generic = app.engineroom.with_value(|room| room.generic);
                    if generic {
                        after_this_task(app, worker, move || restore(app, problem));
                    } else if problem.kind == ProblemKind::Architecture {
                        after_this_task(app, worker, move || load_generic(app));
                    } else {
                        handle(app, Event::Failed { id: None, problem }, blob);
                    }
                }
                event => handle(app, event, blob),
            }
        }
        Incoming::Broken(why) => after_this_task(app, worker, move || broken(app, &why)),
    }
}

/// Ends a worker outside of its own listener, which goes with it; once, however often it reports.
fn after_this_task(app: App, worker: u32, act: impl FnOnce() + 'static) {
    Timeout::new(0, move || {
        if app.engineroom.with_value(|room| room.workers) == worker {
            act();
        }
    })
    .forget();
}

fn handle(app: App, event: Event, blob: Option<Blob>) {
    let problem = app.engine.try_update(|engine| engine.apply(&event)).flatten();
    if let Some(problem) = problem {
        if problem.kind == ProblemKind::Version {
            // A task of its own: this listener belongs to the worker that goes.
            Timeout::new(0, move || app.engineroom.update_value(|room| room.bridge = None))
                .forget();
        }
        let failed_load = matches!(event, Event::Failed { id: None, .. })
            && app.engine.with_untracked(|engine| *engine == Engine::Empty);
        alert(app, problem, failed_load);
    }
    match &event {
        Event::Ready { model, storage, .. } => {
            app.engineroom.update_value(|room| {
                room.blob = blob.map(|blob| (model.name.clone(), blob));
            });
            if let Some(pause) = model.pause_token {
                app.settings.update(|settings| settings.set_pause_token(pause));
            }
            let own_file = app
                .engineroom
                .with_value(|room| matches!(room.last_load, Some((Source::Blob { .. }, _))));
            let offered = app.offered.with_untracked(|offered| {
                offered.as_ref().filter(|_| !own_file).map(|model| model.promised.clone())
            });
            app.settings
                .update(|settings| settings.promised_of_model = offered.unwrap_or_default());
            if !own_file {
                app.stored.set(storage.is_none());
                drop(Stored::set(MODEL_STORED, storage.is_none()));
            }
            app.announcement.set(format!("{} is ready.", model.name));
            measure_soon(app);
        }
        Event::Measured { id, tokens, context_length }
            if app.engineroom.with_value(|room| room.last_measure == *id) =>
        {
            app.measured.set(Some((*tokens, *context_length)));
        }
        Event::Forgotten => {
            app.stored.set(false);
            drop(Stored::set(MODEL_STORED, false));
            app.announcement.set("The stored model was removed from this browser.".to_owned());
        }
        Event::Done { stats, .. } => app.stats.set(Some(*stats)),
        _ => {}
    }
    let change =
        app.session.try_update_value(|session| session.apply(event)).unwrap_or(Change::Nothing);
    changed(app, change);
}

fn changed(app: App, change: Change) {
    match change {
        Change::Nothing => {}
        Change::Progress(turn) => app.touch(turn),
        Change::Token(turn) => {
            let follow = browser::is_at_end();
            app.touch(turn);
            if follow {
                browser::scroll_to_end();
            }
        }
        Change::Ended(turn) => {
            app.touch(turn);
            app.running.set(false);
            measure_soon(app);
            let text =
                app.with_answer(turn, entropix_client::session::Answer::text).unwrap_or_default();
            app.announcement.set(text);
        }
    }
}

fn broken(app: App, why: &str) {
    let message = if why.is_empty() {
        "The engine stopped unexpectedly".to_owned()
    } else {
        format!("The engine stopped unexpectedly ({why})")
    };
    replace_worker(
        app,
        Problem::new(
            ProblemKind::Crashed,
            message,
            "The conversation is kept; press Regenerate for the unfinished answer.",
        ),
    );
}

/// Ends the worker and starts another one with the same model, unless that keeps failing.
fn replace_worker(app: App, problem: Problem) {
    let change = app
        .session
        .try_update_value(entropix_client::session::Session::interrupt)
        .unwrap_or(Change::Nothing);
    changed(app, change);
    app.engine.set(Engine::Empty);
    let now = js_sys::Date::now();
    let again = app
        .engineroom
        .try_update_value(|room| {
            room.bridge = None;
            room.restarts.retain(|at| now - at < 60_000.0);
            room.restarts.push(now);
            let often = room.restarts.len() > RESTARTS_PER_MINUTE;
            if often || !room.heard { None } else { room.blob.clone() }
        })
        .flatten();
    match again {
        Some((name, blob)) => {
            load(app, Source::Blob { name }, Some(blob));
            alert(app, problem, false);
        }
        None => alert(app, problem, true),
    }
}

pub(super) fn alert(app: App, problem: Problem, retry: bool) {
    app.alert.set(Some(Alert { problem, retry }));
}
