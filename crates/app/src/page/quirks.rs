//! The quirks of the chosen sampler, as switches.

use leptos::prelude::*;
use serde_json::Value;

use crate::page::state::setup as app;
use entropix_client::quirks::Quirk;
use entropix_client::settings::Settings;

#[component]
pub(super) fn Quirks() -> impl IntoView {
    let app = app();
    // Which there are; what they are set to is read by each of them, so that the focus stays.
    let quirks = Memo::new(move |_| {
        let quirks = app.settings.with(Settings::quirks);
        quirks.into_iter().map(|(quirk, _)| quirk).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || quirks.with(|quirks| !quirks.is_empty())>
            <details class="plain" data-testid="quirks">
                <summary>"Quirks"</summary>
                <div class="quirks">
                    <For each=move || quirks.get() key=|quirk| quirk.name let:quirk>
                        <Switch quirk/>
                    </For>
                </div>
            </details>
        </Show>
    }
}

#[component]
fn Switch(quirk: Quirk) -> impl IntoView {
    let app = app();
    let Quirk { name, label, words, options, .. } = quirk;
    let value = Memo::new(move |_| {
        let quirks = app.settings.with(Settings::quirks);
        quirks.into_iter().find(|(quirk, _)| quirk.name == name).map(|(_, value)| value)
    });
    let set = move |text: &str| {
        // Whatever a control offers is taken.
        app.settings.update(|settings| drop(settings.set_quirk(name, text)));
    };
    let about = format!("about-{name}");
    let control = if options.is_empty() {
        view! {
            <input
                type="checkbox"
                name=name
                aria-describedby=about.clone()
                prop:checked=move || value.get() == Some(Value::Bool(true))
                on:change=move |event| set(&event_target_checked(&event).to_string())
            />
            <b>{label}</b>
        }
        .into_any()
    } else {
        let choices = options.iter().map(|&(option, words)| {
            let chosen = move || value.with(|value| value.as_ref().is_some_and(|v| v == option));
            view! {
                <option value=option prop:selected=chosen>
                    {words}
                </option>
            }
        });
        view! {
            <b>{label}</b>
            <select
                name=name
                aria-describedby=about.clone()
                on:change=move |event| set(&event_target_value(&event))
            >
                {choices.collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <div class="quirk">
            <label>{control}</label>
            <p class="quiet" id=about>
                {words}
            </p>
        </div>
    }
}
