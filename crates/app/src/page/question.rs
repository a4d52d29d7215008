//! What the person said. It can be asked in other words, which makes another version of it.

use entropix_client::msg::Msg;
use entropix_conversation::TurnId;
use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use web_sys::{KeyboardEvent, SubmitEvent};

use crate::page::composer;
use crate::page::live::{live, press};
use crate::page::place;
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Loading, Talk};
use crate::page::versions::Versions;

#[component]
pub(super) fn Question(turn: TurnId, text: String) -> impl IntoView {
    let run = run();
    let (talk, loading): (Talk, Loading) = (expect_context(), expect_context());
    let editing = RwSignal::new(false);
    let text = StoredValue::new(text);
    let (field, opener): (NodeRef<Textarea>, NodeRef<Button>) = (NodeRef::new(), NodeRef::new());
    Effect::new(move |_| field.get().map(|field| drop(field.focus())));
    let can_ask = move || loading.is_ready() && !talk.running.get() && !talk.recorded.get();
    let ask = move || {
        if let Some(field) = field.get_untracked().filter(|_| can_ask()) {
            run.tell(Msg::Edit(turn, field.value()));
        }
    };
    let cancel = move || {
        editing.set(false);
        request_animation_frame(move || {
            if let Some(opener) = opener.get_untracked() {
                drop(opener.focus());
            }
        });
    };
    let key = move |event: KeyboardEvent| {
        if composer::sends(&event) {
            event.prevent_default();
            ask();
        } else if event.key() == "Escape" {
            cancel();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask();
    };
    view! {
        <article class="turn person" id=place::id(turn)>
            <h2>"You"</h2>
            <Show
                when=move || editing.get()
                fallback=move || {
                    view! {
                        <p class="said" dir="auto">{text.get_value()}</p>
                    }
                }
            >
                <form class="composer" on:submit=submit>
                    <textarea
                        node_ref=field
                        data-testid="other-words"
                        aria-label="The message in other words"
                        dir="auto"
                        prop:value=text.get_value()
                        on:keydown=key
                    ></textarea>
                    <div class="buttons">
                        <button class="primary" disabled=live(move || !can_ask())>"Send"</button>
                        <button type="button" on:click=press(cancel)>"Cancel"</button>
                    </div>
                </form>
            </Show>
            <p class="after">
                <Show when=move || can_ask() && !editing.get()>
                    <button
                        class="link"
                        node_ref=opener
                        data-testid="edit"
                        title="Ask it in other words; this version is kept"
                        on:click=press(move || editing.set(true))
                    >
                        "Edit"
                    </button>
                </Show>
                <Versions turn/>
            </p>
        </article>
    }
}
