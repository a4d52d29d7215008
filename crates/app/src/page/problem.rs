//! Something went wrong: what, and what to do.

use crate::page::live::{live, press};
use crate::page::show::Show;
use leptos::prelude::*;

use crate::page::run;
use crate::page::state::Notices;
use entropix_client::msg::Msg;

#[component]
pub(super) fn ProblemBox() -> impl IntoView {
    let Notices { alert, .. } = expect_context();
    let run = run();
    view! {
        <div role="alert">
            {live(move || {
                alert
                    .get()
                    .map(|alert| {
                        let retry = alert.retry;
                        view! {
                            <div class="problem" data-testid="problem">
                                <p>
                                    <strong>{alert.problem.message} "."</strong>
                                    " "
                                    {alert.problem.advice}
                                </p>
                                <p class="buttons">
                                    <Show when=move || retry>
                                        <button on:click=press(move || run.tell(Msg::Retry))>
                                            "Try again"
                                        </button>
                                    </Show>
                                    <button on:click=press(move || run.tell(Msg::Dismiss))>"Dismiss"</button>
                                </p>
                            </div>
                        }
                    })
            })}
        </div>
    }
}
