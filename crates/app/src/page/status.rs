//! The model, the context, the speed; and what is stored.

use leptos::prelude::*;

use crate::page::loader::OwnFile;
use crate::page::{actions, app, browser};
use entropix_client::engine::Engine;
use entropix_client::words;

#[component]
pub(super) fn StatusLine() -> impl IntoView {
    let app = app();
    let model = move || {
        app.model().map_or_else(
            || "No model loaded".to_owned(),
            |model| {
                format!(
                    "{} · {} · {}",
                    model.name,
                    model.quantization,
                    words::megabytes(model.bytes)
                )
            },
        )
    };
    let stats = move || {
        let stats = app.stats.get()?;
        let mut parts = Vec::new();
        if let Some(model) = app.model() {
            let used = stats.prompt_tokens + stats.tokens;
            let context = words::thousands(model.context_length);
            parts.push(format!("context {} of {context}", words::thousands(used)));
        }
        if let Some(rate) = stats.prefill_tokens_per_second() {
            parts.push(format!("prompt {} tokens/s", words::speed(rate)));
        }
        if let Some(rate) = stats.decode_tokens_per_second() {
            parts.push(format!("answer {} tokens/s", words::speed(rate)));
        }
        if stats.memory_bytes > 0.0 {
            parts.push(format!("memory {}", words::mebibytes(stats.memory_bytes)));
        }
        Some(parts.join(" · "))
    };
    let storage = move || {
        if !browser::is_secure() {
            return Some("This page was opened over plain http from another machine: the browser offers no storage here, so the model is downloaded at each visit. Use https or localhost.".to_owned());
        }
        app.engine.with(|engine| match engine {
            Engine::Ready { not_stored: Some(why), .. } => {
                Some(format!("The model is not stored for the next visit: {why}"))
            }
            _ => None,
        })
    };
    view! {
        <footer class="status">
            <p>
                <span data-testid="status">{model}</span>
                {move || {
                    stats()
                        .map(|text| view! { <span data-testid="stats">{text}</span> })
                }}
                <Show when=move || app.engine.with(|engine| engine.model().is_some())>
                    <span>"all on this device"</span>
                </Show>
            </p>
            <p class="small">
                <OwnFile/> <span class="quiet">"or drop one on the page"</span>
                <Show when=move || app.stored.get()>
                    <button class="link" data-testid="forget" on:click=move |_| actions::forget(app)>
                        "Forget stored model"
                    </button>
                </Show>
            </p>
            {move || storage().map(|text| view! { <p class="small quiet">{text}</p> })}
        </footer>
    }
}
