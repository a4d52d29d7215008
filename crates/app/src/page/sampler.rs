//! Which sampler, and its numbers.

use entropix::knob::Group;
use entropix::{Family, Knob, SamplerKind};
use entropix_client::settings::Settings;
use entropix_protocol::Recipe;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use crate::page::control::{Control, Number, unit};
use crate::page::live::live;
use crate::page::promised::Cuts;
use crate::page::show::Show;
use crate::page::state::{NumbersInView, setup as app};

#[component]
pub(super) fn SamplerPanel() -> impl IntoView {
    let app = app();
    let choice = move || app.settings.with(|settings| settings.choice);
    let NumbersInView(in_view) = expect_context();
    let toggled = move |event: web_sys::Event| {
        let drawer = event.target().and_then(|target| target.dyn_into().ok());
        in_view.set(drawer.is_some_and(|drawer: HtmlDetailsElement| drawer.open()));
    };
    view! {
        <details class="drawer" name="drawer" data-testid="sampler" on:toggle=toggled>
            <summary>
                "Sampler: " <b>{live(move || choice().title())}</b>
                " · seed " {live(move || app.settings.with(|settings| settings.text("seed")))}
            </summary>
            <div class="panel">
                {Family::ALL.into_iter().map(|family| view! { <Choices family/> }).collect_view()}
                <Answers/>
                {Group::ALL.into_iter().map(|group| view! { <Knobs group/> }).collect_view()}
                <Show when=move || choice() == SamplerKind::Promised>
                    <Cuts/>
                </Show>
                <Reset/>
            </div>
        </details>
    }
}

/// The samplers of one family.
#[component]
fn Choices(family: Family) -> impl IntoView {
    let app = app();
    let choice = Memo::new(move |_| app.settings.with(|settings| settings.choice));
    let each = |kind: SamplerKind| {
        view! {
            <label>
                <input
                    type="radio"
                    name="sampler"
                    value=kind.name()
                    prop:checked=live(move || choice.get() == kind)
                    on:change=move |_| app.settings.update(|settings| settings.choice = kind)
                />
                <span><b>{kind.title()}</b> " " {kind.about()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{family.title()}</legend>
            {family.kinds().map(each).collect_view()}
        </fieldset>
    }
}

/// What is set besides the sampler; written anew when it came from elsewhere.
#[component]
fn Answers() -> impl IntoView {
    let app = app();
    move || {
        app.reset.track();
        let each = |knob: &'static Knob| {
            if knob.name == "seed" {
                view! { <Seed knob/> }.into_any()
            } else {
                view! { <Control knob/> }.into_any()
            }
        };
        view! { <div class="fields">{Recipe::KNOBS.iter().map(each).collect_view()}</div> }
    }
}

/// The knobs of one group, under its heading.
#[component]
fn Knobs(group: Group) -> impl IntoView {
    let app = app();
    // Which there are: a switch may bring some along. What they are set to is read by each of them, so
    // that the focus stays.
    let knobs = Memo::new(move |_| {
        let (choice, knobs) = app.settings.with(|settings| (settings.choice, settings.knobs()));
        (choice, knobs.into_iter().filter(|knob| knob.group == group).collect::<Vec<_>>())
    });
    move || {
        app.reset.track();
        let (_, knobs) = knobs.get();
        if knobs.is_empty() {
            return None;
        }
        let class = if knobs.iter().all(|knob| knob.is_number()) { "fields" } else { "quirks" };
        let list = knobs.into_iter().map(|knob| view! { <Control knob/> }).collect_view();
        let list = view! { <div class=class>{list}</div> };
        let title = group.title();
        Some(if group.is_folded() {
            view! {
                <details class="plain" data-testid=title.to_ascii_lowercase()>
                    <summary>{title}</summary>
                    {list}
                </details>
            }
            .into_any()
        } else {
            view! {
                <h3>{title}</h3>
                {list}
            }
            .into_any()
        })
    }
}

/// Back to what the sampler is without edits.
#[component]
fn Reset() -> impl IntoView {
    let app = app();
    let has_knobs =
        Memo::new(move |_| app.settings.with(|settings| !settings.choice.knobs().is_empty()));
    let reset = move |_| {
        app.settings.update(Settings::reset);
        app.reset.notify();
    };
    view! {
        <Show when=move || has_knobs.get()>
            <button class="link" data-testid="reset" on:click=reset>
                "Reset this sampler"
            </button>
        </Show>
    }
}

/// The seed, and a die for another one.
#[component]
fn Seed(knob: &'static Knob) -> impl IntoView {
    let app = app();
    let roll = move |_| {
        let seed = (js_sys::Math::random() * 1_000_000.0) as u32;
        app.settings.update(|settings| drop(settings.set(knob.name, &seed.to_string())));
        // What was refused in the field is gone with it.
        app.reset.notify();
    };
    view! {
        <div class="field">
            <label class="name" for="seed">
                {knob.title()} {unit(knob)}
            </label>
            <span class="joined">
                <Number knob/>
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
