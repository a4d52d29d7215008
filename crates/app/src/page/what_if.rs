//! What an answer would have come to, had it said another word: its continuations from there, as they grow.

use leptos::prelude::*;

use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::Talk;
use entropix_client::msg::Msg;
use entropix_client::what_if::{Branch, WhatIf};
use entropix_conversation::TurnId;
use entropix_protocol::Given;

/// The continuations of an answer, if it is the one that was asked about last.
#[component]
pub(super) fn WhatIfView(turn: TurnId) -> impl IntoView {
    let run = run();
    let Talk { what_if, .. } = expect_context();
    let signal = what_if;
    let which = Memo::new(move |_| {
        signal.track();
        run.what_if(turn, |it| (it.number(), it.branches.len()))
    });
    let going = move || {
        signal.track();
        run.what_if(turn, WhatIf::is_going).unwrap_or_default()
    };
    let headline = move || {
        signal.track();
        run.what_if(turn, WhatIf::headline)
    };
    let over = move || {
        signal.track();
        run.what_if(turn, |it| it.progress().0)
    };
    live(move || {
        which.get().map(|(_, count)| {
            view! {
                <section class="what-if" data-testid="what-if" aria-label="What if?">
                    <p data-testid="outcome">{live(headline)}</p>
                    <Show when=going>
                        <p class="actions">
                            <progress max=count value=live(over)></progress>
                            <button class="link" on:click=press(move || run.tell(Msg::Stop))>
                                "Stop"
                            </button>
                        </p>
                    </Show>
                    <ol>
                        {(0..count).map(|at| view! { <BranchView turn at/> }).collect_view()}
                    </ol>
                    <Show when=move || !going() && 0 < count>
                        <script type="module" src="what-if/picture.js"></script>
                        <what-if-picture></what-if-picture>
                    </Show>
                </section>
            }
        })
    })
}

/// One continuation; a click has the answer go on with it.
#[component]
fn BranchView(turn: TurnId, at: usize) -> impl IntoView {
    let run = run();
    let Talk { what_if, .. } = expect_context();
    let branch = move |read: fn(&Branch) -> String| {
        what_if.track();
        run.what_if(turn, |it| it.branches.get(at).map(read)).flatten()
    };
    let lead = run.what_if(turn, |it| it.lead(at)).flatten();
    let take = press(move || {
        let fork = run.what_if(turn, |it| {
            let branch = it.branches.get(at)?;
            Some(Msg::Fork { turn, at: branch.at, given: Given::Token(branch.token) })
        });
        if let Some(fork) = fork.flatten() {
            run.tell(fork);
        }
    });
    let lead = lead.map(|(before, said)| {
        view! {
            <li class="lead">
                {before} " " <b>{said}</b>
            </li>
        }
    });
    view! {
        {lead}
        <li class="branch">
            <button
                title="Have the answer go on like this"
                data-differs=live(move || branch(|it| it.differs().to_string()))
                on:click=take
            >
                <b>{branch(Branch::label)}</b>
                {live(move || branch(|it| it.text.clone()))}
                <small>{live(move || branch(Branch::note))}</small>
            </button>
        </li>
    }
}
