//! Answers to one question side by side; on a narrow page one at a time, by buttons.

use leptos::prelude::*;

use crate::page::answer::AnswerView;
use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Row, RowBody, Talk};
use entropix_client::msg::Msg;
use entropix_client::side_by_side::label;
use entropix_conversation::TurnId;

/// Which row that is, of all that were ever shown.
type Key = (u32, TurnId);

/// The answer that a narrow page shows, if it is not the first.
#[derive(Clone, Copy)]
struct Tab(RwSignal<Option<Key>>);

impl Tab {
    /// Whether that is this one of those that stand beside each other.
    fn shows(self, talk: Talk, row: Key) -> bool {
        talk.rows.with(|rows| {
            let beside = || rows.iter().filter(|row| row.beside).map(Row::key);
            let chosen = self.0.get().filter(|chosen| beside().any(|key| key == *chosen));
            chosen.or_else(|| beside().next()) == Some(row)
        })
    }
}

#[component]
pub(super) fn Beside() -> impl IntoView {
    let run = run();
    let talk: Talk = expect_context();
    let tab = Tab(RwSignal::new(None));
    let rows = Memo::new(move |_| {
        let rows = talk.rows.get();
        rows.into_iter().filter(|row| row.beside).map(|row| row.key()).collect::<Vec<_>>()
    });
    let row = move |key| {
        talk.rows.with_untracked(|rows| rows.iter().find(|row| row.key() == key).cloned())
    };
    let name = move |turn| run.conversation(|conversation| label(conversation, turn));
    let button = move |key: Key| {
        view! {
            <button
                class="chip"
                aria-pressed=live(move || tab.shows(talk, key).to_string())
                on:click=press(move || tab.0.set(Some(key)))
            >
                {name(key.1)}
            </button>
        }
    };
    live(move || {
        let keys = rows.get();
        (!keys.is_empty()).then(|| {
            let answers = keys.iter().filter_map(|key| row(*key)).map(|row| {
                let key = row.key();
                let away = move || !tab.shows(talk, key);
                view! { <div class="column" class:away=away>{answer(row, name(key.1))}</div> }
            });
            view! {
                <div class="ways" role="group" aria-label="Answers">
                    {keys.iter().copied().map(button).collect_view()}
                </div>
                <div class="beside" data-testid="beside">{answers.collect_view()}</div>
                <Show when=move || !talk.running.get()>
                    <p class="actions">
                        <button
                            class="link"
                            data-testid="one-at-a-time"
                            on:click=press(move || run.tell(Msg::Beside(false)))
                        >
                            "One at a time"
                        </button>
                    </p>
                </Show>
            }
        })
    })
}

fn answer(row: Row, name: String) -> Option<AnyView> {
    let Row { turn, body, .. } = row;
    match body {
        RowBody::Answer { tokens, progress } => {
            Some(view! { <AnswerView turn tokens progress name/> }.into_any())
        }
        RowBody::Said(..) => None,
    }
}
