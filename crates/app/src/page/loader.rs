//! Getting a model: the first visit, the button, the progress, a file of one's own.

use entropix_protocol::Phase;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::page::legend::Colours;
use crate::page::live::{live, press};
use crate::page::show::Show;
use crate::page::state::{Loading, Talk};
use crate::page::{browser, run};
use entropix_client::msg::Msg;
use entropix_client::{ModelStatus, words};

/// What this is, while nobody has said anything.
#[component]
pub(super) fn Welcome() -> impl IntoView {
    let talk: Talk = expect_context();
    view! {
        <Show when=move || talk.fresh.get()>
            <section class="welcome" aria-label="What the colours mean">
                <Colours/>
                <Recordings/>
                <p class="quiet">
                    {live(move || {
                        if talk.recordings.with(|(names, _)| !names.is_empty()) {
                            "Below is a recorded answer. Choose any word to see what the model saw and what the sampler did. A mark under a word says that the sampler did more than draw it."
                        } else {
                            "Choose any word of an answer to see what the model saw and what the sampler did. A mark under a word says that the sampler did more than draw it."
                        }
                    })}
                </p>
            </section>
        </Show>
    }
}

/// Recorded answers of several samplers to one question.
#[component]
fn Recordings() -> impl IntoView {
    let run = run();
    let talk: Talk = expect_context();
    let each = move |(number, by): (usize, String)| {
        let shown = move || talk.recordings.with(|(_, shown)| *shown == number).to_string();
        view! {
            <button aria-pressed=live(shown) on:click=press(move || run.tell(Msg::Recording(number)))>
                {by}
            </button>
        }
    };
    let names = Memo::new(move |_| talk.recordings.with(|(names, _)| names.clone()));
    move || {
        let names = names.get();
        (names.len() > 1).then(|| {
            view! {
                <div class="recordings" role="group" aria-label="The same question, answered by">
                    {names.into_iter().enumerate().map(each).collect_view()}
                </div>
            }
        })
    }
}

/// Button, or progress; gone when a model is ready.
#[component]
pub(super) fn LoadBar() -> impl IntoView {
    let run = run();
    let Loading { status, offered, first, .. } = expect_context();
    let offer = move || {
        let number = first.get()?;
        let model = offered.with(|offered| offered.get(number).cloned())?;
        // The sizes of one that is here in part stand beside the button.
        let label = if model.is_part() {
            format!("Resume {}", model.name)
        } else {
            format!("Load {} ({})", model.name, words::megabytes(model.bytes))
        };
        let note = if !run.can_run() {
            "This browser has no WebAssembly SIMD, so the model can’t run here. Recorded answers can be read; updating the browser helps.".to_owned()
        } else if model.is_stored() {
            "It is stored in this browser: nothing is downloaded. It runs on this device; nothing you type leaves it.".to_owned()
        } else if model.is_part() {
            format!("{} Only the rest is downloaded.", words::here(&model))
        } else {
            "Downloads once, then runs on this device. Nothing you type leaves it.".to_owned()
        };
        Some(view! {
            <button
                class="primary"
                data-testid="load-model"
                disabled=!run.can_run()
                on:click=press(move || run.tell(Msg::Load(number)))
            >
                {label}
            </button>
            <p class="quiet">{note}</p>
        })
    };
    view! {
        <Show when=move || status.with(|status| *status == ModelStatus::Empty)>
            <div class="load">{live(offer)}</div>
        </Show>
        <Show when=move || status.with(ModelStatus::is_loading)>
            <Progress/>
        </Show>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let run = run();
    let Loading { status, can_pause, .. } = expect_context();
    let text = move || {
        status.with(|status| match status {
            ModelStatus::Loading { phase, done, total } => {
                let what = match phase {
                    Phase::Download => "Downloading",
                    Phase::Read => "Reading from this browser’s storage",
                    Phase::Build => "Building the model in memory",
                };
                let percent = status
                    .fraction()
                    .map(|f| format!(" · {:.0} %", (f * 100.0).floor()))
                    .unwrap_or_default();
                format!(
                    "{what}: {} of {}{percent}",
                    words::megabytes(*done),
                    words::megabytes(*total)
                )
            }
            _ => "Starting the engine".to_owned(),
        })
    };
    // Without a value the bar shows that something is happening.
    let value = move || status.with(|status| status.fraction().map(|f| f.to_string()));
    view! {
        <div class="loading">
            <label for="progress">{live(text)}</label>
            <progress id="progress" data-testid="progress" max="1" value=live(value)></progress>
            <p class="buttons">
                <button data-testid="stop" on:click=press(move || run.tell(Msg::Stop))>"Cancel"</button>
                <Show when=move || can_pause.get()>
                    <button data-testid="pause" on:click=press(move || run.tell(Msg::Pause))>"Pause"</button>
                </Show>
            </p>
        </div>
    }
}

/// Files from this device: a model, all parts of one, chats or traces.
#[component]
pub(super) fn OwnFile() -> impl IntoView {
    let run = run();
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        run.open(&browser::files(input.files()));
        // So that the same file can be chosen again.
        input.set_value("");
    };
    view! {
        <label class="file">
            <span>"Open a file"</span>
            <input type="file" multiple data-testid="file-input" on:change=chosen/>
        </label>
    }
}
