//! Something went wrong: what, and what to do.

use leptos::prelude::*;

use crate::page::{actions, app};

#[component]
pub(super) fn ProblemBox() -> impl IntoView {
    let app = app();
    view! {
        <div role="alert">
            {move || {
                app.alert
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
                                        <button on:click=move |_| actions::retry(app)>
                                            "Try again"
                                        </button>
                                    </Show>
                                    <button on:click=move |_| app.alert.set(None)>"Dismiss"</button>
                                </p>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
