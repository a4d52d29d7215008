//! The other answers to the same question: which one this is, and where it differs.

use leptos::prelude::*;

use crate::page::live::{live, press};
use crate::page::run;
use crate::page::state::{Choice, Spot, Talk};
use entropix_client::msg::Msg;
use entropix_client::side_by_side::difference;
use entropix_client::versions::{Place, place};
use entropix_conversation::TurnId;

/// Where an answer differs from the first of those beside it.
#[component]
pub(super) fn Differs(turn: TurnId) -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    let choice: Choice = expect_context();
    let difference = move || {
        rows.track();
        running.track();
        run.client(|client| difference(client.conversation(), &client.beside(), turn))
    };
    let shown = move |(words, at)| {
        view! { <p class="versions">{differs(choice, turn, words, at)}</p> }
    };
    live(move || difference().map(shown))
}

/// What differs, and a way to its token.
fn differs(choice: Choice, turn: TurnId, words: String, at: Option<u32>) -> impl IntoView {
    let mark = press(move || choice.selected.set(at.map(|index| Spot { turn, index })));
    view! {
        <button class="link" data-testid="differs" disabled=at.is_none() on:click=mark>
            {words}
        </button>
    }
}

#[component]
pub(super) fn Versions(turn: TurnId) -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    let choice: Choice = expect_context();
    let shown = move || {
        rows.track();
        let place = run.conversation(|conversation| place(conversation, turn));
        place.filter(|_| !running.get())
    };
    let button = move |label: &'static str, sign: &'static str, to: Option<TurnId>| {
        view! {
            <button
                class="link"
                aria-label=label
                disabled=to.is_none()
                on:click=press(move || run.tell(Msg::Choose(to.unwrap_or(turn))))
            >
                {sign}
            </button>
        }
    };
    let differs = move |(words, at)| differs(choice, turn, words, at);
    let undo = move |(to, words): (TurnId, String)| {
        view! {
            <button class="link" data-testid="undo" on:click=press(move || run.tell(Msg::Choose(to)))>
                {words}
            </button>
        }
    };
    live(move || {
        shown().map(|Place { number, count, earlier, later, difference, undo: back }| {
            view! {
                <p class="versions">
                    <span data-testid="versions">
                        {button("Earlier version", "‹", earlier)}
                        {format!(" version {number} of {count} ")}
                        {button("Later version", "›", later)}
                    </span>
                    {difference.map(differs)}
                    {back.map(undo)}
                </p>
            }
        })
    })
}
