//! Where the person writes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::page::live::{live, press};
use crate::page::sampler::SamplerPanel;
use crate::page::show::Show;
use crate::page::state::{Draft, Loading, Talk};
use crate::page::ways::Ways;
use crate::page::{browser, run};
use entropix_client as client;
use entropix_client::msg::Msg;

/// First questions that show something.
const SUGGESTIONS: [&str; 3] =
    ["Which is larger, 9.9 or 9.11?", "What is the capital of France?", "Tell a short story."];

/// Offered until the person has said something.
#[component]
pub(super) fn Suggestions() -> impl IntoView {
    let run = run();
    let talk: Talk = expect_context();
    view! {
        <Show when=move || talk.fresh.get()>
            <p class="suggestions">
                {SUGGESTIONS
                    .into_iter()
                    .map(|text| {
                        view! {
                            <button class="chip" on:click=press(move || run.tell(Msg::Suggest(text.to_owned())))>
                                {text}
                            </button>
                        }
                    })
                    .collect_view()}
            </p>
        </Show>
    }
}

/// Whether a key sends what was written.
pub(super) fn sends(event: &KeyboardEvent) -> bool {
    // Safari ends a composition before the key that ended it comes, under this number.
    let composing = event.is_composing() || event.key_code() == 229;
    // A touch keyboard has no other way to a new line.
    event.key() == "Enter" && !event.shift_key() && !composing && !browser::is_touch()
}

/// Whether there is something that fits, and nothing else goes on.
fn can_send(loading: Loading, running: RwSignal<bool>, draft: Draft) -> bool {
    loading.is_ready()
        && !running.get()
        && draft.meter.with(|meter| meter.as_ref().is_none_or(|meter| !meter.too_long))
        && draft.text.with(|draft| !draft.trim().is_empty())
}

/// Text, buttons, and what goes along with them.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let run = run();
    let Talk { running, .. } = expect_context();
    let (draft, loading): (Draft, Loading) = (expect_context(), expect_context());
    let Draft { text, .. } = draft;
    let has_model = move || loading.is_ready();
    let can_send = move || can_send(loading, running, draft);
    let submit = move || {
        if can_send() {
            run.tell(Msg::Send);
        }
    };
    let key = move |event: KeyboardEvent| {
        if sends(&event) {
            event.prevent_default();
            submit();
        }
    };
    let input = move |event: web_sys::Event| {
        if let Some(area) = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) {
            run.tell(Msg::Draft(area.value()));
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
                dir="auto"
                enterkeyhint=if browser::is_touch() { "enter" } else { "send" }
                placeholder=live(move || {
                    if has_model() { "Message" } else { "Message – load the model to send it" }
                })
                prop:value=live(move || text.get())
                on:input=input
                on:keydown=key
            ></textarea>
            <div class="buttons">
                <Show
                    when=move || running.get()
                    fallback=move || {
                        view! {
                            <button
                                type="submit"
                                class="primary"
                                data-testid="send"
                                disabled=live(move || !can_send())
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
                        on:click=press(move || run.tell(Msg::Stop))
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

/// How full the context would be, and what helps.
#[component]
fn Meter() -> impl IntoView {
    let run = run();
    let Draft { meter, .. } = expect_context();
    let Talk { running, .. } = expect_context();
    let carries =
        move || !running.get() && meter.with(|it| it.as_ref().is_some_and(|it| it.carry.is_some()));
    let text = move || {
        let client::Meter { text, too_long, .. } = meter.get()?;
        Some(view! { <span class:bad=too_long>{text}</span> })
    };
    view! {
        <p class="meter" role="status" data-testid="meter">{live(text)}</p>
        <Show when=carries>
            <button data-testid="carry-over" on:click=press(move || run.tell(Msg::CarryOver))>
                "Go on in a new chat"
            </button>
        </Show>
    }
}

/// What an answer depends on besides the message.
#[component]
fn Drawers() -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    let (draft, loading): (Draft, Loading) = (expect_context(), expect_context());
    let Draft { system, .. } = draft;
    view! {
        <div class="drawers">
            <SamplerPanel/>
            <Ways/>
            <details class="drawer" name="drawer">
                <summary>
                    "System prompt"
                    {live(move || system.with(|s| !s.trim().is_empty()).then_some(" ·  set"))}
                </summary>
                <div class="panel">
                    <label for="system">"Instructions that come before the conversation"</label>
                    <textarea
                        id="system"
                        data-testid="system"
                        rows="3"
                        dir="auto"
                        prop:value=live(move || system.get())
                        on:input=move |event| run.tell(Msg::System(event_target_value(&event)))
                    ></textarea>
                </div>
            </details>
            <button
                class="link"
                data-testid="read"
                title="Reads what you wrote or pasted instead of answering it: H, V and surprisal of each token"
                disabled=live(move || !can_send(loading, running, draft))
                on:click=press(move || run.tell(Msg::Read))
            >
                "Score this text"
            </button>
            <button class="drawer-button" data-testid="chats-button" popovertarget="chats">
                "☰ Chats"
            </button>
            <button
                class="new-chat"
                data-testid="new-chat"
                disabled=live(move || rows.with(Vec::is_empty))
                on:click=press(move || run.tell(Msg::NewChat))
            >
                "New chat"
            </button>
        </div>
    }
}
