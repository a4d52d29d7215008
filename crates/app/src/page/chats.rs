//! The chats: a rail on wide pages, else behind a button.

use entropix_client::msg::Msg;
use entropix_client::{Listed, copies};
use leptos::html::{Button, Input};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::SubmitEvent;

use crate::page::copy::Copy;
use crate::page::live::{live, press};
use crate::page::outline::Outline;
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Chats, Talk};

/// From this many on they can be searched.
const MANY: usize = 6;

#[component]
pub(super) fn Rail() -> impl IntoView {
    let run = run();
    let Chats { list, count, open, sought, deleted, notice, .. } = expect_context();
    let Talk { rows, .. } = expect_context();
    let renaming = RwSignal::new(false);
    let nothing = move || list.with(Vec::is_empty) && !sought.with(String::is_empty);
    view! {
        <aside id="chats" class="rail" popover="auto" aria-label="Chats">
            <h2>"Chats"</h2>
            <button
                data-testid="rail-new"
                disabled=live(move || open.with(String::is_empty) && rows.with(Vec::is_empty))
                on:click=press(move || run.tell(Msg::NewChat))
            >
                "New chat"
            </button>
            <Show when=move || { count.get() >= MANY }>
                <input
                    type="search"
                    data-testid="search"
                    aria-label="Search chats"
                    placeholder="Search chats"
                    on:input=move |event| run.tell(Msg::Search(event_target_value(&event)))
                />
            </Show>
            {live(move || {
                deleted
                    .get()
                    .map(|title| {
                        view! {
                            <p class="small" data-testid="deleted">
                                "Deleted “" {title} "”. "
                                <button class="link" on:click=press(move || run.tell(Msg::Undelete))>
                                    "Undo"
                                </button>
                            </p>
                        }
                    })
            })}
            <p class="small" data-testid="notice" role="status">{live(move || notice.get())}</p>
            <Show when=nothing>
                <p class="quiet small">"No chat says this."</p>
            </Show>
            <ul data-testid="chats">
                <For each=move || list.get() key=key let:chat>
                    <Item chat renaming/>
                </For>
            </ul>
            <Outline/>
            <Show when=move || { count.get() > 0 }>
                <Copy
                    name="copy-chat"
                    words="Copy this chat"
                    title="What is shown, as Markdown: who spoke, and how each answer was made"
                    text=move || run.conversation(copies::chat)
                />
                <button
                    class="link small"
                    data-testid="export-all"
                    on:click=press(move || run.tell(Msg::ExportAll))
                >
                    "Download all chats"
                </button>
                <Erase/>
            </Show>
        </aside>
    }
}

/// What is drawn of a chat.
fn key(chat: &Listed) -> (String, String, u64) {
    (chat.id.clone(), chat.title.clone(), chat.changed.to_bits())
}

/// One chat; the open one can be given a title.
#[component]
fn Item(chat: Listed, renaming: RwSignal<bool>) -> impl IntoView {
    let run = run();
    let Chats { open, .. } = expect_context();
    let Listed { id, title, changed, .. } = chat;
    let id = StoredValue::new(id);
    let title = StoredValue::new(title);
    let is_open = Memo::new(move |_| open.with(|open| id.with_value(|id| open == id)));
    let date = js_sys::Date::new(&JsValue::from_f64(changed));
    let date = (changed > 0.0).then(|| date.to_locale_date_string("default", &JsValue::UNDEFINED));
    let date = date.map(String::from);
    let field: NodeRef<Input> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            drop(field.focus());
            field.select();
        }
    });
    let named = move |event: SubmitEvent| {
        event.prevent_default();
        renaming.set(false);
        if let Some(field) = field.get_untracked() {
            run.tell(Msg::Rename(field.value()));
        }
    };
    let row = move || {
        view! {
            <button
                class="chat"
                aria-current=live(move || is_open.get().then_some("true"))
                on:click=press(move || {
                    renaming.set(false);
                    run.tell(Msg::OpenChat(id.get_value()));
                })
            >
                <bdi>{title.get_value()}</bdi>
                <span class="quiet small">{date.clone()}</span>
            </button>
            <Show when=move || is_open.get()>
                <button class="icon" aria-label="Rename" title="Rename" on:click=press(move || renaming.set(true))>
                    "✎"
                </button>
            </Show>
            <button
                class="icon"
                aria-label=format!("Delete “{}”", title.get_value())
                title="Delete"
                on:click=press(move || run.tell(Msg::Delete(id.get_value())))
            >
                "×"
            </button>
        }
    };
    view! {
        <li>
            <Show when=move || renaming.get() && is_open.get() fallback=row>
                <form class="rename" on:submit=named>
                    <input aria-label="Title" node_ref=field value=title.get_value()/>
                    <button>"Rename"</button>
                </form>
            </Show>
        </li>
    }
}

/// Everything is forgotten, after a question.
#[component]
fn Erase() -> impl IntoView {
    let run = run();
    let asked = RwSignal::new(false);
    let keep: NodeRef<Button> = NodeRef::new();
    Effect::new(move |_| keep.get().map(|keep| drop(keep.focus())));
    view! {
        <Show
            when=move || asked.get()
            fallback=move || {
                view! {
                    <button class="link small" data-testid="erase" on:click=press(move || asked.set(true))>
                        "Erase everything …"
                    </button>
                }
            }
        >
            <p class="small" role="alert">
                "This removes all chats, settings and stored models from this browser, and can’t be undone."
            </p>
            <p class="buttons">
                <button data-testid="erase-now" on:click=press(move || run.tell(Msg::Erase))>"Erase"</button>
                <button node_ref=keep on:click=press(move || asked.set(false))>"Keep"</button>
            </p>
        </Show>
    }
}
