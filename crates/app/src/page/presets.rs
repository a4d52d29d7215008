//! What each preset would have done at the token that is shown, side by side.

use leptos::prelude::*;

use crate::page::live::live;
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Choice, setup};
use entropix_client::presets::{Comparison, Line, compare};

#[component]
pub(super) fn Presets() -> impl IntoView {
    let choice: Choice = expect_context();
    let (run, setup) = (run(), setup());
    let comparison = Memo::new(move |_| {
        let spot = choice.shown()?;
        setup.settings.with(|settings| {
            let compared =
                run.answer(spot.turn, |answer| compare(settings, answer, spot.index as usize));
            compared.flatten()
        })
    });
    view! {
        <div class="presets" data-testid="presets">
            <Show
                when=move || comparison.with(Option::is_some)
                fallback=|| view! { <p class="quiet">"Choose a word of the answer."</p> }
            >
                {live(move || comparison.get().map(|comparison| view! { <Table comparison/> }))}
            </Show>
        </div>
    }
}

#[component]
fn Table(comparison: Comparison) -> impl IntoView {
    let Comparison { token, given, lines } = comparison;
    view! {
        <table>
            <caption>
                <b>{token}</b>
                <br/>
                {given}
            </caption>
            <thead>
                <tr>
                    <th scope="col">"preset"</th>
                    <th scope="col">"rule"</th>
                    <th scope="col">
                        <abbr title="temperature">"T"</abbr>
                    </th>
                    <th scope="col">"top-p"</th>
                    <th scope="col">"top-k"</th>
                    <th scope="col">"min-p"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
        <p class="quiet">
            "Temperature T, top-p and min-p have no unit; top-k counts tokens. In brackets: without effect, as coded. Edited numbers count."
        </p>
    }
}

fn row(line: Line) -> impl IntoView {
    let Line { preset, notes, rule, about, draw } = line;
    let cells = match draw {
        Ok(numbers) => numbers
            .into_iter()
            .map(|number| view! { <td class="number">{number}</td> })
            .collect_view()
            .into_any(),
        Err(words) => view! { <td colspan="4">{words}</td> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                {preset}
                {notes.into_iter().map(|note| view! { <small>{note}</small> }).collect_view()}
            </th>
            <td>{rule} <small>{about}</small></td>
            {cells}
        </tr>
    }
}
