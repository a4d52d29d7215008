//! Where the person writes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::page::sampler::SamplerPanel;
use crate::page::state::App;
use crate::page::{actions, app};
use entropix_client::words;

/// First questions that show something.
const SUGGESTIONS: [&str; 3] = [
    "Which is larger, 9.9 or 9.11?",
    "What is the capital of France?",
    "Write the first line of a story about a lighthouse.",
];

/// Offered until the person has said something.
#[component]
pub(super) fn Suggestions() -> impl IntoView {
    let app = app();
    let fresh = move || app.recorded.get() || app.rows.with(Vec::is_empty);
    view! {
        <Show when=fresh>
            <p class="suggestions">
                {SUGGESTIONS
                    .into_iter()
                    .map(|text| {
                        view! {
                            <button class="chip" on:click=move |_| actions::suggest(app, text)>
                                {text}
                            </button>
                        }
                    })
                    .collect_view()}
            </p>
        </Show>
    }
}

/// Text, buttons, and what goes along with them.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let app = app();
    let has_model = move || app.engine.with(|engine| engine.model().is_some());
    let too_long = move || too_long(app);
    let can_send = move || {
        has_model()
            && !app.running.get()
            && too_long().is_none()
            && app.draft.with(|draft| !draft.trim().is_empty())
    };
    let submit = move || {
        if can_send() {
            actions::send_draft(app);
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            submit();
        }
    };
    let input = move |event: web_sys::Event| {
        if let Some(area) = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) {
            app.draft.set(area.value());
        }
    };
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <label class="unseen" for="composer">"Message"</label>
            <textarea
                id="composer"
                data-testid="composer"
                rows="2"
                placeholder=move || {
                    if has_model() { "Message" } else { "Message – load the model to send it" }
                }
                prop:value=move || app.draft.get()
                on:input=input
                on:keydown=key
            ></textarea>
            <div class="buttons">
                <Show
                    when=move || app.running.get()
                    fallback=move || {
                        view! {
                            <button
                                type="submit"
                                class="primary"
                                data-testid="send"
                                disabled=move || !can_send()
                            >
                                "Send"
                            </button>
                        }
                    }
                >
                    <button
                        type="button"
                        class="primary"
                        data-testid="stop"
                        on:click=move |_| actions::stop(app)
                    >
                        "Stop"
                    </button>
                </Show>
            </div>
        </form>
        <Meter/>
        <Drawers/>
    }
}

/// How full the context would be, from half of it on.
#[component]
fn Meter() -> impl IntoView {
    let app = app();
    let meter = move || {
        if let Some((tokens, context)) = too_long(app) {
            return Some((
                true,
                format!(
                    "Too long: {} tokens, and the context holds {}. Shorten the message or start a new chat.",
                    words::thousands(tokens),
                    words::thousands(context)
                ),
            ));
        }
        let (tokens, context) = app.measured.get()?;
        (tokens * 2 > context).then(|| {
            let text = format!(
                "{} of {} tokens of the context",
                words::thousands(tokens),
                words::thousands(context)
            );
            (false, text)
        })
    };
    view! {
        <p class="meter" role="status">
            {move || {
                meter()
                    .map(|(bad, text)| view! { <span class=if bad { "bad" } else { "" }>{text}</span> })
            }}
        </p>
    }
}

/// Tokens of the conversation with the draft and of the context, if the one is too much for the other.
fn too_long(app: App) -> Option<(u32, u32)> {
    app.measured.get().filter(|(tokens, context)| tokens >= context)
}

/// What an answer depends on besides the message.
#[component]
fn Drawers() -> impl IntoView {
    let app = app();
    view! {
        <div class="drawers">
            <SamplerPanel/>
            <details class="drawer">
                <summary>
                    "System prompt"
                    {move || app.system.with(|s| !s.trim().is_empty()).then_some(" ·  set")}
                </summary>
                <div class="panel">
                    <label for="system">"Instructions that come before the conversation"</label>
                    <textarea
                        id="system"
                        data-testid="system"
                        rows="3"
                        prop:value=move || app.system.get()
                        on:input=move |event| app.system.set(event_target_value(&event))
                    ></textarea>
                </div>
            </details>
            <button
                class="drawer-button"
                data-testid="new-chat"
                disabled=move || app.rows.with(Vec::is_empty)
                on:click=move |_| actions::new_chat(app)
            >
                "New chat"
            </button>
        </div>
    }
}
