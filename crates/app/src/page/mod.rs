//! The page in the browser: signals, the worker, and what is seen.

#![allow(unreachable_pub, reason = "the component macro makes the types of properties public")]

mod answer;
mod arrivals;
mod beside;
mod bridge;
mod browser;
mod chats;
mod clicks;
mod composer;
mod control;
mod conversation;
mod copy;
mod dial;
mod elements;
mod follow;
mod foot;
mod inspector;
mod kept;
mod legend;
mod live;
mod loader;
mod models;
mod outline;
mod outside;
mod pace;
mod place;
mod presets;
mod problem;
mod promised;
mod question;
mod run;
mod sampler;
mod sheet;
mod show;
mod state;
mod status;
mod steer;
mod stop;
mod storage;
mod trial;
mod versions;
mod ways;
mod what_if;

use leptos::prelude::*;

use crate::page::live::live;
use crate::page::run::Run;
use crate::page::show::Show;
use crate::page::state::{Choice, Groups, Notices};

/// Shows the page.
pub fn start() {
    console_error_panic_hook::set_once();
    mount_to_body(Page);
    browser::remove_by_id("starting");
}

#[component]
fn Page() -> impl IntoView {
    let groups = Groups::provide();
    let Groups {
        choice: Choice { sheet, .. },
        notices: Notices { announcement, dropping, .. },
        ..
    } = groups;
    provide_context(elements::ready());
    let run = Run::start(groups);
    provide_context(run);
    outside::listen(run);
    clicks::guard();
    view! {
        <main class="desk" data-sheet=live(move || sheet.get().name())>
            <chats::Rail/>
            <div class="talk">
                <div class="stage">
                    <loader::Welcome/>
                    <conversation::Conversation/>
                    <div class="dock">
                        <composer::Suggestions/>
                        <loader::LoadBar/>
                        <problem::OfferBox/>
                        <problem::ProblemBox/>
                        <composer::Composer/>
                    </div>
                </div>
                <status::StatusLine/>
            </div>
            <inspector::Inspector/>
        </main>
        <Show when=move || dropping.get()>
            <p class="drop" aria-hidden="true">"Drop a model (GGUF), a trace or chats to open them"</p>
        </Show>
        <p class="unseen" role="status" aria-live="polite">{live(move || announcement.get())}</p>
    }
}

/// The client at work, from any view.
fn run() -> Run {
    expect_context()
}
