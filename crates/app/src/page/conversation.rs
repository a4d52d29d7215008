//! The turns.

use entropix_protocol::Role;
use leptos::prelude::*;

use crate::page::answer::AnswerView;
use crate::page::beside::Beside;
use crate::page::place;
use crate::page::question::Question;
use crate::page::state::{Row, RowBody, Talk};

#[component]
pub(super) fn Conversation() -> impl IntoView {
    let Talk { rows, .. } = expect_context();
    let path = move || rows.get().into_iter().filter(|row| !row.beside).collect::<Vec<_>>();
    view! {
        <section class="turns" aria-label="Conversation">
            <For each=path key=Row::key let:row>
                <TurnView row/>
            </For>
            <Beside/>
        </section>
    }
}

#[component]
fn TurnView(row: Row) -> impl IntoView {
    match row.body {
        RowBody::Said(Role::User, text) => view! { <Question turn=row.turn text/> }.into_any(),
        // Of a recording.
        RowBody::Said(_, text) => view! {
            <article class="turn model" id=place::id(row.turn)>
                <h2>"Model"</h2>
                <p class="said" dir="auto">{text}</p>
            </article>
        }
        .into_any(),
        RowBody::Answer { tokens, progress } => {
            view! { <AnswerView turn=row.turn tokens progress name=""/> }.into_any()
        }
    }
}
