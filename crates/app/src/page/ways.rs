//! In which ways a question is answered, if in several.

use entropix::{Family, SamplerKind};
use leptos::prelude::*;

use crate::page::live::live;
use crate::page::run;
use entropix_client::msg::Msg;
use entropix_client::side_by_side::MOST;

/// A sampler for each answer; "–" is none.
#[component]
pub(super) fn Ways() -> impl IntoView {
    let run = run();
    let chosen = RwSignal::new([None::<SamplerKind>; MOST]);
    let ways = move || chosen.with(|chosen| chosen.iter().flatten().copied().collect::<Vec<_>>());
    let choose = move |at: usize, name: &str| {
        chosen.update(|chosen| chosen[at] = SamplerKind::named(name));
        run.tell(Msg::Ways(ways()));
    };
    let summary = move || match ways().len() {
        0 | 1 => None,
        count => Some(view! { ": " <b>{count} " answers"</b> }),
    };
    let field = move |at: usize| {
        view! {
            <label class="field">
                <span class="name">"Answer " {at + 1}</span>
                <select
                    data-testid="way"
                    on:change=move |event| choose(at, &event_target_value(&event))
                >
                    <option value="">"–"</option>
                    {Family::ALL.into_iter().map(options).collect_view()}
                </select>
            </label>
        }
    };
    view! {
        <details class="drawer" name="drawer" data-testid="compare">
            <summary>"Compare" {live(summary)}</summary>
            <div class="panel">
                <p class="quiet">
                    "Two to four samplers answer your next question at once, side by side. One that is chosen twice gets the next seed."
                </p>
                <div class="fields">{(0..MOST).map(field).collect_view()}</div>
            </div>
        </details>
    }
}

fn options(family: Family) -> impl IntoView {
    let each = |kind: SamplerKind| view! { <option value=kind.name()>{kind.title()}</option> };
    view! { <optgroup label=family.title()>{family.kinds().map(each).collect_view()}</optgroup> }
}
