//! Getting a model: the first visit, the button, the progress, a file of one's own.

use entropix_protocol::Phase;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::page::legend::Colours;
use crate::page::{actions, app, browser};
use entropix_client::engine::Engine;
use entropix_client::words;

/// What this is, while nobody has said anything.
#[component]
pub(super) fn Welcome() -> impl IntoView {
    let app = app();
    let fresh = move || app.recorded.get() || app.rows.with(Vec::is_empty);
    view! {
        <Show when=fresh>
            <section class="welcome" aria-label="What the colours mean">
                <Colours/>
                <p class="quiet">
                    {move || {
                        if app.recorded.get() {
                            "Below is a recorded answer. Choose any word to see what the model saw and what the sampler did. The mark under a word is the rule that chose it."
                        } else {
                            "Choose any word of an answer to see what the model saw and what the sampler did. The mark under a word is the rule that chose it."
                        }
                    }}
                </p>
            </section>
        </Show>
    }
}

/// Button, or progress; gone when a model is ready.
#[component]
pub(super) fn LoadBar() -> impl IntoView {
    let app = app();
    let offer = move || {
        app.offered.get().map(|model| {
            let stored = app.stored.get();
            let size = words::megabytes(model.bytes);
            let label = format!("Load {} ({size}) and chat", model.name);
            let note = if !browser::has_simd() {
                "This browser has no WebAssembly SIMD, so the model can’t run here. Recorded answers can be read; updating the browser helps."
            } else if stored {
                "It is stored in this browser: nothing is downloaded. It runs on this device; nothing you type leaves it."
            } else {
                "Downloads once, then runs on this device. Nothing you type leaves it."
            };
            view! {
                <button
                    class="primary"
                    data-testid="load-model"
                    disabled=!browser::has_simd()
                    on:click=move |_| actions::load_offered(app)
                >
                    {label}
                </button>
                <p class="quiet">{note}</p>
            }
        })
    };
    view! {
        <Show when=move || app.engine.with(|engine| *engine == Engine::Empty)>
            <div class="load">{offer}</div>
        </Show>
        <Show when=move || app.engine.with(Engine::is_loading)>
            <Loading/>
        </Show>
    }
}

#[component]
fn Loading() -> impl IntoView {
    let app = app();
    let text = move || {
        app.engine.with(|engine| match engine {
            Engine::Loading { phase, done, total } => {
                let what = match phase {
                    Phase::Download => "Downloading",
                    Phase::Read => "Reading from this browser’s storage",
                    Phase::Build => "Building the model in memory",
                };
                let percent = engine
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
    let value = move || app.engine.with(|engine| engine.fraction().map(|f| f.to_string()));
    view! {
        <div class="loading">
            <label for="progress">{text}</label>
            <progress id="progress" data-testid="progress" max="1" value=value></progress>
            <button data-testid="stop" on:click=move |_| actions::stop(app)>"Cancel"</button>
        </div>
    }
}

/// A GGUF file from this device.
#[component]
pub(super) fn OwnFile() -> impl IntoView {
    let app = app();
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        if let Some(file) = browser::first_file(input.files()) {
            actions::load_file(app, &file);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    };
    view! {
        <label class="file">
            <span>"Open a GGUF file"</span>
            <input type="file" accept=".gguf" data-testid="file-input" on:change=chosen/>
        </label>
    }
}
