//! The model, the context, the speed; and what is stored.

use leptos::prelude::*;

use crate::page::browser;
use crate::page::live::live;
use crate::page::loader::OwnFile;
use crate::page::models::Models;
use crate::page::show::Show;
use crate::page::state::{Chats, Loading, Notices};
use entropix_client::{Keeping, ModelStatus, words};
use entropix_protocol::Storage;

#[component]
pub(super) fn StatusLine() -> impl IntoView {
    let loading: Loading = expect_context();
    let Notices { stats: last, .. } = expect_context();
    let model = move || {
        loading.model().map_or_else(
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
        let stats = last.get()?;
        let mut parts = Vec::new();
        if let Some(model) = loading.model() {
            // The last token of an answer is never read.
            let used = (stats.prompt_tokens + stats.tokens).min(model.context_length);
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
        loading.status.with(|status| match status {
            ModelStatus::Ready { storage: Storage::NotStored { why }, .. } => {
                Some(format!("The model is not stored for the next visit: {why}"))
            }
            _ => None,
        })
    };
    let Chats { keeping, .. } = expect_context();
    let chats = move || match keeping.get() {
        Keeping::Kept => None,
        Keeping::Full => Some(
            "Chats are kept only until this page is closed: the browser’s storage is full. Delete chats or models to make room.",
        ),
        Keeping::Denied => Some(
            "Chats are kept only until this page is closed: the browser grants this page no storage.",
        ),
        Keeping::Later => Some(
            "Chats are kept only until this page is closed: those that are stored are of a later version of it. Reload the page to get that version.",
        ),
    };
    view! {
        <footer class="status">
            <p class="small" data-testid="keeping" role="status">{live(chats)}</p>
            <p>
                <span data-testid="status">{live(model)}</span>
                {live(move || {
                    stats()
                        .map(|text| view! { <span data-testid="stats">{text}</span> })
                })}
                <Show when=move || loading.is_ready()>
                    <span>"all on this device"</span>
                </Show>
            </p>
            <p class="small">
                <Models/> <OwnFile/> <span class="quiet">"(GGUF, trace, chats), or drop it on the page"</span>
            </p>
            {live(move || storage().map(|text| view! { <p class="small quiet">{text}</p> }))}
        </footer>
    }
}
