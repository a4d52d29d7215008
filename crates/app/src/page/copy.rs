//! Buttons that copy, and say whether they did.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::browser;
use crate::page::live::{live, press};

/// How long it is said, in ms.
const SAID: u32 = 2000;

/// A button that copies what `text` gives then. None where the page may not copy.
#[component]
pub(super) fn Copy(
    name: &'static str,
    words: &'static str,
    title: &'static str,
    text: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let said = RwSignal::new(words);
    let copy = move || {
        let text = text();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            said.try_set(if copied { "Copied" } else { "The browser did not let it copy" });
            let rest = move || {
                said.try_set(words);
            };
            Timeout::new(SAID, rest).forget();
        });
    };
    browser::is_secure().then(|| {
        view! {
            <button class="link small" data-testid=name title=title on:click=press(copy)>
                <span role="status">{live(move || said.get())}</span>
            </button>
        }
    })
}
