//! What a person must decide: something went wrong, or the address asks for an answer to be repeated.

use leptos::prelude::*;

use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
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

/// The answer that a link repeats, once a person says so.
#[component]
pub(super) fn OfferBox() -> impl IntoView {
    let Notices { offer, .. } = expect_context();
    let run = run();
    let slot = NodeRef::<leptos::html::Section>::new();
    Effect::new(move |_| {
        if let Some(section) = slot.get() {
            section.scroll_into_view_with_bool(false);
        }
    });
    move || {
        offer.get().map(|offer| {
            view! {
                <section
                    node_ref=slot
                    class="offer"
                    data-testid="offer"
                    aria-label="An answer to repeat"
                >
                    <p>"Here the answer to “" <strong>{offer.prompt}</strong> "” can be made again."</p>
                    <p class="quiet">{offer.note}</p>
                    <p class="buttons">
                        <button
                            class="primary"
                            data-testid="replay"
                            disabled=!offer.can
                            on:click=press(move || run.tell(Msg::Replay))
                        >
                            "Repeat it"
                        </button>
                        <button on:click=press(move || run.tell(Msg::LeaveReplay))>"Dismiss"</button>
                    </p>
                </section>
            }
        })
    }
}
