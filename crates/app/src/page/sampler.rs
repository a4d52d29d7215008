//! Which sampler, and its numbers.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlInputElement};

use crate::page::promised::Promised;
use crate::page::quirks::Quirks;
use crate::page::state::{NumbersInView, setup as app};
use entropix_client::settings::{Choice, Field, Group, Settings};

#[component]
pub(super) fn SamplerPanel() -> impl IntoView {
    let app = app();
    let choice = Memo::new(move |_| app.settings.with(|settings| settings.choice));
    // Some quirks bring numbers along.
    let names = Memo::new(move |_| {
        app.settings.with(|settings| {
            let names = settings.fields().into_iter().map(|field| field.name);
            (settings.choice, names.collect::<Vec<_>>())
        })
    });
    let NumbersInView(in_view) = expect_context();
    let toggled = move |event: web_sys::Event| {
        let drawer = event.target().and_then(|target| target.dyn_into().ok());
        in_view.set(drawer.is_some_and(|drawer: HtmlDetailsElement| drawer.open()));
    };
    view! {
        <details class="drawer" data-testid="sampler" on:toggle=toggled>
            <summary>
                "Sampler: " <b>{move || choice.get().name()}</b>
                " · seed " {move || app.settings.with(|settings| settings.seed)}
            </summary>
            <div class="panel">
                <fieldset class="choices">
                    <legend class="unseen">"Sampler"</legend>
                    {Choice::ALL
                        .into_iter()
                        .map(|each| {
                            view! {
                                <label>
                                    <input
                                        type="radio"
                                        name="sampler"
                                        value=each.value()
                                        prop:checked=move || choice.get() == each
                                        on:change=move |_| {
                                            app.settings.update(|settings| settings.choice = each);
                                        }
                                    />
                                    <span><b>{each.name()}</b> " " {each.words()}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
                <div class="fields">
                    <Seed/>
                    <MaxTokens/>
                </div>
                {move || {
                    // Not while one types. A memo that nobody reads never changes: `track` would not do.
                    names.with(|_| ());
                    app.reset.track();
                    let fields = app.settings.with_untracked(Settings::fields);
                    view! { <Numbers fields/> }
                }}
                <Quirks/>
                <Promised/>
                <Reset/>
            </div>
        </details>
    }
}

#[component]
fn Numbers(fields: Vec<Field>) -> impl IntoView {
    let of = |group: Group| -> Vec<Field> {
        fields.iter().filter(|field| field.group == group).cloned().collect()
    };
    let (thresholds, base, coefficients) =
        (of(Group::Thresholds), of(Group::Base), of(Group::Coefficients));
    let promised = app().settings.with_untracked(|settings| settings.choice == Choice::Promised);
    let rest = if promised { "Budgets" } else { "Coefficients" };
    let list = |fields: Vec<Field>| {
        fields.into_iter().map(|field| view! { <Number field/> }).collect_view()
    };
    view! {
        {(!thresholds.is_empty())
            .then(|| {
                view! {
                    <h3>"Thresholds"</h3>
                    <div class="fields">{list(thresholds)}</div>
                }
            })}
        {(!base.is_empty())
            .then(|| {
                view! {
                    <h3>"Draw"</h3>
                    <div class="fields">{list(base)}</div>
                }
            })}
        {(!coefficients.is_empty())
            .then(|| {
                view! {
                    <details class="plain">
                        <summary>{rest}</summary>
                        <div class="fields">{list(coefficients)}</div>
                    </details>
                }
            })}
    }
}

/// Back to what the sampler is without edits.
#[component]
fn Reset() -> impl IntoView {
    let app = app();
    let words = move || {
        app.settings.with(|settings| match settings.choice {
            Choice::Entropix(_) => Some("Reset numbers and quirks"),
            Choice::Promised => Some("Reset numbers and phrases"),
            Choice::Dslider | Choice::Plain => Some("Reset these numbers"),
            Choice::Greedy => None,
        })
    };
    let reset = move |_| {
        app.settings.update(Settings::reset);
        app.reset.notify();
    };
    move || {
        words().map(|words| {
            view! {
                <button class="link" data-testid="reset" on:click=reset>
                    {words}
                </button>
            }
        })
    }
}

#[component]
fn Number(field: Field) -> impl IntoView {
    let app = app();
    let error = RwSignal::new(None::<String>);
    let name = field.name;
    let label = field.label.clone();
    let changed = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        let value = input.value_as_number();
        let outcome =
            app.settings.try_update(|settings| settings.set(name, value)).unwrap_or(Ok(()));
        error.set(outcome.err());
    };
    view! {
        <label class="field">
            <span class="name">
                {label} {(!field.unit.is_empty()).then(|| view! { <i>" " {field.unit}</i> })}
            </span>
            <input
                type="number"
                name=name
                min=(field.value >= 0.0).then_some("0")
                step=if field.whole { "1" } else { "any" }
                value=field.value.to_string()
                aria-invalid=move || error.with(Option::is_some).to_string()
                on:change=changed
            />
            {move || error.get().map(|text| view! { <small class="bad">{text}</small> })}
        </label>
    }
}

#[component]
fn Seed() -> impl IntoView {
    let app = app();
    let changed = move |event: web_sys::Event| {
        if let Ok(seed) = event_target_value(&event).trim().parse() {
            app.settings.update(|settings| settings.seed = seed);
        }
    };
    let roll = move |_| {
        let seed = (js_sys::Math::random() * 1_000_000.0) as u32;
        app.settings.update(|settings| settings.seed = seed);
    };
    view! {
        <div class="field">
            <label class="name" for="seed">"seed"</label>
            <span class="joined">
                <input
                    id="seed"
                    type="number"
                    min="0"
                    max="4294967295"
                    step="1"
                    data-testid="seed"
                    prop:value=move || app.settings.with(|settings| settings.seed.to_string())
                    on:change=changed
                />
                <button type="button" title="New seed" aria-label="New seed" on:click=roll>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <rect x="1.5" y="1.5" width="13" height="13" rx="3"></rect>
                        <circle cx="5" cy="5" r="1.3"></circle>
                        <circle cx="8" cy="8" r="1.3"></circle>
                        <circle cx="11" cy="11" r="1.3"></circle>
                    </svg>
                </button>
            </span>
        </div>
    }
}

#[component]
fn MaxTokens() -> impl IntoView {
    let app = app();
    let changed = move |event: web_sys::Event| {
        if let Ok(most) = event_target_value(&event).trim().parse() {
            app.settings.update(|settings| settings.max_tokens = most);
        }
    };
    view! {
        <label class="field">
            <span class="name">"most tokens" <i>" 0 = all that fit"</i></span>
            <input
                type="number"
                min="0"
                step="1"
                data-testid="max-tokens"
                prop:value=move || app.settings.with(|settings| settings.max_tokens.to_string())
                on:change=changed
            />
        </label>
    }
}
