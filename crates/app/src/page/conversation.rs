//! The turns.

use entropix_protocol::Role;
use leptos::prelude::*;

use crate::page::answer::AnswerView;
use crate::page::state::{Row, RowBody, Talk};

#[component]
pub(super) fn Conversation() -> impl IntoView {
    let Talk { rows, .. } = expect_context();
    view! {
        <section class="turns" aria-label="Conversation">
            <For each=move || rows.get() key=|row| row.turn let:row>
                <TurnView row/>
            </For>
        </section>
    }
}

#[component]
fn TurnView(row: Row) -> impl IntoView {
    match row.body {
        RowBody::Said(role, text) => {
            let (class, who) = match role {
                Role::Assistant => ("turn model", "Model"),
                Role::User | Role::System => ("turn person", "You"),
            };
            view! {
                <article class=class>
                    <h2>{who}</h2>
                    <p class="said">{text}</p>
                </article>
            }
            .into_any()
        }
        RowBody::Answer { tokens, progress } => {
            view! { <AnswerView turn=row.turn tokens progress/> }.into_any()
        }
    }
}
