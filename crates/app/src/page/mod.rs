//! The page in the browser: signals, the worker, and what is seen.

#![allow(unreachable_pub, reason = "the component macro makes the types of properties public")]

mod actions;
mod answer;
mod bridge;
mod browser;
mod composer;
mod conversation;
mod elements;
mod inspector;
mod legend;
mod loader;
mod presets;
mod problem;
mod promised;
mod quirks;
mod sampler;
mod state;
mod status;

use leptos::prelude::*;

use crate::page::state::App;

/// Shows the page.
pub fn start() {
    console_error_panic_hook::set_once();
    mount_to_body(Page);
    browser::remove_by_id("starting");
}

#[component]
fn Page() -> impl IntoView {
    let app = App::new();
    provide_context(app);
    provide_context(state::NumbersInView(RwSignal::new(false)));
    actions::begin(app);
    view! {
        <main class="desk" data-sheet=move || app.sheet.get().to_string()>
            <div class="talk">
                <loader::Welcome/>
                <conversation::Conversation/>
                <loader::LoadBar/>
                <composer::Suggestions/>
                <div class="dock" class:sticky=move || app.engine.with(|engine| engine.model().is_some())>
                    <problem::ProblemBox/>
                    <composer::Composer/>
                </div>
                <status::StatusLine/>
            </div>
            <inspector::Inspector/>
        </main>
        <Show when=move || app.dropping.get()>
            <p class="drop" aria-hidden="true">"Drop a GGUF file to load it"</p>
        </Show>
        <p class="unseen" role="status" aria-live="polite">{move || app.announcement.get()}</p>
    }
}

/// The page's state, from any view.
fn app() -> App {
    expect_context()
}
