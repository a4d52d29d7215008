//! The tree of the open chat: every version, and what was tried or taken back on the way.

use entropix_client::msg::Msg;
use entropix_client::outline::{Line, outline};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::page::elements::Strip;
use crate::page::live::{live, press};
use crate::page::place;
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Choice, Spot, Talk};

/// Steps to the right that a line has at most: the rail is narrow.
const DEEPEST: usize = 4;

#[component]
pub(super) fn Outline() -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    // Another version on the way makes no other lines, so that the keyboard stays where it is.
    let lines = Memo::new(move |_| {
        rows.track();
        running.track();
        run.conversation(outline)
    });
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <details class="outline small" data-testid="outline">
                <summary>"Tree of this chat"</summary>
                <ul>{live(move || lines.get().into_iter().map(step).collect_view())}</ul>
            </details>
        </Show>
    }
}

/// A line, which leads to what it tells of.
fn step(line: Line) -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    let choice: Choice = expect_context();
    let Line { turn, at, depth, what, text } = line;
    let shown = move || rows.with(|rows| rows.iter().any(|row| row.turn == turn));
    let go = press(move || {
        if !untrack(shown) {
            run.tell(Msg::Choose(turn));
        }
        if let Some(index) = at {
            choice.selected.set(Some(Spot { turn, index }));
        }
        // Once it is drawn.
        Timeout::new(30, move || {
            place::show(turn);
            if let Some(strip) = Strip::chosen().filter(|_| at.is_some()) {
                strip.reveal();
            }
        })
        .forget();
    });
    let away = move || running.get() && !shown();
    view! {
        <li data-depth=depth.min(DEEPEST).to_string()>
            <button
                class="link"
                aria-current=live(move || shown().then_some("true"))
                disabled=live(away)
                on:click=go
            >
                <b>{what}</b>
                " "
                <bdi>{text}</bdi>
            </button>
        </li>
    }
}
